//! Rent over the days in service (租赁费).
//!
//! For each line, calendar month and row of the inventory: the monthly rent in force × time in service in that month
//! under that row ÷ the whole month's length, rounded to the nearest fen (half a fen up). All in integers. A month fully
//! in service costs exactly its rent; sums over months, classes, townships, carriers and lines are those of the total.

use crate::time::Span;

/// Rent in fen for the part `service` of `month`, by a rent per month.
pub(super) fn of_month(fen_month: i64, service: Span, month: Span) -> i64 {
    let (part, whole) = (i128::from(service.clip(month).length().0), i128::from(month.length().0));
    if whole == 0 {
        return 0;
    }
    let fen = (i128::from(fen_month) * part * 2 + whole).div_euclid(whole * 2);
    i64::try_from(fen).unwrap_or(i64::MAX)
}
