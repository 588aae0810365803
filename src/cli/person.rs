//! What every command shares by which a person has something recorded: who says it, and carrying it out, with the
//! daemon running or stopped.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;
use linewatch_core::act::Act;
use linewatch_core::calendar::Calendar;
use linewatch_core::command::Command;
use linewatch_core::ledger::Refusal;
use linewatch_core::record::{Origin, Record};
use linewatch_core::time::Timestamp;

use super::Failure;
use crate::clock;
use crate::config::Config;
use crate::daemon::writer::Writer;
use crate::language::Language;
use crate::report::objection::{self, Medium};
use crate::store::{Store, StoreKind};

/// Who says it.
#[derive(Clone, Debug, clap::Args)]
pub struct By {
    /// Who says so: the author of the record [default: the login name]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

impl By {
    /// The author, as told or as logged in; behind sudo the person, not root.
    pub fn author(&self, language: Language) -> Result<String, Failure> {
        let logged_in = || ["SUDO_USER", "LOGNAME", "USER"].iter().find_map(|name| std::env::var(name).ok());
        let author = self.by.clone().or_else(logged_in).map(|name| name.trim().to_owned());
        author.filter(|name| !name.is_empty() && !name.chars().any(char::is_control)).ok_or_else(|| {
            Failure(language.pick(
                "不知道是谁：请用 --by 写上姓名".to_owned(),
                "nobody knows who says this: give a name with --by".to_owned(),
            ))
        })
    }
}

/// Has an act recorded, and returns its records.
///
/// # Errors
/// A sentence: no journal, not writable, or why the act is refused.
pub fn carry_out(config: &Config, by: &By, act: Act, language: Language) -> Result<Vec<Record>, Failure> {
    let command = Command::Person { author: by.author(language)?, act };
    append(config, command, language)
}

/// Appends what a command decides, and returns its records.
///
/// # Errors
/// A sentence, as of [`carry_out`].
pub fn append(config: &Config, command: Command, language: Language) -> Result<Vec<Record>, Failure> {
    append_from(config, command, None, language, |refusal| {
        objection::sentence(refusal, config.site.zone, language, Medium::Shell)
    })
}

/// The same for records of another origin than the store's own; `sentence` says why a command is refused.
///
/// # Errors
/// A sentence, as of [`carry_out`].
pub fn append_from(
    config: &Config,
    command: Command,
    origin: Option<Origin>,
    language: Language,
    sentence: impl Fn(&Refusal) -> String,
) -> Result<Vec<Record>, Failure> {
    let said = |error: crate::store::StoreError| Failure(error.sentence(language));
    let path = &config.store.path;
    let kind = Store::open_read_only(path).map_err(said)?.kind();
    let store = Store::open(path, kind).map_err(said)?;
    let own = match kind {
        StoreKind::Real => Origin::Live,
        StoreKind::Simulated => Origin::Simulated,
    };
    let policy = Arc::new(config.policy());
    let mut writer = Writer::open(store, policy, "linewatch", origin.unwrap_or(own)).map_err(said)?;
    let committed = writer.commit(&[(clock::read().wall, command)]).map_err(said)?;
    match committed.refused.first() {
        Some((_, refusal)) => Err(Failure(sentence(refusal))),
        None => Ok(committed.records),
    }
}

/// An instant as people write it: `2026-07-01` (its first instant), `2026-07-01 08:30`, with seconds, or RFC 3339.
///
/// # Errors
/// A sentence that shows the forms.
pub fn instant(text: &str, zone: Tz, language: Language) -> Result<Timestamp, Failure> {
    let text = text.trim();
    if let Ok(at) = chrono::DateTime::parse_from_rfc3339(text) {
        return Ok(Timestamp(at.timestamp_millis()));
    }
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(Calendar::new(zone).start_of_day(day));
    }
    let local = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .or_else(|| today(text, zone));
    local.and_then(|local| zone.from_local_datetime(&local).earliest()).map(|at| Timestamp(at.timestamp_millis())).ok_or_else(
        || {
            Failure(language.pick(
                format!("看不懂时间「{text}」：请写成 2026-07-01、\"2026-07-01 08:30\"、08:30（今天）或 2026-07-01T08:30:00+08:00"),
                format!("{text:?} is no time: write 2026-07-01, \"2026-07-01 08:30\", 08:30 (today) or 2026-07-01T08:30:00+08:00"),
            ))
        },
    )
}

/// The end of something: as [`instant`], but a plain day is included.
///
/// # Errors
/// A sentence that shows the forms.
pub fn end(text: &str, zone: Tz, language: Language) -> Result<Timestamp, Failure> {
    match text.trim().parse::<NaiveDate>() {
        Ok(day) => Ok(Calendar::new(zone).day(day).end),
        Err(_) => instant(text, zone, language),
    }
}

/// `08:30`: of today.
fn today(text: &str, zone: Tz) -> Option<NaiveDateTime> {
    let time =
        NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S")).ok()?;
    let today = clock::read().wall.to_utc().with_timezone(&zone).date_naive();
    Some(today.and_time(time))
}
