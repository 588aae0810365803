//! What the monitor could not see, and what the records say of that.

use linewatch_core::outcome::BlindCause;
use linewatch_core::time::{Millis, Span, Timestamp};

use super::{Checked, Flaw, Records, Told};

pub(super) fn check(told: &Told<'_>, records: &Records, checked: &mut Checked) {
    let end = told.span.end + Millis(1);
    let span_of = |from: Timestamp, until: Option<Timestamp>| Span::new(from, until.unwrap_or(end));
    let of_all: Vec<Span> =
        records.gaps.iter().filter(|gap| gap.line.is_none()).map(|gap| span_of(gap.from, gap.until)).collect();
    let covered = super::merged(of_all.clone());
    checked.unseen_spans = told.unseen.len();
    for unseen in &told.unseen {
        // A silence shorter than a round is none: everything is asked once in that time and may have answered.
        let noticed = unseen.length() > told.felt;
        if noticed && !covered.iter().any(|gap| gap.start <= unseen.start && unseen.end <= gap.end) {
            checked.flaws.push(Flaw::NotUndetermined(*unseen));
        }
    }
    // Before the first answer of all nobody sees either.
    let start = Span::new(told.span.start, told.span.start + told.felt);
    let felt = |gap: Span| {
        told.unseen
            .iter()
            .chain([&start])
            .any(|unseen| unseen.start - told.felt <= gap.start && gap.end <= unseen.end + told.felt)
    };
    for gap in &records.gaps {
        let span = span_of(gap.from, gap.until);
        // A line that has not answered since it was commissioned may be dead.
        let pending = gap.cause == BlindCause::Pending;
        if !felt(span) && !pending {
            checked.flaws.push(Flaw::Undetermined(gap.line.clone(), span));
        }
    }
}
