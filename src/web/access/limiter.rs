//! How often passwords may be tried: by account and by address, each with a bucket that leaks. Memory is bounded: of
//! too many buckets the one goes that is nearest to empty.

use std::collections::HashMap;
use std::net::IpAddr;

use linewatch_core::time::Elapsed;

use crate::secret::{self, SecretDigest};

/// Buckets kept at most.
const BUCKETS: usize = 4096;
/// Attempts on one account at once, and the time after which there is one more.
const OF_ACCOUNT: Limit = Limit { at_once: 5, every_ms: 30_000 };
/// The same from one address: behind it may be a whole office.
const OF_ADDRESS: Limit = Limit { at_once: 20, every_ms: 6_000 };

struct Limit {
    at_once: i64,
    every_ms: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// Whoever invents names fills no memory with them: a digest is short.
    Account(SecretDigest),
    Address(IpAddr),
}

/// When each bucket is empty again, in milliseconds since boot.
#[derive(Debug, Default)]
pub(super) struct Limiter {
    empty_at: HashMap<Key, i64>,
}

impl Limiter {
    /// Counts an attempt, or says in how many seconds there may be one.
    pub(super) fn attempt(&mut self, account: &str, from: Option<IpAddr>, now: Elapsed) -> Result<(), u32> {
        let now = now.0;
        let keys = keys(account, from);
        let wait = keys.iter().map(|(key, limit)| self.wait(key, limit, now)).max().unwrap_or(0);
        if wait > 0 {
            return Err(u32::try_from((wait + 999) / 1000).unwrap_or(u32::MAX));
        }
        for (key, limit) in keys {
            let empty_at = self.empty_at.get(&key).copied().unwrap_or(now).max(now) + limit.every_ms;
            self.make_room(&key, now);
            self.empty_at.insert(key, empty_at);
        }
        Ok(())
    }

    /// A right password is no attempt at all.
    pub(super) fn succeeded(&mut self, account: &str, from: Option<IpAddr>) {
        for (key, limit) in keys(account, from) {
            match key {
                Key::Account(_) => drop(self.empty_at.remove(&key)),
                Key::Address(_) => {
                    if let Some(empty_at) = self.empty_at.get_mut(&key) {
                        *empty_at -= limit.every_ms;
                    }
                }
            }
        }
    }

    /// Milliseconds until there is room in a bucket.
    fn wait(&self, key: &Key, limit: &Limit, now: i64) -> i64 {
        let full = self.empty_at.get(key).map_or(0, |empty_at| empty_at - now);
        full - (limit.at_once - 1) * limit.every_ms
    }

    fn make_room(&mut self, key: &Key, now: i64) {
        if self.empty_at.len() < BUCKETS || self.empty_at.contains_key(key) {
            return;
        }
        self.empty_at.retain(|_, empty_at| *empty_at > now);
        if self.empty_at.len() >= BUCKETS
            && let Some(least) = self.empty_at.iter().min_by_key(|(_, empty_at)| **empty_at).map(|(key, _)| key.clone())
        {
            self.empty_at.remove(&least);
        }
    }
}

fn keys(account: &str, from: Option<IpAddr>) -> Vec<(Key, Limit)> {
    let mut keys = vec![(Key::Account(secret::digest(&account.trim().to_lowercase())), OF_ACCOUNT)];
    keys.extend(from.map(|from| (Key::Address(network(from)), OF_ADDRESS)));
    keys
}

/// The address, or of IPv6 the network that one customer has.
fn network(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: Option<IpAddr> = Some(IpAddr::V4(std::net::Ipv4Addr::new(10, 1, 2, 3)));

    #[test]
    fn five_at_once_then_one_each_half_minute() {
        let mut limiter = Limiter::default();
        let tried: Vec<_> = (0..7).map(|_| limiter.attempt("li", HOME, Elapsed(1000))).collect();
        assert_eq!(tried, [Ok(()), Ok(()), Ok(()), Ok(()), Ok(()), Err(30), Err(30)]);
        assert_eq!(limiter.attempt("li", HOME, Elapsed(30_999)), Err(1));
        assert_eq!(limiter.attempt("li", HOME, Elapsed(31_000)), Ok(()));
        assert_eq!(limiter.attempt("li", HOME, Elapsed(31_000)), Err(30));
        assert_eq!(limiter.attempt(" LI ", None, Elapsed(31_000)), Err(30), "the same account from elsewhere");
    }

    #[test]
    fn one_address_does_not_try_many_accounts() {
        let mut limiter = Limiter::default();
        let let_in = (0..100).filter(|n| limiter.attempt(&format!("a{n}"), HOME, Elapsed(0)).is_ok()).count();
        assert_eq!(let_in, 20);
        assert_eq!(limiter.attempt("b", None, Elapsed(0)), Ok(()), "others go on");
        let neighbour: IpAddr = "2001:db8::1".parse().unwrap();
        let same: IpAddr = "2001:db8::ffff:2".parse().unwrap();
        let let_in = (0..100)
            .filter(|n| {
                limiter.attempt(&format!("c{n}"), Some(if n % 2 == 0 { neighbour } else { same }), Elapsed(0)).is_ok()
            })
            .count();
        assert_eq!(let_in, 20, "one network is one address");
    }

    #[test]
    fn a_right_password_is_no_attempt() {
        let mut limiter = Limiter::default();
        for _ in 0..100 {
            assert_eq!(limiter.attempt("li", HOME, Elapsed(0)), Ok(()));
            limiter.succeeded("li", HOME);
        }
    }

    #[test]
    fn memory_is_bounded_and_the_busiest_are_not_forgotten() {
        let mut limiter = Limiter::default();
        for _ in 0..5 {
            limiter.attempt("target", None, Elapsed(0)).unwrap();
        }
        for n in 0..3 * BUCKETS {
            limiter.attempt(&format!("a{n}"), None, Elapsed(0)).unwrap();
        }
        assert!(limiter.empty_at.len() <= BUCKETS);
        assert_eq!(limiter.attempt("target", None, Elapsed(0)), Err(30));
    }
}
