//! The ledger of planned downtime and exclusions (计划停机与剔除台账): everything that people said of time, whatever
//! became of it, with what it does to the account of a period.

use linewatch_core::ledger::{DecisionRow, PlannedRow, Said, Standing as Stands};
use linewatch_core::line::LineId;
use linewatch_core::record::{Claim, FaultNo, HistoryFact, OutageId, Scope};
use linewatch_core::rollup::Effect;
use linewatch_core::time::{Span, Timestamp};

use crate::store::{Derived, StoreError};

/// One entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number: the `seq` of the record that made it.
    pub number: u64,
    /// What it is.
    pub matter: Matter,
    /// What it is about.
    pub subject: Subject,
    /// The time it speaks of: what is planned (a cancelled window ends where it was cancelled), excluded or declared (an
    /// open declaration ends at [`Timestamp::MAX`]), or what a correction counts. `None`: an exemption, or a correction
    /// that says that there was no outage.
    pub span: Option<Span>,
    /// Why.
    pub reason: String,
    /// Number of the document it rests on.
    pub document: String,
    /// Who entered it, and when.
    pub said: Said,
    /// How it stands.
    pub standing: Standing,
    /// The second person who approved it, also of one that was taken back since.
    pub approved: Option<Said>,
    /// Who rejected, withdrew or cancelled it, and why.
    pub undone: Option<(Said, String)>,
    /// What the importer called the source of an imported window.
    pub source: Option<String>,
    /// What it does to the account of the period; `None`: nothing of it counts there.
    pub effect: Option<Effect>,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matter {
    /// 计划停机.
    Planned,
    /// 剔除.
    Excluded,
    /// 人工认定的中断.
    Declared,
    /// 更正.
    Corrected,
    /// 免责.
    Exempted,
}

impl Matter {
    /// Its name in JSON.
    pub fn label(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Excluded => "excluded",
            Self::Declared => "declared",
            Self::Corrected => "corrected",
            Self::Exempted => "exempted",
        }
    }
}

/// What an entry is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// These lines.
    Lines(Scope),
    /// An outage.
    Outage {
        /// Its number.
        outage: OutageId,
        /// Its line and the time it is recorded with; `None`: there is none of this number.
        recorded: Option<(LineId, Span)>,
    },
    /// A fault.
    Fault(FaultNo),
}

/// How an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It counts.
    InForce,
    /// It waits for a second person, and counts for nothing.
    Proposed,
    /// A second person did not agree.
    Rejected,
    /// It was taken back.
    Withdrawn,
    /// Cancelled before its end.
    Cancelled,
}

impl Standing {
    /// Its name in JSON.
    pub fn label(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Proposed => "proposed",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Entry {
    /// Whether it waits for a second person.
    pub fn pending(&self) -> bool {
        self.standing == Standing::Proposed
    }
}

/// All entries, by number.
///
/// # Errors
/// When the database cannot be read.
pub fn entries(derived: Derived<'_>) -> Result<Vec<Entry>, StoreError> {
    let mut found: Vec<Entry> = derived.planned()?.into_iter().map(planned).collect();
    for row in derived.all_imported("history.planned")? {
        if let HistoryFact::Planned { scope, span, reason, document } = row.fact {
            found.push(Entry {
                number: row.number,
                matter: Matter::Planned,
                subject: Subject::Lines(scope),
                span: Some(span),
                reason,
                document,
                said: row.said,
                standing: Standing::InForce,
                approved: None,
                undone: None,
                source: Some(row.source),
                effect: None,
            });
        }
    }
    for row in derived.decisions()? {
        found.push(decision(row, derived)?);
    }
    found.sort_by_key(|entry| entry.number);
    Ok(found)
}

/// The entries that concern a period, with what they do to its account.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn of_period(derived: Derived<'_>, period: Span, effects: &[Effect]) -> Result<Vec<Entry>, StoreError> {
    let mut found = Vec::new();
    for mut entry in entries(derived)? {
        let effect = effects.binary_search_by_key(&entry.number, |effect| effect.record).ok();
        entry.effect = effect.map(|place| effects[place]);
        if entry.effect.is_some() || concerns(&entry, period, derived)? {
            found.push(entry);
        }
    }
    Ok(found)
}

fn concerns(entry: &Entry, period: Span, derived: Derived<'_>) -> Result<bool, StoreError> {
    let touches = |span: Span| !span.clip(period).is_empty();
    let recorded = match &entry.subject {
        Subject::Lines(_) => None,
        Subject::Outage { recorded, .. } => recorded.as_ref().map(|(_, span)| *span),
        Subject::Fault(fault) => derived.fault(fault)?.map(|row| {
            Span::new(row.opened, row.restored.map_or(Timestamp::MAX, |restored| Timestamp(restored.0 + 1)))
        }),
    };
    Ok(entry.span.is_some_and(touches) || recorded.is_some_and(touches))
}

fn planned(row: PlannedRow) -> Entry {
    let span = row.in_force();
    let undone = row.cancelled.map(|cancelled| (cancelled.said, cancelled.reason));
    Entry {
        number: row.planned.0,
        matter: Matter::Planned,
        subject: Subject::Lines(row.scope),
        // Cancelled before it began, nothing is left of it: what had been agreed is shown.
        span: Some(if span.is_empty() { row.span } else { span }),
        reason: row.reason,
        document: row.document,
        said: row.said,
        standing: if undone.is_some() { Standing::Cancelled } else { Standing::InForce },
        approved: None,
        undone,
        source: None,
        effect: None,
    }
}

fn decision(row: DecisionRow, derived: Derived<'_>) -> Result<Entry, StoreError> {
    let approved = row.approval().cloned();
    let (matter, subject, span) = match row.claim {
        Claim::Declared { line, from, until } => {
            let span = Span::new(from, until.unwrap_or(Timestamp::MAX));
            (Matter::Declared, Subject::Lines(Scope::Line(line)), Some(span))
        }
        Claim::Excluded { scope, span } => (Matter::Excluded, Subject::Lines(scope), Some(span)),
        Claim::Corrected { outage, counts } => {
            let recorded = recorded(derived, outage)?;
            (Matter::Corrected, Subject::Outage { outage, recorded }, counts)
        }
        Claim::Exempted { fault } => (Matter::Exempted, Subject::Fault(fault), None),
    };
    let (standing, undone) = match row.standing {
        Stands::Proposed => (Standing::Proposed, None),
        Stands::InForce(_) => (Standing::InForce, None),
        Stands::Rejected(said, why) => (Standing::Rejected, Some((said, why))),
        Stands::Withdrawn(said, why) => (Standing::Withdrawn, Some((said, why))),
    };
    Ok(Entry {
        number: row.decision.0,
        matter,
        subject,
        span,
        reason: row.reason,
        document: row.document,
        said: row.said,
        standing,
        approved,
        undone,
        source: None,
        effect: None,
    })
}

/// The line of an outage and the time it is recorded with, also of an imported one; an open one ends at
/// [`Timestamp::MAX`].
///
/// # Errors
/// When the database cannot be read.
pub fn recorded(derived: Derived<'_>, outage: OutageId) -> Result<Option<(LineId, Span)>, StoreError> {
    if let Some(row) = derived.outage(outage)? {
        let end = row.end.map_or(Timestamp::MAX, |end| end.end);
        return Ok(Some((row.line, Span::new(row.start, end))));
    }
    Ok(derived.imported_as(outage.0)?.and_then(|row| match row.fact {
        HistoryFact::Outage { line, span, .. } => Some((line, span)),
        _ => None,
    }))
}
