//! Which windows cover a line, and when.

use std::collections::HashMap;

use super::inventory::in_force;
use super::{Common, Inventory, Window};
use crate::line::LineId;
use crate::record::Scope;
use crate::time::Span;

/// The windows of a rollup, found by what they stand on.
#[derive(Debug)]
pub(super) struct Windows {
    /// By number in [`Common::windows`].
    all: Vec<u32>,
    /// Scopes that depend on a line's rows.
    by_row: Vec<u32>,
    by_line: HashMap<LineId, Vec<u32>>,
    by_trunk: HashMap<LineId, Vec<u32>>,
}

/// A window covers a line during a span.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cover {
    /// Number in [`Common::windows`].
    pub window: u32,
    /// When.
    pub span: Span,
}

impl Windows {
    pub fn of(windows: &[Window]) -> Self {
        let mut found = Self { all: Vec::new(), by_row: Vec::new(), by_line: HashMap::new(), by_trunk: HashMap::new() };
        for (number, window) in (0_u32..).zip(windows) {
            match &window.scope {
                Scope::All => found.all.push(number),
                Scope::Class(_) | Scope::Township(_) => found.by_row.push(number),
                Scope::Line(line) => found.by_line.entry(line.clone()).or_default().push(number),
                Scope::Trunk(line) => found.by_trunk.entry(line.clone()).or_default().push(number),
            }
        }
        found
    }

    /// The windows that cover a line by themselves. Spans of one window may overlap.
    pub fn over(&self, line: &LineId, common: &Common) -> Vec<Cover> {
        let mut covers = Vec::new();
        let mut add = |window: u32, span: Span| {
            let span = span.clip(common.windows[window as usize].span);
            if !span.is_empty() {
                covers.push(Cover { window, span });
            }
        };
        let whole = |window: u32| common.windows[window as usize].span;
        let own = self.by_line.get(line).into_iter().chain(self.by_trunk.get(line)).flatten();
        for window in self.all.iter().chain(own) {
            add(*window, whole(*window));
        }
        for (window, span) in self.by_row(line, common) {
            add(window, span);
        }
        for (window, span) in self.by_ancestor(line, &common.inventory) {
            add(window, span);
        }
        covers
    }

    fn by_row<'a>(&'a self, line: &LineId, common: &'a Common) -> impl Iterator<Item = (u32, Span)> + use<'a> {
        common.inventory.rows(line).iter().flat_map(move |row| {
            self.by_row.iter().filter_map(move |window| {
                let within = match &common.windows[*window as usize].scope {
                    Scope::Class(class) => *class == row.line.class,
                    Scope::Township(township) => *township == row.line.township,
                    Scope::All | Scope::Line(_) | Scope::Trunk(_) => false,
                };
                within.then(|| (*window, in_force(row)))
            })
        })
    }

    fn by_ancestor(&self, line: &LineId, inventory: &Inventory) -> Vec<(u32, Span)> {
        if self.by_trunk.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (span, ancestors) in inventory.ancestry(line) {
            let windows = ancestors.iter().filter_map(|above| self.by_trunk.get(above)).flatten();
            found.extend(windows.map(|window| (*window, span)));
        }
        found
    }
}
