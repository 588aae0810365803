//! Reading the journal for a page: on a thread of its own, with a connection of its own, few at a time.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::Shared;
use crate::config::Config;
use crate::language::Language;
use crate::report::rollup::NoFigures;
use crate::store::{Snapshot, Store, StoreError};

/// Readers at once; a crowd of readers shall take neither all threads nor the disk from the writer.
static READERS: Semaphore = Semaphore::const_new(4);

/// Why nothing was read.
#[derive(Debug)]
pub(super) enum Unread {
    /// There is no journal to read: the daemon starts or stops.
    Nowhere,
    /// It cannot be read, or says nothing.
    Failed(NoFigures),
}

impl From<StoreError> for Unread {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<NoFigures> for Unread {
    fn from(error: NoFigures) -> Self {
        Self::Failed(error)
    }
}

impl Unread {
    /// The sentence for people.
    pub(super) fn sentence(&self, language: Language) -> String {
        match self {
            Self::Nowhere => language
                .pick("记录库暂时读不出，请稍后再看。", "The journal cannot be read now; please look again soon.")
                .to_owned(),
            // Whoever reads a page can do nothing about it; the log has the reason.
            Self::Failed(NoFigures::Store(_)) => language
                .pick(
                    "记录库读不出。请告诉管理员：原因写在服务器的日志里。",
                    "The journal cannot be read. Please tell an admin: the server's log says why.",
                )
                .to_owned(),
            Self::Failed(error) => error.sentence(language),
        }
    }

    /// For the log.
    fn reason(&self) -> String {
        match self {
            Self::Nowhere => self.sentence(Language::English),
            Self::Failed(error) => error.sentence(Language::English),
        }
    }
}

/// Reads what a page needs from one moment of the journal.
///
/// # Errors
/// When there is no journal, or it cannot be read.
pub(super) async fn read<T, E>(
    source: &Shared,
    look: impl FnOnce(&Snapshot<'_>, &Config) -> Result<T, E> + Send + 'static,
) -> Result<T, Unread>
where
    T: Send + 'static,
    E: Into<Unread> + Send + 'static,
{
    let config = source.config().ok_or(Unread::Nowhere)?;
    let Ok(_turn) = READERS.acquire().await else { return Err(Unread::Nowhere) };
    let reading = tokio::task::spawn_blocking(move || {
        let config: Arc<Config> = config;
        let mut reader = Store::open_read_only(&config.store.path)?;
        look(&reader.snapshot()?, &config).map_err(Into::into)
    });
    match reading.await {
        Ok(Err(unread)) => {
            tracing::warn!("a page could not read the journal: {}", unread.reason());
            Err(unread)
        }
        Ok(read) => read,
        Err(error) => {
            tracing::error!(%error, "a page's reading of the journal ended early");
            Err(Unread::Nowhere)
        }
    }
}
