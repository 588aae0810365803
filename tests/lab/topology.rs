//! Two namespaces and a cable.

use super::Namespace;

/// The monitor's side and the lines' side, joined by a veth pair (`10.255.0.1` and `fd00:255::1` near, 2 far).
pub struct Pair {
    /// Where the monitor runs.
    pub near: Namespace,
    /// Where the lines are.
    pub far: Namespace,
}

/// Sets that silence lines, looked at when an echo request arrives.
const RULES: &str = "
table inet lab {
  set dead { type ipv4_addr; flags timeout; }
  set dead6 { type ipv6_addr; flags timeout; }
  set net { type ipv4_addr; flags interval; }
  set loss5 { type ipv4_addr; }
  set rej { type ipv4_addr; }
  set rej6 { type ipv6_addr; }
  chain in {
    type filter hook input priority 0;
    icmp type echo-request ip daddr @dead drop
    icmp type echo-request ip daddr @net drop
    icmp type echo-request ip daddr @loss5 numgen random mod 100 < 5 drop
    icmp type echo-request ip daddr @rej reject with icmp type host-unreachable
    icmpv6 type echo-request ip6 daddr @dead6 drop
    icmpv6 type echo-request ip6 daddr @rej6 reject with icmpv6 type addr-unreachable
  }
}";

impl Pair {
    /// Both sides up, all of `10.64.0.0/16` and `fd00:64::/64` answering.
    pub fn new() -> Self {
        let (near, far) = (Namespace::new("near"), Namespace::new("far"));
        near.run(&format!("ip link add wire type veth peer name wire netns {}", far.name()));
        for (side, number) in [(&near, 1), (&far, 2)] {
            side.run(&format!("ip address add 10.255.0.{number}/24 dev wire"));
            side.run(&format!("ip address add fd00:255::{number}/64 dev wire nodad"));
            side.run("ip link set wire up");
        }
        far.run("ip route add local 10.64.0.0/16 dev lo");
        far.run("ip -6 route add local fd00:64::/64 dev lo");
        // Otherwise the kernel throttles the errors that tests ask for.
        far.run("sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv4.icmp_msgs_per_sec=100000 net.ipv6.icmp.ratelimit=0");
        far.nft(RULES);
        let pair = Self { near, far };
        pair.routes();
        pair
    }

    /// Pulls the monitor's own cable; the kernel forgets the routes.
    pub fn cut(&self) {
        self.near.run("ip link set wire down");
    }

    /// Plugs it in again.
    pub fn mend(&self) {
        self.near.run("ip link set wire up");
        self.near.run("ip address replace fd00:255::1/64 dev wire nodad");
        self.routes();
    }

    fn routes(&self) {
        self.near.run("ip route replace 10.64.0.0/16 via 10.255.0.2");
        self.near.run("ip -6 route replace fd00:64::/64 via fd00:255::2");
    }
}
