//! Simulated histories for tests, with their truths.

#![allow(dead_code, reason = "each test file uses its part")]

use std::path::Path;
use std::sync::Arc;

use linewatch::config::Config;
use linewatch::inventory;
use linewatch::simulate::check::{self, Checked, Counted, Flaw, Records};
use linewatch::simulate::history::{self, MARGIN, Setting};
use linewatch::simulate::truth::Truth;
use linewatch::store::{Store, StoreKind};
use linewatch_core::calendar::Calendar;
use linewatch_core::line::Line;
use linewatch_core::simulated::{Cuts, Rates};
use linewatch_core::time::{Millis, Span};
use tempfile::TempDir;

const DAY: Millis = Millis::from_secs(86_400);

pub fn config() -> Config {
    Config::load(Some(Path::new("config/linewatch.toml"))).expect("the example")
}

fn lines(config: &Config) -> Vec<Line> {
    let rules = inventory::Rules { zone: config.site.zone, classes: config.class_labels() };
    let mut lines = inventory::read(&config.inventory.file, &rules).expect("the example");
    for line in &mut lines {
        line.opened = None;
    }
    lines
}

pub fn setting(seed: u64, rates: Rates, days: Option<i64>) -> Setting {
    let config = config();
    let year = Calendar::new(config.site.zone).year(2022).expect("a year");
    let end = days.map_or(year.end, |days| year.start + DAY * days);
    let lines = Arc::new(lines(&config));
    Setting { config: Arc::new(config), lines, rates, seed, span: Span::new(year.start - MARGIN, end + MARGIN) }
}

/// Everything happens more often; lengths stay.
pub fn busy(times: f64) -> Rates {
    let mut rates = Rates::default();
    for class in ["township", "village", "surveillance"] {
        let cuts = Cuts::of(class);
        rates.cuts.insert(class.into(), Cuts { per_line: cuts.per_line * times, ..cuts });
    }
    let Rates { power, modem, loss, maintenance, monitor, people, .. } = &mut rates;
    let often = [
        &mut power.per_township,
        &mut modem.episodes,
        &mut loss.congestions,
        &mut maintenance.windows,
        &mut monitor.restarts,
        &mut monitor.crashes,
        &mut monitor.blind,
        &mut monitor.stalls,
        &mut monitor.clock_steps,
        &mut people.complaints,
        &mut people.inspections,
    ];
    for rate in often {
        *rate *= times;
    }
    rates
}

pub struct Year {
    pub setting: Setting,
    pub truth: Truth,
    pub head: String,
    folder: TempDir,
}

pub fn simulated(setting: Setting) -> Year {
    let folder = TempDir::new().expect("a folder");
    let store = Store::open_daemon(&folder.path().join("journal.db"), StoreKind::Simulated).expect("a new store");
    let done = history::simulate(&setting, store, |_| {}).expect("a whole history");
    // As it is read back by whoever checks later.
    let mut written = Vec::new();
    done.truth.write(&mut written).expect("memory");
    let truth = Truth::read(written.as_slice()).expect("its own format");
    Year { truth, head: done.head.to_string(), folder, setting }
}

impl Year {
    pub fn reader(&self) -> linewatch::store::Reader {
        Store::open_read_only(&self.folder.path().join("journal.db")).expect("the store")
    }

    pub fn checked(&self) -> Checked {
        check::store(&self.setting.config, &self.truth, &mut self.reader()).expect("figures")
    }

    /// The same with records that somebody spoilt.
    pub fn spoilt(&self, spoil: impl FnOnce(&mut Records)) -> Vec<Flaw> {
        let mut reader = self.reader();
        let mut records = check::records(&mut reader).expect("records");
        spoil(&mut records);
        let report = check::rolled_up(&self.setting.config, &self.truth, &mut reader).expect("figures");
        let counted = Counted {
            period: report.about.period.span(),
            calendar: Calendar::new(self.setting.config.site.zone),
            policy: &report.about.policy,
            figures: &report.figures,
        };
        check::check(&self.setting.config, &self.truth, &records, counted).flaws
    }
}
