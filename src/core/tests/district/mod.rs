//! A wire made of text: one character per line and second says what becomes of a probe sent in that second.
//!
//! `.` answered after 10 ms · `o` the same, whatever lies on the usual way · `x` lost · `r` host unreachable, at once · `u` unsent, at once · `s` the monitor's machine
//! sleeps (no tick, no result). A line behind another, written `V<T`, is also lost while `T` is `x`.
//! Lines are up by the journal at the start; `?V` is pending and `!V` has an open outage.
//! Probing is by the second, so that a character is a probe: interval, timeout, retry 1 s, 5 down, 2 up.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use linewatch_core::command::Verdict;
use linewatch_core::line::LineId;
use linewatch_core::monitor::{Effect, Event, Monitor, Plan, Prior, WatchedLine};
use linewatch_core::outcome::{LossCause, Outcome, UnsentCause};
use linewatch_core::probing::Probing;
use linewatch_core::time::{Millis, Timestamp};

/// One probe a second.
pub const EVERY_SECOND: Probing = Probing {
    interval: Millis(1000),
    timeout: Millis(900),
    retry_interval: Millis(1000),
    confirm_down: 5,
    confirm_up: 2,
};

/// One line of a scenario.
#[derive(Clone, Debug)]
pub struct Scripted {
    pub name: String,
    pub upstream: Option<String>,
    pub prior: Prior,
    pub script: Vec<u8>,
}

/// Reads `name[<upstream] script` lines.
pub fn parse(scenario: &str) -> Vec<Scripted> {
    let one = |line: &str| {
        let (head, script) = line.trim().split_once(' ').expect("NAME SCRIPT");
        let (prior, head) = match head.strip_prefix('?') {
            Some(rest) => (Prior::Pending, rest),
            None => match head.strip_prefix('!') {
                Some(rest) => (Prior::Down { until: Timestamp(-5000) }, rest),
                None => (Prior::Up, head),
            },
        };
        let (name, upstream) = match head.split_once('<') {
            Some((name, upstream)) => (name, Some(upstream.to_owned())),
            None => (head, None),
        };
        Scripted { name: name.to_owned(), upstream, prior, script: script.trim().bytes().collect() }
    };
    scenario.split('\n').map(str::trim).filter(|line| !line.is_empty()).map(one).collect()
}

/// A monitor over the scripted lines; a line named `REF` is a reference.
pub fn monitor(lines: &[Scripted], probing: Probing) -> (Monitor, Vec<Scripted>) {
    let (references, watched): (Vec<Scripted>, Vec<Scripted>) =
        lines.iter().cloned().partition(|line| line.name.starts_with("REF"));
    let plan = Plan {
        lines: watched
            .iter()
            .map(|line| WatchedLine {
                id: LineId::from(line.name.as_str()),
                class: 0,
                upstream: line.upstream.as_deref().map(LineId::from),
                prior: line.prior,
                unseen: line.prior == Prior::Pending,
                moved: false,
            })
            .collect(),
        references: references.iter().map(|line| line.name.clone()).collect(),
        classes: vec![("village".into(), probing)],
        reference_probing: probing,
    };
    let ordered = watched.into_iter().chain(references).collect();
    (Monitor::new(plan, Timestamp(0), None), ordered)
}

fn fate(lines: &[Scripted], target: usize, second: usize) -> u8 {
    let line = &lines[target];
    let own = line.script.get(second).copied().unwrap_or(b'.');
    let upstream = line.upstream.as_ref().and_then(|name| lines.iter().position(|line| line.name == *name));
    match upstream {
        Some(upstream) if own != b'u' && own != b'o' && fate(lines, upstream, second) == b'x' => b'x',
        _ => own,
    }
}

/// A result: when it arrives, target, token, when it was sent, its character.
type OnItsWay = (Timestamp, u32, u32, Timestamp, u8);

/// One verdict with the instant at which the monitor gave it.
pub type Given = (Timestamp, Verdict);

/// Plays the whole scenario and returns every verdict.
pub fn play(scenario: &[Scripted], probing: Probing) -> Vec<Given> {
    let (mut monitor, lines) = monitor(scenario, probing);
    let seconds = lines.iter().map(|line| line.script.len()).max().unwrap_or(0);
    let end = Timestamp(i64::try_from(seconds).expect("short") * 1000);
    let asleep = |at: Timestamp| {
        let second = usize::try_from(at.0 / 1000).expect("after the start");
        lines.iter().any(|line| line.script.get(second) == Some(&b's'))
    };
    let mut results: BinaryHeap<Reverse<OnItsWay>> = BinaryHeap::new();
    let mut verdicts = Vec::new();
    let mut now = Timestamp(0);
    loop {
        while asleep(now) {
            now = Timestamp((now.0 / 1000 + 1) * 1000);
        }
        monitor.handle(now, Event::Tick);
        while let Some(Reverse((at, target, token, sent_at, fate))) = results.peek().copied()
            && at <= now
        {
            results.pop();
            let outcome = match fate {
                b'.' | b'o' => Outcome::Reply { rtt_us: 10_000 },
                b'r' => Outcome::Loss(LossCause::HostUnreachable),
                b'u' => Outcome::Unsent(UnsentCause::NoRoute),
                _ => Outcome::Loss(LossCause::Timeout),
            };
            monitor.handle(now, Event::Probed { target, token, sent_at, outcome });
        }
        while let Some(effect) = monitor.next_effect() {
            match effect {
                Effect::Verdict(verdict) => verdicts.push((now, verdict)),
                Effect::Probe { target, token, timeout } => {
                    let fate = fate(&lines, target as usize, usize::try_from(now.0 / 1000).expect("after the start"));
                    let delay = match fate {
                        b'.' | b'o' => Millis(10),
                        b'r' | b'u' => Millis(1),
                        _ => timeout,
                    };
                    results.push(Reverse((now + delay, target, token, now, fate)));
                }
            }
        }
        let result = results.peek().map(|Reverse((at, ..))| *at);
        let next = monitor.next_wake().into_iter().chain(result).min().expect("something is always due");
        now = next.max(now + Millis(1));
        if now >= end {
            return verdicts;
        }
    }
}

/// Verdicts as text, times in whole seconds of the script.
pub fn text(verdicts: &[Given]) -> String {
    let second = |at: Timestamp| at.0.div_euclid(1000);
    let one = |(_, verdict): &Given| match verdict {
        Verdict::Down { line, start, last_reply, .. } => match last_reply {
            Some(reply) => format!("{line}:down@{}..{}", second(*reply), second(*start)),
            None => format!("{line}:down@?..{}", second(*start)),
        },
        Verdict::StillDown { line, first_loss, .. } => format!("{line}:still@{}", second(*first_loss)),
        Verdict::Up { line, last_loss, first_reply, after_gap, .. } => {
            let gap = if *after_gap { "~gap" } else { "" };
            format!("{line}:up@{}..{}{gap}", second(*last_loss), second(*first_reply))
        }
        Verdict::Blinded { from, cause, waiting, .. } => {
            let names: Vec<String> =
                waiting.iter().map(|waiting| format!("{}@{}", waiting.line, second(waiting.until))).collect();
            format!("blind@{}({cause:?}{}{})", second(*from), if names.is_empty() { "" } else { " " }, names.join(" "))
        }
        Verdict::Sighted { at } => format!("sight@{}", second(*at)),
        Verdict::ClockStepped { .. } => "step".to_owned(),
        Verdict::LineLost { line, from, cause } => format!("{line}:lost@{}({cause:?})", second(*from)),
        Verdict::LineSeen { line, at } => format!("{line}:seen@{}", second(*at)),
    };
    verdicts.iter().map(one).collect::<Vec<_>>().join(" ")
}
