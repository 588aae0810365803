//! What the commands about figures share: the site they speak of, its journal, their progress and where they write.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use linewatch_core::ledger::{Ledger, Policy};
use linewatch_core::record::Record;

use super::lines::file;
use super::period::AsOf;
use super::progress::Progress;
use super::{Common, Failure, coloured};
use crate::clock;
use crate::config::Config;
use crate::config::selfeval::SelfEval;
use crate::language::Language;
use crate::report::rollup::{self, Question, Step};
use crate::store::{self, Reader, Snapshot, Store, StoreKind};

/// Writes to the file, complete or not at all, or to standard output.
pub(super) fn write(out: Option<&Path>, bytes: &[u8], language: Language) -> Result<(), Failure> {
    let Some(path) = out else {
        return match io::stdout().write_all(bytes) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        };
    };
    file::replace(path, bytes).map_err(|error| cannot_write(path, &error, language))
}

pub(super) fn cannot_write(path: &Path, error: &io::Error, language: Language) -> Failure {
    let path = path.display();
    Failure(language.pick(
        format!("无法写入 {path}：{error}；没有留下不完整的文件，请检查目录是否存在、是否可写、磁盘是否已满"),
        format!("cannot write {path}: {error}; no half file is left; check that its folder exists, can be written and has room"),
    ))
}

/// Recomputes the chain; figures from a broken one are refused.
pub(super) fn verified(snapshot: &Snapshot<'_>, language: Language) -> Result<bool, Failure> {
    let mut progress = Progress::new(snapshot.head().seq, language.pick("校验", "verifying"));
    let verification =
        store::verify(snapshot, None, |done| progress.done(done)).map_err(|error| Failure(error.sentence(language)))?;
    match verification.flaw {
        None => Ok(true),
        Some(flaw) => Err(Failure(language.pick(
            format!("没有计算：记录库校验不通过，{}；请用 journal verify 查看", flaw.sentence(language)),
            format!("nothing computed: the journal fails, {}; see journal verify", flaw.sentence(language)),
        ))),
    }
}

/// What the commands about figures need to know of the site.
pub(super) struct Site {
    pub config: Config,
    pub language: Language,
}

impl Site {
    pub fn of(common: &Common) -> Result<Self, Failure> {
        let config = common.load_site()?;
        Ok(Self { language: common.language_or(&config), config })
    }

    /// The form of the self-evaluation, the one named if there is one.
    pub fn form(&self, named: Option<&Path>) -> Result<SelfEval, Failure> {
        SelfEval::of(&self.config, named)
            .map_err(|error| Failure(SelfEval::unusable(&error, self.language, coloured())))
    }

    pub fn open(&self) -> Result<Reader, Failure> {
        Store::open_read_only(&self.config.store.path).map_err(|error| Failure(error.sentence(self.language)))
    }

    /// The question, asked now or as of an earlier record.
    pub fn question(
        &self,
        period: rollup::period::Period,
        as_of: Option<&AsOf>,
        snapshot: &Snapshot<'_>,
    ) -> Result<Question, Failure> {
        let said = |error: store::StoreError| Failure(error.sentence(self.language));
        let policy = rollup::policy(&self.config);
        let recorded_at = snapshot.recorded_at().map_err(said)?;
        // A simulated district lives in its own time, which ends with its last record.
        let clock = match snapshot.kind() {
            StoreKind::Real => clock::read().wall.max(recorded_at),
            StoreKind::Simulated => recorded_at,
        };
        let Some(as_of) = as_of else { return Ok(Question { period, policy, as_of: None, now: clock }) };
        let head = as_of.head(snapshot, self.language)?;
        let now = match as_of {
            AsOf::Instant(at) => (*at).min(clock),
            AsOf::Record(_) | AsOf::Head(_) => {
                snapshot.record(head.seq).map_err(said)?.map_or(clock, |(_, recorded_at)| recorded_at)
            }
        };
        Ok(Question { period, policy, as_of: Some(head), now })
    }

    /// Folds records as the daemon does.
    pub fn fold(&self) -> impl FnMut(&Record) -> linewatch_core::ledger::Changes + use<> {
        let mut ledger = Ledger::new(Arc::new(Policy::new(self.config.site.zone)));
        move |record| ledger.apply(record)
    }
}

/// A bar for folding, then one for counting.
pub(super) struct Bar {
    language: Language,
    folding: Option<Progress>,
    counting: Option<Progress>,
}

impl Bar {
    pub fn new(language: Language) -> Self {
        Self { language, folding: None, counting: None }
    }

    pub fn step(&mut self, step: Step) {
        let (folding, counting) = self.language.pick(("重算", "汇总"), ("folding", "counting"));
        match step {
            Step::Folded(done, total) => {
                self.counting = None;
                self.folding.get_or_insert_with(|| Progress::new(total, folding)).done(done);
            }
            Step::Counted(done, total) => {
                self.folding = None;
                self.counting.get_or_insert_with(|| Progress::new(total, counting)).step(done, total);
            }
        }
    }
}
