//! What of the records belongs to a viewer's township.

use linewatch_core::line::{Line, LineId};
use linewatch_core::record::Scope;
use linewatch_core::upstream::Upstream;

use super::super::{Look, Viewer};

/// The lines that a viewer sees, and what concerns them.
pub(super) struct Seen {
    /// Nothing is hidden.
    all: bool,
    lines: Vec<std::sync::Arc<Line>>,
    upstream: Upstream,
}

impl Seen {
    /// By a look at everything.
    pub(super) fn of(viewer: &Viewer, whole: &Look) -> Self {
        let mut upstream = Upstream::default();
        for known in &whole.snapshot.committed.lines {
            upstream.set(&known.line.id, known.line.upstream.as_ref());
        }
        let own = viewer.township();
        let lines = whole.snapshot.committed.lines.iter().map(|known| &known.line);
        let lines = lines.filter(|line| own.is_none_or(|own| line.township == *own)).cloned().collect();
        Self { all: own.is_none(), lines, upstream }
    }

    /// Whether a line is seen.
    pub(super) fn line(&self, line: &LineId) -> bool {
        self.all || self.lines.iter().any(|known| known.id == *line)
    }

    /// Whether a scope concerns a line that is seen.
    pub(super) fn scope(&self, scope: &Scope) -> bool {
        self.all || self.lines.iter().any(|line| scope.concerns(line, &self.upstream))
    }
}
