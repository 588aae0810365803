//! Which faults are asked for, and what comes first: one answer for pages, API, commands and exports.

use std::collections::BTreeSet;

use linewatch_core::ledger::Stage;
use linewatch_core::line::{ClassName, LineId, Township};
use linewatch_core::record::FaultSource;
use linewatch_core::time::{Span, Timestamp};

use super::FaultLine;

/// Which faults are asked for. What is `None` or empty is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Which states.
    pub state: Wanted,
    /// On a line of this township.
    pub township: Option<Township>,
    /// On a line of this township, or with one of its lines as a point: all that its office sees.
    pub within: Option<Township>,
    /// On a line of this class.
    pub class: Option<ClassName>,
    /// By who noticed.
    pub source: Option<FaultSource>,
    /// Reported by this way.
    pub channel: Option<String>,
    /// That somebody of one of these names took care of, was sent to, or reported.
    pub of: Vec<String>,
    /// On this line, or with it as a point.
    pub line: Option<LineId>,
    /// With these words in number, line, place, ticket, or in what was said; letter case does not matter.
    pub search: Option<String>,
    /// Whoever asks may not see names and telephone numbers of people: they are not searched either.
    pub no_people: bool,
    /// Faults that became a part of another are left out.
    pub survivors: bool,
}

/// Which states of faults are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// Work is to be done on the line.
    Open,
    /// The deadline has passed, and work is to be done.
    Overdue,
    /// Restored; it is to be closed.
    ToClose,
    /// All that are not closed.
    #[default]
    ToDo,
    /// All that were open at some time of a period, whatever became of them.
    Within(Span),
}

/// What a search looks for, in small letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// What everybody may see.
    pub(super) open: String,
    /// Names and telephone numbers of people.
    pub(super) people: String,
}

impl Filter {
    /// Whether a fault is asked for. `own`: the lines of [`Filter::within`].
    pub(super) fn admits(&self, fault: &FaultLine, own: &BTreeSet<LineId>, now: Timestamp) -> bool {
        let reports = &fault.work.reports;
        fault.is_in(self.state, now)
            && !(self.survivors && fault.merged_into.is_some())
            && (self.within.is_none() || fault.lines.iter().any(|line| own.contains(line)))
            && self.township.as_ref().is_none_or(|wanted| *wanted == fault.township)
            && self.class.as_ref().is_none_or(|wanted| *wanted == fault.class)
            && self.source.is_none_or(|wanted| wanted == fault.source)
            && self.channel.as_ref().is_none_or(|wanted| reports.iter().any(|told| told.report.channel == *wanted))
            && self.line.as_ref().is_none_or(|wanted| fault.lines.contains(wanted))
            && (self.of.is_empty() || fault.is_of(&self.of))
            && self.search.as_ref().is_none_or(|text| self.finds(text, fault))
    }

    fn finds(&self, text: &str, fault: &FaultLine) -> bool {
        let found =
            |word: &str| fault.said.open.contains(word) || (!self.no_people && fault.said.people.contains(word));
        text.to_lowercase().split_whitespace().all(found)
    }
}

impl FaultLine {
    /// Whether it has come so far.
    pub fn is_in(&self, wanted: Wanted, now: Timestamp) -> bool {
        let open = self.stage.is_open() && self.restored.is_none();
        match wanted {
            Wanted::Open => open,
            Wanted::Overdue => open && self.deadline <= now,
            Wanted::ToClose => self.stage == Stage::Restored,
            Wanted::ToDo => !self.stage.is_settled(),
            Wanted::Within(_) => true,
        }
    }

    /// Whether somebody of one of these names took care of it, was sent, was there, or reported it.
    pub fn is_of(&self, names: &[String]) -> bool {
        let work = &self.work;
        let did = work.rounds.iter().flat_map(|round| {
            let steps = round.marks().into_iter().filter_map(|(_, mark)| mark).chain(&round.claimed);
            let restored = round.restored.as_ref().and_then(|restored| restored.said.as_ref());
            steps.map(|mark| &mark.said).chain(restored)
        });
        let reports = work.reports.iter().flat_map(|told| [told.mark.said.by.as_str(), told.report.reporter.as_str()]);
        let mut people = did.map(|said| said.by.as_str()).chain(work.sent.as_deref()).chain(reports);
        people.any(|person| names.iter().any(|name| name == person))
    }

    /// Where it stands in a list: what is to be done next comes first. What is said to be restored and is not, what is
    /// overdue, what nobody took on, what is being worked on, each by its deadline; then what only waits to be closed, by
    /// its restoration; then what is closed, the latest first.
    pub(super) fn place(&self) -> (u8, i64, &str) {
        let (rank, key) = match self.stage {
            _ if self.contradicted.is_some() => (0, self.deadline.0),
            stage if stage.is_open() && self.overdue => (1, self.deadline.0),
            Stage::Open => (2, self.deadline.0),
            Stage::Acknowledged | Stage::Dispatched | Stage::OnSite => (3, self.deadline.0),
            Stage::Restored => (4, self.restored.unwrap_or(self.opened).0),
            Stage::Closed | Stage::Void => (5, -self.closed.or(self.restored).unwrap_or(self.opened).0),
        };
        (rank, key, self.number.as_str())
    }
}
