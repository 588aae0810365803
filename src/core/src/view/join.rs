//! The join of committed records and live values.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Committed, CommittedLine, LiveLine, LiveView, Snapshot};
use crate::ledger::{Blind, OpenFault, OpenOutage};
use crate::line::{Line, LineId};
use crate::outcome::{BlindCause, State, UnsentCause};
use crate::record::Attribution;
use crate::time::{Millis, Timestamp};

/// Everything as shown at one instant.
#[derive(Clone, Debug)]
pub struct Shown<'a> {
    /// The committed side.
    pub snapshot: &'a Snapshot,
    /// The live side.
    pub live: &'a LiveView,
    /// Lines in service, by id.
    pub lines: Vec<LineView<'a>>,
    /// Faults that are not restored, by number.
    pub faults: Vec<FaultView<'a>>,
}

/// A line as shown.
#[derive(Clone, Debug)]
pub struct LineView<'a> {
    /// What the inventory says.
    pub line: &'a Arc<Line>,
    /// The state.
    pub state: State,
    /// Since when, where records or live values say it.
    pub since: Option<Timestamp>,
    /// Whether and since when nobody knows, and why: the line's own or the blind monitor's, whichever is earlier.
    pub unseen: Option<(Timestamp, BlindCause)>,
    /// The open outage, also while undetermined.
    pub outage: Option<&'a OpenOutage>,
    /// Live values, if the monitor knows the line yet.
    pub live: Option<&'a LiveLine>,
    /// Outages since the daemon's start.
    pub outages: u64,
    /// Down time of outages ended since the daemon's start, and of the open one from its start; never decreasing.
    pub down: Millis,
    /// Observed time since the daemon's start, never decreasing.
    pub observed: Millis,
}

/// A fault that is not restored.
#[derive(Clone, Debug)]
pub struct FaultView<'a> {
    /// The fault.
    pub fault: &'a OpenFault,
    /// The line it stands on, while that is in the inventory.
    pub line: Option<&'a Arc<Line>>,
    /// Its deadline has passed.
    pub overdue: bool,
}

impl<'a> Shown<'a> {
    /// Joins what is published with what is live.
    pub fn of(snapshot: &'a Snapshot, live: &'a LiveView) -> Self {
        let committed: &Committed = &snapshot.committed;
        let outages: HashMap<&LineId, &OpenOutage> = committed.outages.iter().map(|open| (&open.line, open)).collect();
        let live_lines: HashMap<&LineId, &LiveLine> = live.lines.iter().map(|line| (&line.id, line)).collect();
        let inventory: HashMap<&LineId, &Arc<Line>> =
            committed.lines.iter().map(|entry| (&entry.line.id, &entry.line)).collect();
        let lines = committed
            .lines
            .iter()
            .filter(|entry| entry.line.in_service(live.now))
            .map(|entry| {
                let id = &entry.line.id;
                line_view(entry, outages.get(id).copied(), committed.blind, live_lines.get(id).copied())
            })
            .collect();
        let faults = committed
            .faults
            .iter()
            .filter(|fault| fault.is_open())
            .map(|fault| FaultView {
                fault,
                line: inventory.get(&fault.line).copied(),
                overdue: fault.deadline <= live.now,
            })
            .collect();
        Self { snapshot, live, lines, faults }
    }

    /// Whether records are committed and every line in service is watched.
    pub fn ready(&self) -> bool {
        self.snapshot.committed.seq > 0 && self.lines.iter().all(|line| line.live.is_some())
    }
}

fn line_view<'a>(
    entry: &'a CommittedLine,
    outage: Option<&'a OpenOutage>,
    blind: Option<Blind>,
    live: Option<&'a LiveLine>,
) -> LineView<'a> {
    let unseen = unseen(entry, blind, live);
    let state = state(outage, unseen, live);
    let since = match state {
        State::Pending | State::Undetermined => unseen.map(|(from, _)| from),
        State::Up => None,
        State::Suspect => live.and_then(|live| live.soft_since),
        State::Down => outage.map(|outage| outage.start),
        State::Recovering => live.and_then(|live| live.soft_since).or(outage.map(|outage| outage.start)),
    };
    LineView {
        line: &entry.line,
        state,
        since,
        unseen,
        outage,
        live,
        outages: entry.outages,
        down: entry.down + outage.map_or(Millis::ZERO, |outage| open_down(outage, live)),
        observed: live.map_or(Millis::ZERO, |live| live.observed),
    }
}

/// A line that was never seen stays pending, whatever else cannot be seen, unless its own probes say what is in the
/// way; otherwise the earlier span counts.
fn unseen(entry: &CommittedLine, blind: Option<Blind>, live: Option<&LiveLine>) -> Option<(Timestamp, BlindCause)> {
    if let Some((from, BlindCause::Pending)) = entry.unseen {
        let named = |cause| if cause == UnsentCause::Unresolved { BlindCause::Unresolved } else { BlindCause::Unsent };
        return Some((from, live.and_then(|live| live.unsent).map_or(BlindCause::Pending, named)));
    }
    match (entry.unseen, blind) {
        (Some(own), Some(blind)) if blind.from < own.0 => Some((blind.from, blind.cause)),
        (Some(own), _) => Some(own),
        (None, Some(blind)) => Some((blind.from, blind.cause)),
        (None, None) => None,
    }
}

/// The state shown. What a person declared stands above not knowing (design rule 6); an outage that probes found
/// does not.
fn state(outage: Option<&OpenOutage>, unseen: Option<(Timestamp, BlindCause)>, live: Option<&LiveLine>) -> State {
    let soft = live.map(|live| live.state);
    if let Some(outage) = outage
        && (unseen.is_none() || outage.attribution == Attribution::Declared)
    {
        return if soft == Some(State::Recovering) { State::Recovering } else { State::Down };
    }
    match (unseen, soft) {
        (Some((_, BlindCause::Pending)), _) => State::Pending,
        (Some(_), _) | (None, None) => State::Undetermined,
        (None, Some(State::Suspect | State::Down)) => State::Suspect,
        (None, Some(State::Pending | State::Up | State::Recovering | State::Undetermined)) => State::Up,
    }
}

/// What the open outage has lasted for certain. It stops at the first answered probe, so that the committed end,
/// which comes a moment later, never takes anything back.
fn open_down(outage: &OpenOutage, live: Option<&LiveLine>) -> Millis {
    let until = live.and_then(|live| live.down_until).unwrap_or(outage.start);
    (until - outage.start).max(Millis::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::LossCause;
    use crate::record::OutageId;

    fn entry() -> CommittedLine {
        CommittedLine {
            line: Arc::new(Line::new("V-1", "白沙村", "village", "127.0.0.1")),
            unseen: None,
            outages: 0,
            down: Millis(500),
        }
    }

    fn outage(attribution: Attribution) -> OpenOutage {
        OpenOutage {
            outage: OutageId(7),
            line: "V-1".into(),
            start: Timestamp(10_000),
            last_reply: None,
            confirmed_at: Timestamp(15_000),
            cause: LossCause::Timeout,
            attribution,
            attributed_from: Timestamp(10_000),
        }
    }

    fn live(state: State) -> LiveLine {
        LiveLine {
            id: "V-1".into(),
            state,
            soft_since: Some(Timestamp(9_000)),
            flapping: false,
            delay_us: None,
            sent: 0,
            lost: 0,
            unsent: None,
            certain_until: Some(Timestamp(20_000)),
            down_until: None,
            observed: Millis(1_000),
        }
    }

    /// The live state and what the records say, on the left; the state shown, on the right.
    #[test]
    fn hard_states_come_from_records_and_soft_ones_from_the_monitor() {
        let own = outage(Attribution::Own);
        let declared = outage(Attribution::Declared);
        let lost = Some((Timestamp(1), BlindCause::Unsent));
        let pending = Some((Timestamp(1), BlindCause::Pending));
        for (open, unseen, soft, shown) in [
            (None, None, Some(State::Up), State::Up),
            (None, None, Some(State::Suspect), State::Suspect),
            (None, None, Some(State::Down), State::Suspect),
            (None, None, None, State::Undetermined),
            (None, lost, Some(State::Up), State::Undetermined),
            (None, pending, Some(State::Up), State::Pending),
            (Some(&own), None, Some(State::Down), State::Down),
            (Some(&own), None, Some(State::Up), State::Down),
            (Some(&own), None, None, State::Down),
            (Some(&own), None, Some(State::Recovering), State::Recovering),
            (Some(&own), lost, Some(State::Down), State::Undetermined),
            (Some(&declared), lost, Some(State::Up), State::Down),
        ] {
            let live = soft.map(live);
            assert_eq!(state(open, unseen, live.as_ref()), shown, "{open:?} {unseen:?} {soft:?}");
        }
    }

    #[test]
    fn since_is_the_instant_the_shown_state_began() {
        let own = outage(Attribution::Own);
        let suspect = live(State::Suspect);
        assert_eq!(line_view(&entry(), None, None, Some(&suspect)).since, Some(Timestamp(9_000)));
        assert_eq!(line_view(&entry(), Some(&own), None, Some(&suspect)).since, Some(Timestamp(10_000)));
        let blind = Blind { from: Timestamp(12_000), cause: BlindCause::Silent };
        let entry = entry();
        let hidden = line_view(&entry, Some(&own), Some(blind), Some(&suspect));
        assert_eq!((hidden.state, hidden.since), (State::Undetermined, Some(Timestamp(12_000))));
        assert!(hidden.outage.is_some(), "the outage stays listed while nobody sees the line");
    }

    #[test]
    fn the_earlier_unseen_span_counts_and_pending_stays_pending() {
        let blind = Blind { from: Timestamp(5), cause: BlindCause::Silent };
        let mut entry = entry();
        entry.unseen = Some((Timestamp(9), BlindCause::Unsent));
        assert_eq!(unseen(&entry, Some(blind), None), Some((Timestamp(5), BlindCause::Silent)));
        entry.unseen = Some((Timestamp(5), BlindCause::Unsent));
        assert_eq!(
            unseen(&entry, Some(blind), None),
            Some((Timestamp(5), BlindCause::Unsent)),
            "its own is the nearer"
        );
        entry.unseen = Some((Timestamp(2), BlindCause::Unsent));
        assert_eq!(unseen(&entry, Some(blind), None), Some((Timestamp(2), BlindCause::Unsent)));
        entry.unseen = Some((Timestamp(9), BlindCause::Pending));
        assert_eq!(unseen(&entry, Some(blind), None), Some((Timestamp(9), BlindCause::Pending)));
        let unsent = |cause| LiveLine { unsent: Some(cause), ..live(State::Pending) };
        for (live, cause) in [
            (live(State::Pending), BlindCause::Pending),
            (unsent(UnsentCause::Unresolved), BlindCause::Unresolved),
            (unsent(UnsentCause::NoRoute), BlindCause::Unsent),
        ] {
            assert_eq!(unseen(&entry, Some(blind), Some(&live)), Some((Timestamp(9), cause)), "{live:?}");
        }
    }

    /// One outage from before its confirmation to after its committed end: the counter never goes back.
    #[test]
    fn down_time_never_decreases_while_an_outage_ends() {
        let own = outage(Attribution::Own);
        let ended = CommittedLine { down: Millis(500 + 12_000), ..entry() };
        let open = entry();
        let steps = [
            (&open, None, State::Suspect, None),
            (&open, Some(&own), State::Down, Some(Timestamp(15_000))),
            (&open, Some(&own), State::Down, Some(Timestamp(21_000))),
            (&open, Some(&own), State::Recovering, Some(Timestamp(22_000))),
            // Confirmed up, but the record is not committed yet; the certain time runs on.
            (&open, Some(&own), State::Up, Some(Timestamp(22_000))),
            (&ended, None, State::Up, Some(Timestamp(22_000))),
        ];
        let mut before = Millis::ZERO;
        for (entry, outage, state, down_until) in steps {
            let live = LiveLine { down_until, certain_until: Some(Timestamp(60_000)), ..live(state) };
            let down = line_view(entry, outage, None, Some(&live)).down;
            assert!(down >= before, "{before:?} then {down:?} in {state}");
            before = down;
        }
        assert_eq!(before, Millis(12_500));
    }
}
