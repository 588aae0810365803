//! The oracle: asks of every single millisecond what it counts as, by the sentences of the design, and adds up. It
//! shares nothing with the code under test but the types of its input; slow on purpose.

use std::collections::{BTreeMap, BTreeSet};

use linewatch_core::ledger::LineRow;
use linewatch_core::line::LineId;
use linewatch_core::record::{Attribution, OutageId, Scope};
use linewatch_core::rollup::{Common, Declared, LineHistory, Outage, Window, WindowKind};
use linewatch_core::time::{Span, Timestamp};

/// All that happens lies in `[-REACH, REACH)` around the middle.
pub const REACH: i64 = 110;

/// What the oracle is told.
pub struct World<'a> {
    pub common: &'a Common,
    pub rows: &'a [LineRow],
    /// The instant that the times are around.
    pub middle: i64,
    /// The months that the period touches, as spans.
    pub months: Vec<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Is {
    Excluded,
    Planned,
    Declared,
    Own,
    Upstream,
    Undetermined,
    Up,
}

impl Is {
    fn down(self) -> bool {
        matches!(self, Self::Declared | Self::Own | Self::Upstream)
    }
}

/// An outage found by looking.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    pub start: i64,
    pub end: i64,
    pub open: bool,
    pub delay: Option<i64>,
}

/// Everything that is compared, by name.
pub type Sums = BTreeMap<&'static str, i128>;

impl World<'_> {
    pub fn instants(&self) -> impl Iterator<Item = i64> + use<> {
        self.middle - REACH..self.middle + REACH
    }

    /// The row in force: of those that hold, the one with the latest beginning.
    pub fn row(&self, line: &LineId, t: i64) -> Option<&LineRow> {
        let mine = self.rows.iter().filter(|row| row.line.id == *line && row.from.0 <= t);
        mine.max_by_key(|row| row.from).filter(|row| row.until.is_none_or(|until| t < until.0))
    }

    pub fn serving(&self, line: &LineId, t: i64) -> Option<&LineRow> {
        self.row(line, t).filter(|row| row.line.in_service(Timestamp(t)))
    }

    fn named(&self, line: &LineId, t: i64) -> Option<LineId> {
        self.row(line, t)?.line.upstream.clone()
    }

    /// The upstream that counts: in a loop the smallest member has none.
    fn parent(&self, line: &LineId, t: i64) -> Option<LineId> {
        let mut walked = Vec::new();
        let mut at = self.named(line, t);
        while let Some(here) = at.filter(|here| !walked.contains(here)) {
            walked.push(here.clone());
            at = self.named(&here, t);
        }
        let in_loop = walked.contains(line);
        // Once round from the line: the walk up to and with the line itself.
        let round = walked.iter().take_while(|member| *member != line).all(|member| line < member);
        if in_loop && round { None } else { self.named(line, t) }
    }

    fn ancestors(&self, line: &LineId, t: i64) -> Vec<LineId> {
        std::iter::successors(self.parent(line, t), |above| self.parent(above, t)).collect()
    }

    fn scope_holds(&self, window: &Window, line: &LineId, t: i64) -> bool {
        match &window.scope {
            Scope::All => true,
            Scope::Line(one) => one == line,
            Scope::Trunk(trunk) => trunk == line || self.ancestors(line, t).contains(trunk),
            Scope::Class(class) => self.row(line, t).is_some_and(|row| row.line.class == *class),
            Scope::Township(township) => self.row(line, t).is_some_and(|row| row.line.township == *township),
        }
    }

    fn certain_until(&self, line: &LineId) -> i64 {
        let horizon = self.common.evidence.horizon.0;
        self.common.evidence.waiting.get(line).map_or(horizon, |waiting| horizon.min(waiting.0))
    }

    fn known_until(&self, history: &LineHistory, outage: &Outage) -> i64 {
        match (outage.end, outage.gap_from) {
            (Some(end), _) => end.0,
            (None, Some(gap)) => gap.0,
            (None, None) => {
                self.certain_until(&history.line).max(outage.confirmed_at.map_or(i64::MIN, |confirmed| confirmed.0))
            }
        }
    }

    fn recorded(&self, history: &LineHistory, outage: &Outage, t: i64) -> bool {
        outage.start.0 <= t && t < self.known_until(history, outage)
    }

    fn accepted(outage: &Outage, t: i64) -> bool {
        outage.correction.is_none_or(|correction| correction.counts.is_some_and(|span| span.contains(Timestamp(t))))
    }

    /// Whether an outage counts at an instant, and to whom its time goes.
    fn attribution<'a>(&self, history: &LineHistory, outage: &'a Outage, t: i64) -> Option<&'a Attribution> {
        if !self.recorded(history, outage, t) || !Self::accepted(outage, t) {
            return None;
        }
        let mut found = outage.segments.first().map_or(&Attribution::Own, |first| &first.attribution);
        for segment in outage.segments.iter().skip(1) {
            if segment.from.0 <= t {
                found = &segment.attribution;
            }
        }
        Some(found)
    }

    fn declared(&self, history: &LineHistory, t: i64) -> bool {
        let until = self.common.counted().end.0;
        let said = |declared: &Declared| declared.from.0 <= t && t < declared.until.map_or(until, |end| end.0);
        history.declared.iter().any(said)
            || history.outages.iter().any(|outage| {
                let added =
                    outage.correction.is_some() && Self::accepted(outage, t) && !self.recorded(history, outage, t);
                added || self.attribution(history, outage, t) == Some(&Attribution::Declared)
            })
    }

    /// To whom observed down time goes: to the line if any outage says so, else to the smallest ancestor named.
    #[expect(clippy::option_option, reason = "nobody, the line itself, or another: in this order")]
    fn blamed(&self, history: &LineHistory, t: i64) -> Option<Option<LineId>> {
        let all = history.outages.iter().filter_map(|outage| self.attribution(history, outage, t));
        all.map(|attribution| match attribution {
            Attribution::Own | Attribution::Declared => None,
            Attribution::Upstream(above) => Some(above.clone()),
        })
        .min()
    }

    fn covered(&self, history: &LineHistory, t: i64, kind: WindowKind) -> bool {
        let because = if self.declared(history, t) { None } else { self.blamed(history, t).flatten() };
        self.common.windows.iter().any(|window| {
            window.kind == kind
                && window.span.contains(Timestamp(t))
                && (self.scope_holds(window, &history.line, t)
                    || because.as_ref().is_some_and(|above| self.scope_holds(window, above, t)))
        })
    }

    fn unknown(&self, history: &LineHistory, t: i64) -> bool {
        let at = Timestamp(t);
        let taken = history.outages.iter().any(|outage| {
            outage.correction.is_some() && self.recorded(history, outage, t) && !Self::accepted(outage, t)
        });
        let evidence = &self.common.evidence;
        let unseen = t < evidence.begin.0
            || t >= self.certain_until(&history.line)
            || evidence.gaps.iter().chain(&history.gaps).any(|gap| gap.span.contains(at));
        let seen_by_others = evidence.observed.iter().chain(&history.observed).any(|span| span.contains(at));
        taken || (unseen && !seen_by_others)
    }

    /// What a millisecond in service counts as: all told, without exclusions, without any window.
    pub fn is(&self, history: &LineHistory, t: i64) -> Option<[Is; 3]> {
        self.serving(&history.line, t)?;
        let gross = if self.declared(history, t) {
            Is::Declared
        } else if let Some(blamed) = self.blamed(history, t) {
            if blamed.is_none() { Is::Own } else { Is::Upstream }
        } else if self.unknown(history, t) {
            Is::Undetermined
        } else {
            Is::Up
        };
        let unexcluded = if self.covered(history, t, WindowKind::Planned) { Is::Planned } else { gross };
        let counted = if self.covered(history, t, WindowKind::Excluded) { Is::Excluded } else { unexcluded };
        Some([counted, unexcluded, gross])
    }

    fn bridged(&self, history: &LineHistory, t: i64) -> bool {
        history.outages.iter().any(|outage| {
            self.recorded(history, outage, t)
                && Self::accepted(outage, t)
                && outage.bridged.iter().any(|gap| gap.contains(Timestamp(t)))
        })
    }

    /// Outages of a line: runs of milliseconds in which it is down when windows are ignored.
    pub fn outages(&self, history: &LineHistory) -> Vec<Found> {
        let down = |t: i64| self.is(history, t).is_some_and(|[_, _, gross]| gross.down());
        let mut runs: Vec<(i64, i64)> = Vec::new();
        for t in self.instants().filter(|t| down(*t)) {
            match runs.last_mut() {
                Some((_, end)) if *end == t => *end = t + 1,
                _ => runs.push((t, t + 1)),
            }
        }
        runs.into_iter().filter_map(|(begin, end)| self.found(history, begin, end)).collect()
    }

    fn found(&self, history: &LineHistory, begin: i64, end: i64) -> Option<Found> {
        let counts = |t: &i64| self.is(history, *t).is_some_and(|[counted, ..]| counted.down());
        let start = (begin..end).find(counts)?;
        let inside: Vec<&Outage> = history
            .outages
            .iter()
            .filter(|outage| (begin..end).any(|t| self.attribution(history, outage, t).is_some()))
            .collect();
        let lasting = |outage: &&&Outage| outage.end.is_none() && outage.correction.is_none();
        let until = self.common.counted().end.0;
        let unended = |said: &Declared| said.until.is_none() && (begin..end).any(|t| said.from.0 <= t && t < until);
        let lasts = (end >= until && history.declared.iter().any(unended))
            || inside.iter().filter(lasting).any(|outage| end >= self.known_until(history, outage));
        let open = lasts && (end..until).all(|t| self.serving(&history.line, t).is_some());
        let first = inside.iter().min_by_key(|outage| (outage.start, outage.outage));
        let delay = first.and_then(|outage| Some(outage.confirmed_at?.0 - outage.start.0));
        Some(Found { start, end, open, delay })
    }

    /// Adds one line up over `within`, for the milliseconds whose row `belongs`.
    pub fn sums(&self, history: &LineHistory, within: Span, belongs: &dyn Fn(&LineRow) -> bool) -> Sums {
        let mut sums = Sums::new();
        let mut add = |name: &'static str, by: i128| *sums.entry(name).or_default() += by;
        for t in within.start.0..within.end.0 {
            let Some([counted, unexcluded, gross]) = self.is(history, t) else { continue };
            if !self.serving(&history.line, t).is_some_and(belongs) {
                continue;
            }
            add("in_service", 1);
            add(
                match counted {
                    Is::Excluded => "excluded",
                    Is::Planned => "planned_only",
                    Is::Declared => "declared",
                    Is::Own => "own",
                    Is::Upstream => "upstream",
                    Is::Undetermined => "undetermined",
                    Is::Up => "up",
                },
                1,
            );
            add("bridged", i128::from(counted.down() && self.bridged(history, t)));
            add("up_unexcluded", i128::from(unexcluded == Is::Up));
            add("down_unexcluded", i128::from(unexcluded.down()));
            add("up_gross", i128::from(gross == Is::Up));
            add("down_gross", i128::from(gross.down()));
        }
        sums
    }

    /// Rows of a line in service within a span, in order, each once.
    pub fn served(&self, line: &LineId, within: Span) -> Vec<&LineRow> {
        let mut seen = BTreeSet::new();
        let serving = (within.start.0..within.end.0).filter_map(|t| self.serving(line, t));
        serving.filter(|row| seen.insert(row.from)).collect()
    }

    /// Rent of the rows that `belongs` accepts: per row and month, rounded to the fen.
    pub fn rent(&self, line: &LineId, within: Span, belongs: &dyn Fn(&LineRow) -> bool) -> Option<i128> {
        let mut rent = None;
        for row in self.served(line, within).into_iter().filter(|row| belongs(row)) {
            let Some(fen) = row.line.rent_fen_month else { continue };
            for month in &self.months {
                let inside = |t: &i64| {
                    month.contains(Timestamp(*t)) && self.serving(line, *t).is_some_and(|now| now.from == row.from)
                };
                let days = (within.start.0..within.end.0).filter(inside).count() as i128;
                if days > 0 {
                    let whole = i128::from(month.end.0 - month.start.0);
                    // To the nearest: the quotient, and one more if the rest is half or more.
                    let due = i128::from(fen) * days;
                    *rent.get_or_insert(0) += due / whole + i128::from((due % whole) * 2 >= whole);
                }
            }
        }
        rent
    }
}

/// The place of an outage's record, for building cases.
pub fn number(number: usize) -> OutageId {
    OutageId(100 + number as u64)
}
