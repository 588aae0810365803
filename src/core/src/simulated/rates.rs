//! How often what happens. The defaults are a county whose village lines are reported and repaired about as often as
//! the office's own year says: 69 villages of 168.

use std::collections::BTreeMap;

use super::happen::Place;
use crate::line::ClassName;
use crate::time::{Millis, Span};

const MINUTE: Millis = Millis::from_secs(60);
const HOUR: Millis = Millis::from_secs(3600);

/// Everything that can be set. Rates are per year of 365 days; lengths are means.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// Cuts of lines, by class.
    pub cuts: BTreeMap<ClassName, Cuts>,
    /// Power cuts.
    pub power: Power,
    /// Modems that come and go.
    pub modem: Modem,
    /// Probes that are lost although the line is sound.
    pub loss: Loss,
    /// Work that was agreed before.
    pub maintenance: Maintenance,
    /// What happens to the monitor itself.
    pub monitor: MonitorRates,
    /// What people do.
    pub people: People,
}

/// Cuts of the lines of one class: an excavator, a lorry, a dead device.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cuts {
    /// Per line and year.
    pub per_line: f64,
    /// Until it is repaired.
    pub repair: Millis,
    /// Of all cuts, how many last only for seconds or minutes and mend themselves.
    pub brief: f64,
}

/// Power cuts: lines of a township that are fed from the same mains, all but those with a battery.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Power {
    /// Per township and year.
    pub per_township: f64,
    /// How long.
    pub length: Millis,
    /// Of the lines of the township, how many go down.
    pub share: f64,
}

/// Modems that come and go for hours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Modem {
    /// Episodes a year in the whole district.
    pub episodes: f64,
    /// Length of an episode.
    pub length: Millis,
    /// Down at a time.
    pub down: Millis,
    /// Up in between.
    pub up: Millis,
}

/// Loss of single probes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loss {
    /// Probes lost by themselves, per line and day.
    pub stray_per_line_day: f64,
    /// Episodes of congestion a year in the whole district.
    pub congestions: f64,
    /// Length of an episode.
    pub length: Millis,
    /// Share of probes lost within it.
    pub share: f64,
}

/// Agreed work on a line and what hangs on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Maintenance {
    /// Windows a year in the whole district.
    pub windows: f64,
    /// Length of the agreed window.
    pub length: Millis,
    /// Of all, how many take longer than agreed.
    pub overrun: f64,
}

/// What happens to the monitor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MonitorRates {
    /// Clean restarts a year.
    pub restarts: f64,
    /// Crashes a year.
    pub crashes: f64,
    /// How long it does not run.
    pub stopped: Millis,
    /// How often a year its own side is cut.
    pub blind: f64,
    /// For how long.
    pub blind_length: Millis,
    /// How often a year its machine stands still.
    pub stalls: f64,
    /// For how long.
    pub stall_length: Millis,
    /// How often a year its clock is set, forward or back.
    pub clock_steps: f64,
    /// By how much.
    pub step: Millis,
}

/// What people do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct People {
    /// Of the outages of village lines that last, how many the township office reports.
    pub reported: f64,
    /// How long after the beginning.
    pub report_after: Millis,
    /// Reports of lines that answer, a year.
    pub complaints: f64,
    /// Of detected faults, how many a crew is sent to and writes its steps about.
    pub attended: f64,
    /// Of agreed windows, how many are entered when the work has begun or is over.
    pub planned_late: f64,
    /// Lines looked at on the spot, a year.
    pub inspections: f64,
}

impl Cuts {
    const VILLAGE: Self = Self { per_line: 0.53, repair: Millis::from_secs(7 * 3600), brief: 0.2 };

    /// The default of a class.
    pub fn of(class: &str) -> Self {
        match class {
            "township" => Self { per_line: 0.4, repair: Millis::from_secs(5 * 1800), brief: 0.3 },
            "surveillance" => Self { per_line: 0.6, repair: Millis::from_secs(10 * 3600), brief: 0.3 },
            _ => Self::VILLAGE,
        }
    }
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            cuts: BTreeMap::new(),
            power: Power { per_township: 1.5, length: HOUR * 2, share: 0.8 },
            modem: Modem { episodes: 6.0, length: HOUR * 2, down: Millis::from_secs(40), up: MINUTE * 4 },
            loss: Loss { stray_per_line_day: 0.05, congestions: 30.0, length: MINUTE * 15, share: 0.05 },
            maintenance: Maintenance { windows: 16.0, length: HOUR * 2, overrun: 0.2 },
            monitor: MonitorRates {
                restarts: 8.0,
                crashes: 2.0,
                stopped: MINUTE * 2,
                blind: 6.0,
                blind_length: MINUTE,
                stalls: 2.0,
                stall_length: MINUTE,
                clock_steps: 2.0,
                step: Millis::from_secs(40),
            },
            people: People {
                reported: 0.11,
                report_after: MINUTE * 40,
                complaints: 20.0,
                attended: 0.8,
                planned_late: 0.25,
                inspections: 120.0,
            },
        }
    }
}

impl Rates {
    /// About how many things happen at these places in a time, by the keys of a scenario: what is drawn beforehand.
    pub fn expected(&self, places: &[Place], time: Span) -> Vec<(String, f64)> {
        let years = time.length().as_secs_f64() / (365.0 * 86_400.0);
        let mut classes: BTreeMap<&ClassName, f64> = BTreeMap::new();
        for place in places {
            *classes.entry(&place.class).or_default() += 1.0;
        }
        let lines: f64 = classes.values().sum();
        let Self { cuts: _, power, modem, loss, maintenance, monitor, people } = self;
        // A power cut is one of each line of its township.
        let in_townships: f64 = places.iter().filter(|place| !place.township.is_empty()).map(|_| 1.0).sum();
        let flaps = 1.0 + modem.length.as_secs_f64() / (modem.down + modem.up).as_secs_f64().max(1.0);
        let cuts = classes
            .into_iter()
            .map(|(class, lines)| (format!("cuts.{class}.per_line"), self.cuts_of(class).per_line * lines * years));
        let mut expected: Vec<(String, f64)> = cuts.collect();
        expected.extend(
            [
                ("power.per_township", power.per_township * in_townships * years),
                ("modem.episodes", modem.episodes * flaps * years),
                ("loss.stray_per_line_day", loss.stray_per_line_day * lines * years * 365.0),
                ("loss.congestions", loss.congestions * years),
                ("maintenance.windows", maintenance.windows * years),
                ("monitor.restarts", monitor.restarts * years),
                ("monitor.crashes", monitor.crashes * years),
                ("monitor.blind", monitor.blind * years),
                ("monitor.stalls", monitor.stalls * years),
                ("monitor.clock_steps", monitor.clock_steps * years),
                ("people.complaints", people.complaints * years),
                ("people.inspections", people.inspections * years),
            ]
            .map(|(key, expected)| (key.to_owned(), expected)),
        );
        expected
    }

    /// Cuts of the lines of a class.
    pub fn cuts_of(&self, class: &ClassName) -> Cuts {
        self.cuts.get(class).copied().unwrap_or_else(|| Cuts::of(class.as_str()))
    }
}
