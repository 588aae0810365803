//! The seals of a period: the sealed figures computed once more, and what later records changed since.

use std::sync::Arc;

use linewatch_core::ledger::{self, Ledger, Said, SealRow};
use linewatch_core::record::SealFact;
use linewatch_core::rollup::{Policy, RULES, Rollup};
use linewatch_core::time::Span;
use serde_json::Value;

use super::period::Period;
use super::{About, NoFigures, Question, Report, Step, Tables, canonical_json, count};
use crate::store::{Derived, Digest, Head, Snapshot, StoreError};

/// A seal of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// `seq` of its record.
    pub number: u64,
    /// 1 for the first seal of the period.
    pub revision: u32,
    /// What people call the period: `2026`, `2026-Q3`, `2026-07`.
    pub name: String,
    /// The period.
    pub period: Span,
    /// Who sealed it, and when.
    pub said: Said,
    /// The last record that its figures rest on; `None`: its digest is none.
    pub head: Option<Head>,
    /// The policy in its canonical JSON.
    pub policy: String,
    /// Version of the rules.
    pub rules: u32,
    /// SM3 of the canonical rollup.
    pub rollup_digest: String,
}

/// That a period is sealed, and what became of its figures. The report that holds it has the sealed figures: those of the
/// first seal.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The first seal.
    pub seal: Seal,
    /// Whether its figures came out the same again.
    pub check: Check,
    /// Figures that later records gave, where they differ from those before: later seals, then what holds now.
    pub revisions: Vec<Revision>,
}

/// What computing sealed figures again gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// The same bytes.
    Same,
    /// Other bytes, with this digest.
    Differs(Digest),
    /// The journal has another digest in the place of the sealed head, or does not reach so far.
    OtherJournal,
    /// It was sealed by rules that this program does not compute by, or a policy it does not know.
    OtherRules,
}

/// Figures of a sealed period that differ from those before.
#[derive(Clone, Debug)]
pub struct Revision {
    /// 2 for the first that differs from the first seal.
    pub revision: u32,
    /// The seal that fixes them; `None`: they follow from the records, and nobody has sealed them yet.
    pub seal: Option<Seal>,
    /// Period, policy, evidence.
    pub about: About,
    /// The figures.
    pub figures: Rollup,
    /// What differs from the figures before.
    pub changes: Vec<Change>,
}

/// A figure that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its place in the JSON: `total.down_ms`.
    pub figure: String,
    /// As it was.
    pub before: String,
    /// As it is.
    pub after: String,
}

impl Seal {
    fn of(row: SealRow) -> Self {
        let SealFact::Sealed { name, period, revision, head_seq, head_digest, policy, rules, rollup_digest } = row.fact;
        let head = head_digest.parse().ok().map(|digest| Head { seq: head_seq, digest });
        Self { number: row.number, revision, name, period, said: row.said, head, policy, rules, rollup_digest }
    }

    /// The sealed figures again, from the records up to the sealed head.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn recompute(
        &self,
        snapshot: &Snapshot<'_>,
        period: Period,
        watch: &mut dyn FnMut(Step),
    ) -> Result<(Check, Option<Report>), NoFigures> {
        let Some(policy) = self.known_policy() else { return Ok((Check::OtherRules, None)) };
        let head = match self.head {
            Some(head) if snapshot.record(head.seq)?.is_some_and(|(digest, _)| digest == head.digest) => head,
            Some(_) | None => return Ok((Check::OtherJournal, None)),
        };
        let mut report = at(snapshot, period, policy, head, watch)?;
        let digest = Digest::of(&canonical_json(&report));
        report.about.as_of = self.said.at;
        let same = digest.to_string() == self.rollup_digest;
        Ok((if same { Check::Same } else { Check::Differs(digest) }, Some(report)))
    }

    fn known_policy(&self) -> Option<Policy> {
        let policy: Policy = serde_json::from_str(&self.policy).ok()?;
        (self.rules == RULES && policy.rules == RULES).then_some(policy)
    }
}

/// All seals, by number.
///
/// # Errors
/// When the database cannot be read.
pub fn seals(derived: Derived<'_>) -> Result<Vec<Seal>, StoreError> {
    Ok(derived.seals()?.into_iter().map(Seal::of).collect())
}

/// The figures of a whole period from the records up to a head, by a policy, whatever the time is.
pub(super) fn at(
    snapshot: &Snapshot<'_>,
    period: Period,
    policy: Policy,
    head: Head,
    watch: &mut dyn FnMut(Step),
) -> Result<Report, NoFigures> {
    let mut ledger = Ledger::new(Arc::new(ledger::Policy::new(period.zone())));
    let question = Question { period, policy, as_of: Some(head), now: period.span().end };
    let tables = Tables::of(snapshot, Some(head), |record| ledger.apply(record), &mut *watch)?;
    count(&tables, &question, watch)
}

/// If the period is sealed by the records that a report was computed from, the sealed figures with the revisions beside
/// them; else the report as it is.
pub(super) fn sealed(
    tables: &Tables<'_, '_>,
    report: Report,
    watch: &mut dyn FnMut(Step),
) -> Result<Report, NoFigures> {
    let (snapshot, period) = (tables.snapshot, report.about.period);
    let of_period = |seal: &Seal| seal.period == period.span();
    let mut seals = seals(tables.derived())?.into_iter().filter(of_period);
    let Some(first) = seals.next() else { return Ok(report) };
    let (check, recomputed) = first.recompute(snapshot, period, watch)?;
    let Some(mut found) = recomputed else {
        return Ok(Report { seal: Some(Sealed { seal: first, check, revisions: Vec::new() }), ..report });
    };
    let mut revisions: Vec<Revision> = Vec::new();
    let mut last = found.figures.clone();
    for seal in seals {
        let Some(again) = seal.recompute(snapshot, period, watch)?.1 else { continue };
        let changes = changes(&last, &again.figures);
        last = again.figures.clone();
        let revision = seal.revision;
        revisions.push(Revision { revision, seal: Some(seal), about: again.about, figures: again.figures, changes });
    }
    // By the sealed policy, so that nothing but records can make a difference.
    let now = if report.about.policy == found.about.policy {
        report
    } else {
        let mut now = at(snapshot, period, found.about.policy.clone(), report.about.head, watch)?;
        now.about.as_of = report.about.as_of;
        now
    };
    let changes = changes(&last, &now.figures);
    if !changes.is_empty() {
        let before = revisions.last().map_or(first.revision, |revision| revision.revision);
        revisions.push(Revision { revision: before + 1, seal: None, about: now.about, figures: now.figures, changes });
    }
    found.seal = Some(Sealed { seal: first, check, revisions });
    Ok(found)
}

/// What differs between two figures of the same period, in the order of the JSON.
pub fn changes(before: &Rollup, after: &Rollup) -> Vec<Change> {
    if before == after {
        return Vec::new();
    }
    let value = |rollup: &Rollup| serde_json::to_value(rollup).unwrap_or(Value::Null);
    let mut found = Vec::new();
    differences("", &value(before), &value(after), &mut found);
    found
}

fn differences(path: &str, before: &Value, after: &Value, found: &mut Vec<Change>) {
    match (before, after) {
        _ if before == after => {}
        (Value::Object(old), Value::Object(new)) => {
            for (name, value) in old {
                differences(&below(path, name), value, new.get(name).unwrap_or(&Value::Null), found);
            }
            for (name, value) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
                differences(&below(path, name), &Value::Null, value, found);
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            let names =
                |list: &[Value]| list.iter().enumerate().map(|(place, item)| named(item, place)).collect::<Vec<_>>();
            let (old_names, new_names) = (names(old), names(new));
            let find =
                |name: &String| new_names.iter().position(|other| other == name).map_or(&Value::Null, |at| &new[at]);
            for (name, item) in old_names.iter().zip(old) {
                differences(&below(path, name), item, find(name), found);
            }
            for (name, item) in new_names.iter().zip(new).filter(|(name, _)| !old_names.contains(name)) {
                differences(&below(path, name), &Value::Null, item, found);
            }
        }
        _ => found.push(Change { figure: path.to_owned(), before: before.to_string(), after: after.to_string() }),
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// What an entry of a list is known by.
fn named(item: &Value, place: usize) -> String {
    let name = ["line", "class", "township", "carrier", "month", "record"].iter().find_map(|key| item.get(key));
    match name {
        Some(Value::String(name)) => name.clone(),
        Some(other) => other.to_string(),
        None => place.to_string(),
    }
}
