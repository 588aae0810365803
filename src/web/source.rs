//! Where the pages get what they show.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use linewatch_core::line::LineId;
use linewatch_core::quality::LineHour;
use linewatch_core::time::Span;
use linewatch_core::view::{LiveView, Snapshot};

use crate::config::Config;
use crate::language::Language;
use crate::metrics::LineSeries;
use crate::report::reload::Reloaded;

/// One look at the daemon: what is published and what is live, at one instant.
#[derive(Clone, Debug)]
pub struct Look {
    /// The committed side.
    pub snapshot: Arc<Snapshot>,
    /// The live side.
    pub live: Arc<LiveView>,
    /// How the configuration wants it shown.
    pub settings: Settings,
}

/// What the configuration says of pages and metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The site's language.
    pub language: Language,
    /// `[metrics] lines`.
    pub lines: LineSeries,
}

/// Answers looks; the daemon does so over a channel.
pub trait Source: Send + Sync + 'static {
    /// One look; `None` while the daemon starts or stops.
    fn look(&self) -> Pin<Box<dyn Future<Output = Option<Look>> + Send + '_>>;

    /// The kept quality of a line in the hours that begin within a span, by time; `None` when it cannot be read.
    fn quality(&self, line: LineId, span: Span) -> Pin<Box<dyn Future<Output = Option<Vec<LineHour>>> + Send + '_>>;

    /// The configuration in force, which says where the journal is; `None` with a source that is no daemon.
    fn config(&self) -> Option<Arc<Config>> {
        None
    }

    /// Reloads configuration and inventory, and says what became of it; `None` while the daemon starts or stops, as
    /// with every source that is no daemon.
    fn reload(&self, _allow_removal: bool) -> Pin<Box<dyn Future<Output = Option<Reloaded>> + Send + '_>> {
        Box::pin(std::future::ready(None))
    }
}
