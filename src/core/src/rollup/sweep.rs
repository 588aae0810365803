//! One walk over the edges of everything that is known of a line, in the order of time. Between two edges nothing
//! changes; each such stretch is handed on with what it counts as.

use std::collections::HashMap;

use super::history::{Common, Gap, LineHistory, Outage, WindowKind};
use super::inventory::in_service;
use super::windows::{Cover, Windows};
use crate::line::LineId;
use crate::outcome::BlindCause;
use crate::record::{Attribution, DecisionId, OutageId};
use crate::time::{Span, Timestamp};

/// What an instant in service counts as. Where several hold, the first one does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// In `planned_ms` and `excluded_ms`.
    Excluded,
    /// In `planned_ms`.
    Planned,
    /// In `down_declared_ms`.
    Declared,
    /// In `down_own_ms`.
    Own,
    /// In `down_upstream_ms`.
    Upstream,
    /// In `undetermined_ms`.
    Undetermined,
    /// In `up_ms`.
    Up,
}

impl Kind {
    /// Whether it is in `down_ms`.
    pub fn is_down(self) -> bool {
        match self {
            Self::Declared | Self::Own | Self::Upstream => true,
            Self::Excluded | Self::Planned | Self::Undetermined | Self::Up => false,
        }
    }
}

/// What an instant counts as, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counted {
    /// By this record.
    Excluded(u64),
    /// By this record.
    Planned(u64),
    /// By this decision (a declaration or a correction), or by an outage that says so itself.
    Declared(Option<DecisionId>),
    /// By this outage.
    Own(OutageId),
    /// By this outage, because of this line.
    Upstream(OutageId, LineId),
    /// For this reason.
    Undetermined(Unknown),
    /// By nothing at all.
    Up,
}

impl Counted {
    /// What it is counted as.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Excluded(_) => Kind::Excluded,
            Self::Planned(_) => Kind::Planned,
            Self::Declared(_) => Kind::Declared,
            Self::Own(_) => Kind::Own,
            Self::Upstream(..) => Kind::Upstream,
            Self::Undetermined(_) => Kind::Undetermined,
            Self::Up => Kind::Up,
        }
    }
}

/// Why nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unknown {
    /// The journal had not begun.
    BeforeJournal,
    /// The journal does not reach so far (yet).
    AfterHorizon,
    /// A correction says that this outage was none then; what was is not known.
    Corrected(DecisionId),
    /// A gap.
    Gap(BlindCause),
}

/// Something begins or ends at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    at: Timestamp,
    layer: Layer,
    begins: bool,
}

/// What begins or ends; numbers are places in the lists of [`Facts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    /// Only cuts stretches: a month or the period begins or ends.
    Cut,
    Row(u32),
    Window(u32),
    /// A window covers the line that a segment is attributed to.
    Attributed {
        segment: u32,
        window: u32,
    },
    Declared(u32),
    Segment(u32),
    Bridge,
    Unknown(Unknown),
    Observed,
}

/// A stretch of an outage as it counts.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Place in [`LineHistory::outages`].
    pub outage: u32,
    pub attribution: Attribution,
}

/// What the sweep knows between two edges.
#[derive(Debug, Default)]
pub(super) struct Instant {
    row: Option<u32>,
    windows: Vec<u32>,
    attributed: Vec<(u32, u32)>,
    declared: Vec<u32>,
    pub segments: Vec<u32>,
    bridges: u32,
    unknown: Vec<Unknown>,
    observed: u32,
}

/// A stretch in service.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slice {
    pub span: Span,
    /// Place in [`Inventory::rows`](super::Inventory::rows).
    pub row: u32,
    pub kind: Kind,
    /// With exclusions ignored.
    pub unexcluded: Kind,
    /// With exclusions and planned windows ignored.
    pub gross: Kind,
    pub bridged: bool,
}

/// What is known of one line, as edges.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub common: &'a Common,
    pub parts: Vec<Part>,
    /// By which decision something is declared, and whether it has no end yet.
    declared: Vec<(Option<DecisionId>, bool)>,
    edges: Vec<Edge>,
}

/// Edges that are the same for all lines, in order.
pub(super) fn common_edges(common: &Common, cuts: &[Timestamp]) -> Vec<Edge> {
    let counted = common.counted();
    let mut edges: Vec<Edge> = cuts.iter().map(|at| Edge { at: *at, layer: Layer::Cut, begins: true }).collect();
    let before = Span::new(Timestamp::MIN, common.evidence.begin);
    push(&mut edges, before.clip(counted), Layer::Unknown(Unknown::BeforeJournal));
    gap_edges(&mut edges, &common.evidence.gaps, counted);
    for span in &common.evidence.observed {
        push(&mut edges, span.clip(counted), Layer::Observed);
    }
    edges.sort_unstable();
    edges
}

fn gap_edges(edges: &mut Vec<Edge>, gaps: &[Gap], counted: Span) {
    for gap in gaps {
        push(edges, gap.span.clip(counted), Layer::Unknown(Unknown::Gap(gap.cause)));
    }
}

fn push(edges: &mut Vec<Edge>, span: Span, layer: Layer) {
    if !span.is_empty() {
        edges.push(Edge { at: span.start, layer, begins: true });
        edges.push(Edge { at: span.end, layer, begins: false });
    }
}

impl<'a> Facts<'a> {
    /// Everything known of a line.
    pub fn of(
        common: &'a Common,
        windows: &Windows,
        covers: &mut HashMap<LineId, Vec<Cover>>,
        history: &LineHistory,
    ) -> Self {
        let mut facts = Self { common, parts: Vec::new(), declared: Vec::new(), edges: Vec::new() };
        let counted = common.counted();
        for (number, row) in (0..).zip(common.inventory.rows(&history.line)) {
            push(&mut facts.edges, in_service(row), Layer::Row(number));
        }
        for cover in windows.over(&history.line, common) {
            push(&mut facts.edges, cover.span, Layer::Window(cover.window));
        }
        let behind = Span::new(common.certain_until(&history.line), Timestamp::MAX);
        push(&mut facts.edges, behind.clip(counted), Layer::Unknown(Unknown::AfterHorizon));
        gap_edges(&mut facts.edges, &history.gaps, counted);
        for span in &history.observed {
            push(&mut facts.edges, span.clip(counted), Layer::Observed);
        }
        for declared in &history.declared {
            let until = declared.until.unwrap_or(common.counted().end);
            facts.declare(Span::new(declared.from, until), Some(declared.decision), declared.until.is_none());
        }
        for (number, outage) in (0..).zip(&history.outages) {
            facts.outage(number, outage, common.certain_until(&history.line));
        }
        facts.attribute(windows, covers);
        facts.edges.sort_unstable();
        facts
    }

    fn declare(&mut self, span: Span, decision: Option<DecisionId>, open: bool) {
        let number = place(self.declared.len());
        self.declared.push((decision, open));
        push(&mut self.edges, span, Layer::Declared(number));
    }

    fn outage(&mut self, number: u32, outage: &Outage, certain_until: Timestamp) {
        let recorded = Span::new(outage.start, outage.known_until(certain_until));
        let counts = match outage.correction {
            None => recorded,
            Some(correction) => self.correct(recorded, correction.counts, correction.decision),
        };
        for (index, segment) in outage.segments.iter().enumerate() {
            let from = if index == 0 { Timestamp::MIN } else { segment.from };
            let until = outage.segments.get(index + 1).map_or(Timestamp::MAX, |next| next.from);
            self.part(number, Span::new(from, until).clip(counts), segment.attribution.clone());
        }
        if outage.segments.is_empty() {
            self.part(number, counts, Attribution::Own);
        }
        for gap in &outage.bridged {
            push(&mut self.edges, gap.clip(counts), Layer::Bridge);
        }
    }

    /// What of a recorded outage counts; the rest is undetermined, and what the correction adds is declared.
    fn correct(&mut self, recorded: Span, counts: Option<Span>, decision: DecisionId) -> Span {
        let counts = counts.filter(|counts| !counts.is_empty()).unwrap_or(Span::new(recorded.start, recorded.start));
        let [before, after] = outside(recorded, counts);
        for rest in [before, after] {
            push(&mut self.edges, rest, Layer::Unknown(Unknown::Corrected(decision)));
        }
        let [before, after] = outside(counts, recorded);
        for added in [before, after] {
            self.declare(added, Some(decision), false);
        }
        counts.clip(recorded)
    }

    fn part(&mut self, outage: u32, span: Span, attribution: Attribution) {
        if span.is_empty() {
            return;
        }
        if attribution == Attribution::Declared {
            self.declare(span, None, false);
        }
        let number = place(self.parts.len());
        self.parts.push(Part { outage, attribution });
        push(&mut self.edges, span, Layer::Segment(number));
    }

    /// Windows over the lines that segments are attributed to.
    fn attribute(&mut self, windows: &Windows, covers: &mut HashMap<LineId, Vec<Cover>>) {
        if self.common.windows.is_empty() {
            return;
        }
        for segment in 0..place(self.parts.len()) {
            let Attribution::Upstream(above) = &self.parts[segment as usize].attribution else { continue };
            if !covers.contains_key(above) {
                covers.insert(above.clone(), windows.over(above, self.common));
            }
            for cover in &covers[above] {
                push(&mut self.edges, cover.span, Layer::Attributed { segment, window: cover.window });
            }
        }
    }

    /// Walks over all edges, `common` ones included, and hands on each stretch in service. Stretches come in order,
    /// without overlap; between two of them that do not touch the line is not in service.
    pub fn sweep(&self, common: &[Edge], mut each: impl FnMut(&Instant, Slice)) {
        let mut instant = Instant::default();
        let mut since = Timestamp::MIN;
        let (mut own, mut shared) = (self.edges.as_slice(), common);
        loop {
            let edge = match (own.first(), shared.first()) {
                (Some(mine), Some(theirs)) if theirs < mine => take(&mut shared, theirs),
                (Some(mine), _) => take(&mut own, mine),
                (None, Some(theirs)) => take(&mut shared, theirs),
                (None, None) => return,
            };
            if edge.at > since {
                if let Some(slice) = self.slice(&instant, Span::new(since, edge.at)) {
                    each(&instant, slice);
                }
                since = edge.at;
            }
            instant.pass(edge);
        }
    }

    fn slice(&self, instant: &Instant, span: Span) -> Option<Slice> {
        let row = instant.row?;
        let gross = self.beneath(instant);
        let planned = self.window(instant, WindowKind::Planned).is_some();
        let excluded = self.window(instant, WindowKind::Excluded).is_some();
        let unexcluded = if planned { Kind::Planned } else { gross };
        let kind = if excluded { Kind::Excluded } else { unexcluded };
        Some(Slice { span, row, kind, unexcluded, gross, bridged: kind.is_down() && instant.bridges > 0 })
    }

    /// What an instant counts as without windows.
    fn beneath(&self, instant: &Instant) -> Kind {
        if !instant.declared.is_empty() {
            return Kind::Declared;
        }
        match self.effective(instant).map(|(_, part)| &part.attribution) {
            Some(Attribution::Upstream(_)) => Kind::Upstream,
            Some(Attribution::Own | Attribution::Declared) => Kind::Own,
            None if instant.unknown().is_some() => Kind::Undetermined,
            None => Kind::Up,
        }
    }

    /// The segment that decides among those that overlap: an own one, else the one of the smallest line.
    fn effective(&self, instant: &Instant) -> Option<(u32, &Part)> {
        let parts = instant.segments.iter().map(|segment| (*segment, &self.parts[*segment as usize]));
        parts.min_by_key(|(segment, part)| (part.because_of(), *segment))
    }

    /// The first window of a kind that covers the instant.
    fn window(&self, instant: &Instant, kind: WindowKind) -> Option<u32> {
        let of_kind = |window: &u32| self.common.windows[*window as usize].kind == kind;
        if let Some(window) = instant.windows.iter().copied().filter(of_kind).min() {
            return Some(window);
        }
        if instant.attributed.is_empty() || !instant.declared.is_empty() {
            return None;
        }
        let (decides, _) = self.effective(instant)?;
        let covers = instant.attributed.iter().filter(|(segment, _)| *segment == decides).map(|(_, window)| *window);
        covers.filter(of_kind).min()
    }

    /// Whether somebody said that the line is down and nobody yet that it is not.
    pub fn still_declared(&self, instant: &Instant) -> bool {
        instant.declared.iter().any(|number| self.declared[*number as usize].1)
    }

    /// What a slice counts as, and by what.
    pub fn counted(&self, instant: &Instant, kind: Kind, history: &LineHistory) -> Counted {
        let record = |window: Option<u32>| window.map_or(0, |window| self.common.windows[window as usize].record);
        let outage =
            || self.effective(instant).map_or(OutageId(0), |(_, part)| history.outages[part.outage as usize].outage);
        match kind {
            Kind::Excluded => Counted::Excluded(record(self.window(instant, WindowKind::Excluded))),
            Kind::Planned => Counted::Planned(record(self.window(instant, WindowKind::Planned))),
            Kind::Declared => {
                Counted::Declared(instant.declared.iter().min().and_then(|number| self.declared[*number as usize].0))
            }
            Kind::Own => Counted::Own(outage()),
            Kind::Upstream => match self.effective(instant).and_then(|(_, part)| part.because_of()) {
                Some(above) => Counted::Upstream(outage(), above.clone()),
                None => Counted::Own(outage()),
            },
            Kind::Undetermined => instant.unknown().map_or(Counted::Up, Counted::Undetermined),
            Kind::Up => Counted::Up,
        }
    }
}

impl Part {
    fn because_of(&self) -> Option<&LineId> {
        match &self.attribution {
            Attribution::Upstream(above) => Some(above),
            Attribution::Own | Attribution::Declared => None,
        }
    }
}

impl Instant {
    fn pass(&mut self, edge: Edge) {
        match edge.layer {
            Layer::Cut => {}
            Layer::Row(row) if edge.begins => self.row = Some(row),
            Layer::Row(row) => self.row = self.row.filter(|now| *now != row),
            Layer::Window(window) => keep(&mut self.windows, window, edge.begins),
            Layer::Attributed { segment, window } => keep(&mut self.attributed, (segment, window), edge.begins),
            Layer::Declared(number) => keep(&mut self.declared, number, edge.begins),
            Layer::Segment(number) => keep(&mut self.segments, number, edge.begins),
            Layer::Unknown(why) => keep(&mut self.unknown, why, edge.begins),
            Layer::Bridge if edge.begins => self.bridges += 1,
            Layer::Bridge => self.bridges -= 1,
            Layer::Observed if edge.begins => self.observed += 1,
            Layer::Observed => self.observed -= 1,
        }
    }

    /// Why nobody knows; an import that observed the line knows, but not about what a correction took.
    fn unknown(&self) -> Option<Unknown> {
        let lasting = |why: &Unknown| matches!(why, Unknown::Corrected(_)) || self.observed == 0;
        self.unknown.iter().copied().filter(lasting).min()
    }

    /// Whether the line is down here when windows are ignored.
    pub fn is_down(&self) -> bool {
        !self.segments.is_empty() || !self.declared.is_empty()
    }
}

impl Outage {
    /// Up to where it is known to be down: its end; while open where its first gap begins, else where the line is
    /// certain, but at least up to its confirmation.
    pub(super) fn known_until(&self, certain_until: Timestamp) -> Timestamp {
        let confirmed = self.confirmed_at.unwrap_or(self.start);
        self.end.or(self.gap_from).unwrap_or(certain_until.max(confirmed)).max(self.start)
    }

    /// Whether it had not ended, and counts as it is recorded.
    pub(super) fn is_open(&self) -> bool {
        self.end.is_none() && self.correction.is_none()
    }
}

fn keep<T: PartialEq>(list: &mut Vec<T>, item: T, begins: bool) {
    if begins {
        list.push(item);
    } else if let Some(index) = list.iter().position(|held| *held == item) {
        list.swap_remove(index);
    }
}

fn take(edges: &mut &[Edge], first: &Edge) -> Edge {
    *edges = &edges[1..];
    *first
}

/// The parts of `span` before and after `other`, possibly empty.
fn outside(span: Span, other: Span) -> [Span; 2] {
    if other.is_empty() {
        return [span, Span::new(span.end, span.end)];
    }
    [Span::new(span.start, span.end.min(other.start)), Span::new(span.start.max(other.end), span.end)]
}

fn place(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
