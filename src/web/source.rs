//! Where the pages get what they show.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use linewatch_core::act::Act;
use linewatch_core::ledger::AccountRow;
use linewatch_core::line::LineId;
use linewatch_core::quality::LineHour;
use linewatch_core::record::{AccountName, Record};
use linewatch_core::time::Span;
use linewatch_core::view::{LiveView, Snapshot};

use tokio::sync::broadcast;

use super::NotDone;
use super::access::Access;
use crate::config::Config;
use crate::language::Language;
use crate::metrics::LineSeries;
use crate::report::reload::Reloaded;
use crate::store::{self, Store};

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

    /// Has an act recorded, without asking whether its author may: that is [`carry_out`](super::carry_out)'s. The
    /// answer comes after the commit, so that whoever looks then sees it.
    fn act<'a>(
        &'a self,
        _author: &'a str,
        _act: Act,
    ) -> Pin<Box<dyn Future<Output = Result<Vec<Record>, NotDone>> + Send + 'a>> {
        Box::pin(std::future::ready(Err(NotDone::Starting)))
    }

    /// Every commit from now on; `None` with every source that is no daemon. Who reads too slowly misses some, and is
    /// told so.
    fn commits(&self) -> Option<broadcast::Receiver<Arc<[Record]>>> {
        None
    }

    /// Who gets in; `None` with every source that has no accounts: then everybody sees everything and nobody changes
    /// anything.
    fn access(&self) -> Option<&Access> {
        None
    }

    /// An account, as the committed records have it.
    fn account(&self, _name: &AccountName) -> Option<Arc<AccountRow>> {
        None
    }

    /// Whether there is any account.
    fn has_accounts(&self) -> bool {
        false
    }

    /// The site's language, without a look.
    fn language(&self) -> Language {
        Language::default()
    }

    /// The journal's file, for what memory does not hold; `None` with every source that is no daemon.
    fn store(&self) -> Option<PathBuf> {
        None
    }
}

/// Reads the store on a thread of its own, at one moment; `None` when there is none or it cannot be read.
pub async fn read<T, R>(source: &dyn Source, read: R) -> Option<T>
where
    T: Send + 'static,
    R: FnOnce(&store::Snapshot<'_>) -> Result<T, store::StoreError> + Send + 'static,
{
    let path = source.store()?;
    let run = move || read(&Store::open_read_only(&path)?.snapshot()?);
    match tokio::task::spawn_blocking(run).await {
        Ok(Ok(found)) => Some(found),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the journal cannot be read for a page");
            None
        }
        Err(error) => {
            tracing::warn!(%error, "the journal was not read for a page");
            None
        }
    }
}
