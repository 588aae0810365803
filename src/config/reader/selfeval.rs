//! Reads the form of the self-evaluation. As with the configuration, what is wrong is reported and replaced, so that the
//! rest is still checked.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use linewatch_core::line::ClassName;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::mistake::Wanted;
use super::super::selfeval::{
    Decimal, Figure, Flaw, Funds, Indicator, Operator, Points, Project, SelfEval, Unit, Year,
};
use super::super::{Mistake, Problem};
use super::value::Found;
use super::{Reader, Section};
use crate::spelling::closest;

const PROJECT: [&str; 7] = ["name", "department", "unit", "category", "property", "type", "goal"];
const YEAR: [&str; 10] =
    ["initial", "budget", "executed", "current", "carried", "other", "achieved", "reasons", "measures", "stated"];
const FUNDS: [&str; 3] = ["initial", "budget", "executed"];
const INDICATOR: [&str; 11] =
    ["first", "second", "third", "operator", "target", "unit", "weight", "national_weight", "figure", "class", "prose"];

/// A column of the budget: its key, and where it is kept.
type FundsColumn = (&'static str, fn(&mut Funds) -> &mut Option<Decimal>);

/// Reads everything.
pub fn read(source: &str, classes: &[ClassName]) -> Result<SelfEval, Vec<Mistake>> {
    let (root, errors) = DeTable::parse_recoverable(source);
    let mistakes = errors.iter().map(|error| Mistake {
        span: error.span().unwrap_or(0..0),
        problem: Problem::Syntax(error.message().replace('\n', "; ")),
    });
    let mut reader = Reader { mistakes: mistakes.collect() };
    let broken_at = reader.mistakes.iter().map(|mistake| mistake.span.start).min();
    let form = reader.form(root.get_ref(), classes);
    if let Some(broken_at) = broken_at {
        // Behind broken syntax the parser only guesses what belongs where.
        reader
            .mistakes
            .retain(|mistake| mistake.span.start < broken_at || matches!(mistake.problem, Problem::Syntax(_)));
    }
    if reader.mistakes.is_empty() {
        return Ok(form);
    }
    reader.mistakes.sort_by_key(|mistake| mistake.span.start);
    Err(reader.mistakes)
}

impl Reader {
    fn form(&mut self, root: &DeTable<'_>, classes: &[ClassName]) -> SelfEval {
        let known = ["project", "year", "indicator"];
        let mut form = SelfEval { project: Project::default(), years: BTreeMap::new(), indicators: Vec::new() };
        let mut years = None;
        let mut found = None;
        for (name, value) in root {
            match name.get_ref().as_ref() {
                "project" => {
                    if let Some(table) = self.known_keys("project", value, &PROJECT) {
                        form.project = self.project(Section { name: "project", table: Some(table) });
                    }
                }
                "year" => years = self.table("year", value),
                "indicator" => found = Some(value),
                other => {
                    let suggestion = closest(other, known.into_iter()).map(str::to_owned);
                    let known = known.map(str::to_owned).to_vec();
                    self.wrong(name.span(), Problem::UnknownKey { key: other.to_owned(), suggestion, known });
                }
            }
        }
        match found {
            Some(found) => form.indicators = self.indicators(found, classes),
            None => self.flaw(0..0, Flaw::NoIndicator),
        }
        for (name, value) in years.into_iter().flatten() {
            let text = name.get_ref().as_ref();
            let Some(year) = Some(text).filter(|text| text.len() == 4).and_then(|text| text.parse().ok()) else {
                self.flaw(name.span(), Flaw::Year(text.to_owned()));
                continue;
            };
            let section = format!("year.{text}");
            if let Some(table) = self.known_keys(&section, value, &YEAR) {
                let of = Section { name: &section, table: Some(table) };
                let said = self.year(of, year, name.span(), &form.indicators);
                form.years.insert(year, said);
            }
        }
        form
    }

    /// The value as a table whose unknown keys are reported.
    fn known_keys<'t>(
        &mut self,
        section: &str,
        value: &'t Spanned<DeValue<'t>>,
        keys: &[&str],
    ) -> Option<&'t DeTable<'t>> {
        let table = self.table(section, value)?;
        for (name, _) in table {
            let text = name.get_ref().as_ref();
            if !keys.contains(&text) {
                let suggestion = closest(text, keys.iter().copied()).map(str::to_owned);
                let known = keys.iter().map(|key| (*key).to_owned()).collect();
                self.wrong(name.span(), Problem::UnknownKey { key: format!("{section}.{text}"), suggestion, known });
            }
        }
        Some(table)
    }

    fn project(&mut self, section: Section<'_>) -> Project {
        let mut text = |key| self.wording(section, key);
        Project {
            name: text("name"),
            department: text("department"),
            unit: text("unit"),
            category: text("category"),
            property: text("property"),
            kind: text("type"),
            goal: text("goal"),
        }
    }

    /// A text that may be empty or absent.
    fn wording(&mut self, section: Section<'_>, key: &str) -> String {
        let Some(value) = section.value(key) else { return String::new() };
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(format!("{}.{key}", section.name), Wanted::Text, value, None);
            return String::new();
        };
        text.trim().to_owned()
    }

    fn year(&mut self, section: Section<'_>, year: i32, at: Range<usize>, indicators: &[Indicator]) -> Year {
        let mut said = Year {
            total: self.funds(section),
            current: self.part(section, "current"),
            carried: self.part(section, "carried"),
            other: self.part(section, "other"),
            achieved: self.wording(section, "achieved"),
            reasons: self.wording(section, "reasons"),
            measures: self.wording(section, "measures"),
            stated: self.stated(section, indicators),
        };
        let parts = [said.current, said.carried, said.other];
        let columns: [FundsColumn; 3] = [
            ("initial", |funds| &mut funds.initial),
            ("budget", |funds| &mut funds.budget),
            ("executed", |funds| &mut funds.executed),
        ];
        for (key, column) in columns {
            let named = parts.iter().filter_map(|part| *column(&mut part.clone()));
            let Some(sum) = named.reduce(|one, two| one + two) else { continue };
            let total = column(&mut said.total);
            match *total {
                None => *total = Some(sum),
                Some(total) if total != sum => {
                    self.flaw(at.clone(), Flaw::Parts { year, key, total, parts: sum });
                }
                Some(_) => {}
            }
        }
        said
    }

    fn part(&mut self, section: Section<'_>, key: &str) -> Funds {
        let Some(value) = section.value(key) else { return Funds::default() };
        let name = format!("{}.{key}", section.name);
        let table = self.known_keys(&name, value, &FUNDS);
        table.map_or_else(Funds::default, |table| self.funds(Section { name: &name, table: Some(table) }))
    }

    fn funds(&mut self, section: Section<'_>) -> Funds {
        let mut amount = |key| self.decimal(section, key, 6).map(|found| found.value);
        Funds { initial: amount("initial"), budget: amount("budget"), executed: amount("executed") }
    }

    fn stated(&mut self, section: Section<'_>, indicators: &[Indicator]) -> BTreeMap<String, Decimal> {
        let name = format!("{}.stated", section.name);
        let table = section.value("stated").and_then(|value| self.table(&name, value));
        let names: Vec<&str> = indicators
            .iter()
            .filter(|indicator| indicator.figure == Figure::Stated)
            .map(|indicator| indicator.third.as_str())
            .collect();
        let mut stated = BTreeMap::new();
        for (key, _) in table.into_iter().flatten() {
            let text = key.get_ref().as_ref();
            if !names.contains(&text) {
                let suggestion = closest(text, names.iter().copied()).map(str::to_owned);
                let known = names.iter().map(|name| (*name).to_owned()).collect();
                self.wrong(key.span(), Problem::UnknownKey { key: format!("{name}.{text}"), suggestion, known });
                continue;
            }
            if let Some(found) = self.decimal(Section { name: &name, table }, text, 6) {
                stated.insert(text.to_owned(), found.value);
            }
        }
        stated
    }

    fn indicators(&mut self, value: &Spanned<DeValue<'_>>, classes: &[ClassName]) -> Vec<Indicator> {
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type("indicator".to_owned(), Wanted::Table, value, Some("[[indicator]]".to_owned()));
            return Vec::new();
        };
        let mut indicators = Vec::new();
        let mut names = BTreeSet::new();
        let mut national = Vec::new();
        let mut all_weighed = true;
        for (number, item) in array.iter().enumerate() {
            let name = format!("indicator {}", number + 1);
            let Some(table) = self.known_keys(&name, item, &INDICATOR) else { continue };
            let section = Section { name: &name, table: Some(table) };
            let before = self.mistakes.len();
            let own = self.decimal(section, "national_weight", 2).map(|found| points(found.value));
            let indicator = self.indicator(section, item.span(), classes, own);
            all_weighed &= self.mistakes.len() == before;
            let Some(indicator) = indicator else { continue };
            if !names.insert(indicator.third.clone()) {
                let at = section.value("third").map_or(item.span(), Spanned::span);
                self.flaw(at, Flaw::Twice(indicator.third.clone()));
            }
            national.push(own.is_some());
            indicators.push(indicator);
        }
        // Sums of numbers that are wrong say nothing.
        if all_weighed {
            self.weights(array.first().map_or(0..0, Spanned::span), &indicators, &national);
        }
        indicators
    }

    fn weights(&mut self, at: Range<usize>, indicators: &[Indicator], national: &[bool]) {
        let sum: Points = indicators.iter().map(|indicator| indicator.weight).sum();
        if sum != Points::whole(SelfEval::WEIGHTS) {
            let (key, wanted) = ("weight", SelfEval::WEIGHTS);
            self.flaw(at.clone(), Flaw::Weights { key, is: sum, wanted });
        }
        if national.iter().all(|own| !own) {
            return;
        }
        if !national.iter().all(|own| *own) {
            self.flaw(at, Flaw::SomeNational);
            return;
        }
        let sum: Points = indicators.iter().map(|indicator| indicator.national_weight).sum();
        if sum != Points::whole(SelfEval::NATIONAL_WEIGHTS) {
            let (key, wanted) = ("national_weight", SelfEval::NATIONAL_WEIGHTS);
            self.flaw(at, Flaw::Weights { key, is: sum, wanted });
        }
    }

    fn indicator(
        &mut self,
        section: Section<'_>,
        at: Range<usize>,
        classes: &[ClassName],
        national: Option<Points>,
    ) -> Option<Indicator> {
        for key in ["first", "second", "third", "operator", "target", "unit", "weight", "figure"] {
            if section.value(key).is_none() {
                self.flaw(at.clone(), Flaw::Missing(format!("{}.{key}", section.name)));
            }
        }
        let mut text = |key| self.text(section, key).map(|found| found.value);
        let (first, second, third) = (text("first"), text("second"), text("third"));
        let operators = [
            ("≥", Operator::AtLeast),
            (">=", Operator::AtLeast),
            ("=", Operator::Exactly),
            ("≤", Operator::AtMost),
            ("<=", Operator::AtMost),
        ];
        let operator = self.choice(section, "operator", &operators);
        let target = self.decimal(section, "target", 6);
        let unit = self.text(section, "unit");
        let weight = self.decimal(section, "weight", 2).map(|found| points(found.value));
        let figure = self.choice(section, "figure", &Figure::ALL);
        let class = self.class_of(section, classes);
        let prose = self.flag(section, "prose").unwrap_or(false);
        let figure = figure?;
        if class.is_some() && !figure.is_by_class() {
            let at = section.value("class").map_or(at, Spanned::span);
            self.flaw(at, Flaw::NotByClass(figure.name()));
        }
        let unit = unit.and_then(|Found { value: text, span }| {
            let dimension = figure.dimension();
            let unit = Unit::of(&text, dimension);
            if unit.is_none() {
                self.flaw(span, Flaw::Unit { figure: figure.name(), text, dimension });
            }
            unit
        })?;
        let weight = weight?;
        Some(Indicator {
            first: first?,
            second: second?,
            third: third?,
            operator: operator?,
            target: target?.value,
            unit,
            weight,
            national_weight: national.unwrap_or(Points(weight.0 * SelfEval::NATIONAL_WEIGHTS / SelfEval::WEIGHTS)),
            figure,
            class,
            prose,
        })
    }

    fn class_of(&mut self, section: Section<'_>, classes: &[ClassName]) -> Option<ClassName> {
        section.value("class")?;
        let choices: Vec<(&str, &ClassName)> = classes.iter().map(|class| (class.as_str(), class)).collect();
        self.choice(section, "class", &choices).cloned()
    }

    fn flag(&mut self, section: Section<'_>, key: &str) -> Option<bool> {
        let value = section.value(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong_type(format!("{}.{key}", section.name), Wanted::Flag, value, None);
        }
        flag
    }

    /// A number that is not negative, with at most so many decimals.
    fn decimal(&mut self, section: Section<'_>, key: &str, decimals: u32) -> Option<Found<Decimal>> {
        let value = section.value(key)?;
        let name = format!("{}.{key}", section.name);
        let text = match value.get_ref() {
            DeValue::Float(number) => number.as_str().to_owned(),
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
            other => {
                let plain = other.as_str().filter(|text| Decimal::parse(text).is_some());
                let suggestion = plain.map(|text| format!("{key} = {text}"));
                self.wrong_type(name, Wanted::Number, value, suggestion);
                return None;
            }
        };
        let step = 10_i64.pow(6_u32.saturating_sub(decimals));
        let found = Decimal::parse(&text).filter(|found| found.millionths() >= 0 && found.millionths() % step == 0);
        if found.is_none() {
            self.flaw(value.span(), Flaw::Number { key: name, text, decimals });
        }
        found.map(|found| Found { value: found, span: value.span() })
    }

    fn flaw(&mut self, span: Range<usize>, flaw: Flaw) {
        self.wrong(span, Problem::SelfEval(flaw));
    }
}

fn points(decimal: Decimal) -> Points {
    Points(decimal.millionths() / (Decimal::SCALE / Points::ONE))
}
