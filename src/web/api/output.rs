//! What the operations answer with, where several do.

use chrono::SecondsFormat;
use linewatch_core::ledger::Said;
use linewatch_core::record::{Record, Scope};
use linewatch_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::problem::Problem;
use super::input::wrong;

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Page<T> {
    /// So many there are.
    #[schema(minimum = 0)]
    pub(super) total: usize,
    /// So many come before.
    #[schema(minimum = 0)]
    pub(super) offset: usize,
    /// Those asked for.
    pub(super) items: Vec<T>,
}

/// Items left out at most.
const FARTHEST: u32 = 1_000_000;
/// Items of a page when nobody says how many.
const ITEMS: usize = 100;

impl<T> Page<T> {
    /// The part of a long list that was asked for; nothing else of it is told.
    pub(super) fn of_all<R>(all: &[R], told: impl Fn(&R) -> T, offset: Option<u32>, limit: Option<u16>) -> Self {
        let offset = offset.map_or(0, |offset| offset as usize);
        let limit = limit.map_or(ITEMS, usize::from);
        Self { total: all.len(), offset, items: all.iter().skip(offset).take(limit).map(told).collect() }
    }

    /// The part of a list that was asked for.
    pub(super) fn of(all: impl Iterator<Item = T>, offset: Option<u32>, limit: Option<u16>) -> Self {
        let offset = offset.map_or(0, |offset| offset as usize);
        let limit = limit.map_or(ITEMS, usize::from);
        let (mut total, mut items) = (0, Vec::new());
        for item in all {
            if total >= offset && items.len() < limit {
                items.push(item);
            }
            total += 1;
        }
        Self { total, offset, items }
    }
}

/// How many a page may have: checked here, said in the description.
pub(super) fn limited(offset: Option<u32>, limit: Option<u16>) -> Result<Option<u16>, Problem> {
    let far = offset.is_some_and(|offset| offset > FARTHEST);
    match limit {
        limit if far || limit.is_some_and(|limit| !(1..=500).contains(&limit)) => {
            let (chinese, english) =
                ("limit 要在 1 到 500 之间，offset 不超过 1000000", "limit is 1 to 500, offset at most 1000000");
            Err(Problem::new(axum::http::StatusCode::BAD_REQUEST, "parameters", chinese, english))
        }
        limit => Ok(limit),
    }
}

/// An instant as the API writes it.
pub(super) fn moment(at: Timestamp) -> String {
    at.to_utc().to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Who said something, and when it was entered.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SaidBy {
    /// The author.
    pub(super) by: String,
    /// When.
    #[schema(format = DateTime)]
    pub(super) at: String,
}

impl From<&Said> for SaidBy {
    fn from(said: &Said) -> Self {
        Self { by: said.by.clone(), at: moment(said.at) }
    }
}

/// What was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Recorded {
    /// Numbers and kinds of the records, in order.
    pub(super) records: Vec<RecordedAs>,
}

/// One record.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RecordedAs {
    /// Its number in the journal.
    #[schema(minimum = 1)]
    pub(super) seq: u64,
    /// `subject.verb`.
    pub(super) kind: String,
}

impl From<&[Record]> for Recorded {
    fn from(records: &[Record]) -> Self {
        let one = |record: &Record| RecordedAs { seq: record.seq, kind: record.fact.kind().to_owned() };
        Self { records: records.iter().map(one).collect() }
    }
}

/// Which lines something concerns.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ScopeOf {
    /// `all`, `line`, `trunk` (a line with all below it), `class` or `township`.
    pub(super) kind: ScopeKind,
    /// Which line, class or township; not with `all`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    pub(super) of: Option<String>,
}

/// Kinds of [`ScopeOf`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ScopeKind {
    All,
    Line,
    Trunk,
    Class,
    Township,
}

impl From<&Scope> for ScopeOf {
    fn from(scope: &Scope) -> Self {
        let (kind, of) = match scope {
            Scope::All => (ScopeKind::All, None),
            Scope::Line(line) => (ScopeKind::Line, Some(line.to_string())),
            Scope::Trunk(line) => (ScopeKind::Trunk, Some(line.to_string())),
            Scope::Class(class) => (ScopeKind::Class, Some(class.to_string())),
            Scope::Township(township) => (ScopeKind::Township, Some(township.to_string())),
        };
        Self { kind, of }
    }
}

impl ScopeOf {
    /// The scope, if what it names is there.
    pub(super) fn scope(&self) -> Result<Scope, Problem> {
        match (self.kind, self.of.as_deref()) {
            (ScopeKind::All, None) => Ok(Scope::All),
            (ScopeKind::Line, Some(of)) => Ok(Scope::Line(of.into())),
            (ScopeKind::Trunk, Some(of)) => Ok(Scope::Trunk(of.into())),
            (ScopeKind::Class, Some(of)) => Ok(Scope::Class(of.into())),
            (ScopeKind::Township, Some(of)) => Ok(Scope::Township(of.into())),
            (ScopeKind::All, Some(_)) => Err(wrong("范围是 all 时不写 of", "a scope of all has no `of`")),
            (_, None) => {
                Err(wrong("范围缺 of：哪条线路、类别或乡镇", "the scope lacks `of`: which line, class or township"))
            }
        }
    }
}
