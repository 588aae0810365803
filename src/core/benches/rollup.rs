//! A year in figures, from histories in memory: how long the engine takes, without reading them.
//!
//! Lines are added one by one and made while they are added, as a store streams them; making them is part of the time
//! (`histories` shows how much). Every tenth line is a trunk; a tenth of the outages is attributed to it. Besides: a
//! hundred gaps of all lines, fifty windows of every scope, gaps, bridges and rents.

use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use linewatch_core::calendar::Calendar;
use linewatch_core::ledger::LineRow;
use linewatch_core::line::{Line, LineId};
use linewatch_core::outcome::BlindCause;
use linewatch_core::record::{Attribution, OutageId, Scope};
use linewatch_core::rollup::{
    Common, Counting, Evidence, Gap, Inventory, LineHistory, Outage, Policy, Rollup, Segment, Window, WindowKind,
};
use linewatch_core::time::{Millis, Span, Timestamp};

const HOUR: i64 = 3_600_000;

/// 2026 in Shanghai.
fn year() -> Span {
    Calendar::new(chrono_tz::Asia::Shanghai).year(2026).expect("a year")
}

fn id(number: i64) -> LineId {
    format!("L-{number:05}").as_str().into()
}

fn line(number: i64) -> Line {
    let class = ["township", "village", "surveillance"][usize::try_from(number % 3).unwrap_or(0)];
    Line {
        township: format!("T-{:02}", number % 14).as_str().into(),
        carrier: ["电信", "移动", "联通"][usize::try_from(number % 7 % 3).unwrap_or(0)].to_owned(),
        upstream: (number % 10 != 0).then(|| id(number - number % 10)),
        rent_fen_month: Some(12_345),
        ..Line::new(id(number).as_str(), "a line", class, "192.0.2.1")
    }
}

fn common(lines: i64) -> Common {
    let year = year();
    let span =
        |hour: i64, hours: i64| Span::new(year.start + Millis(hour * HOUR), year.start + Millis((hour + hours) * HOUR));
    let row = |number| LineRow { from: Timestamp::MIN, until: None, line: Arc::new(line(number)) };
    let scope = |number: i64| match number % 5 {
        0 => Scope::All,
        1 => Scope::Line(id(number * 10)),
        2 => Scope::Trunk(id(number * 10)),
        3 => Scope::Class("village".into()),
        _ => Scope::Township("T-03".into()),
    };
    let window = |number: i64| Window {
        record: number.unsigned_abs(),
        kind: if number % 2 == 0 { WindowKind::Planned } else { WindowKind::Excluded },
        scope: scope(number),
        span: span(number * 170, 4),
    };
    Common {
        period: year,
        until: year.end,
        calendar: Calendar::new(chrono_tz::Asia::Shanghai),
        policy: Policy::default(),
        inventory: Inventory::of((0..lines).map(row)),
        evidence: Evidence {
            begin: year.start - Millis(30 * 24 * HOUR),
            horizon: Timestamp::MAX,
            waiting: std::collections::BTreeMap::new(),
            gaps: (0..100).map(|gap| Gap { span: span(gap * 87, 1), cause: BlindCause::Stopped }).collect(),
            observed: Vec::new(),
        },
        windows: (0..50).map(window).collect(),
    }
}

fn history(number: i64, outages: i64) -> LineHistory {
    let year = year();
    let step = year.length().0 / outages;
    let outage = |nth: i64| {
        let start = year.start + Millis(nth * step + number * 1009 % (step / 2));
        let length = Millis(60_000 + (number * 31 + nth * 7919) % 600_000);
        let attribution = if nth % 10 == 3 && number % 10 != 0 {
            Attribution::Upstream(id(number - number % 10))
        } else {
            Attribution::Own
        };
        Outage {
            outage: OutageId((number * outages + nth).unsigned_abs()),
            start,
            end: Some(start + length),
            gap_from: None,
            confirmed_at: Some(start + Millis(8_000)),
            segments: vec![Segment { from: start, attribution }],
            bridged: if nth % 50 == 1 {
                vec![Span::new(start + Millis(10_000), start + Millis(20_000))]
            } else {
                Vec::new()
            },
            correction: None,
            imported: false,
        }
    };
    let gap = |nth: i64| {
        let from = year.start + Millis(nth * 700 * HOUR + number * 60_000);
        Gap { span: Span::new(from, from + Millis(HOUR)), cause: BlindCause::Unsent }
    };
    LineHistory {
        gaps: (0..10).map(gap).collect(),
        outages: (0..outages).map(outage).collect(),
        ..LineHistory::new(id(number))
    }
}

fn roll_up(common: &Common, lines: i64, outages: i64) -> Rollup {
    let mut counting = Counting::new(common.clone());
    for number in 0..lines {
        counting.add(&history(number, outages));
    }
    counting.finish(&[], &[])
}

/// The largest size this process ever had, in MiB (`VmHWM` of Linux).
fn peak_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? / 1024)
}

fn rollup(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rollup");
    group.sample_size(10);
    for (lines, outages) in [(401, 250), (10_000, 100)] {
        let common = common(lines);
        let all = u64::try_from(lines * outages).unwrap_or(0);
        group.throughput(Throughput::Elements(all));
        let name = format!("{lines} lines, {all} outages");
        group.bench_function(BenchmarkId::new("histories", &name), |bencher| {
            bencher.iter(|| (0..lines).map(|number| history(number, outages).outages.len()).sum::<usize>());
        });
        group.bench_function(BenchmarkId::new("figures", &name), |bencher| {
            bencher.iter(|| roll_up(&common, lines, outages));
        });
        let total = roll_up(&common, lines, outages).total;
        assert!(total.lines == lines.unsigned_abs() && total.outages > all / 2, "the bench counts its outages");
        if let Some(peak) = peak_mib() {
            println!("{name}: {} counted, availability {}, peak memory {peak} MiB", total.outages, total.availability);
        }
    }
    group.finish();
}

criterion_group!(benches, rollup);
criterion_main!(benches);
