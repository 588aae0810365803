//! Entries of the ledger of planned downtime and decisions, as cards.

use linewatch_core::ledger::Said;
use linewatch_core::record::Scope;
use linewatch_core::time::{Span, Timestamp};
use linewatch_core::view::Shown;

use super::super::visit::Visit;
use crate::config::Config;
use crate::report::rollup::{self, Entry, Matter, Standing, Subject, Telling};

/// An entry as it is shown.
pub(super) struct EntryCard {
    pub(super) number: u64,
    pub(super) matter: &'static str,
    pub(super) standing: &'static str,
    pub(super) standing_class: &'static str,
    pub(super) about: String,
    pub(super) reason: String,
    /// Empty for who may not see it.
    pub(super) document: String,
    /// Empty for who may not see it.
    pub(super) who: String,
    /// What it does, or how far away it is.
    pub(super) remark: String,
    /// The account that entered it, which may not approve it.
    pub(super) by: String,
    pub(super) pending: bool,
    /// Whether it counts or may come to count: it can be taken back.
    pub(super) standing_yet: bool,
}

/// What is needed to say what entries are about.
#[derive(Clone, Debug)]
pub(super) struct Telltale {
    pub(super) site: String,
    pub(super) labels: Vec<(String, String)>,
}

impl Telltale {
    pub(super) fn of(config: &Config) -> Self {
        Self { site: config.site.name.clone(), labels: rollup::labels(config) }
    }
}

/// The card of an entry for a visitor.
pub(super) fn card(entry: &Entry, telltale: &Telltale, visit: &Visit, sees_decisions: bool) -> EntryCard {
    let words = visit.words();
    let entry = &to_the_second(entry);
    let telling = Telling { site: &telltale.site, labels: &telltale.labels, language: visit.language };
    EntryCard {
        number: entry.number,
        matter: rollup::matter_word(entry.matter, visit.language),
        standing: rollup::standing_word(entry.standing, visit.language),
        standing_class: match entry.standing {
            Standing::InForce => "done",
            Standing::Proposed => "wait",
            Standing::Rejected | Standing::Withdrawn | Standing::Cancelled => "",
        },
        about: rollup::entry_about(entry, words.zone, telling),
        reason: entry.reason.clone(),
        document: if sees_decisions { entry.document.clone() } else { String::new() },
        who: if sees_decisions { rollup::entry_who(entry, words.zone, visit.language) } else { String::new() },
        remark: String::new(),
        by: entry.said.by.clone(),
        pending: entry.pending(),
        standing_yet: matches!(entry.standing, Standing::InForce | Standing::Proposed),
    }
}

/// The entry with its instants to the second, as people read them; its evidence keeps the milliseconds.
fn to_the_second(entry: &Entry) -> Entry {
    // Where no end is known, there is nothing to round.
    let second = |at: Timestamp| if at == Timestamp::MAX { at } else { Timestamp(at.0 - at.0.rem_euclid(1000)) };
    let span = |span: Span| Span { start: second(span.start), end: second(span.end) };
    let said = |said: &Said| Said { at: second(said.at), ..said.clone() };
    let mut entry = entry.clone();
    entry.span = entry.span.map(span);
    entry.said = said(&entry.said);
    entry.approved = entry.approved.as_ref().map(said);
    if let Some((who, _)) = &mut entry.undone {
        *who = said(who);
    }
    if let Subject::Outage { recorded: Some((_, recorded)), .. } = &mut entry.subject {
        *recorded = span(*recorded);
    }
    entry
}

/// Whether an entry concerns what the visitor may see.
pub(super) fn concerns(entry: &Entry, visit: &Visit, shown: &Shown<'_>) -> bool {
    let Some(own) = visit.viewer.township() else { return true };
    match &entry.subject {
        Subject::Lines(Scope::All | Scope::Class(_)) => true,
        Subject::Lines(Scope::Township(township)) => township == own,
        Subject::Lines(Scope::Line(line) | Scope::Trunk(line)) => shown.lines.iter().any(|view| view.line.id == *line),
        Subject::Outage { .. } | Subject::Fault(_) => false,
    }
}

/// Where a planned window lies in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Now,
    Coming,
    Past,
}

/// Where a planned window lies in time; `None`: the entry is none.
pub(super) fn when(entry: &Entry, now: Timestamp) -> Option<When> {
    let span = entry.span.filter(|_| entry.matter == Matter::Planned)?;
    Some(if span.end <= now {
        When::Past
    } else if span.start <= now {
        When::Now
    } else {
        When::Coming
    })
}
