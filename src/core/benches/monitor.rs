//! Results per second through the monitor: scheduling, judging and sight, everything but the wire.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use linewatch_core::line::LineId;
use linewatch_core::monitor::{Effect, Event, Monitor, Plan, Prior, WatchedLine};
use linewatch_core::outcome::{LossCause, Outcome};
use linewatch_core::probing::Probing;
use linewatch_core::time::Timestamp;

/// A district: every tenth line is a trunk, the nine after it hang on it.
fn monitor(lines: u32) -> Monitor {
    let line = |number: u32| WatchedLine {
        id: LineId::from(format!("L-{number:06}").as_str()),
        class: 0,
        upstream: (!number.is_multiple_of(10)).then(|| LineId::from(format!("L-{:06}", number / 10 * 10).as_str())),
        prior: Prior::Up,
        unseen: false,
        moved: false,
    };
    let plan = Plan {
        lines: (0..lines).map(line).collect(),
        references: Vec::new(),
        classes: vec![("village".into(), Probing::default())],
        reference_probing: Probing::default(),
    };
    Monitor::new(plan, Timestamp(0), None)
}

/// Plays one interval; one probe in `lost_one_in` is lost. Returns how many results were judged.
fn interval(monitor: &mut Monitor, now: &mut i64, random: &mut u64, lost_one_in: u64) -> u64 {
    let end = *now + 2000;
    let mut judged = 0;
    while *now < end {
        *now += 10;
        monitor.handle(Timestamp(*now), Event::Tick);
        while let Some(effect) = monitor.next_effect() {
            let Effect::Probe { target, token, .. } = effect else { continue };
            *random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let outcome = if (*random >> 33).is_multiple_of(lost_one_in) {
                Outcome::Loss(LossCause::Timeout)
            } else {
                Outcome::Reply { rtt_us: 800 }
            };
            monitor.handle(Timestamp(*now), Event::Probed { target, token, sent_at: Timestamp(*now), outcome });
            judged += 1;
        }
    }
    judged
}

fn results(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("monitor results");
    for (lines, lost_one_in) in [(401, 1_000_000_000), (401, 20), (10_000, 1_000_000_000), (10_000, 20), (100_000, 100)]
    {
        let (mut monitor, mut now, mut random) = (monitor(lines), 0, 1);
        interval(&mut monitor, &mut now, &mut random, lost_one_in);
        group.throughput(Throughput::Elements(u64::from(lines)));
        let name = BenchmarkId::new(format!("{lines} lines"), format!("1 in {lost_one_in} lost"));
        group.bench_function(name, |bencher| {
            bencher.iter(|| interval(&mut monitor, &mut now, &mut random, lost_one_in));
        });
    }
    group.finish();
}

criterion_group!(benches, results);
criterion_main!(benches);
