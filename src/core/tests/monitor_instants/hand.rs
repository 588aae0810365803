//! The monitor, driven by hand.

use std::collections::BTreeMap;

use linewatch_core::command::Verdict;
use linewatch_core::monitor::{Effect, Event, Monitor, Plan, Prior, WatchedLine};
use linewatch_core::outcome::{LossCause, Outcome, UnsentCause};
use linewatch_core::probing::Probing;
use linewatch_core::record::Waiting;
use linewatch_core::time::{Millis, Timestamp};

/// One probe a second.
pub const EVERY_SECOND: Probing = Probing {
    interval: Millis(1000),
    timeout: Millis(900),
    retry_interval: Millis(1000),
    confirm_down: 5,
    confirm_up: 2,
};

/// A monitor in the hand: whatever is due at a tick is sent at that instant, and answered when the hand says so.
pub struct Hand {
    pub monitor: Monitor,
    /// Target, token and sending time of each probe without a result.
    pub under_way: BTreeMap<String, (u32, u32, Timestamp)>,
    said: Vec<Verdict>,
}

/// Lines by name, with their upstreams as `V<T`; a reference is named `REF`.
pub fn plan(names: &str) -> Plan {
    let line = |name: &str| {
        let (name, upstream) = name.split_once('<').map_or((name, None), |(name, above)| (name, Some(above)));
        WatchedLine {
            id: name.into(),
            class: 0,
            upstream: upstream.map(Into::into),
            prior: Prior::Up,
            unseen: false,
            moved: false,
        }
    };
    let (references, lines): (Vec<&str>, Vec<&str>) = names.split(' ').partition(|name| *name == "REF");
    Plan {
        lines: lines.into_iter().map(line).collect(),
        references: references.into_iter().map(str::to_owned).collect(),
        classes: vec![("village".into(), EVERY_SECOND)],
        reference_probing: EVERY_SECOND,
    }
}

impl Hand {
    pub fn new(names: &str, muted_until: Option<Timestamp>) -> Self {
        let monitor = Monitor::new(plan(names), Timestamp(0), muted_until);
        Self { monitor, under_way: BTreeMap::new(), said: Vec::new() }
    }

    /// Two lines that have answered what was sent at 1 s, and the monitor sees since 0 s.
    pub fn with_two_lines() -> Self {
        let mut hand = Self::new("A B", None);
        hand.tick(0);
        let first = hand.under_way.keys().next().cloned().expect("one is due at the start");
        hand.answer(&first, 10);
        hand.tick(1000);
        hand.answer("A B", 1010);
        assert_eq!(hand.said(), [Verdict::Sighted { at: Timestamp(0) }]);
        hand
    }

    pub fn tick(&mut self, now: i64) {
        self.monitor.handle(Timestamp(now), Event::Tick);
        self.collect(now);
    }

    fn collect(&mut self, now: i64) {
        while let Some(effect) = self.monitor.next_effect() {
            match effect {
                Effect::Verdict(verdict) => self.said.push(verdict),
                Effect::Probe { target, token, .. } => {
                    let name = self.monitor.target_names().get(target as usize).map_or("REF", |name| name.as_str());
                    self.under_way.insert(name.to_owned(), (target, token, Timestamp(now)));
                }
            }
        }
    }

    fn result(&mut self, names: &str, now: i64, outcome: Outcome) {
        for name in names.split(' ') {
            let (target, token, sent_at) = self.under_way.remove(name).expect("a probe is under way");
            self.monitor.handle(Timestamp(now), Event::Probed { target, token, sent_at, outcome });
            self.collect(now);
        }
    }

    pub fn answer(&mut self, names: &str, now: i64) {
        self.result(names, now, Outcome::Reply { rtt_us: 10_000 });
    }

    pub fn answer_all(&mut self, now: i64) {
        let names: Vec<String> = self.under_way.keys().cloned().collect();
        self.answer(&names.join(" "), now);
    }

    pub fn lose(&mut self, names: &str, now: i64) {
        self.result(names, now, Outcome::Loss(LossCause::Timeout));
    }

    pub fn unsent(&mut self, names: &str, now: i64) {
        self.result(names, now, Outcome::Unsent(UnsentCause::NoRoute));
    }

    pub fn said(&mut self) -> Vec<Verdict> {
        std::mem::take(&mut self.said)
    }

    /// The horizon, and who waits since when.
    pub fn horizon(&self, now: i64) -> (i64, Vec<(String, i64)>) {
        let (at, waiting) = self.monitor.horizon(Timestamp(now));
        let one = |Waiting { line, until }: Waiting| (line.to_string(), until.0);
        (at.0, waiting.into_iter().map(one).collect())
    }

    /// Sent, lost and unsent of a line, of all hours.
    pub fn counted(&mut self, name: &str, now: i64) -> (u64, u64, u64) {
        let hours = self.monitor.take_all_quality(Timestamp(now));
        let of_line = hours.iter().filter(|hour| hour.line.as_str() == name).map(|hour| &hour.quality);
        of_line.fold((0, 0, 0), |sum, one| (sum.0 + one.sent(), sum.1 + one.lost, sum.2 + one.unsent))
    }
}
