//! Finding the line that somebody means.

use std::sync::Arc;

use linewatch_core::line::Line;
use linewatch_core::view::Shown;

/// More candidates than this are no help.
const CANDIDATES: usize = 12;

/// What was found.
pub(super) enum Found<'a> {
    /// The line.
    One(&'a Arc<Line>),
    /// Lines that it may be; never empty.
    Several(Vec<&'a Arc<Line>>),
    /// None.
    Nothing,
}

/// The line that a text means: its id, `id name` as lists offer it, its name; or those that have all of its words.
pub(super) fn find<'a>(shown: &Shown<'a>, text: &str) -> Found<'a> {
    let lines = || shown.lines.iter().map(|view| view.line);
    let id = text.split_whitespace().next().unwrap_or_default();
    let exact = lines().find(|line| line.id.as_str().eq_ignore_ascii_case(text) || line.name == text);
    if let Some(line) = exact.or_else(|| lines().find(|line| offered(line) == text)) {
        return Found::One(line);
    }
    if let Some(line) = lines().find(|line| line.id.as_str().eq_ignore_ascii_case(id)) {
        return Found::One(line);
    }
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let has = |line: &Line, word: &String| {
        let texts =
            [line.id.as_str(), &line.name, &line.village, line.township.as_str(), &line.address, &line.circuit_no];
        texts.iter().any(|text| text.to_lowercase().contains(word))
    };
    let mut fitting: Vec<_> = lines()
        .filter(|line| !words.is_empty() && words.iter().all(|word| has(line, word)))
        .take(CANDIDATES + 1)
        .collect();
    match fitting.len() {
        0 => Found::Nothing,
        1 => Found::One(fitting.remove(0)),
        _ => {
            fitting.truncate(CANDIDATES);
            Found::Several(fitting)
        }
    }
}

/// A line as lists offer it.
pub(super) fn offered(line: &Line) -> String {
    format!("{} {}", line.id, line.name)
}

/// All lines as lists offer them.
pub(super) fn offers(shown: &Shown<'_>) -> Vec<String> {
    shown.lines.iter().map(|view| offered(view.line)).collect()
}
