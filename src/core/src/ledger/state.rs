//! What the ledger holds in memory, in maps that are cheap to share: a clone copies pointers, and a change
//! copies only the part it touches.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Blind, LedgerLine, OpenFault, OpenOutage, OutageEnd};
use crate::line::LineId;
use crate::outcome::BlindCause;
use crate::record::{Attribution, FaultNo, FaultSource, OutageId};
use crate::time::{Millis, Span, Timestamp};

/// Lines a chunk of [`Lines`] holds: what a change of one line copies.
const CHUNK: usize = 64;

/// The lines in the inventory. A change copies one chunk and the list of chunks, so that 100,000 lines cost a
/// batch of records some microseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    index: Arc<BTreeMap<LineId, usize>>,
    chunks: Arc<Vec<Arc<Vec<Option<LedgerLine>>>>>,
    free: Arc<Vec<usize>>,
}

impl Lines {
    pub(super) fn find(&self, id: &LineId) -> Option<&LedgerLine> {
        self.at(*self.index.get(id)?)
    }

    pub(super) fn len(&self) -> usize {
        self.index.len()
    }

    /// By id.
    pub(super) fn iter(&self) -> impl Iterator<Item = &LedgerLine> {
        self.index.values().filter_map(|slot| self.at(*slot))
    }

    fn at(&self, slot: usize) -> Option<&LedgerLine> {
        self.chunks.get(slot / CHUNK)?.get(slot % CHUNK)?.as_ref()
    }

    fn slot(&mut self, slot: usize) -> Option<&mut Option<LedgerLine>> {
        let chunk = Arc::make_mut(&mut self.chunks).get_mut(slot / CHUNK)?;
        Arc::make_mut(chunk).get_mut(slot % CHUNK)
    }

    pub(super) fn change(&mut self, id: &LineId) -> Option<&mut LedgerLine> {
        let slot = *self.index.get(id)?;
        self.slot(slot)?.as_mut()
    }

    pub(super) fn insert(&mut self, line: LedgerLine) {
        let id = line.line.id.clone();
        let slot = self.index.get(&id).copied().unwrap_or_else(|| self.vacancy());
        if let Some(place) = self.slot(slot) {
            *place = Some(line);
            Arc::make_mut(&mut self.index).insert(id, slot);
        }
    }

    fn vacancy(&mut self) -> usize {
        if let Some(slot) = Arc::make_mut(&mut self.free).pop() {
            return slot;
        }
        let chunks = Arc::make_mut(&mut self.chunks);
        if chunks.last().is_none_or(|chunk| chunk.len() == CHUNK) {
            chunks.push(Arc::new(Vec::with_capacity(CHUNK)));
        }
        let slot = (chunks.len() - 1) * CHUNK + chunks.last().map_or(0, |chunk| chunk.len());
        if let Some(chunk) = chunks.last_mut() {
            Arc::make_mut(chunk).push(None);
        }
        slot
    }

    pub(super) fn remove(&mut self, id: &LineId) -> Option<LedgerLine> {
        let slot = Arc::make_mut(&mut self.index).remove(id)?;
        let line = self.slot(slot)?.take();
        Arc::make_mut(&mut self.free).push(slot);
        line
    }

    /// Changes every line.
    pub(super) fn change_all(&mut self, mut change: impl FnMut(&mut LedgerLine)) {
        for chunk in Arc::make_mut(&mut self.chunks) {
            Arc::make_mut(chunk).iter_mut().flatten().for_each(&mut change);
        }
    }
}

/// A gap that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClosedGap {
    pub(super) span: Span,
    pub(super) cause: BlindCause,
}

impl ClosedGap {
    /// Of the last gap and another one that is over, the one that ended later. An empty one is none.
    pub(super) fn latest(last: Option<Self>, span: Span, cause: BlindCause) -> Option<Self> {
        let another = Some(Self { span, cause }).filter(|gap| !gap.span.is_empty());
        another.into_iter().chain(last).max_by_key(|gap| (gap.span.end, gap.span.start))
    }
}

/// A line that left the inventory. Should it come back, it is in force from then at the earliest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Retired {
    pub(super) at: Timestamp,
    pub(super) last_gap: Option<ClosedGap>,
}

/// Gaps of all lines: the open one, and the one that ended last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct GlobalGaps {
    pub(super) open: Option<Blind>,
    pub(super) last: Option<ClosedGap>,
}

/// An outage that is open or not long over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) open: OpenOutage,
    /// Attribution from each of these instants on, ascending; never empty.
    pub(super) segments: Vec<(Timestamp, Attribution)>,
    /// Up to here gaps are bridged.
    pub(super) bridged: Option<Timestamp>,
    /// Where the first gap since its last confirmation begins: until here, and no further, it is known to be down.
    pub(super) gap_from: Option<Timestamp>,
    pub(super) end: Option<OutageEnd>,
    /// The fault it is an affected point of, not having left it.
    pub(super) fault: Option<FaultNo>,
}

impl Held {
    pub(super) fn new(open: OpenOutage) -> Self {
        let segments = vec![(open.start, open.attribution.clone())];
        Self { open, segments, bridged: None, gap_from: None, end: None, fault: None }
    }

    /// Where it ended for counting.
    pub(super) fn ended(&self) -> Option<Timestamp> {
        self.end.map(|end| end.end)
    }

    /// Up to when it was confirmed last, at its start or behind a gap.
    pub(super) fn confirmed_until(&self) -> Timestamp {
        self.bridged.map_or(self.open.confirmed_at, |bridged| bridged.max(self.open.confirmed_at))
    }

    /// A gap begins. Of several in a row the first counts: nothing was confirmed between them.
    /// Returns whether that is news.
    pub(super) fn meet_gap(&mut self, from: Timestamp) -> bool {
        let from = from.max(self.confirmed_until());
        let first = self.gap_from.map_or(from, |known| known.min(from));
        self.gap_from.replace(first) != Some(first)
    }

    /// Takes the last segment over into the public face.
    pub(super) fn settle(&mut self) {
        if let Some((from, attribution)) = self.segments.last() {
            self.open.attributed_from = *from;
            self.open.attribution = attribution.clone();
        }
    }

    /// Since when the line is known to answer again.
    pub(super) fn returned(&self) -> Option<Timestamp> {
        self.end.map(|end| end.returned())
    }

    /// The instants between which the segment in force began: `(earliest, latest]`; both the same where it is
    /// known exactly. Where no reply before is known, it is taken to have begun within `unknown` before its first loss.
    pub(super) fn began(&self, unknown: Millis) -> (Timestamp, Timestamp) {
        let (start, from) = (self.open.start, self.open.attributed_from);
        let earliest = if from == start { self.open.last_reply.unwrap_or(start - unknown) } else { from };
        (earliest, from)
    }

    /// Whether this outage covers a descendant's that began within `(earliest, latest]`: it began not later, or
    /// may have, and the line had not returned by then.
    pub(super) fn covers(&self, (earliest, latest): (Timestamp, Timestamp), unknown: Millis) -> bool {
        let start = self.open.start;
        let last_reply = self.open.last_reply.unwrap_or(start - unknown);
        let overlap = earliest < latest && last_reply < latest;
        (start <= latest || overlap) && self.returned().is_none_or(|returned| latest < returned)
    }
}

/// Outages that are open or not long over.
#[derive(Clone, Debug, Default)]
pub(super) struct Outages {
    held: Arc<BTreeMap<OutageId, Arc<Held>>>,
    open: Arc<BTreeMap<LineId, OutageId>>,
    by_line: Arc<BTreeSet<(LineId, OutageId)>>,
}

impl Outages {
    pub(super) fn find(&self, outage: OutageId) -> Option<&Held> {
        self.held.get(&outage).map(AsRef::as_ref)
    }

    pub(super) fn change(&mut self, outage: OutageId) -> Option<&mut Held> {
        if !self.held.contains_key(&outage) {
            return None;
        }
        Arc::make_mut(&mut self.held).get_mut(&outage).map(Arc::make_mut)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Held> {
        self.held.values().map(AsRef::as_ref)
    }

    /// Open ones by line.
    pub(super) fn open(&self) -> impl Iterator<Item = &Held> {
        self.open.values().filter_map(|outage| self.find(*outage))
    }

    pub(super) fn open_on(&self, line: &LineId) -> Option<&Held> {
        self.find(*self.open.get(line)?)
    }

    /// A gap of one line, or of all, begins within what is open.
    /// Returns those that did not know of an earlier one.
    pub(super) fn meet_gap(&mut self, line: Option<&LineId>, from: Timestamp) -> Vec<&Held> {
        let mut met: Vec<OutageId> = match line {
            Some(line) => self.open.get(line).copied().into_iter().collect(),
            None => self.open.values().copied().collect(),
        };
        met.retain(|outage| self.change(*outage).is_some_and(|held| held.meet_gap(from)));
        met.into_iter().filter_map(|outage| self.find(outage)).collect()
    }

    /// All of a line that are held, by number.
    pub(super) fn of<'a>(&'a self, line: &LineId) -> impl Iterator<Item = &'a Held> + use<'a> {
        let range = (line.clone(), OutageId(0))..=(line.clone(), OutageId(u64::MAX));
        self.by_line.range(range).filter_map(|(_, outage)| self.find(*outage))
    }

    pub(super) fn insert(&mut self, held: Held) {
        let (outage, line) = (held.open.outage, held.open.line.clone());
        if held.end.is_none() {
            Arc::make_mut(&mut self.open).insert(line.clone(), outage);
        }
        Arc::make_mut(&mut self.by_line).insert((line, outage));
        Arc::make_mut(&mut self.held).insert(outage, Arc::new(held));
    }

    /// Ends an open outage.
    pub(super) fn end(&mut self, outage: OutageId, end: OutageEnd) -> Option<&Held> {
        let held = self.change(outage)?;
        held.end = Some(end);
        let line = held.open.line.clone();
        Arc::make_mut(&mut self.open).remove(&line);
        self.find(outage)
    }

    /// Forgets those that are over and not wanted.
    pub(super) fn retain(&mut self, wanted: impl Fn(&Held) -> bool) {
        let forgotten: Vec<OutageId> =
            self.iter().filter(|held| held.end.is_some() && !wanted(held)).map(|held| held.open.outage).collect();
        for outage in forgotten {
            if let Some(held) = Arc::make_mut(&mut self.held).remove(&outage) {
                Arc::make_mut(&mut self.by_line).remove(&(held.open.line.clone(), outage));
            }
        }
    }
}

/// An affected point of a fault, as held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HeldPoint {
    pub(super) line: LineId,
    pub(super) from: Timestamp,
    pub(super) left: Option<Timestamp>,
}

/// A fault with its points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HeldFault {
    pub(super) open: OpenFault,
    pub(super) points: BTreeMap<OutageId, HeldPoint>,
}

impl HeldFault {
    /// Not restored: work is to be done.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_open()
    }

    /// Whether only people will do something about it: it is over since before `cut`, and nothing waits to be verified.
    pub(super) fn rests(&self, cut: Timestamp) -> bool {
        self.open.over().is_some_and(|over| over < cut) && !self.open.work.is_unverified()
    }

    pub(super) fn is_detected(&self) -> bool {
        match self.open.source {
            FaultSource::Detected => true,
            FaultSource::Reported => false,
        }
    }

    /// Points that have not left.
    pub(super) fn active(&self) -> impl Iterator<Item = (OutageId, &HeldPoint)> {
        self.points.iter().filter(|(_, point)| point.left.is_none()).map(|(outage, point)| (*outage, point))
    }
}

/// Faults that are not closed, or not long ago.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults {
    /// What decisions look at: open ones, those that were over not long ago, those to be verified.
    held: Arc<BTreeMap<FaultNo, Arc<HeldFault>>>,
    /// The others wait for people. They may be many, and a change of what is held does not copy them.
    resting: Arc<BTreeMap<FaultNo, Arc<HeldFault>>>,
    by_line: Arc<BTreeSet<(LineId, FaultNo)>>,
}

impl Faults {
    pub(super) fn find(&self, fault: &FaultNo) -> Option<&HeldFault> {
        self.held.get(fault).or_else(|| self.resting.get(fault)).map(AsRef::as_ref)
    }

    pub(super) fn change(&mut self, fault: &FaultNo) -> Option<&mut HeldFault> {
        if !self.held.contains_key(fault) {
            if !self.resting.contains_key(fault) {
                return None;
            }
            let resting = Arc::make_mut(&mut self.resting).remove(fault)?;
            self.hold(resting);
        }
        Arc::make_mut(&mut self.held).get_mut(fault).map(Arc::make_mut)
    }

    /// Those that decisions look at, by number.
    pub(super) fn iter(&self) -> impl Iterator<Item = &HeldFault> {
        self.held.values().map(AsRef::as_ref)
    }

    /// All that people can do something about.
    pub(super) fn all(&self) -> impl Iterator<Item = &HeldFault> {
        self.held.values().chain(self.resting.values()).map(AsRef::as_ref)
    }

    /// Those that stand on a line, by number.
    pub(super) fn on<'a>(&'a self, line: &'a LineId) -> impl Iterator<Item = &'a HeldFault> {
        self.by_line
            .range((line.clone(), FaultNo::from_stored(String::new()))..)
            .take_while(move |(on, _)| on == line)
            .filter_map(|(_, fault)| self.find(fault))
    }

    pub(super) fn insert(&mut self, held: HeldFault) {
        self.hold(Arc::new(held));
    }

    fn hold(&mut self, held: Arc<HeldFault>) {
        Arc::make_mut(&mut self.by_line).insert((held.open.line.clone(), held.open.fault.clone()));
        Arc::make_mut(&mut self.held).insert(held.open.fault.clone(), held);
    }

    pub(super) fn remove(&mut self, fault: &FaultNo) -> Option<Arc<HeldFault>> {
        if self.resting.contains_key(fault) {
            return Arc::make_mut(&mut self.resting).remove(fault);
        }
        if !self.held.contains_key(fault) {
            return None;
        }
        let held = Arc::make_mut(&mut self.held).remove(fault)?;
        Arc::make_mut(&mut self.by_line).remove(&(held.open.line.clone(), fault.clone()));
        Some(held)
    }

    /// Lays aside what rests, and drops what is not kept.
    pub(super) fn forget(&mut self, kept: impl Fn(&HeldFault) -> bool, rests: impl Fn(&HeldFault) -> bool) {
        let number = |held: &HeldFault| held.open.fault.clone();
        let dropped: Vec<FaultNo> = self.all().filter(|held| !kept(held)).map(number).collect();
        for fault in &dropped {
            self.remove(fault);
        }
        let resting: Vec<FaultNo> = self.iter().filter(|held| rests(held)).map(number).collect();
        for fault in &resting {
            if let Some(held) = self.remove(fault) {
                Arc::make_mut(&mut self.resting).insert(fault.clone(), held);
            }
        }
    }
}

#[cfg(test)]
mod tests;
