//! A wire that is none: a simulated district answers, for whoever wants to see outages and faults without a network.
//!
//! The district lives `speed` times as fast as the clock: what takes it an hour takes an hour / `speed` here, cuts and
//! repairs alike. The watch does not: probes, timeouts, confirmation and deadlines go by the clock, so that pages,
//! Prometheus and Grafana agree with one another about the time. Of a cut that lasts for seconds in the district nothing
//! is seen at a high speed. What happens to the monitor's own side keeps its length.
//!
//! One year of the district follows the other, each drawn from the next seed. The first begins shortly before a cut that
//! lasts, so that nobody waits for hours for something to happen.

use std::collections::HashMap;
use std::time::Duration;

use linewatch_core::line::{Line, ProbeMethod};
use linewatch_core::outcome::{Outcome, UnsentCause};
use linewatch_core::simulated::{Cut, Happenings, Place, Random, Rates, World};
use linewatch_core::time::{Elapsed, Millis, Span, Timestamp};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::{Endpoint, OpenError, ProbeRequest, ProbeResult, Prober, Target};

/// A year of the district.
const YEAR: Millis = Millis::from_secs(365 * 86_400);
/// By the clock: the first cut comes so long after the start.
const BEFORE_THE_FIRST: Millis = Millis::from_secs(10);
/// By the clock: so long it lasts at least.
const THE_FIRST_LASTS: Millis = Millis::from_secs(120);

/// A district that answers in the place of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct District {
    /// The same seed, the same years.
    pub seed: u64,
    /// How often what happens in it.
    pub rates: Rates,
    /// How many times as fast as the clock it lives.
    pub speed: u32,
}

/// What happens in a year of a district, by the clock, as far as people have to do with it.
#[derive(Clone, Debug)]
pub struct Timetable {
    /// From the beginning of the year, or of the watch, to its end.
    pub span: Span,
    /// Cuts.
    pub cuts: Vec<Cut>,
    /// Agreed windows: place of the line and span.
    pub windows: Vec<(usize, Span)>,
}

impl District {
    /// What happens in a year of it, from 0, by a clock that showed `began` when the district was opened.
    pub fn timetable(&self, lines: &[Line], number: u32, began: Timestamp) -> Timetable {
        let places = Place::of(lines);
        let whole = |number: u32| {
            let start = Timestamp(0) + YEAR * i64::from(number);
            Span::new(start, start + YEAR)
        };
        let origin = shortly_before(&year(self, &places, 0, whole(0)), self.speed);
        let shown = |at: Timestamp| began + Millis((at - origin).0.div_euclid(i64::from(self.speed)));
        let by_the_clock = |span: Span| Span::new(shown(span.start), shown(span.end));
        let happenings = year(self, &places, number, whole(number));
        let cuts = happenings.cuts.into_iter().map(|cut| Cut { span: by_the_clock(cut.span), ..cut });
        let windows = happenings.windows.into_iter().map(|(line, window)| (line, by_the_clock(window)));
        let span = by_the_clock(whole(number));
        Timetable {
            span: Span::new(span.start.max(began), span.end),
            cuts: cuts.filter(|cut| cut.span.end > began).collect(),
            windows: windows.filter(|(_, window)| window.start > began).collect(),
        }
    }
}

/// Answers by the fates of a district.
pub struct DistrictEngine {
    district: District,
    lines: Vec<Place>,
    references: usize,
    known: HashMap<(String, ProbeMethod), usize>,
    /// Which year, and its span in the district's time, which begins at 0.
    year: u32,
    span: Span,
    world: World,
    /// The district's time when the engine was opened, and when that was.
    origin: Timestamp,
    opened: Elapsed,
    elapsed: fn() -> Elapsed,
    targets: Vec<Option<usize>>,
    /// District's time of the last probe, by place.
    previous: Vec<Option<Timestamp>>,
    jitter: Random,
    results: mpsc::UnboundedSender<ProbeResult>,
    runtime: Handle,
}

impl DistrictEngine {
    /// Opens the district of these lines and references; call it within a tokio runtime.
    ///
    /// # Errors
    /// Outside a runtime.
    pub fn open(
        district: District,
        lines: &[Line],
        references: &[String],
        elapsed: fn() -> Elapsed,
    ) -> Result<(Self, mpsc::UnboundedReceiver<ProbeResult>), OpenError> {
        let runtime = Handle::try_current().map_err(|_| OpenError::NoRuntime)?;
        let (results, inbox) = mpsc::unbounded_channel();
        let own = lines.iter().map(|line| (line.address.clone(), line.probe));
        let others = references.iter().map(|address| (address.clone(), ProbeMethod::Icmp));
        let known: HashMap<_, _> = own.chain(others).zip(0..).collect();
        let places = Place::of(lines);
        let span = Span::new(Timestamp(0), Timestamp(0) + YEAR);
        let happenings = year(&district, &places, 0, span);
        let world = World::new(district.seed, &places, references.len(), &happenings);
        let origin = shortly_before(&happenings, district.speed);
        let engine = Self {
            origin,
            // What was lost by chance before the start is nobody's loss.
            previous: vec![Some(origin); lines.len() + references.len()],
            jitter: Random::new(district.seed, "jitter"),
            district,
            lines: places,
            references: references.len(),
            known,
            year: 0,
            span,
            world,
            opened: elapsed(),
            elapsed,
            targets: Vec::new(),
            results,
            runtime,
        };
        Ok((engine, inbox))
    }

    /// The district's time at an instant of the clock, by its years.
    fn time(&mut self, now: Elapsed) -> Timestamp {
        let at = self.origin + Millis(now.0 - self.opened.0) * i64::from(self.district.speed);
        while at >= self.span.end {
            self.year += 1;
            self.span = Span::new(self.span.end, self.span.end + YEAR);
            let happenings = year(&self.district, &self.lines, self.year, self.span);
            self.world = World::new(self.district.seed, &self.lines, self.references, &happenings);
        }
        at
    }

    fn fate(&mut self, target: Target, now: Elapsed, timeout: Millis) -> (Outcome, Millis) {
        let at = self.time(now);
        let Some(place) = self.targets.get(target as usize).copied().flatten() else {
            // An address that the district did not have when it was opened.
            return (Outcome::Unsent(UnsentCause::Unresolved), Millis::ZERO);
        };
        let fate = self.world.fate(place, self.previous[place].replace(at), at);
        let outcome = match fate.outcome {
            // Up to a fifth more, so that a curve looks like one.
            Outcome::Reply { rtt_us } => {
                let more = u32::try_from(self.jitter.below(rtt_us as usize / 5 + 1)).unwrap_or_default();
                Outcome::Reply { rtt_us: rtt_us + more }
            }
            other @ (Outcome::Loss(_) | Outcome::Unsent(_)) => other,
        };
        (outcome, fate.after.unwrap_or(timeout).min(timeout))
    }
}

impl Prober for DistrictEngine {
    fn assign(&mut self, target: Target, endpoint: Option<Endpoint>) {
        let place = target as usize;
        if place >= self.targets.len() {
            self.targets.resize(place + 1, None);
        }
        self.targets[place] = endpoint.and_then(|at| self.known.get(&(at.address, at.method)).copied());
    }

    fn send(&mut self, request: ProbeRequest) {
        let now = (self.elapsed)();
        let ProbeRequest { target, token, timeout } = request;
        let timeout = Millis(i64::try_from(timeout.as_millis()).unwrap_or(i64::MAX));
        let (outcome, after) = self.fate(target, now, timeout);
        let results = self.results.clone();
        let after = Duration::from_millis(u64::try_from(after.0).unwrap_or_default());
        self.runtime.spawn(async move {
            tokio::time::sleep(after).await;
            // Nobody listens any more only when the daemon has stopped.
            let _ = results.send(ProbeResult { target, token, sent: now, outcome });
        });
    }
}

/// What happens in a year of the district.
fn year(district: &District, places: &[Place], year: u32, span: Span) -> Happenings {
    let mut happenings = Happenings::draw(district.seed.wrapping_add(u64::from(year)), &district.rates, places, span);
    for side in &mut happenings.own_side {
        side.span.end = side.span.start + side.span.length() * i64::from(district.speed);
    }
    happenings
}

/// Some seconds of the clock before the first cut that lasts, or else the longest one.
fn shortly_before(happenings: &Happenings, speed: u32) -> Timestamp {
    let speed = i64::from(speed);
    let lasts = |length: Millis| length >= THE_FIRST_LASTS * speed;
    let longest = || happenings.cuts.iter().max_by_key(|cut| cut.span.length());
    let first = happenings.cuts.iter().find(|cut| lasts(cut.span.length())).or_else(longest);
    first.map_or(Timestamp(0), |cut| (cut.span.start - BEFORE_THE_FIRST * speed).max(Timestamp(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clock that a test moves, in milliseconds.
    static NOW: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);

    fn now() -> Elapsed {
        Elapsed(NOW.load(std::sync::atomic::Ordering::SeqCst))
    }

    fn lines() -> Vec<Line> {
        let line = |number: u8| {
            let mut line = Line::new(&format!("V-{number}"), "村", "village", "127.0.0.1");
            line.address = format!("127.0.0.{number}");
            line
        };
        (1..=50).map(line).collect()
    }

    fn engine(speed: u32) -> (DistrictEngine, mpsc::UnboundedReceiver<ProbeResult>) {
        let district = District { seed: 1, rates: Rates::default(), speed };
        let (mut engine, inbox) =
            DistrictEngine::open(district, &lines(), &["10.0.0.1".to_owned()], now).expect("within a runtime");
        for (target, line) in (0..).zip(lines()) {
            engine.assign(target, Some(Endpoint { address: line.address, method: line.probe }));
        }
        (engine, inbox)
    }

    fn lost(engine: &mut DistrictEngine, seconds: i64) -> usize {
        let fate = |target| engine.fate(target, Elapsed(seconds * 1000), Millis(1000)).0;
        (0..50).map(fate).filter(|outcome| matches!(outcome, Outcome::Loss(_))).count()
    }

    #[tokio::test]
    async fn the_first_cut_comes_soon_and_lasts() {
        for speed in [1, 30, 100] {
            let (mut engine, _inbox) = engine(speed);
            assert_eq!(lost(&mut engine, 0), 0, "speed {speed}");
            for second in [15, 60, 120] {
                assert!(lost(&mut engine, second) > 0, "speed {speed}, second {second}");
            }
        }
    }

    #[tokio::test]
    async fn the_timetable_tells_by_the_clock_what_the_wire_does() {
        let (mut engine, _inbox) = engine(100);
        let timetable = engine.district.timetable(&lines(), 0, Timestamp(0));
        let second = |at: Timestamp| at.0 / 1000;
        let long = timetable.cuts.iter().filter(|cut| cut.span.length() > Millis::from_secs(20));
        let mut seen = 0;
        for cut in long.filter(|cut| cut.span.start > Timestamp(0)).take(20) {
            let target = u32::try_from(cut.line).expect("small");
            let middle = Elapsed((second(cut.span.start) + second(cut.span.end)) * 500);
            assert!(matches!(engine.fate(target, middle, Millis(1000)).0, Outcome::Loss(_)), "{cut:?}");
            seen += 1;
        }
        assert_eq!(seen, 20);
    }

    #[tokio::test]
    async fn years_follow_one_another() {
        let (mut engine, _inbox) = engine(3600);
        let day = 86_400;
        let busy: usize = (0..400).map(|quarter| lost(&mut engine, quarter * day / 4)).sum();
        assert!(busy > 0 && engine.year > 900, "{busy} lost, year {}", engine.year);
        let at = engine.time(Elapsed(100 * day * 1000));
        assert!(engine.span.contains(at), "{at} in {:?}", engine.span);
    }

    #[tokio::test]
    async fn every_request_has_one_result_and_an_unknown_address_is_our_own_failure() {
        let (mut engine, mut inbox) = engine(60);
        engine.assign(50, Some(Endpoint { address: "10.0.0.1".to_owned(), method: ProbeMethod::Icmp }));
        engine.assign(51, Some(Endpoint { address: "10.9.9.9".to_owned(), method: ProbeMethod::Icmp }));
        for target in 0..52 {
            engine.send(ProbeRequest { target, token: target + 7, timeout: Duration::from_secs(1) });
        }
        for _ in 0..52 {
            let result = inbox.recv().await.expect("one result each");
            assert_eq!(result.token, result.target + 7);
            match (result.target, result.outcome) {
                (51, outcome) => assert_eq!(outcome, Outcome::Unsent(UnsentCause::Unresolved)),
                (_, outcome) => assert!(matches!(outcome, Outcome::Reply { .. }), "{outcome:?}"),
            }
        }
        assert!(inbox.is_empty());
    }
}
