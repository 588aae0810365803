//! Where in a file mutants belong: the expression, guard, arm or body around what `cargo mutants` replaces.

use std::collections::BTreeMap;
use std::ops::Range;

use proc_macro2::LineColumn;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::list::{Genre, Mutant, Place};

/// A part of a file that is written anew so that mutants can be chosen there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Bytes of the file.
    pub range: Range<usize>,
    /// How it is written.
    pub shape: Shape,
    /// Numbers of mutants, each with what it makes of the part.
    pub choices: Vec<(usize, String)>,
}

/// How a site is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `(if is(1) { changed } else { as it was })`.
    Expression,
    /// `if is(1) { return changed; }` before it; the range is empty.
    Return,
    /// Iterators of several types, told apart by `Either`.
    Iterator,
    /// A guard behind a pattern that has none; the range is empty.
    Guard,
}

/// The places of a file's lines and characters in bytes.
pub struct Lines(Vec<Vec<usize>>);

impl Lines {
    /// Of this text.
    pub fn of(text: &str) -> Self {
        let mut lines = vec![vec![]];
        for (at, character) in text.char_indices() {
            lines.last_mut().expect("there is a line").push(at);
            if character == '\n' {
                lines.push(vec![]);
            }
        }
        lines.last_mut().expect("there is a line").push(text.len());
        Self(lines)
    }

    fn of_place(&self, place: Place) -> usize {
        self.at(place.line, place.column - 1)
    }

    fn of_span(&self, at: LineColumn) -> usize {
        self.at(at.line, at.column)
    }

    fn at(&self, line: usize, column: usize) -> usize {
        let places = &self.0[line - 1];
        // Behind the last character of a line is where the next one begins.
        places.get(column).copied().unwrap_or_else(|| self.0[line][0])
    }

    fn range(&self, spanned: &impl Spanned) -> Range<usize> {
        let span = spanned.span();
        self.of_span(span.start())..self.of_span(span.end())
    }
}

/// The sites of a file, outer ones before inner ones, and the numbers of those mutants that cannot be chosen at run
/// time: the language would not take them.
///
/// # Errors
///
/// When the file is no Rust.
pub fn sites(text: &str, mutants: &[(usize, &Mutant)]) -> syn::Result<(Vec<Site>, Vec<usize>)> {
    let lines = Lines::of(text);
    let mut wanted = BTreeMap::<usize, Vec<(usize, &Mutant)>>::new();
    for (number, mutant) in mutants {
        wanted.entry(lines.of_place(mutant.span.start)).or_default().push((*number, mutant));
    }
    let mut finder = Finder { text, lines, wanted, found: vec![] };
    finder.visit_file(&syn::parse_file(text)?);
    let Finder { wanted, mut found, .. } = finder;
    found.sort_by_key(|site| (site.range.start, !site.range.is_empty(), usize::MAX - site.range.end));
    // A guard and a comparison that is all of it are one site.
    found.dedup_by(|later, first| {
        let same = later.range == first.range && later.shape == first.shape;
        if same {
            first.choices.append(&mut later.choices);
        }
        same
    });
    Ok((found, wanted.into_values().flatten().map(|(number, _)| number).collect()))
}

struct Finder<'a> {
    text: &'a str,
    lines: Lines,
    /// What has no site yet, by its first byte.
    wanted: BTreeMap<usize, Vec<(usize, &'a Mutant)>>,
    found: Vec<Site>,
}

impl Finder<'_> {
    /// Mutants of these kinds that start at this byte.
    fn take(&mut self, at: usize, genres: &[Genre]) -> Vec<(usize, String)> {
        let Some(here) = self.wanted.get_mut(&at) else { return vec![] };
        let taken = here.extract_if(.., |(_, mutant)| genres.contains(&mutant.genre));
        let taken = taken.map(|(number, mutant)| (number, mutant.replacement.clone())).collect();
        if here.is_empty() {
            self.wanted.remove(&at);
        }
        taken
    }

    /// The text of a range with a part replaced.
    fn changed(&self, range: &Range<usize>, part: &Range<usize>, by: &str) -> String {
        format!("{} {by} {}", &self.text[range.start..part.start], &self.text[part.end..range.end])
    }

    /// A site for mutants that replace a part of an expression.
    fn expression(&mut self, range: Range<usize>, part: &Range<usize>, genre: Genre) {
        let taken = self.take(part.start, &[genre]);
        if !taken.is_empty() {
            let choices = taken.into_iter().map(|(number, by)| (number, self.changed(&range, part, &by))).collect();
            self.found.push(Site { range, shape: Shape::Expression, choices });
        }
    }

    /// A site for mutants that replace a body.
    fn body(&mut self, output: &syn::ReturnType, block: &syn::Block) {
        let inside = match (block.stmts.first(), block.stmts.last()) {
            (Some(first), Some(last)) => self.lines.range(first).start..self.lines.range(last).end,
            _ => return,
        };
        let choices = self.take(inside.start, &[Genre::FnValue]);
        if choices.is_empty() {
            return;
        }
        let hidden = matches!(output, syn::ReturnType::Type(_, kind) if matches!(**kind, syn::Type::ImplTrait(_)));
        self.found.push(if hidden {
            Site { range: inside, shape: Shape::Iterator, choices }
        } else {
            Site { range: inside.start..inside.start, shape: Shape::Return, choices }
        });
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.body(&function.sig.output, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.body(&function.sig.output, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.body(&function.sig.output, block);
        }
        visit::visit_trait_item_fn(self, function);
    }

    fn visit_expr_binary(&mut self, expression: &'ast syn::ExprBinary) {
        // A chain with `let` can be joined by `&&` only.
        if !has_let(&expression.left) && !has_let(&expression.right) {
            let part = self.lines.range(&expression.op);
            self.expression(self.lines.range(expression), &part, Genre::BinaryOperator);
        }
        visit::visit_expr_binary(self, expression);
    }

    fn visit_expr_unary(&mut self, expression: &'ast syn::ExprUnary) {
        let part = self.lines.range(&expression.op);
        self.expression(self.lines.range(expression), &part, Genre::UnaryOperator);
        visit::visit_expr_unary(self, expression);
    }

    fn visit_expr_struct(&mut self, expression: &'ast syn::ExprStruct) {
        let range = self.lines.range(expression);
        for pair in expression.fields.pairs() {
            let field = self.lines.range(*pair.value());
            let end = pair.punct().map_or(field.end, |comma| self.lines.range(*comma).end);
            self.expression(range.clone(), &(field.start..end), Genre::StructField);
        }
        visit::visit_expr_struct(self, expression);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let start = self.lines.range(arm).start;
        let left_out = self.take(start, &[Genre::MatchArm]);
        let left_out = left_out.into_iter().map(|(number, _)| (number, "false".to_owned()));
        if let Some((_, guard)) = &arm.guard {
            let range = self.lines.range(&**guard);
            let mut choices = self.take(range.start, &[Genre::MatchArmGuard]);
            choices.extend(left_out);
            if !choices.is_empty() {
                self.found.push(Site { range, shape: Shape::Expression, choices });
            }
        } else if left_out.len() > 0 {
            let end = self.lines.range(&arm.pat).end;
            self.found.push(Site { range: end..end, shape: Shape::Guard, choices: left_out.collect() });
        }
        visit::visit_arm(self, arm);
    }
}

fn has_let(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(binary) => has_let(&binary.left) || has_let(&binary.right),
        _ => false,
    }
}
