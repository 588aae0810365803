//! How often what happens, from a TOML file: `config/scenario.toml` names every key with its default. Unknown keys
//! are refused, all mistakes are told at once with their places, in the words of the configuration's; and so is a
//! scenario in which more happens than anybody can wait for.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use linewatch_core::line::{ClassName, Line};
use linewatch_core::simulated::{Cuts, Place, Rates};
use linewatch_core::time::{Millis, Span};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::duration;
use crate::config::{Mistake, Problem, Wanted};
use crate::language::Language;
use crate::spelling::closest;

/// Rates above this are no district any more: one a minute.
const MOST: f64 = 525_600.0;
const LEAST_LENGTH: Millis = Millis::from_secs(1);
const MOST_LENGTH: Millis = Millis::from_secs(30 * 86_400);

/// What a key sets.
enum Target<'r> {
    /// So many a year.
    Rate(&'r mut f64),
    /// A share from 0 to 1.
    Share(&'r mut f64),
    /// A mean length.
    Length(&'r mut Millis),
}

/// What may happen in all: some minutes of simulating, and a journal of some hundred megabytes.
const MOST_IN_ALL: f64 = 1_000_000.0;

/// Why a scenario cannot be used.
#[derive(Debug)]
pub enum ScenarioError {
    /// The file cannot be read.
    Unreadable(PathBuf, std::io::Error),
    /// It is not UTF-8, from this line on.
    NotUtf8(PathBuf, usize),
    /// All mistakes of the file, and its text.
    Mistakes(PathBuf, String, Vec<Mistake>),
    /// So much would happen in all, most of it because of this key.
    TooMuch(PathBuf, f64, String),
}

impl ScenarioError {
    /// The whole report, several lines for mistakes; coloured for a terminal.
    pub fn report(&self, language: Language, coloured: bool) -> String {
        match self {
            Self::Unreadable(path, error) => {
                let path = path.display();
                language.pick(
                    format!("读情景文件 {path}：{error}；请检查路径和权限，写法见 config/scenario.toml"),
                    format!(
                        "reading the scenario {path}: {error}. Check path and permissions; config/scenario.toml is one."
                    ),
                )
            }
            Self::NotUtf8(path, line) => {
                let path = path.display();
                language.pick(
                    format!("读情景文件 {path}：第 {line} 行不是 UTF-8 编码；请用编辑器另存为 UTF-8"),
                    format!("reading the scenario {path}: line {line} is not UTF-8; save the file as UTF-8"),
                )
            }
            Self::Mistakes(path, source, mistakes) => {
                let (path, number) = (path.display().to_string(), mistakes.len());
                let plural = if number == 1 { "" } else { "s" };
                let mut text = language.pick(
                    format!("情景文件有 {number} 处错误："),
                    format!("{number} mistake{plural} in the scenario:"),
                );
                for mistake in mistakes {
                    text.push_str("\n\n");
                    text.push_str(&mistake.render(&path, source, language, coloured));
                }
                text
            }
            Self::TooMuch(path, expected, key) => {
                let path = path.display();
                language.pick(
                    format!(
                        "情景文件 {path}：这段时间里要发生约 {expected:.0} 件事，最多 {MOST_IN_ALL:.0} 件；\
                         多数来自 {key}，请把它调小，或用 --days 缩短时间"
                    ),
                    format!(
                        "the scenario {path}: about {expected:.0} things would happen in this time, {MOST_IN_ALL:.0} at \
                         most. Most come from {key}: make it smaller, or the time shorter with --days."
                    ),
                )
            }
        }
    }
}

/// Reads a scenario for these lines over a time.
///
/// # Errors
/// A file that cannot be read, all its mistakes, or more happenings than can be simulated.
pub fn load(path: &Path, classes: &[ClassName], lines: &[Line], time: Span) -> Result<Rates, ScenarioError> {
    let here = || path.to_owned();
    let bytes = std::fs::read(path).map_err(|error| ScenarioError::Unreadable(here(), error))?;
    let source = String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        ScenarioError::NotUtf8(here(), good.split(|byte| *byte == b'\n').count())
    })?;
    let source = source.trim_start_matches('\u{feff}').to_owned();
    let rates =
        parse(&source, classes).map_err(|mistakes| ScenarioError::Mistakes(here(), source.clone(), mistakes))?;
    let expected = rates.expected(&Place::of(lines), time);
    let sum: f64 = expected.iter().map(|(_, expected)| expected).sum();
    match expected.into_iter().max_by(|(_, one), (_, other)| one.total_cmp(other)) {
        Some((key, _)) if sum > MOST_IN_ALL => Err(ScenarioError::TooMuch(here(), sum, key)),
        Some(_) | None => Ok(rates),
    }
}

/// Reads the text of a scenario.
///
/// # Errors
/// All mistakes, by their places.
pub fn parse(source: &str, classes: &[ClassName]) -> Result<Rates, Vec<Mistake>> {
    let (root, errors) = DeTable::parse_recoverable(source);
    let syntax = |error: &toml::de::Error| Mistake {
        span: error.span().unwrap_or(0..0),
        problem: Problem::Syntax(error.message().replace('\n', "; ")),
    };
    let mut reader = Reader { mistakes: errors.iter().map(syntax).collect() };
    let rates = reader.rates(root.get_ref(), classes);
    if reader.mistakes.is_empty() {
        return Ok(rates);
    }
    reader.mistakes.sort_by_key(|mistake| mistake.span.start);
    Err(reader.mistakes)
}

struct Reader {
    mistakes: Vec<Mistake>,
}

/// The sections and their keys, each with what it sets.
fn sections(rates: &mut Rates) -> Vec<(&'static str, Vec<(&'static str, Target<'_>)>)> {
    use Target::{Length, Rate, Share};
    let Rates { cuts: _, power, modem, loss, maintenance, monitor, people } = rates;
    vec![
        (
            "power",
            vec![
                ("per_township", Rate(&mut power.per_township)),
                ("length", Length(&mut power.length)),
                ("share", Share(&mut power.share)),
            ],
        ),
        (
            "modem",
            vec![
                ("episodes", Rate(&mut modem.episodes)),
                ("length", Length(&mut modem.length)),
                ("down", Length(&mut modem.down)),
                ("up", Length(&mut modem.up)),
            ],
        ),
        (
            "loss",
            vec![
                ("stray_per_line_day", Rate(&mut loss.stray_per_line_day)),
                ("congestions", Rate(&mut loss.congestions)),
                ("length", Length(&mut loss.length)),
                ("share", Share(&mut loss.share)),
            ],
        ),
        (
            "maintenance",
            vec![
                ("windows", Rate(&mut maintenance.windows)),
                ("length", Length(&mut maintenance.length)),
                ("overrun", Share(&mut maintenance.overrun)),
            ],
        ),
        (
            "monitor",
            vec![
                ("restarts", Rate(&mut monitor.restarts)),
                ("crashes", Rate(&mut monitor.crashes)),
                ("stopped", Length(&mut monitor.stopped)),
                ("blind", Rate(&mut monitor.blind)),
                ("blind_length", Length(&mut monitor.blind_length)),
                ("stalls", Rate(&mut monitor.stalls)),
                ("stall_length", Length(&mut monitor.stall_length)),
                ("clock_steps", Rate(&mut monitor.clock_steps)),
                ("step", Length(&mut monitor.step)),
            ],
        ),
        (
            "people",
            vec![
                ("reported", Share(&mut people.reported)),
                ("report_after", Length(&mut people.report_after)),
                ("complaints", Rate(&mut people.complaints)),
                ("attended", Share(&mut people.attended)),
                ("planned_late", Share(&mut people.planned_late)),
                ("inspections", Rate(&mut people.inspections)),
            ],
        ),
    ]
}

fn cut_keys(cuts: &mut Cuts) -> Vec<(&'static str, Target<'_>)> {
    vec![
        ("per_line", Target::Rate(&mut cuts.per_line)),
        ("repair", Target::Length(&mut cuts.repair)),
        ("brief", Target::Share(&mut cuts.brief)),
    ]
}

impl Reader {
    fn rates(&mut self, root: &DeTable<'_>, classes: &[ClassName]) -> Rates {
        let cuts = classes.iter().map(|class| (class.clone(), Cuts::of(class.as_str()))).collect();
        let mut rates = Rates { cuts, ..Rates::default() };
        let mut sections = sections(&mut rates);
        let known: Vec<String> =
            sections.iter().map(|(name, _)| (*name).to_owned()).chain(["cuts".to_owned()]).collect();
        let mut cuts = None;
        for (name, value) in root {
            let (name, span) = (name.get_ref().as_ref(), name.span());
            if name == "cuts" {
                cuts = self.table(name, value);
            } else if let Some((_, keys)) = sections.iter_mut().find(|(section, _)| *section == name) {
                if let Some(table) = self.table(name, value) {
                    self.section(name, table, keys);
                }
            } else {
                self.unknown(span, name, &known);
            }
        }
        drop(sections);
        if let Some(table) = cuts {
            self.cuts(table, &mut rates.cuts);
        }
        rates
    }

    /// `[cuts.CLASS]`: of the classes that there are.
    fn cuts(&mut self, table: &DeTable<'_>, cuts: &mut BTreeMap<ClassName, Cuts>) {
        let known: Vec<String> = cuts.keys().map(|class| format!("cuts.{class}")).collect();
        for (name, value) in table {
            let section = format!("cuts.{}", name.get_ref());
            match cuts.get_mut(&ClassName::from(name.get_ref().as_ref())) {
                Some(cuts) => {
                    if let Some(table) = self.table(&section, value) {
                        self.section(&section, table, &mut cut_keys(cuts));
                    }
                }
                None => self.unknown(name.span(), &section, &known),
            }
        }
    }

    fn section(&mut self, section: &str, table: &DeTable<'_>, keys: &mut [(&'static str, Target<'_>)]) {
        let known: Vec<String> = keys.iter().map(|(key, _)| (*key).to_owned()).collect();
        for (name, value) in table {
            let key = format!("{section}.{}", name.get_ref());
            match keys.iter_mut().find(|(known, _)| *known == name.get_ref().as_ref()) {
                Some((_, target)) => self.set(&key, value, target),
                None => self.unknown_key(name.span(), &key, name.get_ref(), &known),
            }
        }
    }

    fn set(&mut self, key: &str, value: &Spanned<DeValue<'_>>, target: &mut Target<'_>) {
        match target {
            Target::Rate(rate) => self.number(key, value, MOST, Wanted::Number, rate),
            Target::Share(share) => self.number(key, value, 1.0, Wanted::Ratio, share),
            Target::Length(length) => self.length(key, value, length),
        }
    }

    fn number(&mut self, key: &str, value: &Spanned<DeValue<'_>>, most: f64, wanted: Wanted, into: &mut f64) {
        let found = match value.get_ref() {
            // Larger than any number that is held is out of range too.
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).map_or_else(
                |_| number.as_str().parse().ok(),
                |number| {
                    #[expect(clippy::cast_precision_loss, reason = "what does not fit is refused below")]
                    let number = number as f64;
                    Some(number)
                },
            ),
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => None,
        };
        match found {
            Some(number) if (0.0..=most).contains(&number) => *into = number,
            Some(number) => self.note(
                value.span(),
                Problem::OutOfRange {
                    key: key.to_owned(),
                    text: number.to_string(),
                    least: "0".to_owned(),
                    most: most.to_string(),
                },
            ),
            None => self.wrong_type(key, value, wanted),
        }
    }

    fn length(&mut self, key: &str, value: &Spanned<DeValue<'_>>, into: &mut Millis) {
        let DeValue::String(text) = value.get_ref() else {
            return self.wrong_type(key, value, Wanted::Duration);
        };
        match duration::parse(text) {
            None => self.note(value.span(), Problem::BadDuration { key: key.to_owned(), text: text.to_string() }),
            Some(length) if length < LEAST_LENGTH || length > MOST_LENGTH => {
                self.note(
                    value.span(),
                    Problem::OutOfRange {
                        key: key.to_owned(),
                        text: text.to_string(),
                        least: duration::format(LEAST_LENGTH),
                        most: duration::format(MOST_LENGTH),
                    },
                );
            }
            Some(length) => *into = length,
        }
    }

    fn table<'t>(&mut self, section: &str, value: &'t Spanned<DeValue<'t>>) -> Option<&'t DeTable<'t>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(section, value, Wanted::Table);
        }
        table
    }

    fn wrong_type(&mut self, key: &str, value: &Spanned<DeValue<'_>>, wanted: Wanted) {
        let found = value.get_ref().type_str();
        self.note(value.span(), Problem::WrongType { key: key.to_owned(), wanted, found, suggestion: None });
    }

    fn unknown(&mut self, span: Range<usize>, name: &str, known: &[String]) {
        let suggestion = closest(name, known.iter().map(String::as_str)).map(str::to_owned);
        self.note(span, Problem::UnknownSection { name: name.to_owned(), suggestion, known: known.to_vec() });
    }

    fn unknown_key(&mut self, span: Range<usize>, key: &str, name: &str, known: &[String]) {
        let suggestion = closest(name, known.iter().map(String::as_str)).map(str::to_owned);
        self.note(span, Problem::UnknownKey { key: key.to_owned(), suggestion, known: known.to_vec() });
    }

    fn note(&mut self, span: Range<usize>, problem: Problem) {
        self.mistakes.push(Mistake { span, problem });
    }
}
