//! Running availability by class, of the month and the year so far, for the metrics. Figures for publication come
//! from rollup, never from these.

use std::collections::{BTreeMap, HashMap};

use linewatch_core::availability::{Account, Ratio, account};
use linewatch_core::calendar::Calendar;
use linewatch_core::ledger::GapRow;
use linewatch_core::line::{ClassName, LineId};
use linewatch_core::time::{Millis, Span, Timestamp};
use linewatch_core::view::{Availability, Period};

use crate::store::{Reader, Snapshot, StoreError};

/// Up and down of each class since the month's and the year's start, up to `until`.
///
/// # Errors
/// When the store cannot be read.
pub fn running(reader: &mut Reader, calendar: Calendar, until: Timestamp) -> Result<Vec<Availability>, StoreError> {
    let snapshot = reader.snapshot()?;
    let day = calendar.day_of(until);
    let (year, month) = (chrono::Datelike::year(&day), chrono::Datelike::month(&day));
    let starts = [(Period::Month, calendar.start_of_month(year, month)), (Period::Year, calendar.start_of_year(year))];
    let mut figures = Vec::new();
    for (period, start) in starts {
        let span = Span::new(start.unwrap_or(until), until);
        for (class, (up, down)) in by_class(&snapshot, span)? {
            let ratio = Ratio::of(up, up + down).as_f64();
            figures.push(Availability { class, period, ratio });
        }
    }
    Ok(figures)
}

fn by_class(snapshot: &Snapshot<'_>, period: Span) -> Result<BTreeMap<ClassName, (Millis, Millis)>, StoreError> {
    let span_of = |gap: &GapRow| Span::new(gap.from, gap.until.unwrap_or(Timestamp::MAX));
    let mut gaps: HashMap<LineId, Vec<Span>> = HashMap::new();
    let mut common = Vec::new();
    for gap in snapshot.gaps(None, period)? {
        match &gap.line {
            Some(line) => gaps.entry(line.clone()).or_default().push(span_of(&gap)),
            None => common.push(span_of(&gap)),
        }
    }
    let mut outages: HashMap<LineId, Vec<Span>> = HashMap::new();
    for outage in snapshot.outages(None, period)? {
        let end = outage.end.map_or(outage.gap_from.unwrap_or(Timestamp::MAX), |end| end.end);
        outages.entry(outage.line).or_default().push(Span::new(outage.start, end));
    }
    let mut sums: BTreeMap<ClassName, (Millis, Millis)> = BTreeMap::new();
    for row in snapshot.lines(None, period)? {
        let from = row.from.max(row.line.opened.unwrap_or(Timestamp::MIN));
        let until = row.until.unwrap_or(Timestamp::MAX).min(row.line.closed.unwrap_or(Timestamp::MAX));
        let service = Span::new(from, until).clip(period);
        let own = gaps.get(&row.line.id).map(Vec::as_slice).unwrap_or_default();
        let known = outages.get(&row.line.id).map(Vec::as_slice).unwrap_or_default();
        let Account { up, down, .. } = account(service, &[service], known, &[own, common.as_slice()].concat(), &[]);
        let sum = sums.entry(row.line.class.clone()).or_default();
        *sum = (sum.0 + up, sum.1 + down);
    }
    Ok(sums)
}
