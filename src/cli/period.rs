//! The period and the record that `rollup` and `explain` are asked for.

use chrono_tz::Tz;
use linewatch_core::calendar::Calendar;
use linewatch_core::time::Timestamp;

use super::Failure;
use crate::language::Language;
use crate::report::rollup::period::{Edge, NoPeriod, Period};
use crate::store::{Head, Snapshot};

/// One period.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("period").required(true).args(["year", "quarter", "month", "from"]))]
pub struct PeriodArgs {
    /// A calendar year
    #[arg(long, value_name = "YEAR")]
    year: Option<String>,
    /// A quarter, like 2026-Q3
    #[arg(long, value_name = "QUARTER")]
    quarter: Option<String>,
    /// A month, like 2026-07
    #[arg(long, value_name = "MONTH")]
    month: Option<String>,
    /// From this day, or from this instant (RFC 3339)
    #[arg(long, value_name = "DAY|INSTANT", requires = "to")]
    from: Option<String>,
    /// To the end of this day, or to just before this instant
    #[arg(long, value_name = "DAY|INSTANT", requires = "from")]
    to: Option<String>,
}

impl PeriodArgs {
    /// The period in the site's zone. What is no period is wrong use.
    pub fn read(&self, zone: Tz, language: Language) -> Period {
        let read = || match (&self.year, &self.quarter, &self.month) {
            (Some(year), _, _) => Period::year(year, zone),
            (None, Some(quarter), _) => Period::quarter(quarter, zone),
            (None, None, Some(month)) => Period::month(month, zone),
            (None, None, None) => {
                Period::between(self.from.as_deref().unwrap_or_default(), self.to.as_deref().unwrap_or_default(), zone)
            }
        };
        read().unwrap_or_else(|error: NoPeriod| wrong_use(&error.sentence(language)))
    }
}

/// A year, a quarter or a month.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("period").required(true).args(["year", "quarter", "month"]))]
pub struct CalendarArgs {
    /// A calendar year
    #[arg(long, value_name = "YEAR")]
    year: Option<String>,
    /// A quarter, like 2026-Q3
    #[arg(long, value_name = "QUARTER")]
    quarter: Option<String>,
    /// A month, like 2026-07
    #[arg(long, value_name = "MONTH")]
    month: Option<String>,
}

impl CalendarArgs {
    /// What the period is called, and the period. What is no period is wrong use.
    pub fn read(&self, zone: Tz, language: Language) -> (String, Period) {
        let Self { year, quarter, month } = self;
        let (year, quarter, month) = (year.clone(), quarter.clone(), month.clone());
        let period = PeriodArgs { year, quarter, month, from: None, to: None }.read(zone, language);
        (period.label(), period)
    }
}

/// A period that may be left out.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("period").args(["year", "quarter", "month", "from"]))]
pub struct OptionalPeriod {
    /// A calendar year
    #[arg(long, value_name = "YEAR")]
    year: Option<String>,
    /// A quarter, like 2026-Q3
    #[arg(long, value_name = "QUARTER")]
    quarter: Option<String>,
    /// A month, like 2026-07
    #[arg(long, value_name = "MONTH")]
    month: Option<String>,
    /// From this day, or from this instant (RFC 3339)
    #[arg(long, value_name = "DAY|INSTANT", requires = "to")]
    from: Option<String>,
    /// To the end of this day, or to just before this instant
    #[arg(long, value_name = "DAY|INSTANT", requires = "from")]
    to: Option<String>,
}

impl OptionalPeriod {
    /// The period, if one is given. What is no period is wrong use.
    pub fn read(&self, zone: Tz, language: Language) -> Option<Period> {
        let Self { year, quarter, month, from, to } = self;
        if [year, quarter, month, from].iter().all(|part| part.is_none()) {
            return None;
        }
        let parts = [year, quarter, month, from, to].map(Clone::clone);
        let [year, quarter, month, from, to] = parts;
        Some(PeriodArgs { year, quarter, month, from, to }.read(zone, language))
    }
}

/// Up to which record a rollup looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// Those written at this instant or before.
    Instant(Timestamp),
    /// Those up to this number.
    Record(u64),
    /// Those up to this head, which the journal must still contain.
    Head(Head),
}

impl AsOf {
    /// Reads a day (all of it), an instant, a record's number, or a head.
    pub fn read(text: &str, zone: Tz, language: Language) -> Self {
        if let Some(edge) = Edge::read(text) {
            let calendar = Calendar::new(zone);
            return Self::Instant(match edge {
                // A record of the next midnight is of the next day.
                Edge::Day(_) => Timestamp(edge.end(calendar).0 - 1),
                Edge::Instant(at) => at,
            });
        }
        let number = text.parse().ok().filter(|seq| *seq > 0).map(Self::Record);
        number.or_else(|| text.parse().ok().map(Self::Head)).unwrap_or_else(|| {
            wrong_use(&language.pick(
                format!("--as-of 的值「{text}」看不懂：写日期（2027-01-05，当天算在内）、时刻（2027-01-05T08:00:00+08:00）、记录编号（912）或链头（912:…）"),
                format!("--as-of {text:?} says nothing: write a day (2027-01-05, included), an instant (2027-01-05T08:00:00+08:00), a record's number (912) or a head (912:…)"),
            ))
        })
    }

    /// The head of the journal as it was then.
    ///
    /// # Errors
    /// When the journal has no such record, another digest in its place, or cannot be read.
    pub fn head(&self, snapshot: &Snapshot<'_>, language: Language) -> Result<Head, Failure> {
        let said = |error: crate::store::StoreError| Failure(error.sentence(language));
        let (seq, wanted) = match self {
            Self::Instant(at) => {
                let head = snapshot.head_at(*at).map_err(said)?;
                if head == Head::EMPTY {
                    return Err(Failure(language.pick(
                        format!("{at} 之前记录库里还没有记录，无从计算"),
                        format!("no record was written before {at}: there is nothing to compute from"),
                    )));
                }
                return Ok(head);
            }
            Self::Record(seq) => (*seq, None),
            Self::Head(head) => (head.seq, Some(*head)),
        };
        let last = snapshot.head().seq;
        let Some((digest, _)) = snapshot.record(seq).map_err(said)? else {
            return Err(Failure(language.pick(
                format!("记录库里没有第 {seq} 条记录，最后一条是第 {last} 条"),
                format!("the journal has no record {seq}, its last one is {last}"),
            )));
        };
        let head = Head { seq, digest };
        match wanted {
            Some(wanted) if wanted != head => Err(Failure(language.pick(
                format!("记录库里第 {seq} 条记录的摘要与给出的链头不同：这不是同一个记录库，或者记录被改过；请用 journal verify 校验"),
                format!("record {seq} of the journal has another digest than that head: it is another journal, or was altered; run journal verify"),
            ))),
            Some(_) | None => Ok(head),
        }
    }
}

/// Says what is wrong with the arguments and ends the program with code 2.
pub fn wrong_use(sentence: &str) -> ! {
    eprintln!("linewatch: {sentence}");
    std::process::exit(2);
}
