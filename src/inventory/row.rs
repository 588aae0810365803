//! One row to one line.

use chrono::NaiveDate;
use linewatch_core::address;
use linewatch_core::line::{ClassName, Line, ProbeMethod};

use super::cell::{LONGEST_ID, LONGEST_TEXT, decimal, degrees_e6, half_width, text_problem};
use super::mistake::{Mistake, Problem};
use super::table::{Row, Table};
use super::{Column, Rules, date};
use crate::spelling::closest;

/// Most yuan a month.
const MOST_RENT: u32 = 100_000_000;
/// Most Mbit/s.
const MOST_BANDWIDTH: u32 = 10_000_000;

struct Cells<'a> {
    table: &'a Table,
    row: &'a Row,
    mistakes: &'a mut Vec<Mistake>,
}

/// The line of a row; what is wrong is reported and left empty.
pub fn line(table: &Table, row: &Row, rules: &Rules, mistakes: &mut Vec<Mistake>) -> Line {
    let mut cells = Cells { table, row, mistakes };
    let upstream = cells.text(Column::Upstream);
    let (opened, closed) = cells.service();
    Line {
        id: cells.text(Column::Id).as_str().into(),
        name: cells.text(Column::Name),
        class: cells.class(rules),
        township: cells.text(Column::Township).as_str().into(),
        village: cells.text(Column::Village),
        address: cells.address(),
        probe: cells.probe(),
        upstream: (!upstream.is_empty()).then(|| upstream.as_str().into()),
        carrier: cells.text(Column::Carrier),
        circuit_no: cells.text(Column::CircuitNo),
        bandwidth_kbps: cells.number(Column::Bandwidth, 3, MOST_BANDWIDTH).and_then(|kbps| u64::try_from(kbps).ok()),
        access: cells.text(Column::Access),
        rent_fen_month: cells.number(Column::Rent, 2, MOST_RENT),
        contact: cells.text(Column::Contact),
        phone: cells.text(Column::Phone),
        install_address: cells.text(Column::InstallAddress),
        opened: opened.map(|day| date::start_of(day, rules.zone)),
        closed: closed.map(|day| date::start_of(day, rules.zone)),
        latitude_e6: cells.degrees(Column::Latitude, 90),
        longitude_e6: cells.degrees(Column::Longitude, 180),
        note: cells.text(Column::Note),
    }
}

impl Cells<'_> {
    fn raw(&self, column: Column) -> &str {
        self.table.cell(self.row, column)
    }

    fn wrong(&mut self, column: Column, problem: Problem) {
        self.mistakes.push(Mistake { row: self.row.number, column: Some(column), problem });
    }

    /// The cell as text, checked for length and characters; empty also when wrong.
    fn text(&mut self, column: Column) -> String {
        let text = if column.is_code() { half_width(self.raw(column)) } else { self.raw(column).to_owned() };
        if text.is_empty() {
            if Column::REQUIRED.contains(&column) && self.table.has(column) {
                self.wrong(column, Problem::MissingValue);
            }
            return text;
        }
        let is_id = matches!(column, Column::Id | Column::Upstream);
        match text_problem(&text, if is_id { LONGEST_ID } else { LONGEST_TEXT }) {
            Some(problem) => {
                self.wrong(column, problem);
                String::new()
            }
            None => text,
        }
    }

    fn class(&mut self, rules: &Rules) -> ClassName {
        let text = self.text(Column::Class);
        let is_meant = |(name, label): &&(ClassName, String)| name.as_str() == text || *label == text;
        if let Some((name, _)) = rules.classes.iter().find(is_meant) {
            return name.clone();
        }
        if !text.is_empty() {
            let names = rules.classes.iter().flat_map(|(name, label)| [name.as_str(), label.as_str()]);
            let problem = Problem::UnknownClass {
                suggestion: closest(&text, names).map(str::to_owned),
                known: rules.classes.iter().map(|(name, label)| (name.to_string(), label.clone())).collect(),
                text,
            };
            self.wrong(Column::Class, problem);
        }
        "".into()
    }

    fn address(&mut self) -> String {
        let text = self.text(Column::Address);
        if text.is_empty() {
            return text;
        }
        let Some(normal) = address::normalise(&text) else {
            self.wrong(Column::Address, Problem::BadAddress(text));
            return String::new();
        };
        if normal.parse().is_ok_and(|ip| !address::is_one_host(ip)) {
            self.wrong(Column::Address, Problem::NotOneHost(text));
        }
        normal
    }

    fn probe(&mut self) -> ProbeMethod {
        let text = self.text(Column::Probe);
        if text.is_empty() {
            return ProbeMethod::default();
        }
        text.parse().unwrap_or_else(|_| {
            self.wrong(Column::Probe, Problem::BadProbe(text));
            ProbeMethod::default()
        })
    }

    fn number(&mut self, column: Column, decimals: usize, most: u32) -> Option<i64> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let number = decimal(&text, decimals, most);
        if number.is_none() {
            self.wrong(column, Problem::BadNumber { text, decimals, most });
        }
        number
    }

    fn degrees(&mut self, column: Column, most: u32) -> Option<i64> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let degrees = degrees_e6(&text, most);
        if degrees.is_none() {
            self.wrong(column, Problem::BadDegrees { text, most });
        }
        degrees
    }

    fn service(&mut self) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let (opened, closed) = (self.day(Column::Opened), self.day(Column::Closed));
        if let (Some(first), Some(last)) = (opened, closed)
            && last <= first
        {
            let problem = Problem::ClosedBeforeOpened { opened: first.to_string(), closed: last.to_string() };
            self.wrong(Column::Closed, problem);
        }
        (opened, closed)
    }

    fn day(&mut self, column: Column) -> Option<NaiveDate> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let day = date::parse(&text);
        if day.is_none() {
            self.wrong(column, Problem::BadDate(text));
        }
        day
    }
}
