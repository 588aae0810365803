//! One year of a district, drawn from a seed: who is cut when, and what happens to the monitor.

use std::collections::BTreeMap;

use super::random::{Random, scaled};
use super::rates::Rates;
use crate::line::{ClassName, Line};
use crate::outcome::UnsentCause;
use crate::time::{Millis, Span, Timestamp};

/// Rates are per so long.
const YEAR: Millis = Millis::from_secs(365 * 86_400);
/// Between two things that happen to the monitor itself lies this at least, so that each can be told from the next.
const APART: Millis = Millis::from_secs(900);

/// A line as far as chance is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its class.
    pub class: ClassName,
    /// Its township; empty when it has none.
    pub township: String,
    /// The place of its upstream among all.
    pub upstream: Option<usize>,
}

impl Place {
    /// Places of all lines, in their order.
    pub fn of(lines: &[Line]) -> Vec<Self> {
        let numbers: BTreeMap<_, _> = lines.iter().map(|line| &line.id).zip(0..).collect();
        let place = |line: &Line| Self {
            class: line.class.clone(),
            township: line.township.as_str().to_owned(),
            upstream: line.upstream.as_ref().and_then(|id| numbers.get(id).copied()),
        };
        lines.iter().map(place).collect()
    }
}

/// Why a line is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The fibre or a device at its end is broken.
    Broken,
    /// No mains.
    Power,
    /// A modem that comes and goes.
    Modem,
    /// Agreed work.
    Maintenance,
}

impl Cause {
    /// As written into the truth.
    pub fn label(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Power => "power",
            Self::Modem => "modem",
            Self::Maintenance => "maintenance",
        }
    }
}

/// A line is dead, and all that is reached through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Place of the line.
    pub line: usize,
    /// Probes sent within are lost.
    pub span: Span,
    /// Why.
    pub cause: Cause,
    /// Cuts of one happening have one number.
    pub happening: u32,
}

/// A span in which the monitor's own side fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnSide {
    /// When.
    pub span: Span,
    /// What sending comes to; `None`: probes are sent and nothing comes back.
    pub unsent: Option<UnsentCause>,
}

/// A span in which a line loses probes by chance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rough {
    /// Place of the line.
    pub line: usize,
    /// When.
    pub span: Span,
    /// Share of probes lost.
    pub share: f64,
}

/// What happens to the monitor's process and clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// It stops and is started again.
    Stop {
        /// With a last checkpoint, or without a word.
        clean: bool,
        /// Started again.
        until: Timestamp,
    },
    /// Its machine stands still.
    Stall {
        /// Goes on.
        until: Timestamp,
    },
    /// Its clock is set by so much.
    ClockStep(Millis),
}

/// Everything that happens, by true time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Happenings {
    /// By start.
    pub cuts: Vec<Cut>,
    /// By start, apart from one another.
    pub own_side: Vec<OwnSide>,
    /// Agreed windows: place of the line and span. The cuts of the work are among `cuts`.
    pub windows: Vec<(usize, Span)>,
    /// By line and start.
    pub rough: Vec<Rough>,
    /// The next probe of the line after the instant is lost.
    pub strays: Vec<(usize, Timestamp)>,
    /// By time, apart from one another and from `own_side`.
    pub ops: Vec<(Timestamp, Op)>,
}

impl Happenings {
    /// What happens at these places within a span.
    pub fn draw(seed: u64, rates: &Rates, places: &[Place], span: Span) -> Self {
        let mut drawing = Drawing { seed, rates, places, span, years: years(span), all: Self::default(), number: 0 };
        drawing.broken();
        drawing.power();
        drawing.modems();
        drawing.maintenance();
        drawing.losses();
        drawing.monitor();
        drawing.all.cuts.sort_by_key(|cut| (cut.span.start, cut.line));
        drawing.all
    }
}

#[expect(clippy::cast_precision_loss, reason = "lengths of years fit in 53 bits")]
fn years(span: Span) -> f64 {
    span.length().0 as f64 / YEAR.0 as f64
}

struct Drawing<'a> {
    seed: u64,
    rates: &'a Rates,
    places: &'a [Place],
    span: Span,
    years: f64,
    all: Happenings,
    number: u32,
}

impl Drawing<'_> {
    fn next_number(&mut self) -> u32 {
        self.number += 1;
        self.number
    }

    fn cut(&mut self, line: usize, start: Timestamp, length: Millis, cause: Cause, happening: u32) {
        let span = Span::new(start, (start + length).min(self.span.end));
        if !span.is_empty() {
            self.all.cuts.push(Cut { line, span, cause, happening });
        }
    }

    fn broken(&mut self) {
        for (line, place) in self.places.iter().enumerate() {
            let cuts = self.rates.cuts_of(&place.class);
            let mut random = Random::new(self.seed, &format!("broken {line}"));
            for start in random.instants(self.span, cuts.per_line * self.years) {
                let brief = random.chance(cuts.brief);
                let length = if brief { random.length(Millis::from_secs(90)) } else { random.length(cuts.repair) };
                let number = self.next_number();
                self.cut(line, start, length, Cause::Broken, number);
            }
        }
    }

    fn power(&mut self) {
        let mut townships: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (line, place) in self.places.iter().enumerate().filter(|(_, place)| !place.township.is_empty()) {
            townships.entry(&place.township).or_default().push(line);
        }
        let power = self.rates.power;
        for (township, lines) in townships {
            let mut random = Random::new(self.seed, &format!("power {township}"));
            for start in random.instants(self.span, power.per_township * self.years) {
                let number = self.next_number();
                let end = start + random.length(power.length);
                for line in &lines {
                    if !random.chance(power.share) {
                        continue;
                    }
                    // Switches start up one after the other when the mains come back; a few have a battery for a while.
                    let battery =
                        if random.chance(0.2) { random.length(Millis::from_secs(1200)) } else { Millis::ZERO };
                    let boot = random.length(Millis::from_secs(60));
                    self.cut(*line, start + battery, end + boot - (start + battery), Cause::Power, number);
                }
            }
        }
    }

    fn modems(&mut self) {
        let modem = self.rates.modem;
        let mut random = Random::new(self.seed, "modem");
        for start in random.instants(self.span, modem.episodes * self.years) {
            let line = random.below(self.places.len());
            let number = self.next_number();
            let end = start + random.length(modem.length);
            let mut at = start;
            while at < end && !self.places.is_empty() {
                let down = random.length(modem.down);
                self.cut(line, at, down, Cause::Modem, number);
                at = at + down + random.length(modem.up);
            }
        }
    }

    fn maintenance(&mut self) {
        let work = self.rates.maintenance;
        let mut random = Random::new(self.seed, "maintenance");
        for start in random.instants(self.span, work.windows * self.years) {
            let line = random.below(self.places.len());
            let window = Span::new(start, start + random.length(work.length));
            if self.places.is_empty() || window.end >= self.span.end {
                continue;
            }
            let number = self.next_number();
            self.all.windows.push((line, window));
            let begins = start + scaled(window.length(), 0.3 * random.unit());
            let overruns = random.chance(work.overrun);
            let length = scaled(window.end - begins, if overruns { 1.0 + random.unit() } else { 0.9 * random.unit() });
            self.cut(line, begins, length, Cause::Maintenance, number);
        }
        self.all.windows.sort_by_key(|(line, window)| (window.start, *line));
    }

    fn losses(&mut self) {
        let loss = self.rates.loss;
        let days = self.years * 365.0;
        for line in 0..self.places.len() {
            let mut random = Random::new(self.seed, &format!("stray {line}"));
            let strays = random.instants(self.span, loss.stray_per_line_day * days);
            self.all.strays.extend(strays.into_iter().map(|at| (line, at)));
        }
        let mut random = Random::new(self.seed, "congestion");
        for start in random.instants(self.span, loss.congestions * self.years) {
            let line = random.below(self.places.len());
            let span = Span::new(start, (start + random.length(loss.length)).min(self.span.end));
            if !self.places.is_empty() {
                self.all.rough.push(Rough { line, span, share: loss.share });
            }
        }
        self.all.rough.sort_by_key(|rough| (rough.line, rough.span.start));
    }

    /// Things that happen to the monitor are drawn on their own and those too near an earlier one left out.
    fn monitor(&mut self) {
        let rates = self.rates.monitor;
        let mut random = Random::new(self.seed, "monitor");
        let mut ends = Vec::new();
        let mut drawn = Vec::new();
        let kinds = [rates.restarts, rates.crashes, rates.blind, rates.stalls, rates.clock_steps];
        for (kind, rate) in kinds.into_iter().enumerate() {
            let instants = random.instants(self.span, rate * self.years);
            drawn.extend(instants.into_iter().map(|at| (at, kind)));
        }
        drawn.sort_unstable();
        for (at, kind) in drawn {
            let free = ends.last().is_none_or(|end| at > *end + APART);
            if !free || at < self.span.start + APART || at + APART > self.span.end {
                continue;
            }
            let until = |length: Millis| (at + length).min(self.span.end - APART);
            let end = match kind {
                0 | 1 => {
                    let until = until(random.length(rates.stopped));
                    self.all.ops.push((at, Op::Stop { clean: kind == 0, until }));
                    until
                }
                2 => {
                    let span = Span::new(at, until(random.length(rates.blind_length)));
                    let unsent = random.chance(0.4).then_some(UnsentCause::InterfaceDown);
                    self.all.own_side.push(OwnSide { span, unsent });
                    span.end
                }
                3 => {
                    let until = until(random.length(rates.stall_length));
                    self.all.ops.push((at, Op::Stall { until }));
                    until
                }
                _ => {
                    let by = random.length(rates.step);
                    self.all.ops.push((at, Op::ClockStep(if random.chance(0.5) { by } else { Millis(-by.0) })));
                    at + by
                }
            };
            ends.push(end);
        }
    }
}
