//! Sums of milliseconds and counts, and the figures that follow from them.

use super::sweep::{Kind, Slice};
use super::{Fen, Figures, MergedOutage, Policy};
use crate::availability::Ratio;
use crate::line::ClassName;
use crate::time::Millis;

/// What is summed over stretches and outages; every field adds up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub in_service: i64,
    up: i64,
    own: i64,
    upstream: i64,
    declared: i64,
    bridged: i64,
    planned: i64,
    excluded: i64,
    undetermined: i64,
    up_unexcluded: i64,
    down_unexcluded: i64,
    up_gross: i64,
    down_gross: i64,
    started: u64,
    carried_in: u64,
    open: u64,
    ended: u64,
    ended_length: i128,
    longest: Option<Millis>,
    detected: u64,
    detection_delay: i128,
    pub rent: Option<i64>,
}

/// What is counted by lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub sums: Sums,
    lines: u64,
    lines_at_end: u64,
    compliant: u64,
    zero_outage: u64,
    unproven: u64,
}

impl Sums {
    /// Adds a stretch.
    pub fn add(&mut self, slice: Slice) {
        let length = slice.span.length().0;
        self.in_service += length;
        match slice.kind {
            Kind::Excluded => {
                self.planned += length;
                self.excluded += length;
            }
            Kind::Planned => self.planned += length,
            Kind::Declared => self.declared += length,
            Kind::Own => self.own += length,
            Kind::Upstream => self.upstream += length,
            Kind::Undetermined => self.undetermined += length,
            Kind::Up => self.up += length,
        }
        if slice.bridged {
            self.bridged += length;
        }
        split(slice.unexcluded, length, &mut self.up_unexcluded, &mut self.down_unexcluded);
        split(slice.gross, length, &mut self.up_gross, &mut self.down_gross);
    }

    /// Counts where an outage came from: it starts here, or was carried in.
    pub fn begin(&mut self, outage: &MergedOutage, carried_in: bool) {
        if carried_in {
            self.carried_in += 1;
            return;
        }
        self.started += 1;
        if let Some(delay) = outage.detection_delay {
            self.detected += 1;
            self.detection_delay += i128::from(delay.0);
        }
    }

    /// Counts what became of it: it ended here, or was open at the end.
    pub fn end(&mut self, outage: &MergedOutage, open: bool) {
        let length = outage.span.length();
        if open {
            self.open += 1;
        } else {
            self.ended += 1;
            self.ended_length += i128::from(length.0);
        }
        self.longest = self.longest.max(Some(length));
    }

    /// Adds other sums.
    pub fn merge(&mut self, other: &Self) {
        self.in_service += other.in_service;
        self.up += other.up;
        self.own += other.own;
        self.upstream += other.upstream;
        self.declared += other.declared;
        self.bridged += other.bridged;
        self.planned += other.planned;
        self.excluded += other.excluded;
        self.undetermined += other.undetermined;
        self.up_unexcluded += other.up_unexcluded;
        self.down_unexcluded += other.down_unexcluded;
        self.up_gross += other.up_gross;
        self.down_gross += other.down_gross;
        self.started += other.started;
        self.carried_in += other.carried_in;
        self.open += other.open;
        self.ended += other.ended;
        self.ended_length += other.ended_length;
        self.longest = self.longest.max(other.longest);
        self.detected += other.detected;
        self.detection_delay += other.detection_delay;
        self.rent = match (self.rent, other.rent) {
            (None, rent) | (rent, None) => rent,
            (Some(one), Some(two)) => Some(one + two),
        };
    }

    fn down(&self) -> i64 {
        self.own + self.upstream + self.declared
    }

    fn availability(&self) -> Ratio {
        Ratio::of(Millis(self.up), Millis(self.up + self.down()))
    }

    fn coverage(&self) -> Ratio {
        let seen = self.up + self.down();
        Ratio::of(Millis(seen), Millis(seen + self.undetermined))
    }
}

impl Tally {
    /// One line, judged by the class it had last.
    pub fn of_line(sums: Sums, class: &ClassName, at_end: bool, policy: &Policy) -> Self {
        let mut tally = Self { lines: 1, lines_at_end: u64::from(at_end), ..Self::default() };
        if sums.coverage().reaches(policy.min_coverage_ppm) {
            tally.compliant = u64::from(sums.availability().reaches(policy.target(class)));
            tally.zero_outage = u64::from(sums.down() == 0);
        } else {
            tally.unproven = 1;
        }
        tally.sums = sums;
        tally
    }

    /// Adds another tally.
    pub fn merge(&mut self, other: &Self) {
        self.sums.merge(&other.sums);
        self.lines += other.lines;
        self.lines_at_end += other.lines_at_end;
        self.compliant += other.compliant;
        self.zero_outage += other.zero_outage;
        self.unproven += other.unproven;
    }

    /// The figures.
    pub fn figures(&self, policy: &Policy) -> Figures {
        let sums = &self.sums;
        let (up, down, undetermined) = (sums.up, sums.down(), sums.undetermined);
        let ratio = |part: i64, whole: i64| Ratio::of(Millis(part), Millis(whole));
        Figures {
            lines: self.lines,
            lines_at_end: self.lines_at_end,
            in_service_ms: Millis(sums.in_service),
            up_ms: Millis(up),
            down_ms: Millis(down),
            down_own_ms: Millis(sums.own),
            down_upstream_ms: Millis(sums.upstream),
            down_declared_ms: Millis(sums.declared),
            bridged_ms: Millis(sums.bridged),
            planned_ms: Millis(sums.planned),
            excluded_ms: Millis(sums.excluded),
            undetermined_ms: Millis(undetermined),
            availability: sums.availability(),
            availability_low: ratio(up, up + down + undetermined),
            availability_high: ratio(up + undetermined, up + down + undetermined),
            availability_unexcluded: ratio(sums.up_unexcluded, sums.up_unexcluded + sums.down_unexcluded),
            gross_availability: ratio(sums.up_gross, sums.up_gross + sums.down_gross),
            coverage: sums.coverage(),
            proven: sums.coverage().reaches(policy.min_coverage_ppm),
            compliant_lines: self.compliant,
            zero_outage_lines: self.zero_outage,
            unproven_lines: self.unproven,
            outages: sums.started,
            outages_carried_in: sums.carried_in,
            outages_open: sums.open,
            outages_ended: sums.ended,
            mttr_ms: mean(sums.ended_length, sums.ended),
            longest_outage_ms: sums.longest,
            mtbf_ms: mean(i128::from(up), sums.started),
            detection_delay_ms: mean(sums.detection_delay, sums.detected),
            rent_yuan: sums.rent.map(Fen),
            rent_per_line: sums.rent.and_then(|rent| mean(i128::from(rent), self.lines)).map(|fen| Fen(fen.0)),
        }
    }
}

/// The mean of a sum over so many, truncated; `None` of none.
pub(super) fn mean(sum: i128, of: u64) -> Option<Millis> {
    (of > 0).then(|| Millis(i64::try_from(sum / i128::from(of)).unwrap_or(i64::MAX)))
}

fn split(kind: Kind, length: i64, up: &mut i64, down: &mut i64) {
    if kind == Kind::Up {
        *up += length;
    } else if kind.is_down() {
        *down += length;
    }
}
