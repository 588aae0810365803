//! `[faults] causes`, `symptoms` and `channels`: what people choose from when they speak of faults.

use linewatch_core::ledger::{CauseKind, Choices};
use toml::Spanned;
use toml::de::DeValue;

use super::super::Problem;
use super::value::Found;
use super::{Reader, Section};

impl Reader {
    /// What is not written is as in the office's own tables.
    pub fn choices(&mut self, section: Section<'_>) -> Choices {
        let usual = Choices::default();
        Choices {
            causes: self.causes(section).unwrap_or(usual.causes),
            symptoms: self.words(section, "symptoms").unwrap_or(usual.symptoms),
            channels: self.words(section, "channels").unwrap_or(usual.channels),
        }
    }

    /// `[faults.causes]`: a list of causes for each kind.
    fn causes(&mut self, section: Section<'_>) -> Option<Vec<CauseKind>> {
        let value = section.value("causes")?;
        let name = format!("{}.causes", section.name);
        let table = self.table(&name, value)?;
        if table.is_empty() {
            self.wrong(value.span(), Problem::Empty(name));
            return None;
        }
        let mut kinds: Vec<_> = table.iter().collect();
        // The order of the file is the order in which people see them.
        kinds.sort_by_key(|(key, _)| key.span().start);
        let within = Section { name: &name, table: Some(table) };
        let read = |(key, value): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
            let text = key.get_ref().trim();
            if text.is_empty() {
                self.wrong(key.span(), Problem::Empty(name.clone()));
            }
            // A kind without causes is itself one.
            let none = value.get_ref().as_array().is_some_and(|array| array.is_empty());
            let causes = if none { Vec::new() } else { self.words(within, key.get_ref()).unwrap_or_default() };
            CauseKind { name: text.to_owned(), causes }
        };
        Some(kinds.into_iter().map(read).collect())
    }

    /// A list of words, none of them twice.
    fn words(&mut self, section: Section<'_>, key: &str) -> Option<Vec<String>> {
        let value = section.value(key)?;
        let name = format!("{}.{key}", section.name);
        let mut words: Vec<String> = Vec::new();
        let found = self.texts(section, key);
        if value.get_ref().as_array().is_some_and(|array| array.is_empty()) {
            self.wrong(value.span(), Problem::Empty(name.clone()));
        }
        for Found { value, span } in found {
            if value.is_empty() {
                self.wrong(span, Problem::Empty(name.clone()));
            } else if words.contains(&value) {
                self.wrong(span, Problem::Twice { key: name.clone(), text: value });
            } else {
                words.push(value);
            }
        }
        Some(words)
    }
}
