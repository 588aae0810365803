//! Numbers of faults: `F`, the day of recording in the site's zone, a serial of that day.
//!
//! The fold keeps the last serial of the latest days only: `recorded_at` never decreases, so an earlier day
//! is never numbered again.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::record::FaultNo;

/// Days whose serials are kept.
const DAYS_KEPT: usize = 3;

/// The last serial handed out on each of the latest days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Serials(BTreeMap<NaiveDate, u32>);

impl Serials {
    /// The next number of a day.
    pub fn next(&self, day: NaiveDate) -> FaultNo {
        FaultNo::new(day, self.0.get(&day).copied().unwrap_or(0).saturating_add(1))
    }

    /// Whether a number may have been handed out: of a day whose serials are kept that is known.
    pub fn may_have(&self, day: NaiveDate, serial: u32) -> bool {
        let last = self.0.last_key_value().map(|(day, _)| *day);
        let kept = self.0.get(&day).copied();
        serial >= 1 && last.is_some_and(|last| day <= last) && kept.is_none_or(|kept| serial <= kept)
    }

    /// Takes note of a serial; returns the last one of that day.
    pub fn note(&mut self, day: NaiveDate, serial: u32) -> u32 {
        let last = self.0.entry(day).or_insert(0);
        *last = serial.max(*last);
        let last = *last;
        while self.0.len() > DAYS_KEPT {
            self.0.pop_first();
        }
        last
    }
}

/// Day and serial of a number; `None` for a number of another make.
pub fn parts(fault: &FaultNo) -> Option<(NaiveDate, u32)> {
    let (day, serial) = fault.as_str().strip_prefix('F')?.split_once('-')?;
    Some((NaiveDate::parse_from_str(day, "%Y%m%d").ok()?, serial.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, day).expect("a date")
    }

    #[test]
    fn serials_run_from_one_on_every_day_and_beyond_999() {
        let mut serials = Serials::default();
        assert_eq!(serials.next(day(5)).as_str(), "F20260105-001");
        serials.note(day(5), 1);
        assert_eq!(serials.next(day(5)).as_str(), "F20260105-002");
        assert_eq!(serials.next(day(6)).as_str(), "F20260106-001");
        serials.note(day(5), 999);
        assert_eq!(parts(&serials.next(day(5))), Some((day(5), 1000)));
        serials.note(day(5), 2);
        assert_eq!(serials.next(day(5)).as_str(), "F20260105-1000");
    }

    #[test]
    fn serials_of_the_latest_three_days_are_known() {
        let mut serials = Serials::default();
        for number in 5..=7 {
            serials.note(day(number), 2);
        }
        for number in 5..=7 {
            assert!(serials.may_have(day(number), 1) && serials.may_have(day(number), 2));
            assert!(!serials.may_have(day(number), 0) && !serials.may_have(day(number), 3), "{number}");
        }
        assert!(!serials.may_have(day(8), 1), "a day to come");
        serials.note(day(8), 1);
        assert!(serials.may_have(day(5), 3), "nobody knows any more");
        assert!(!serials.may_have(day(6), 3));
    }

    #[test]
    fn a_number_of_another_make_has_no_parts() {
        for text in ["", "F", "F20260105", "F20261305-001", "X20260105-001", "F20260105-x"] {
            assert_eq!(parts(&FaultNo::from_stored(text.to_owned())), None, "{text}");
        }
    }
}
