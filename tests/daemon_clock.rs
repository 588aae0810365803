//! The clock of the running program is set: once while it records, and while it may not record yet because the clock
//! was behind the last record at its start. Its wall clock is its own (`tests/clock`), the boot clock the machine's.

mod clock;
mod daemon;
mod lab;

use clock::OwnClock;
use daemon::{Daemon, Home, PROGRAM, Row};
use lab::Pair;
use linewatch_core::ledger::GapRow;
use linewatch_core::outcome::BlindCause;
use linewatch_core::time::Millis;

const HOUR: Millis = Millis::from_secs(3600);

fn home() -> Home {
    Home::new()
        .references(&["10.255.0.2"])
        .line(Row::new("T-01", "10.64.0.1"))
        .line(Row::new("T-02", "10.64.0.2"))
        .line(Row::new("T-03", "10.64.0.3"))
}

fn hours(count: i64) -> Millis {
    Millis(HOUR.0 * count)
}

fn up(daemon: &Daemon, lines: u64) {
    daemon.await_status("lines up", |status| status["total"]["up"] == lines);
}

fn kinds(home: &Home, from: usize) -> Vec<&'static str> {
    home.records()[from..].iter().map(|record| record.fact.kind()).collect()
}

#[test]
fn a_clock_set_forward_leaves_the_skipped_hour_undetermined_once() {
    lab::run(|| {
        let (pair, home, clock) = (Pair::new(), home(), OwnClock::new(hours(-1)));
        let daemon = home.start_through(clock.given_to(pair.near.command(PROGRAM)));
        up(&daemon, 3);
        let before = home.records().len();
        clock.set(Millis(0));
        daemon.await_log("observation.clock_stepped");
        pair.near.enter(|| daemon.await_metric("linewatch_clock_steps_total", |steps| steps >= 1.0));
        // What was answered before the step says nothing of now.
        up(&daemon, 3);
        assert_eq!(daemon.stop().code, Some(0));
        assert_eq!(kinds(&home, before)[0], "observation.clock_stepped");
        let gaps = home.common_gaps();
        let stepped: Vec<_> = gaps.iter().filter(|gap| gap.cause == BlindCause::ClockStep).collect();
        // The hour that was skipped, and from then until somebody answered.
        let until = |gap: &GapRow| gap.until.expect("over");
        assert!(!stepped.is_empty() && stepped.windows(2).all(|pair| until(pair[0]) == pair[1].from), "{gaps:?}");
        let length: Millis = until(stepped[stepped.len() - 1]) - stepped[0].from;
        assert!((HOUR.0..HOUR.0 + 5000).contains(&length.0), "{gaps:?}");
        assert!(home.outages().is_empty());
        home.verified();
    });
}

#[test]
fn a_clock_set_while_nothing_may_be_recorded_yet_hides_no_outage() {
    lab::run(|| {
        let (pair, home, clock) = (Pair::new(), home(), OwnClock::new(Millis(0)));
        let start = || home.start_through(clock.given_to(pair.near.command(PROGRAM)));
        let daemon = start();
        up(&daemon, 3);
        assert_eq!(daemon.stop().code, Some(0));
        let (before, head) = (home.records().len(), home.verified());

        // A battery was empty: two hours behind the last record. One line goes down, and the clock is set, but not far
        // enough.
        clock.set(hours(-2));
        let daemon = start();
        daemon.await_log("the clock is behind the last record");
        let sent = |daemon: &Daemon| daemon.status_of(&["T-01"]).expect("answers")["sent"].as_u64().expect("a number");
        let probed = |more: u64| {
            let now = sent(&daemon);
            daemon.until("probed", || if sent(&daemon) > now + more { Ok(()) } else { Err("too few".to_owned()) });
        };
        probed(4);
        pair.far.nft_add("dead", "10.64.0.2");
        probed(8);
        clock.set(hours(-1));
        probed(8);
        assert_eq!(home.verified(), head, "nothing is recorded yet");
        assert!(daemon.status()["monitor"]["muted_until"].is_string());

        // Now it is right.
        clock.set(Millis(0));
        daemon.await_log("observation.resumed");
        daemon.await_log("outage.started");
        daemon.await_status("one down", |status| status["total"]["down"] == 1 && status["total"]["up"] == 2);
        assert!(daemon.status()["monitor"]["muted_until"].is_null());
        pair.far.nft_delete("dead", "10.64.0.2");
        daemon.await_log("outage.ended");
        assert_eq!(daemon.stop().code, Some(0));

        let told = kinds(&home, before);
        assert_eq!(
            told[..2],
            ["observation.resumed", "observation.clock_stepped"],
            "the last step, and not the one before"
        );
        assert_eq!(told.iter().filter(|kind| **kind == "observation.clock_stepped").count(), 1, "{told:?}");
        let records = home.records();
        assert!(records[before..].iter().all(|record| record.recorded_at >= records[before - 1].recorded_at));
        let outages = home.outages();
        let [outage] = outages.as_slice() else { panic!("one outage: {outages:?}") };
        assert!(outage.line.as_str() == "T-02" && outage.end.is_some(), "{outage:?}");
        assert!(outage.start >= records[before - 1].recorded_at, "nothing is said of the time before: {outage:?}");
        assert!(home.common_gaps().iter().all(|gap| gap.until.is_some()), "{:?}", home.common_gaps());
        home.verified();
    });
}
