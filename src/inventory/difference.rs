//! What another inventory would change.

use std::collections::HashMap;

use chrono_tz::Tz;
use linewatch_core::line::{Line, LineId};

use super::{Column, cell_text};

/// What changes from one inventory to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Lines that only the other has, in its order.
    pub new: Vec<Line>,
    /// Lines that only the first has, in its order.
    pub gone: Vec<Line>,
    /// Lines of which they say different things, in the order of the other.
    pub changed: Vec<Changed>,
    /// Lines of which they say the same.
    pub same: usize,
}

/// A line that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its id.
    pub id: LineId,
    /// Its name in the other inventory.
    pub name: String,
    /// What is different, in the order of the columns; never empty.
    pub fields: Vec<Field>,
}

/// A value that changes, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Which.
    pub column: Column,
    /// Before.
    pub old: String,
    /// After.
    pub new: String,
}

impl Difference {
    /// From `old` to `new`; days are those of a zone.
    pub fn between(old: &[Line], new: &[Line], zone: Tz) -> Self {
        let before: HashMap<&LineId, &Line> = old.iter().map(|line| (&line.id, line)).collect();
        let after: HashMap<&LineId, &Line> = new.iter().map(|line| (&line.id, line)).collect();
        let mut difference = Self::default();
        for line in new {
            match before.get(&line.id) {
                None => difference.new.push(line.clone()),
                Some(before) if **before == *line => difference.same += 1,
                Some(before) => difference.changed.push(changed(before, line, zone)),
            }
        }
        difference.gone = old.iter().filter(|line| !after.contains_key(&line.id)).cloned().collect();
        difference
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.gone.is_empty() && self.changed.is_empty()
    }

    /// Whether more than 5 % of the lines would go, which wants an explicit yes.
    pub fn removes_many(&self) -> bool {
        self.gone.len() * 20 > self.gone.len() + self.changed.len() + self.same
    }
}

fn changed(before: &Line, after: &Line, zone: Tz) -> Changed {
    let field = |column: &Column| {
        let (old, new) = (cell_text(before, *column, zone), cell_text(after, *column, zone));
        (old != new).then_some(Field { column: *column, old, new })
    };
    let fields = Column::ALL.iter().filter_map(field).collect();
    Changed { id: after.id.clone(), name: after.name.clone(), fields }
}
