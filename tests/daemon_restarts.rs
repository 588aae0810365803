//! Ends and new starts: killed at any moment, and started before the time of the last record. Nothing that was shown
//! is lost, nothing is recorded twice, and what nobody saw is undetermined.

mod daemon;
mod lab;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use daemon::{Daemon, Home, PROGRAM, Row, Speed};
use lab::Pair;
use linewatch::clock;
use linewatch::store::{Entry, Journal, Store, StoreKind};
use linewatch_core::ledger::{Ledger, Policy};
use linewatch_core::record::{EndReason, Fact, ObservationFact, Origin, RECORD_VERSION, Record};
use linewatch_core::time::{Millis, Timestamp};
use serde_json::Value;

/// How often the daemon is killed.
const KILLS: usize = 20;
/// Down within half a second.
const HASTY: Speed = Speed { interval_ms: 200, timeout_ms: 100, retry_ms: 100, confirm_down: 2, confirm_up: 1 };

/// What a daemon showed before it was killed.
#[derive(Default)]
struct Seen {
    /// Heads: `seq` and digest.
    heads: BTreeMap<u64, String>,
    /// Open outages: line and start.
    outages: BTreeSet<(String, String)>,
}

impl Seen {
    fn add(&mut self, status: &Value) {
        let monitor = &status["monitor"];
        let head = monitor["head"].as_str().expect("a digest").to_owned();
        self.heads.insert(monitor["head_seq"].as_u64().expect("a number"), head);
        for trouble in status["troubles"].as_array().expect("a list") {
            let mut note = |line: &Value, start: &Value| {
                let (line, start) = (line["id"].as_str().expect("an id"), start.as_str().expect("an instant"));
                self.outages.insert((line.to_owned(), start.to_owned()));
            };
            if trouble["outage"].is_object() {
                note(&trouble["line"], &trouble["outage"]["start"]);
            }
            for cut_off in trouble["cut_off"].as_array().expect("a list") {
                note(&cut_off["line"], &cut_off["start"]);
            }
        }
    }

    /// All of it is in the store.
    fn is_kept(&self, home: &Home) {
        let digests = home.digests();
        for (seq, head) in &self.heads {
            let kept = usize::try_from(*seq).ok().and_then(|seq| digests.get(seq.checked_sub(1)?));
            assert_eq!(kept, Some(head), "record {seq} of {} was shown", digests.len());
        }
        let kept: BTreeSet<_> =
            home.outages().iter().map(|row| (row.line.to_string(), row.start.to_string())).collect();
        assert!(self.outages.is_subset(&kept), "shown {:?}\nkept {kept:?}", self.outages);
    }
}

/// Spans in which a line was really cut off, by its id; open while the end is missing.
type Cuts = BTreeMap<String, Vec<(Timestamp, Option<Timestamp>)>>;

/// A small generator of numbers that look random (Knuth's MMIX constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Cuts and mends lines until told to stop, then mends all.
fn meddle(pair: &Pair, lines: &[(String, String)], stop: &std::sync::mpsc::Receiver<()>) -> Cuts {
    let (mut dice, mut cuts) = (Dice(42), Cuts::new());
    let mut toggle = |(id, address): &(String, String)| {
        let spans = cuts.entry(id.clone()).or_default();
        if let Some((_, end @ None)) = spans.last_mut() {
            pair.far.nft_delete("dead", address);
            *end = Some(clock::read().wall);
        } else {
            spans.push((clock::read().wall, None));
            pair.far.nft_add("dead", address);
        }
    };
    while matches!(stop.recv_timeout(Duration::from_millis(80 + dice.below(160))), Err(RecvTimeoutError::Timeout)) {
        let line = usize::try_from(dice.below(lines.len() as u64)).expect("small");
        toggle(&lines[line]);
    }
    let open: Vec<_> = cuts.iter().filter(|(_, spans)| spans.last().is_some_and(|span| span.1.is_none())).collect();
    let open: Vec<String> = open.into_iter().map(|(id, _)| id.clone()).collect();
    for (id, address) in lines.iter().filter(|(id, _)| open.contains(id)) {
        pair.far.nft_delete("dead", address);
        let spans = cuts.get_mut(id).expect("cut");
        spans.last_mut().expect("cut").1 = Some(clock::read().wall);
    }
    cuts
}

/// Each outage starts in a cut, and each cut starts one at most. It ends after a loss in a cut, or where nobody saw.
fn fits_the_truth(home: &Home, cuts: &Cuts) {
    let outages = home.outages();
    let all_gaps: Vec<_> = home.common_gaps().into_iter().chain(home.gaps()).collect();
    let slack = Millis(20);
    let mut taken = BTreeSet::new();
    for outage in &outages {
        let spans = &cuts[outage.line.as_str()];
        let found = spans
            .iter()
            .position(|(from, until)| *from - slack <= outage.start && outage.start <= until.expect("mended") + slack);
        let number = found.unwrap_or_else(|| panic!("invented: {outage:?}, cuts {spans:?}"));
        assert!(taken.insert((outage.line.clone(), number)), "recorded twice: {outage:?}, cuts {spans:?}");
        let end = outage.end.unwrap_or_else(|| panic!("{outage:?} goes on"));
        let cut_at = |at: Timestamp| {
            spans.iter().any(|(from, until)| *from - slack <= at && at <= until.expect("mended") + slack)
        };
        match end.reason {
            EndReason::Answered => assert!(cut_at(end.last_loss), "lost while it was not cut: {outage:?} {spans:?}"),
            // Where a gap begins, or where the line was last found down if that is later.
            EndReason::Gap => {
                let known = home.bridged(outage.outage).into_iter().fold(outage.confirmed_at, Timestamp::max);
                // Of several gaps in a row the first: nobody saw the line down after it.
                let unconfirmed =
                    all_gaps.iter().filter(|gap| gap.line.as_ref().is_none_or(|line| *line == outage.line));
                let unconfirmed = unconfirmed.filter(|gap| gap.until.is_none_or(|until| until > known));
                let first = unconfirmed.map(|gap| gap.from.max(known)).min().expect("a gap");
                assert_eq!(end.end, first.min(end.first_reply), "{outage:?}, known down until {known}, {all_gaps:?}");
            }
            EndReason::Decommissioned => panic!("{outage:?}"),
        }
    }
    for pair in outages.windows(2).filter(|pair| pair[0].line == pair[1].line) {
        assert!(pair[0].end.expect("ended").end <= pair[1].start, "{pair:?} overlap");
    }
}

/// Waits a while and kills the daemon, asking all the time what it shows.
fn watched_until_killed(daemon: Daemon, after: Duration) -> Seen {
    let seen = Mutex::new(Seen::default());
    let killed = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !killed.load(Ordering::Relaxed) {
                if let Ok(status) = daemon.status_of(&[]) {
                    seen.lock().expect("no panic").add(&status);
                }
            }
        });
        let (_alive, never) = channel::<()>();
        let _ = never.recv_timeout(after);
        daemon.signal("KILL");
        killed.store(true, Ordering::Relaxed);
    });
    assert_eq!(daemon.ended().code, None, "ended by the signal");
    seen.into_inner().expect("no panic")
}

#[test]
fn killed_twenty_times_amid_outages_it_loses_nothing_and_invents_nothing() {
    lab::run(|| {
        let pair = Pair::new();
        let mut home = Home::new().speed(HASTY).references(&["10.255.0.2"]).more("[faults]\nopen_after = \"1s\"\n");
        for n in 1..=6 {
            let row = Row::new(&format!("T-{n}"), &format!("10.64.0.{n}"));
            home.rows.push(if n > 4 { row.below("T-4") } else { row });
        }
        let lines: Vec<_> = home.rows.iter().map(|row| (row.id.clone(), row.address.clone())).collect();
        let (stop, stopped) = channel();
        let (cables, lines) = (&pair, &lines);
        let cuts = std::thread::scope(|scope| {
            let meddler = scope.spawn(move || meddle(cables, lines, &stopped));
            let mut dice = Dice(7);
            for kill in 0..KILLS {
                let certain = certain(&home);
                let daemon = home.start_through(pair.near.command(PROGRAM));
                let seen = watched_until_killed(daemon, Duration::from_millis(dice.below(1200)));
                eprintln!("kill {kill}: {} heads, {} outages shown", seen.heads.len(), seen.outages.len());
                seen.is_kept(&home);
                home.verified();
                resumed_from(&home, kill + 1, certain);
            }
            drop(stop);
            meddler.join().expect("no panic")
        });
        let daemon = home.start_through(pair.near.command(PROGRAM));
        daemon.await_status("all up", |status| status["total"]["up"] == 6 && status["total"]["outages_open"] == 0);
        assert_eq!(daemon.stop().code, Some(0));
        let outages = home.outages();
        eprintln!("{} cuts, {} outages", cuts.values().map(Vec::len).sum::<usize>(), outages.len());
        assert!(outages.len() > 5, "the daemon lived long enough to see some: {outages:?}");
        fits_the_truth(&home, &cuts);
        assert!(home.common_gaps().iter().chain(&home.gaps()).all(|gap| gap.until.is_some()), "all is seen again");
        assert_eq!(home.count("observation.resumed"), KILLS + 1);
        home.verified();
        let rebuilt = home.run(&["journal", "rebuild", "--lang", "en"]);
        assert!(rebuilt.status.success(), "rows and records part: {}", String::from_utf8_lossy(&rebuilt.stdout));
    });
}

/// Up to when a store says that all is certain: by its heartbeat, or by its records where they reach further.
fn certain(home: &Home) -> Option<Timestamp> {
    if !home.store.exists() {
        return None;
    }
    let mut reader = home.reader();
    let snapshot = reader.snapshot().expect("a snapshot");
    let heartbeat = snapshot.heartbeat().expect("reads").map(|heartbeat| heartbeat.at);
    heartbeat.max(snapshot.horizon().expect("reads").map(|horizon| horizon.at))
}

/// The one record of the last start says up to when the run before was certain.
fn resumed_from(home: &Home, starts: usize, certain: Option<Timestamp>) {
    let resumed = home.records().into_iter().filter_map(|record| match record.fact {
        Fact::Observation(ObservationFact::Resumed { at, observed_until, .. }) => Some((at, observed_until)),
        _ => None,
    });
    let resumed: Vec<_> = resumed.collect();
    assert_eq!(resumed.len(), starts, "one record a start");
    let (at, observed_until) = resumed[starts - 1];
    assert_eq!(observed_until, certain, "start {starts}");
    assert!(observed_until <= Some(at), "{observed_until:?} {at}");
}

/// Appends a record of the future to a store, as a daemon with another clock would have.
fn record_of_the_future(home: &Home, ahead: Millis) -> Timestamp {
    let mut store = Store::open(&home.store, StoreKind::Real).expect("opens");
    let open = store.open_rows().expect("rows");
    let policy = Arc::new(Policy::new(chrono_tz::Asia::Shanghai));
    let mut ledger = Ledger::restore(policy, open.head.seq, open.recorded_at, open.rows);
    let at = clock::read().wall + ahead;
    let record = Record {
        seq: open.head.seq + 1,
        v: RECORD_VERSION,
        recorded_at: at,
        origin: Origin::Live,
        author: "linewatch".to_owned(),
        fact: Fact::Observation(ObservationFact::Checkpoint { at, waiting: Vec::new() }),
    };
    let changes = ledger.apply(&record);
    store.append(open.head.seq, &[Entry { record, changes }]).expect("appends");
    at
}

/// A home with a run behind it.
fn used(net: u8) -> Home {
    let home = Home::new().answering(20, net);
    let daemon = home.start();
    daemon.await_status("all up", |status| status["total"]["up"] == 20);
    assert_eq!(daemon.stop().code, Some(0));
    home
}

#[test]
fn a_clock_behind_the_last_record_watches_and_records_nothing_and_says_so() {
    let mut home = used(76);
    record_of_the_future(&home, Millis::from_secs(3600));
    let head = home.verified();
    let daemon = home.start();
    daemon.await_log("the clock is behind the last record");
    let sent = |daemon: &Daemon| daemon.status_of(&["L-001"]).expect("answers")["sent"].as_u64().expect("a number");
    daemon.until("probed", || if sent(&daemon) > 4 { Ok(()) } else { Err("too few".to_owned()) });
    assert!(daemon.status()["monitor"]["muted_until"].is_string());
    for (language, words) in [("en", "nothing is recorded before"), ("zh-CN", "只监测、不记录")] {
        let output = home.run(&["status", "--lang", language]);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains(words), "{text}");
    }
    assert_eq!(daemon.metric("linewatch_journal_append_failures_total"), Some(0.0));
    assert_eq!(daemon.stop().code, Some(0));
    assert_eq!(home.verified(), head, "nothing was recorded");

    home.rows.truncate(10);
    let refused = home.refused(&["--lang", "en"]);
    assert_eq!(refused.code, Some(1), "{}", refused.log);
    assert!(refused.log.contains("--allow-removal"), "refused now, not in an hour: {}", refused.log);
}

#[test]
fn a_clock_a_little_behind_records_from_the_last_record_on() {
    let home = used(77);
    let last = record_of_the_future(&home, Millis::from_secs(3));
    let before = home.records().len();
    let daemon = home.start();
    daemon.await_log("the clock is behind the last record");
    daemon.await_log("observation.resumed");
    daemon.await_log("observation.sighted");
    let status = daemon.await_status("all up", |status| status["total"]["up"] == 20);
    assert!(status["monitor"]["muted_until"].is_null(), "{status:#}");
    assert_eq!(daemon.stop().code, Some(0));
    let records = home.records();
    let new = &records[before..];
    let kinds: Vec<_> = new.iter().map(|record| record.fact.kind()).collect();
    assert_eq!(kinds, ["observation.resumed", "observation.sighted", "observation.checkpoint"]);
    assert!(new.iter().all(|record| record.recorded_at >= last), "{new:?}");
    assert!(home.outages().is_empty());
    for gap in home.common_gaps() {
        assert!(gap.until.is_some_and(|until| until <= clock::read().wall), "{gap:?}");
    }
    home.verified();
}
