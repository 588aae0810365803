//! Outages as the wire's log tells them, and whose they are by the sentences of the design: what the faults of the truth
//! are made of. Nothing of the core's detector, attribution or ledger is used here.

use std::collections::BTreeMap;

use linewatch_core::line::LineId;
use linewatch_core::time::{Millis, Span, Timestamp};

use super::super::{PLAIN, Run, Told};

/// A run of lost probes, or several with too few answers in between, that confirms an outage.
#[derive(Clone, Debug)]
pub(super) struct Down<'t> {
    pub line: &'t LineId,
    /// Sending of the last answered probe before.
    pub last_reply: Option<Timestamp>,
    /// Sending of the first lost probe.
    pub start: Timestamp,
    /// Sending of the first answered probe after.
    pub end: Option<Timestamp>,
    /// Whose it is from each of these instants on; `None`: its own.
    pub whose: Vec<(Timestamp, Option<&'t LineId>)>,
    /// The monitor could not see, at an edge or within, or an edge lies where nobody can tell on which side it falls.
    pub clouded: bool,
}

impl Down<'_> {
    /// The instants between which the part that begins at `from` began.
    fn began(&self, from: Timestamp, unknown: Millis) -> (Timestamp, Timestamp) {
        let earliest = if from == self.start { self.last_reply.unwrap_or(from - unknown) } else { from };
        (earliest, from)
    }

    /// Whether a line below whose outage began within `began` is cut off by this one.
    fn covers(&self, (earliest, latest): (Timestamp, Timestamp), unknown: Millis) -> bool {
        let reply = self.last_reply.unwrap_or(self.start - unknown);
        let together = earliest < latest && earliest < self.start && reply < latest;
        (self.start <= latest || together) && self.end.is_none_or(|end| latest < end)
    }
}

/// The outages of all lines, each line's by start.
pub(super) fn downs<'t>(told: &Told<'t>) -> BTreeMap<&'t LineId, Vec<Down<'t>>> {
    let mut all: BTreeMap<&LineId, Vec<Down<'t>>> = BTreeMap::new();
    let mut lines: Vec<(usize, &LineId)> =
        told.upstream.keys().map(|line| (told.ancestors(line).count(), *line)).collect();
    lines.sort_unstable();
    for (_, line) in lines {
        let mut downs = of_line(told, line);
        for down in &mut downs {
            attribute(told, &all, down);
        }
        all.insert(line, downs);
    }
    all
}

fn of_line<'t>(told: &Told<'t>, line: &'t LineId) -> Vec<Down<'t>> {
    let probing = told.probing.get(line).copied().unwrap_or_default();
    let mut downs: Vec<Down<'t>> = Vec::new();
    let mut before: Option<&Run> = None;
    for run in told.runs.get(line).map(Vec::as_slice).unwrap_or_default() {
        // Answers too few to confirm that it is up; or dead when sight was lost, and dead when it came back.
        let goes_on = before.is_some_and(|before| {
            let same = before.session == run.session;
            if same { before.answered < u64::from(probing.confirm_up) } else { run.last_reply.is_none() }
        });
        let last = downs.last_mut().filter(|_| goes_on);
        if let Some(down) = last {
            down.end = ended(told, run);
            down.clouded |= before.is_none_or(|before| before.session != run.session);
            before = Some(run);
        } else if run.lost >= u64::from(probing.confirm_down) {
            let Run { last_reply, first_loss: start, .. } = *run;
            let end = ended(told, run);
            downs.push(Down { line, last_reply, start, end, whose: Vec::new(), clouded: last_reply.is_none() });
            before = Some(run);
        } else {
            // Not even suspect any more; what came before is over.
            before = None;
        }
    }
    for down in &mut downs {
        let ended = down.end.unwrap_or(told.end);
        down.clouded |= told.is_disturbed(Span::new(down.start - PLAIN, ended + PLAIN));
    }
    downs
}

/// Of a run that no answer ends, nobody knows, but for the last session: there it goes on.
fn ended(told: &Told<'_>, run: &Run) -> Option<Timestamp> {
    run.first_reply.or((run.session < told.sessions).then_some(run.last_loss))
}

fn attribute<'t>(told: &Told<'t>, all: &BTreeMap<&'t LineId, Vec<Down<'t>>>, down: &mut Down<'t>) {
    let grace = told.policy.grace;
    let cover = |line: &'t LineId, began| {
        told.ancestors(line).find_map(|above| {
            let covering = all.get(above)?.iter().rfind(|other| other.covers(began, grace))?;
            // Cut off itself: the root of it all answers, as long as that was down.
            let root = covering.whose.first().and_then(|(_, whose)| *whose);
            let answers = |root: &&LineId| {
                all.get(root).is_some_and(|downs| downs.iter().any(|other| other.covers(began, grace)))
            };
            Some((root.filter(answers).unwrap_or(above), covering.clouded))
        })
    };
    let mut from = down.start;
    let mut found = cover(down.line, down.began(from, grace));
    down.clouded |= found.is_some_and(|(_, clouded)| clouded);
    down.whose.push((from, found.map(|(root, _)| root)));
    while let Some((root, _)) = found {
        let Some((back, border)) = released(all.get(root).map(Vec::as_slice).unwrap_or_default(), from, grace) else {
            return;
        };
        let (due, since) = (back + grace, back.max(from));
        let stayed = down.end.is_none_or(|end| end > due && end > since);
        down.clouded |= border || down.end.is_some_and(|end| (end - due).0.abs() <= NEAR.0);
        if !stayed {
            return;
        }
        found = cover(down.line, (since, since)).filter(|(other, _)| *other != root);
        from = since;
        down.whose.push((from, found.map(|(root, _)| root)));
    }
}

/// Nearer to an instant at which something falls due, and both may be done first.
const NEAR: Millis = Millis::from_secs(4);

/// When a line above came back for longer than the grace time, after an instant; and whether it nearly did earlier or
/// nearly did not. `None`: never.
fn released(downs: &[Down<'_>], since: Timestamp, grace: Millis) -> Option<(Timestamp, bool)> {
    let mut back: Option<Timestamp> = None;
    let mut border = false;
    for down in downs {
        if let Some(back) = back {
            let limit = back.max(since) + grace;
            border |= (down.start - limit).0.abs() <= PLAIN.0;
            if down.start > limit {
                break;
            }
        }
        back = back.max(Some(down.end?));
    }
    back.map(|back| (back, border))
}
