//! A file written anew with a choice at each of its sites.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::ops::Range;

use crate::sites::{Shape, Site};

/// A file with choices, and where in it each choice stands.
pub struct Rewritten {
    /// The text.
    pub text: String,
    /// Each mutant's own text.
    choices: Vec<(Range<usize>, usize)>,
    /// Where a mutant leaves out an arm that has no guard of its own.
    arms: Vec<(usize, usize)>,
    /// Each site with its mutants.
    sites: Vec<(Range<usize>, Vec<usize>)>,
}

impl Rewritten {
    /// The mutant in whose own text a byte stands.
    pub fn mutant_at(&self, byte: usize) -> Option<usize> {
        self.choices.iter().find(|(range, _)| range.contains(&byte)).map(|(_, number)| *number)
    }

    /// The mutant that leaves out the next arm behind a byte.
    pub fn arm_after(&self, byte: usize) -> Option<usize> {
        self.arms.iter().filter(|(at, _)| *at > byte).min().map(|(_, number)| *number)
    }

    /// The mutants of the smallest site around a byte.
    pub fn site_at(&self, byte: usize) -> Option<&[usize]> {
        let around = self.sites.iter().filter(|(range, _)| range.contains(&byte));
        around.min_by_key(|(range, _)| range.len()).map(|(_, numbers)| numbers.as_slice())
    }
}

/// Writes a file anew. Mutants that are left out get no choice.
pub fn rewrite(text: &str, sites: &[Site], left_out: &BTreeSet<usize>) -> Rewritten {
    let sites: Vec<Site> = sites
        .iter()
        .map(|site| Site {
            choices: site.choices.iter().filter(|(number, _)| !left_out.contains(number)).cloned().collect(),
            ..site.clone()
        })
        .filter(|site| !site.choices.is_empty())
        .collect();
    let mut writer =
        Writer { text, out: Rewritten { text: String::new(), choices: vec![], arms: vec![], sites: vec![] } };
    writer.part(0..text.len(), &sites);
    writer.out
}

struct Writer<'a> {
    text: &'a str,
    out: Rewritten,
}

impl Writer<'_> {
    /// A part of the file with the sites in it.
    fn part(&mut self, range: Range<usize>, sites: &[Site]) {
        let mut at = range.start;
        let mut rest = sites;
        while let Some((site, others)) = rest.split_first() {
            self.out.text.push_str(&self.text[at..site.range.start]);
            let inner = others.iter().take_while(|inner| inner.range.start < site.range.end).count();
            self.site(site, &others[..inner]);
            at = site.range.end;
            rest = &others[inner..];
        }
        self.out.text.push_str(&self.text[at..range.end]);
    }

    fn site(&mut self, site: &Site, inner: &[Site]) {
        let start = self.out.text.len();
        match site.shape {
            Shape::Expression => {
                self.out.text.push('(');
                for (number, changed) in &site.choices {
                    self.head(*number);
                    self.choice(*number, &format!("({changed})"));
                    self.out.text.push_str(" } else ");
                }
                self.out.text.push_str("{ (");
                self.part(site.range.clone(), inner);
                self.out.text.push_str(") })");
            }
            Shape::Return => {
                for (number, changed) in &site.choices {
                    self.head(*number);
                    self.choice(*number, &format!("return {changed};"));
                    self.out.text.push_str(" } ");
                }
            }
            Shape::Iterator => {
                for (number, changed) in &site.choices {
                    self.head(*number);
                    self.choice(*number, &format!("crate::mutant::Either::First({changed})"));
                    self.out.text.push_str(" } else { crate::mutant::Either::Second(");
                }
                self.out.text.push_str("{ ");
                self.part(site.range.clone(), inner);
                self.out.text.push_str(" }");
                self.out.text.push_str(&") }".repeat(site.choices.len()));
            }
            Shape::Guard => {
                self.out.text.push_str(" if true");
                for (number, _) in &site.choices {
                    self.out.arms.push((self.out.text.len(), *number));
                    write!(self.out.text, " && !crate::mutant::is({number})").expect("a string takes all");
                }
            }
        }
        let numbers = site.choices.iter().map(|(number, _)| *number).collect();
        self.out.sites.push((start..self.out.text.len(), numbers));
    }

    fn head(&mut self, number: usize) {
        write!(self.out.text, "if crate::mutant::is({number}) {{ ").expect("a string takes all");
    }

    fn choice(&mut self, number: usize, changed: &str) {
        let start = self.out.text.len();
        self.out.text.push_str(changed);
        self.out.choices.push((start..self.out.text.len(), number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::{Genre, Mutant, Place, Span};
    use crate::sites::sites;

    /// A mutant of the last place at which a part of the text stands.
    fn mutant(text: &str, genre: Genre, part: &str, replacement: &str) -> Mutant {
        let begin = text.rfind(part).expect("the part is in the text");
        let place = |at: usize| {
            let before = &text[..at];
            let line = before.rsplit('\n').next().expect("a line");
            Place { line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
        };
        Mutant {
            file: "a.rs".to_owned(),
            genre,
            name: format!("{part} {replacement}"),
            replacement: replacement.to_owned(),
            span: Span { start: place(begin), end: place(begin + part.len()) },
            function: None,
        }
    }

    fn rewritten(text: &str, mutants: &[Mutant]) -> (String, Vec<usize>) {
        let numbered: Vec<_> = mutants.iter().enumerate().collect();
        let (found, without) = sites(text, &numbered).expect("it is Rust");
        let out = rewrite(text, &found, &BTreeSet::new());
        syn::parse_file(&out.text).unwrap_or_else(|error| panic!("{error}: {}", out.text));
        for (range, number) in &out.choices {
            assert_eq!(out.mutant_at(range.start), Some(*number));
        }
        (out.text.split_whitespace().collect::<Vec<_>>().join(" "), without)
    }

    #[test]
    fn operators_inside_one_another() {
        let text = "fn f(千: u8) -> bool { let 米 = '米'; 千 < 3 && !(千 == 1) }";
        let mutants = [
            mutant(text, Genre::BinaryOperator, "&&", "||"),
            mutant(text, Genre::BinaryOperator, "<", "<="),
            mutant(text, Genre::BinaryOperator, "<", ">"),
            mutant(text, Genre::UnaryOperator, "!", ""),
        ];
        let expected = "fn f(千: u8) -> bool { let 米 = '米'; (if crate::mutant::is(0) { (千 < 3 || !(千 == 1)) } else { \
            ((if crate::mutant::is(1) { (千 <= 3) } else if crate::mutant::is(2) { (千 > 3) } else { (千 < 3) }) && \
            (if crate::mutant::is(3) { ( (千 == 1)) } else { (!(千 == 1)) })) }) }";
        assert_eq!(rewritten(text, &mutants), (expected.to_owned(), vec![]));
    }

    #[test]
    fn bodies() {
        let text = "fn f() -> u8 {\n    1 + 1\n}\nfn g() -> impl Iterator<Item = u8> {\n    [7].into_iter()\n}";
        let mutants = [
            mutant(text, Genre::FnValue, "1 + 1", "0"),
            mutant(text, Genre::BinaryOperator, "+", "-"),
            mutant(text, Genre::FnValue, "[7].into_iter()", "::std::iter::empty()"),
        ];
        let expected = "fn f() -> u8 { if crate::mutant::is(0) { return 0; } \
            (if crate::mutant::is(1) { (1 - 1) } else { (1 + 1) }) } \
            fn g() -> impl Iterator<Item = u8> { if crate::mutant::is(2) { crate::mutant::Either::First(::std::iter::empty()) } \
            else { crate::mutant::Either::Second({ [7].into_iter() }) } }";
        assert_eq!(rewritten(text, &mutants), (expected.to_owned(), vec![]));
    }

    #[test]
    fn arms_and_guards() {
        let text = "fn f(a: u8) -> u8 { match a { 1 if a < 0 => 4, 2 => 5, _ => 6 } }";
        let mutants = [
            mutant(text, Genre::MatchArmGuard, "a < 0", "true"),
            mutant(text, Genre::BinaryOperator, "<", ">"),
            mutant(text, Genre::MatchArm, "2 => 5,", ""),
            mutant(text, Genre::MatchArm, "1 if", ""),
        ];
        let expected = "fn f(a: u8) -> u8 { match a { 1 if (if crate::mutant::is(1) { (a > 0) } \
            else if crate::mutant::is(0) { (true) } else if crate::mutant::is(3) { (false) } else { (a < 0) }) => 4, \
            2 if true && !crate::mutant::is(2) => 5, _ => 6 } }";
        let (text, without) = rewritten(text, &mutants);
        let mut parts: Vec<_> = expected.split_whitespace().collect();
        let mut found: Vec<_> = text.split_whitespace().collect();
        // In which order a site's choices stand is all the same.
        parts.sort_unstable();
        found.sort_unstable();
        assert_eq!((found, without), (parts, vec![]));
    }

    #[test]
    fn a_field_is_left_out() {
        let text = "fn f() -> A { A { b: 1, c: 2, ..A::default() } }";
        let mutants = [mutant(text, Genre::StructField, "b: 1", ""), mutant(text, Genre::StructField, "c: 2", "")];
        let expected = "fn f() -> A { (if crate::mutant::is(0) { (A { c: 2, ..A::default() }) } \
            else if crate::mutant::is(1) { (A { b: 1, ..A::default() }) } else { (A { b: 1, c: 2, ..A::default() }) }) }";
        assert_eq!(rewritten(text, &mutants), (expected.to_owned(), vec![]));
    }

    #[test]
    fn a_condition_with_let_has_no_site() {
        let text = "fn f(a: Option<u8>) { if let Some(b) = a && b < 1 {} }";
        let mutants = [mutant(text, Genre::BinaryOperator, "&&", "||"), mutant(text, Genre::BinaryOperator, "<", "<=")];
        let (_, without) = rewritten(text, &mutants);
        assert_eq!(without, vec![0]);
    }
}
