//! The account of a line by the truth alone: what each stretch of a period counts as by the sentences of the design,
//! and how far the records may be from that. Nothing of the rollup's own code is used here.
//!
//! What is known of a line: when it was dead, itself or through a line above; when the monitor could not see; which
//! windows were agreed, and when they were entered. The rules, in short:
//!
//! - a window takes its own line's time, and of the lines below what is down because of that line;
//! - a dead line is down; a blind span within one dead span counts as down, any other is undetermined;
//! - down because of an ancestor that was dead first or at the same time, until that comes back; what lasts longer than
//!   the grace time after is the line's own from then on. What began earlier than the ancestor's stays its own.
//!
//! The records cannot know a dead span to the millisecond: each of their edges says how far it may be off, and short
//! dead spans are found only by luck. [`Slack`] adds up what they may differ by for such reasons, each named where it is
//! added.

use linewatch_core::line::LineId;
use linewatch_core::time::{Millis, Span, Timestamp};

use super::{Outage, PLAIN, Told, Window};

/// Milliseconds of a line, or of many, in a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Answers, as far as anybody can see.
    pub up: i64,
    /// Down on its own.
    pub own: i64,
    /// Down because of an ancestor.
    pub upstream: i64,
    /// Nobody sees.
    pub undetermined: i64,
    /// Agreed before it began.
    pub planned: i64,
    /// Taken out afterwards, with a second person's approval.
    pub excluded: i64,
}

/// How far the records may be from an [`Account`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slack {
    /// Of down time.
    pub down: i64,
    /// Of whose the down time is, beyond that.
    pub whose: i64,
    /// Of undetermined time.
    pub undetermined: i64,
    /// Of planned time.
    pub planned: i64,
}

impl Account {
    /// Down, whosever it is.
    pub fn down(&self) -> i64 {
        self.own + self.upstream
    }

    pub(super) fn add(&mut self, other: &Self) {
        let Self { up, own, upstream, undetermined, planned, excluded } = other;
        self.up += up;
        self.own += own;
        self.upstream += upstream;
        self.undetermined += undetermined;
        self.planned += planned;
        self.excluded += excluded;
    }
}

impl Slack {
    pub(super) fn add(&mut self, other: &Self) {
        let Self { down, whose, undetermined, planned } = other;
        self.down += down;
        self.whose += whose;
        self.undetermined += undetermined;
        self.planned += planned;
    }
}

/// What the truth says of one line.
pub(super) struct LineTruth<'a, 't> {
    told: &'a Told<'t>,
    line: &'t LineId,
    service: Span,
    dead: Vec<Span>,
    /// When any line above was dead.
    above: Vec<Span>,
    /// The parts of `dead` that are an ancestor's.
    upstream: Vec<Span>,
    /// Blind spans that count as down.
    bridged: Vec<Span>,
    /// Spans in which whose the down time is cannot be told.
    unclear: Vec<Span>,
}

impl<'a, 't> LineTruth<'a, 't> {
    pub fn of(told: &'a Told<'t>, line: &'t LineId, service: Span) -> Self {
        let dead: Vec<Span> = told.dead(line).into_iter().map(|dead| dead.clip(service)).collect();
        let above = told.ancestors(line).filter_map(|line| told.cuts.get(line)).flatten().copied().collect();
        let mut truth = Self {
            told,
            line,
            service,
            dead: dead.into_iter().filter(|dead| !dead.is_empty()).collect(),
            above: super::merged(above),
            upstream: Vec::new(),
            bridged: Vec::new(),
            unclear: Vec::new(),
        };
        truth.bridged = told.unseen.iter().copied().filter(|unseen| truth.bridges(*unseen)).collect();
        let mut before: Option<Span> = None;
        for dead in truth.dead.clone() {
            truth.attribute(dead);
            // Back for a moment only: seen or not, so that this may be a new failure or go on as the one before.
            if before.is_some_and(|before| dead.start - before.end <= PLAIN) {
                truth.unclear.push(dead);
            }
            before = Some(dead);
        }
        truth
    }

    /// Dead when sight was lost, and dead when it came back: nobody can know that it lived in between.
    fn bridges(&self, unseen: Span) -> bool {
        let at = |at: Timestamp| self.dead.iter().any(|dead| dead.contains(at));
        at(unseen.start - Millis(1)) && at(unseen.end)
    }

    fn attribute(&mut self, dead: Span) {
        let grace = self.told.policy.grace;
        let within: Vec<Span> = self.above.iter().copied().filter(|above| !above.clip(dead).is_empty()).collect();
        let Some(first) = within.first().copied() else { return };
        if dead.start + PLAIN < first.start {
            // Its own failure was first, and one outage is one failure.
            return;
        }
        // An ancestor that comes back for less than the grace time answers as if it had been down all along.
        let mut back = first.end;
        for above in &within[1..] {
            if above.start <= back + grace {
                back = above.end;
            }
        }
        let stayed = dead.end - back;
        let end = if stayed > grace { back } else { dead.end };
        self.upstream.push(Span::new(dead.start.max(first.start), end));
        // Whether an ancestor down for a moment was seen to be, which of two was first when they fell together closely,
        // and on which side of the grace time a return lies, may come out either way; and so may everything else while
        // the monitor could not see.
        let brief = within.iter().any(|above| above.length() < PLAIN);
        let together = dead.start < first.start;
        let edge = |at: Timestamp| self.told.is_disturbed(Span::new(at - PLAIN, at + grace + PLAIN));
        if brief || together || edge(dead.start) || edge(back) {
            self.unclear.push(dead);
        } else if (stayed - grace).0.abs() <= PLAIN.0 || within.len() > 1 {
            self.unclear.push(Span::new(first.end.min(dead.end), dead.end));
        }
    }

    /// The account of a period.
    pub fn account(&self, period: Span) -> Account {
        let period = period.clip(self.service);
        let mut account = Account::default();
        if period.is_empty() {
            return account;
        }
        let windows = self.windows();
        let spans = self.dead.iter().chain(&self.told.unseen).chain(&self.upstream).copied();
        let agreed = windows.iter().flat_map(|(window, _)| [window.planned, window.excluded]);
        let mut edges: Vec<Timestamp> = spans.chain(agreed).flat_map(|span| [span.start, span.end]).collect();
        edges.extend([period.start, period.end]);
        edges.retain(|at| period.start <= *at && *at <= period.end);
        edges.sort_unstable();
        edges.dedup();
        for pair in edges.windows(2) {
            let (at, length) = (pair[0], (pair[1] - pair[0]).0);
            let inside = |spans: &[Span]| spans.iter().any(|span| span.contains(at));
            let unseen = inside(&self.told.unseen) && !inside(&self.bridged);
            let down = !unseen && (inside(&self.dead) || inside(&self.bridged));
            let upstream = down && inside(&self.upstream);
            let covers = |(_, own): &&(&Window<'_>, bool)| *own || upstream;
            let mut covering = windows.iter().filter(covers).map(|(window, _)| *window);
            let into = if covering.clone().any(|window| window.excluded.contains(at)) {
                &mut account.excluded
            } else if covering.any(|window| window.planned.contains(at)) {
                &mut account.planned
            } else if unseen {
                &mut account.undetermined
            } else if upstream {
                &mut account.upstream
            } else if down {
                &mut account.own
            } else {
                &mut account.up
            };
            *into += length;
        }
        account
    }

    /// Windows on the line itself, and those on a line above that it is cut off by.
    fn windows(&self) -> Vec<(&'a Window<'t>, bool)> {
        let above: Vec<&LineId> = self.told.ancestors(self.line).collect();
        let own = |window: &Window<'t>| window.line == self.line;
        let all = self.told.windows.iter().filter(|window| own(window) || above.contains(&window.line));
        all.map(|window| (window, own(window))).collect()
    }

    /// How far the records, with these outages of the line, may be off in a period.
    pub fn slack(&self, period: Span, outages: &[&Outage]) -> Slack {
        let mut slack = Slack::default();
        let within = |span: Span| span.clip(period).clip(self.service);
        let felt = self.told.felt;
        let (certain, settled) = (self.told.certain(self.line), self.told.certain(self.line) + felt);
        // The edges of each outage, as far as it says itself.
        for outage in outages.iter().filter(|outage| !within(outage.span()).is_empty()) {
            let row = &outage.row;
            slack.down += row.last_reply.map_or(felt, |reply| row.start - reply).0;
            slack.down += row.end.map_or(Millis::ZERO, |end| end.end - end.last_loss).0;
            // Of losses by chance alone.
            if !self.dead.iter().any(|dead| dead.start < outage.span().end && outage.row.start < dead.end + felt) {
                slack.down += within(outage.span()).length().0;
                // What nobody sees within counts as down with it.
                let unseen = self.told.unseen.iter().map(|unseen| unseen.clip(within(outage.span())).length().0);
                slack.undetermined += unseen.sum::<i64>();
            }
        }
        for dead in self.dead.iter().filter(|dead| !within(**dead).is_empty()) {
            // Too short to be found for certain.
            if dead.length() <= certain {
                slack.down += within(*dead).length().0;
            }
        }
        for pair in self.dead.windows(2) {
            // A line that comes back for a moment may not be seen to, or chance may lose a probe meanwhile.
            let between = Span::new(pair[0].end, pair[1].start);
            if between.length() <= PLAIN {
                slack.down += within(between).length().0;
            }
        }
        for unseen in &self.told.unseen {
            let around = Span::new(unseen.start - settled, unseen.end + settled);
            if within(around).is_empty() {
                continue;
            }
            // Blind until the next answer, and from the last one on.
            slack.undetermined += felt.0 * 2;
            let edge = |at: Timestamp| around.contains(at);
            if unseen.length() <= felt {
                slack.undetermined += unseen.length().0;
            }
            if self.dead.iter().any(|dead| edge(dead.start) || edge(dead.end)) {
                // What was not confirmed before sight was lost is forgotten, what ended meanwhile ended with sight.
                slack.down += within(around).length().0;
                slack.undetermined += within(around).length().0;
            } else if self.dead.iter().any(|dead| dead.contains(unseen.start)) {
                slack.down += felt.0 * 2;
            }
        }
        // What is down for an ancestor's sake is planned with that ancestor's window, and edges shift with those.
        slack.planned = self.windows().into_iter().filter(|(_, own)| !own).fold(0, |sum, (window, _)| {
            let agreed =
                Span::new(window.planned.start.min(window.excluded.start), window.planned.end.max(window.excluded.end));
            let touched = self.dead.iter().any(|dead| !dead.clip(agreed).clip(period).is_empty());
            let unclear = self.unclear.iter().map(|span| span.clip(agreed).clip(period).length().0).sum::<i64>();
            sum + unclear + if touched { felt.0 * 4 } else { 0 }
        });
        slack.down += slack.planned;
        slack.whose = self.unclear.iter().map(|span| within(*span).length().0).sum();
        slack
    }
}
