//! Scenarios as lines of text.
//!
//! Statements, separated by `;`. Times are `2026-03-01`, `2026-03-01T08` or `2026-03-01T08:30` in the scenario's zone,
//! spans `TIME..TIME`:
//!
//! ```text
//! line A village [from=T] [until=T] [opened=T] [closed=T] [up=B] [rent=FEN] [township=X] [carrier=C]
//! out A SPAN | out A TIME.. [gap=T] [bridge=SPAN] [by=B] [imported] [counts=SPAN|counts=none]
//! seg T own|B          of the last outage: from then on
//! gap A|all SPAN · seen A|all SPAN · declare A SPAN · waiting A T
//! plan SCOPE SPAN · exclude SCOPE SPAN      SCOPE: all, A, trunk:A, class:village, township:X
//! begin T · horizon T · now T
//! ```
//!
//! Expectations: `total|CLASS|TOWNSHIP|MONTH|LINE: field=value …`, with lengths like `1d2h30m`, percentages truncated to
//! three decimals, `-` for undefined.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono_tz::Tz;
use linewatch_core::availability::Ratio;
use linewatch_core::calendar::Calendar;
use linewatch_core::ledger::LineRow;
use linewatch_core::line::{Line, LineId};
use linewatch_core::outcome::BlindCause;
use linewatch_core::record::{Attribution, DecisionId, OutageId, Scope};
use linewatch_core::rollup::{
    Common, Correction, Counting, Declared, Evidence, Figures, Gap, Inventory, LineHistory, Outage, Policy, Rollup,
    Segment, Window, WindowKind,
};
use linewatch_core::time::{Millis, Span, Timestamp};

pub struct Scenario {
    calendar: Calendar,
    rows: Vec<LineRow>,
    histories: BTreeMap<LineId, LineHistory>,
    windows: Vec<Window>,
    evidence: Evidence,
    now: Timestamp,
    last: Option<LineId>,
}

/// Plays a scenario and compares what is expected of its figures.
pub fn check(period: &str, scenario: &str, expected: &str) {
    check_in(chrono_tz::Asia::Shanghai, period, scenario, expected);
}

pub fn check_in(zone: Tz, period: &str, scenario: &str, expected: &str) {
    let rollup = Scenario::read(zone, scenario).roll_up(period);
    for group in expected.split(';').map(str::trim).filter(|group| !group.is_empty()) {
        let (name, fields) = group.split_once(':').expect("NAME: field=value");
        let figures = find(&rollup, name).unwrap_or_else(|| panic!("no group {name} in {scenario}"));
        for field in fields.split_whitespace() {
            let (field, value) = field.split_once('=').expect("field=value");
            assert_eq!(show(figures, field), canonical(value), "{name} {field} of: {scenario}");
        }
    }
}

fn find<'a>(rollup: &'a Rollup, name: &str) -> Option<&'a Figures> {
    if name == "total" {
        return Some(&rollup.total);
    }
    let classes = rollup.classes.iter().filter(|group| group.class.as_str() == name).map(|group| &group.figures);
    let towns = rollup.townships.iter().filter(|group| group.township.as_str() == name).map(|group| &group.figures);
    let months = rollup.months.iter().filter(|group| group.month.to_string() == name).map(|group| &group.figures);
    let lines = rollup.lines.iter().filter(|line| line.line.as_str() == name).map(|line| &line.figures);
    classes.chain(towns).chain(months).chain(lines).next()
}

fn show(figures: &Figures, field: &str) -> String {
    let millis = |millis: Millis| length(millis.0);
    let optional = |value: Option<Millis>| value.map_or("-".to_owned(), millis);
    let percent = |ratio: Ratio| ratio.percent(3).map_or("-".to_owned(), |text| text.replace(' ', ""));
    match field {
        "lines" => figures.lines.to_string(),
        "at_end" => figures.lines_at_end.to_string(),
        "service" => millis(figures.in_service_ms),
        "up" => millis(figures.up_ms),
        "down" => millis(figures.down_ms),
        "own" => millis(figures.down_own_ms),
        "upstream" => millis(figures.down_upstream_ms),
        "declared" => millis(figures.down_declared_ms),
        "bridged" => millis(figures.bridged_ms),
        "planned" => millis(figures.planned_ms),
        "excluded" => millis(figures.excluded_ms),
        "unknown" => millis(figures.undetermined_ms),
        "availability" => percent(figures.availability),
        "low" => percent(figures.availability_low),
        "high" => percent(figures.availability_high),
        "unexcluded" => percent(figures.availability_unexcluded),
        "gross" => percent(figures.gross_availability),
        "coverage" => percent(figures.coverage),
        "compliant" => figures.compliant_lines.to_string(),
        "zero" => figures.zero_outage_lines.to_string(),
        "unproven" => figures.unproven_lines.to_string(),
        "outages" => figures.outages.to_string(),
        "carried" => figures.outages_carried_in.to_string(),
        "open" => figures.outages_open.to_string(),
        "mttr" => optional(figures.mttr_ms),
        "longest" => optional(figures.longest_outage_ms),
        "mtbf" => optional(figures.mtbf_ms),
        "delay" => optional(figures.detection_delay_ms),
        "rent" => figures.rent_yuan.map_or("-".to_owned(), |fen| format!("¥{fen}")),
        "rent_per_line" => figures.rent_per_line.map_or("-".to_owned(), |fen| format!("¥{fen}")),
        other => panic!("no field {other}"),
    }
}

const UNITS: [(char, i64); 4] = [('d', 86_400_000), ('h', 3_600_000), ('m', 60_000), ('s', 1_000)];

fn length(millis: i64) -> String {
    let (mut rest, mut text) = (millis, String::new());
    for (name, unit) in UNITS {
        if rest >= unit {
            text += &(rest / unit).to_string();
            text.push(name);
            rest %= unit;
        }
    }
    if rest > 0 || text.is_empty() { format!("{text}{rest}ms") } else { text }
}

/// `90m` is `1h30m`; what is no length stays as it is.
fn canonical(value: &str) -> String {
    let (mut sum, mut number) = (0, String::new());
    for letter in value.chars() {
        match UNITS.iter().find(|(name, _)| *name == letter) {
            _ if letter.is_ascii_digit() => number.push(letter),
            Some((_, unit)) if !number.is_empty() => {
                sum += number.parse::<i64>().expect("digits") * unit;
                number.clear();
            }
            _ => return value.to_owned(),
        }
    }
    if number.is_empty() { length(sum) } else { value.to_owned() }
}

impl Scenario {
    pub fn read(zone: Tz, text: &str) -> Self {
        let calendar = Calendar::new(zone);
        let mut scenario = Self {
            calendar,
            rows: Vec::new(),
            histories: BTreeMap::new(),
            windows: Vec::new(),
            evidence: Evidence {
                begin: Timestamp::MIN,
                horizon: Timestamp::MAX,
                waiting: BTreeMap::new(),
                gaps: Vec::new(),
                observed: Vec::new(),
            },
            now: Timestamp::MAX,
            last: None,
        };
        for statement in text.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
            let words: Vec<&str> = statement.split_whitespace().collect();
            scenario.statement(&words);
        }
        scenario
    }

    pub fn roll_up(&self, period: &str) -> Rollup {
        let mut counting = Counting::new(self.common(self.period(period)));
        for history in self.histories.values() {
            counting.add(history);
        }
        counting.finish(&[], &[])
    }

    fn common(&self, period: Span) -> Common {
        Common {
            period,
            until: period.end.min(self.now),
            calendar: self.calendar,
            policy: Policy::default(),
            inventory: Inventory::of(self.rows.clone()),
            evidence: self.evidence.clone(),
            windows: self.windows.clone(),
        }
    }

    /// `2026`, `2026-02`, or a span.
    fn period(&self, text: &str) -> Span {
        if text.contains("..") {
            return self.span(text);
        }
        let (year, month) = text.split_once('-').unwrap_or((text, ""));
        let year = year.parse().expect("a year");
        if month.is_empty() {
            self.calendar.year(year).expect("a year")
        } else {
            self.calendar.month(year, month.parse().expect("a month")).expect("a month")
        }
    }

    fn time(&self, text: &str) -> Timestamp {
        let (day, clock) = text.split_once('T').unwrap_or((text, "0"));
        let (hour, minute) = clock.split_once(':').unwrap_or((clock, "0"));
        let number = |text: &str| text.parse::<i64>().unwrap_or_else(|_| panic!("a time: {text}"));
        let start = self.calendar.start_of_day(day.parse().unwrap_or_else(|_| panic!("a day: {day}")));
        start + Millis(number(hour) * 3_600_000 + number(minute) * 60_000)
    }

    fn span(&self, text: &str) -> Span {
        let (start, end) = text.split_once("..").unwrap_or_else(|| panic!("a span: {text}"));
        Span::new(self.time(start), self.time(end))
    }

    fn history(&mut self, line: &str) -> &mut LineHistory {
        let id = LineId::from(line);
        self.histories.entry(id.clone()).or_insert_with(|| LineHistory::new(id))
    }

    fn statement(&mut self, words: &[&str]) {
        match words {
            ["line", id, class, rest @ ..] => self.line(id, class, rest),
            ["out", id, span, rest @ ..] => self.outage(id, span, rest),
            ["seg", from, whom] => self.segment(from, whom),
            ["gap", whose, span] => {
                let gap = Gap { span: self.span(span), cause: BlindCause::Stopped };
                let gaps = if *whose == "all" { &mut self.evidence.gaps } else { &mut self.history(whose).gaps };
                gaps.push(gap);
            }
            ["seen", whose, span] => {
                let span = self.span(span);
                let seen =
                    if *whose == "all" { &mut self.evidence.observed } else { &mut self.history(whose).observed };
                seen.push(span);
            }
            ["declare", line, span] => {
                let Span { start: from, end } = self.span(span);
                self.history(line).declared.push(Declared { decision: DecisionId(1), from, until: Some(end) });
            }
            ["plan", scope, span] => self.window(WindowKind::Planned, scope, span),
            ["exclude", scope, span] => self.window(WindowKind::Excluded, scope, span),
            ["begin", at] => self.evidence.begin = self.time(at),
            ["horizon", at] => self.evidence.horizon = self.time(at),
            ["now", at] => self.now = self.time(at),
            ["waiting", line, at] => {
                self.evidence.waiting.insert((*line).into(), self.time(at));
            }
            other => panic!("no statement {other:?}"),
        }
    }

    fn line(&mut self, id: &str, class: &str, rest: &[&str]) {
        let (mut from, mut until) = (Timestamp::MIN, None);
        let mut line = Line::new(id, id, class, "192.0.2.1");
        for word in rest {
            let (name, value) = word.split_once('=').expect("name=value");
            match name {
                "from" => from = self.time(value),
                "until" => until = Some(self.time(value)),
                "opened" => line.opened = Some(self.time(value)),
                "closed" => line.closed = Some(self.time(value)),
                "up" => line.upstream = Some(value.into()),
                "rent" => line.rent_fen_month = Some(value.parse().expect("fen")),
                "township" => line.township = value.into(),
                "carrier" => value.clone_into(&mut line.carrier),
                other => panic!("no word {other}"),
            }
        }
        self.history(id);
        self.rows.push(LineRow { from, until, line: Arc::new(line) });
    }

    fn outage(&mut self, id: &str, span: &str, rest: &[&str]) {
        let (start, end) = span.split_once("..").expect("a span");
        let start = self.time(start);
        let mut outage = Outage {
            outage: OutageId(1 + self.histories.values().map(|history| history.outages.len() as u64).sum::<u64>()),
            start,
            end: (!end.is_empty()).then(|| self.time(end)),
            gap_from: None,
            confirmed_at: Some(start + Millis(8_000)),
            segments: vec![Segment { from: start, attribution: Attribution::Own }],
            bridged: Vec::new(),
            correction: None,
            imported: false,
        };
        for word in rest {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            match name {
                "gap" => outage.gap_from = Some(self.time(value)),
                "bridge" => outage.bridged.push(self.span(value)),
                "by" => outage.segments[0].attribution = Attribution::Upstream(value.into()),
                "imported" => (outage.imported, outage.confirmed_at) = (true, None),
                "counts" => {
                    let counts = (value != "none").then(|| self.span(value));
                    outage.correction = Some(Correction { decision: DecisionId(2), counts });
                }
                other => panic!("no word {other}"),
            }
        }
        self.history(id).outages.push(outage);
        self.last = Some(id.into());
    }

    fn segment(&mut self, from: &str, whom: &str) {
        let from = self.time(from);
        let attribution = if whom == "own" { Attribution::Own } else { Attribution::Upstream(whom.into()) };
        let line = self.last.clone().expect("an outage before");
        let outage = self.history(line.as_str()).outages.last_mut().expect("an outage");
        outage.segments.push(Segment { from, attribution });
    }

    fn window(&mut self, kind: WindowKind, scope: &str, span: &str) {
        let scope = match scope.split_once(':') {
            Some(("trunk", line)) => Scope::Trunk(line.into()),
            Some(("class", class)) => Scope::Class(class.into()),
            Some(("township", township)) => Scope::Township(township.into()),
            Some((other, _)) => panic!("no scope {other}"),
            None if scope == "all" => Scope::All,
            None => Scope::Line(scope.into()),
        };
        let span = self.span(span);
        self.windows.push(Window { record: 3, kind, scope, span });
    }
}
