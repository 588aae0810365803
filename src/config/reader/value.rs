//! Single values: each reader reports what is wrong and returns nothing then.

use std::net::SocketAddr;
use std::ops::Range;

use chrono_tz::Tz;
use linewatch_core::time::Millis;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::mistake::Wanted;
use super::super::{Http, Problem, duration};
use super::{Reader, Section};
use crate::spelling::closest;

/// A value and its place.
pub struct Found<T> {
    pub value: T,
    pub span: Range<usize>,
}

impl Reader {
    /// The value as a table, reported when it is something else.
    pub fn table<'t>(&mut self, key: &str, value: &'t Spanned<DeValue<'t>>) -> Option<&'t DeTable<'t>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(key.to_owned(), Wanted::Table, value, None);
        }
        table
    }

    /// A string that is not empty.
    pub fn text(&mut self, section: Section<'_>, key: &str) -> Option<Found<String>> {
        let value = section.value(key)?;
        let name = format!("{}.{key}", section.name);
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(name, Wanted::Text, value, None);
            return None;
        };
        if text.trim().is_empty() {
            self.wrong(value.span(), Problem::Empty(name));
            return None;
        }
        Some(Found { value: text.trim().to_owned(), span: value.span() })
    }

    /// Strings that are not empty.
    pub fn texts(&mut self, section: Section<'_>, key: &str) -> Vec<Found<String>> {
        let Some(value) = section.value(key) else { return Vec::new() };
        let name = format!("{}.{key}", section.name);
        let Some(array) = value.get_ref().as_array() else {
            let suggestion = value.get_ref().as_str().map(|text| format!("{key} = [\"{text}\"]"));
            self.wrong_type(name, Wanted::Texts, value, suggestion);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in array {
            match item.get_ref().as_str() {
                Some(text) => texts.push(Found { value: text.trim().to_owned(), span: item.span() }),
                None => self.wrong_type(name.clone(), Wanted::Text, item, None),
            }
        }
        texts
    }

    /// A length of time within a range.
    pub fn duration(&mut self, section: Section<'_>, key: &str, least: Millis, most: Millis) -> Option<Found<Millis>> {
        let value = section.value(key)?;
        let name = format!("{}.{key}", section.name);
        let Some(text) = value.get_ref().as_str() else {
            let suggestion = value.get_ref().as_integer().map(|number| format!("{key} = \"{}s\"", number.as_str()));
            self.wrong_type(name, Wanted::Duration, value, suggestion);
            return None;
        };
        let Some(length) = duration::parse(text) else {
            self.wrong(value.span(), Problem::BadDuration { key: name, text: text.to_owned() });
            return None;
        };
        if length < least || length > most {
            let (least, most) = (duration::format(least), duration::format(most));
            self.wrong(value.span(), Problem::OutOfRange { key: name, text: text.to_owned(), least, most });
            return None;
        }
        Some(Found { value: length, span: value.span() })
    }

    /// A whole number within a range.
    pub fn count(&mut self, section: Section<'_>, key: &str, least: u32, most: u32) -> Option<u32> {
        let value = section.value(key)?;
        let name = format!("{}.{key}", section.name);
        let Some(number) = value.get_ref().as_integer() else {
            let plain = value.get_ref().as_str().filter(|text| text.parse::<u32>().is_ok());
            self.wrong_type(name, Wanted::Count, value, plain.map(|text| format!("{key} = {text}")));
            return None;
        };
        let count = i64::from_str_radix(number.as_str(), number.radix()).ok().and_then(|n| u32::try_from(n).ok());
        let count = count.filter(|count| (least..=most).contains(count));
        if count.is_none() {
            let (text, least, most) = (number.as_str().to_owned(), least.to_string(), most.to_string());
            self.wrong(value.span(), Problem::OutOfRange { key: name, text, least, most });
        }
        count
    }

    /// A number above 0 and up to 1, in millionths; further digits are cut off.
    pub fn ratio_ppm(&mut self, section: Section<'_>, key: &str) -> Option<u32> {
        let value = section.value(key)?;
        let name = format!("{}.{key}", section.name);
        let text = match value.get_ref() {
            DeValue::Float(number) => number.as_str(),
            DeValue::Integer(number) => number.as_str(),
            _ => {
                self.wrong_type(name, Wanted::Ratio, value, None);
                return None;
            }
        };
        let ppm = millionths(text).filter(|ppm| (1..=1_000_000).contains(ppm));
        if ppm.is_none() {
            let (least, most) = ("0.000001".to_owned(), "1".to_owned());
            self.wrong(value.span(), Problem::OutOfRange { key: name, text: text.to_owned(), least, most });
        }
        ppm
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&mut self, section: Section<'_>, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let Found { value: text, span } = self.text(section, key)?;
        let chosen = choices.iter().find(|(word, _)| *word == text).map(|(_, choice)| *choice);
        if chosen.is_none() {
            let suggestion = closest(&text, choices.iter().map(|(word, _)| *word)).map(|word| format!("\"{word}\""));
            let known = choices.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            self.wrong(span, Problem::BadChoice { key: format!("{}.{key}", section.name), text, suggestion, known });
        }
        chosen
    }

    /// `site.timezone`.
    pub fn zone(&mut self, section: Section<'_>) -> Tz {
        let default = Tz::Asia__Shanghai;
        let Some(Found { value: text, span }) = self.text(section, "timezone") else { return default };
        text.parse().unwrap_or_else(|_| {
            let suggestion = closest(&text, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())).map(str::to_owned);
            self.wrong(span, Problem::UnknownZone { text, suggestion });
            default
        })
    }

    /// `http.listen`.
    pub fn listen(&mut self, section: Section<'_>) -> SocketAddr {
        let default = Http::DEFAULT_LISTEN.parse().expect("the default is an address with a port");
        let Some(Found { value: text, span }) = self.text(section, "listen") else { return default };
        text.parse().unwrap_or_else(|_| {
            self.wrong(span, Problem::BadListen(text));
            default
        })
    }

    /// Reports that another type is wanted.
    pub fn wrong_type(
        &mut self,
        key: String,
        wanted: Wanted,
        value: &Spanned<DeValue<'_>>,
        suggestion: Option<String>,
    ) {
        let found = value.get_ref().type_str();
        self.wrong(value.span(), Problem::WrongType { key, wanted, found, suggestion });
    }
}

/// Decimal text, possibly with `_` or an exponent of zero digits, in millionths.
fn millionths(text: &str) -> Option<u32> {
    let text = text.replace('_', "");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let all_digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let fraction: String = fraction.chars().chain("000000".chars()).take(6).collect();
    whole.parse::<u32>().ok()?.checked_mul(1_000_000)?.checked_add(fraction.parse().ok()?)
}
