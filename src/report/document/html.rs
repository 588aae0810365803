//! The paper as one HTML file: nothing else is needed to read or print it.

use askama::Template;

use super::{Block, Cell, Paper, Side, Table};
use crate::language::Language;

/// Why there is no page: a mistake in this program, never in the figures.
#[derive(Debug)]
pub struct NoPage(askama::Error);

impl NoPage {
    /// The sentence for people.
    pub fn sentence(&self, language: Language) -> String {
        let Self(cause) = self;
        language.pick(
            format!("无法生成 HTML：{cause}；这是程序的缺陷，请报告"),
            format!("cannot make the HTML: {cause}; this is a defect of the program, please report it"),
        )
    }
}

#[derive(Template)]
#[template(path = "paper.html", config = "src/report/document/templates/askama.toml")]
struct Page<'a> {
    paper: &'a Paper,
    style: &'static str,
}

impl Page<'_> {
    /// What stands behind the marks of a printed page.
    fn margin(&self) -> String {
        let mark = self.paper.mark.as_deref().unwrap_or_default();
        format!("@page {{ @top-center {{ content: \"{mark}\"; }} }}")
    }
}

impl Table {
    /// The share of a column in percent, for a browser.
    fn percents(&self) -> Vec<String> {
        let all = f64::from(self.columns.iter().sum::<u32>().max(1));
        self.columns.iter().map(|share| format!("{:.2}", f64::from(*share) * 100.0 / all)).collect()
    }

    fn head(&self) -> &[Vec<Cell>] {
        &self.rows[..self.header]
    }

    fn body(&self) -> &[Vec<Cell>] {
        &self.rows[self.header..]
    }
}

impl Cell {
    fn class(&self) -> &'static str {
        match (self.names, self.side) {
            (true, _) => "name",
            (false, Side::Left) => "words",
            (false, Side::Middle) => "middle",
            (false, Side::Right) => "number",
        }
    }
}

/// The file.
///
/// # Errors
/// When the template cannot be filled in.
pub fn html(paper: &Paper) -> Result<String, NoPage> {
    Page { paper, style: include_str!("templates/paper.css") }.render().map_err(NoPage)
}
