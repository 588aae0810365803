//! What the commands share by which people speak of time: where they are, and telling what was recorded.

use linewatch_core::act::Act;
use linewatch_core::record::Record;
use linewatch_core::time::Timestamp;

use super::person::{self, By};
use super::{Common, Failure, print};
use crate::clock;
use crate::config::Config;
use crate::language::Language;
use crate::report::decided;
use crate::report::rollup::{self, Entry, Telling};
use crate::store::{Reader, Snapshot, Store, StoreError, StoreKind};

/// Why, and by which document.
#[derive(Clone, Debug, clap::Args)]
pub struct Why {
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Number of the document it rests on
    #[arg(long, value_name = "DOCUMENT")]
    pub document: String,
}

/// Who says it, and how he is answered.
#[derive(Clone, Debug, clap::Args)]
pub struct Saying {
    #[command(flatten)]
    pub by: By,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Configuration and language.
pub struct House {
    pub config: Config,
    pub language: Language,
    labels: Vec<(String, String)>,
}

impl House {
    pub fn of(common: &Common) -> Result<Self, Failure> {
        let config = common.load_site()?;
        Ok(Self { language: common.language_or(&config), labels: rollup::labels(&config), config })
    }

    pub fn telling(&self) -> Telling<'_> {
        Telling { site: &self.config.site.name, labels: &self.labels, language: self.language }
    }

    pub fn said(&self, error: &StoreError) -> Failure {
        Failure(error.sentence(self.language))
    }

    pub fn open(&self) -> Result<Reader, Failure> {
        Store::open_read_only(&self.config.store.path).map_err(|error| self.said(&error))
    }

    /// Now; a simulated district lives in its own time, which ends with its last record.
    pub fn now(&self, snapshot: &Snapshot<'_>) -> Result<Timestamp, Failure> {
        let recorded_at = snapshot.recorded_at().map_err(|error| self.said(&error))?;
        Ok(match snapshot.kind() {
            StoreKind::Real => clock::read().wall.max(recorded_at),
            StoreKind::Simulated => recorded_at,
        })
    }

    /// The beginning of something; of a plain day its first instant.
    pub fn instant(&self, text: &str) -> Result<Timestamp, Failure> {
        person::instant(text, self.config.site.zone, self.language)
    }

    /// The end of something; a plain day is included.
    pub fn end(&self, text: &str) -> Result<Timestamp, Failure> {
        person::end(text, self.config.site.zone, self.language)
    }

    /// Has an act recorded and says what became of it.
    pub fn record(&self, said: &Saying, act: Act) -> Result<(), Failure> {
        let records = person::carry_out(&self.config, &said.by, act, self.language)?;
        self.tell(&records, said.json)
    }

    pub fn tell(&self, records: &[Record], json: bool) -> Result<(), Failure> {
        if json {
            return print(&format!("{:#}\n", serde_json::to_value(records)?));
        }
        let sentences: Vec<String> = records
            .iter()
            .filter_map(|record| decided::sentence(record, self.config.site.zone, self.telling()))
            .collect();
        print(&(sentences.join("\n") + "\n"))
    }
}

/// Entries of the ledger for a terminal.
pub fn list(entries: &[Entry], house: &House) -> String {
    rollup::ledger_text(entries, house.config.site.zone, house.telling())
}
