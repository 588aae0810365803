//! Simulated years whose truth is known: what the core records of them, and what the rollup counts, is held against it.
//!
//! By hand more of them: `LINEWATCH_SIMULATED_YEARS=200 cargo test --release --test simulated_years whole -- --nocapture`.

mod years;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use linewatch::simulate::check::{self, Checked, Counted, Flaw, Records};
use linewatch::simulate::history::Setting;
use linewatch_core::availability::Ratio;
use linewatch_core::calendar::Calendar;
use linewatch_core::record::Attribution;
use linewatch_core::simulated::Rates;
use linewatch_core::time::Millis;
use years::{busy, setting, simulated};

/// Whole years of the 401 lines, by seed.
const WHOLE: [u64; 4] = [1, 2, 3, 4];
/// A busy week each: forty times as much happens. In 15 an ancestor fails while the line is back for a moment only.
const BUSY: [u64; 16] = [11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26];

/// Checks many on as many threads as there are processors; what does not fit is named with its seed.
fn all_borne_out(seeds: &[u64], setting: impl Fn(u64) -> Setting + Sync) -> Vec<Checked> {
    let next = AtomicU64::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some(seed) = seeds.get(usize::try_from(next.fetch_add(1, Ordering::SeqCst)).expect("small")) {
            let checked = simulated(setting(*seed)).checked();
            println!(
                "seed {seed}\n{}",
                checked.text(chrono_tz::Asia::Shanghai, linewatch::language::Language::English)
            );
            done.push((*seed, checked));
        }
        done
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let mut done: Vec<(u64, Checked)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..processors).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a finished thread")).collect()
    });
    done.sort_by_key(|(seed, _)| *seed);
    let flaws: Vec<String> = done
        .iter()
        .flat_map(|(seed, checked)| checked.flaws.iter().map(move |flaw| (seed, flaw)))
        .map(|(seed, flaw)| {
            format!("seed {seed}: {}", flaw.sentence(chrono_tz::Asia::Shanghai, linewatch::language::Language::English))
        })
        .collect();
    assert!(flaws.is_empty(), "{} flaws:\n{}", flaws.len(), flaws[..flaws.len().min(30)].join("\n"));
    done.into_iter().map(|(_, checked)| checked).collect()
}

#[test]
fn whole_years_are_borne_out() {
    let by_hand = std::env::var("LINEWATCH_SIMULATED_YEARS").ok();
    let by_hand = by_hand.map(|years| years.parse().expect("LINEWATCH_SIMULATED_YEARS is a number of years"));
    let seeds: Vec<u64> = by_hand.map_or_else(|| WHOLE.to_vec(), |years: u64| (1..=years).collect());
    let years = all_borne_out(&seeds, |seed| setting(seed, Rates::default(), None));
    for year in &years {
        assert!(year.dead_spans > 400 && year.edges > 800 && year.attributions > 400, "nothing happens: {year:#?}");
        assert!(year.unseen_spans > 5, "the monitor always sees: {year:#?}");
    }
    // The office's own year had 69.
    let mean = years.iter().map(|year| year.villages_reported).sum::<usize>() / years.len();
    assert!((59..=79).contains(&mean), "{mean} villages reported on average");
}

#[test]
fn busy_weeks_are_borne_out() {
    let weeks = all_borne_out(&BUSY, |seed| setting(seed, busy(40.0), Some(7)));
    assert!(weeks.iter().all(|week| week.dead_spans > 200 && week.unseen_spans > 5), "nothing happens: {weeks:#?}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_does_not() {
    let heads: Vec<String> =
        [5, 5, 6].map(|seed| simulated(setting(seed, busy(12.0), Some(4))).head).into_iter().collect();
    // The head is the SM3 of all records, byte for byte.
    assert_eq!(heads[0], heads[1]);
    assert_ne!(heads[0], heads[2]);
}

#[test]
fn whatever_is_spoilt_in_the_records_is_found() {
    let year = simulated(setting(7, busy(12.0), Some(10)));
    assert_eq!(year.spoilt(|_| {}), []);
    // Ended, of a line's own, and long after and before everything else.
    let plain = |records: &Records| {
        let calm = |place: &usize| {
            let outage = &records.outages[*place];
            let own = outage.segments.len() == 1 && outage.segments[0].attribution == Attribution::Own;
            let length = outage.row.end.map_or(Millis::ZERO, |end| end.end - outage.row.start);
            own && outage.bridges.is_empty() && outage.row.last_reply.is_some() && length > Millis::from_secs(3600)
        };
        (0..records.outages.len()).find(calm).expect("a plain outage")
    };
    let kind = |flaw: &Flaw| match flaw {
        Flaw::Missed(..) => "missed",
        Flaw::Twice(..) => "twice",
        Flaw::Invented(..) => "invented",
        Flaw::Start(..) => "start",
        Flaw::End(..) => "end",
        Flaw::Attribution(..) => "attribution",
        Flaw::NotUndetermined(_) => "not undetermined",
        Flaw::Undetermined(..) => "undetermined",
        Flaw::Total(..) => "total",
        Flaw::Figure { .. } => "figure",
        Flaw::NoFigures(_) => "no figures",
        Flaw::Fault { .. } => "fault",
    };
    let kinds = |flaws: Vec<Flaw>| flaws.iter().map(kind).collect::<BTreeSet<_>>();
    let found = |spoil: &dyn Fn(&mut Records, usize)| {
        kinds(year.spoilt(|records| {
            let place = plain(records);
            spoil(records, place);
        }))
    };
    let second = Millis::from_secs(1);
    assert!(found(&|records, place| drop(records.outages.remove(place))).contains("missed"));
    assert!(found(&|records, place| records.outages.push(records.outages[place].clone())).contains("twice"));
    assert!(
        found(&|records, place| {
            let start = &mut records.outages[place].row.start;
            *start = *start - second * 90;
        })
        .contains("start")
    );
    assert!(
        found(&|records, place| {
            let row = &mut records.outages[place].row;
            row.last_reply = row.last_reply.map(|reply| reply + second);
        })
        .contains("start")
    );
    assert!(
        found(&|records, place| {
            let end = records.outages[place].row.end.as_mut().expect("ended");
            end.end = end.end + second * 3;
        })
        .contains("end")
    );
    assert!(
        found(&|records, place| {
            records.outages[place].segments[0].attribution = Attribution::Upstream("T-01".into());
        })
        .contains("attribution")
    );
    assert!(kinds(year.spoilt(|records| records.gaps.clear())).contains("not undetermined"));
    assert!(
        found(&|records, place| {
            let row = &records.outages[place].row;
            let mut gap = records.gaps[0].clone();
            (gap.from, gap.until) = (row.start + second * 600, Some(row.start + second * 1200));
            records.gaps.push(gap);
        })
        .contains("undetermined")
    );
}

#[test]
fn whatever_is_spoilt_in_the_figures_is_found() {
    let year = simulated(setting(8, busy(12.0), Some(10)));
    let mut reader = year.reader();
    let records = check::records(&mut reader).expect("records");
    let report = check::rolled_up(&year.setting.config, &year.truth, &mut reader).expect("figures");
    let flaws = |figures: &linewatch_core::rollup::Rollup| {
        let calendar = Calendar::new(year.setting.config.site.zone);
        let counted = Counted { period: report.about.period.span(), calendar, policy: &report.about.policy, figures };
        check::check(&year.setting.config, &year.truth, &records, counted).flaws
    };
    assert_eq!(flaws(&report.figures), []);
    let hour = Millis::from_secs(3600);
    let spoilt = |spoil: &dyn Fn(&mut linewatch_core::rollup::Rollup)| {
        let mut figures = report.figures.clone();
        spoil(&mut figures);
        let names = flaws(&figures).into_iter().filter_map(|flaw| match flaw {
            Flaw::Figure { figure, .. } => Some(figure.to_owned()),
            Flaw::NoFigures(_) => Some("no figures".to_owned()),
            _ => None,
        });
        names.collect::<BTreeSet<_>>()
    };
    let line = report.figures.lines.iter().position(|line| line.figures.down_ms > hour * 3).expect("one that was down");
    let quiet = report.figures.lines.iter().position(|line| line.figures.down_ms.0 == 0).expect("one that was not");
    assert!(spoilt(&|figures| figures.lines[line].figures.down_ms += hour).contains("down_ms"));
    assert!(spoilt(&|figures| figures.lines[quiet].figures.down_ms += Millis(1)).contains("down_ms"));
    assert!(spoilt(&|figures| figures.lines[quiet].figures.up_ms += hour * -1).contains("up_ms"));
    assert!(spoilt(&|figures| figures.lines[quiet].figures.zero_outage_lines = 0).contains("zero_outage_lines"));
    assert!(spoilt(&|figures| figures.lines[quiet].figures.outages = 1).contains("outages"));
    assert!(spoilt(&|figures| figures.lines[line].figures.compliant_lines ^= 1).contains("compliant_lines"));
    assert!(spoilt(&|figures| figures.total.in_service_ms += Millis(1)).contains("in_service_ms"));
    assert!(spoilt(&|figures| figures.total.undetermined_ms += hour * 24).contains("undetermined_ms"));
    assert!(spoilt(&|figures| figures.total.planned_ms += hour * 24).contains("planned_ms"));
    assert!(spoilt(&|figures| figures.total.excluded_ms += hour * 24).contains("excluded_ms"));
    assert!(spoilt(&|figures| figures.classes[0].figures.down_own_ms += hour * 9).contains("down_own_ms"));
    assert!(spoilt(&|figures| figures.months[0].figures.down_upstream_ms += hour * 99).contains("down_upstream_ms"));
    assert!(
        spoilt(&|figures| {
            let total = &mut figures.total;
            total.availability = Ratio::of(total.up_ms, total.up_ms + total.down_ms * 2);
        })
        .contains("availability")
    );
    assert!(spoilt(&|figures| figures.faults.inspections += 1).contains("inspections"));
    assert!(spoilt(&|figures| drop(figures.lines.remove(quiet))).contains("no figures"));
}
