//! Recomputing the chain from the first record: what anybody can do with the file and the definition of SM3.

use std::ops::ControlFlow;

use linewatch_core::time::Timestamp;

use super::codec::{self, CodecError};
use super::{Digest, Head, Snapshot, StoreError, StoreKind, StoredRecord};
use crate::language::Language;

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// The last record up to which everything is right.
    pub head: Head,
    /// Its time, [`Timestamp::MIN`] when there is none.
    pub recorded_at: Timestamp,
    /// The first thing that is wrong; `None`: nothing.
    pub flaw: Option<Flaw>,
}

/// The first thing that is wrong with a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A number is missing.
    Missing {
        /// It.
        seq: u64,
    },
    /// Bytes or digest of a record are not those that were written.
    Altered {
        /// Its number.
        seq: u64,
        /// Digest as stored.
        stored: Digest,
        /// Digest as it follows from the bytes.
        computed: Digest,
    },
    /// A record cannot be read.
    Unreadable {
        /// Its number.
        seq: u64,
        /// Why.
        error: CodecError,
    },
    /// A record says another number than the one it is stored under.
    Misnumbered {
        /// Where it is stored.
        seq: u64,
        /// What it says.
        says: u64,
    },
    /// A record is from before the one before it.
    Backwards {
        /// Its number.
        seq: u64,
    },
    /// A simulated record in a real journal, or the other way round.
    OtherOrigin {
        /// Its number.
        seq: u64,
    },
    /// The journal differs from a head that was kept: it was rewritten since, or is another journal.
    Rewritten {
        /// As kept.
        kept: Head,
        /// Digest at that number now.
        computed: Digest,
    },
    /// The journal ends before a head that was kept: records at its end are gone.
    Cut {
        /// As kept.
        kept: Head,
        /// Where it ends now.
        end: u64,
    },
}

impl Flaw {
    /// The sentence for people.
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Self::Missing { seq } => language.pick(format!("第 {seq} 条记录缺失"), format!("record {seq} is missing")),
            Self::Altered { seq, stored, computed } => language.pick(
                format!("第 {seq} 条记录被改动：库中摘要 {stored}，按内容计算应为 {computed}"),
                format!("record {seq} was altered: its stored digest is {stored}, its bytes give {computed}"),
            ),
            Self::Unreadable { seq, error } => language.pick(
                format!("第 {seq} 条记录无法读取：{}", error.sentence(language)),
                format!("record {seq} cannot be read: {}", error.sentence(language)),
            ),
            Self::Misnumbered { seq, says } => language.pick(
                format!("第 {seq} 条记录自称第 {says} 条"),
                format!("record {seq} says that it is record {says}"),
            ),
            Self::Backwards { seq } => language.pick(
                format!("第 {seq} 条记录的时间早于前一条"),
                format!("record {seq} is from before the one before it"),
            ),
            Self::OtherOrigin { seq } => language.pick(
                format!("第 {seq} 条记录与记录库的性质不符：真实数据与模拟数据混用"),
                format!("record {seq} is of the other kind: real and simulated records are mixed"),
            ),
            Self::Rewritten { kept, computed } => language.pick(
                format!("与留存的链头不符：第 {} 条留存为 {}，现为 {computed}；记录库被改写过，或不是同一个记录库", kept.seq, kept.digest),
                format!("it differs from the head that was kept: at record {} that says {}, now it is {computed}; the journal was rewritten since, or is another one", kept.seq, kept.digest),
            ),
            Self::Cut { kept, end } => language.pick(
                format!("留存的链头到第 {} 条，记录库现在只到第 {end} 条：末尾的记录丢失", kept.seq),
                format!("the head that was kept is record {}, the journal now ends at {end}: records at its end are gone", kept.seq),
            ),
        }
    }
}

/// Recomputes the chain of all records, and checks numbers, times, readability and, if given, a head that was kept
/// outside the machine. Stops at the first flaw. `progress` is told how many records are done.
///
/// # Errors
/// When the database itself cannot be read.
pub fn verify(
    snapshot: &Snapshot<'_>,
    kept: Option<Head>,
    mut progress: impl FnMut(u64),
) -> Result<Verification, StoreError> {
    let mut state = State { kind: snapshot.kind(), kept, head: Head::EMPTY, recorded_at: Timestamp::MIN };
    let stop = snapshot.each_record(0, i64::MAX as u64, |stored| match state.check(stored) {
        Ok(()) => {
            progress(state.head.seq);
            ControlFlow::Continue(())
        }
        Err(flaw) => ControlFlow::Break(flaw),
    })?;
    let flaw = match (stop, kept) {
        (ControlFlow::Break(flaw), _) => Some(flaw),
        (ControlFlow::Continue(()), Some(kept)) if kept.seq == 0 && kept != Head::EMPTY => {
            Some(Flaw::Rewritten { kept, computed: Digest::ZERO })
        }
        (ControlFlow::Continue(()), Some(kept)) if kept.seq > state.head.seq => {
            Some(Flaw::Cut { kept, end: state.head.seq })
        }
        (ControlFlow::Continue(()), _) => None,
    };
    Ok(Verification { head: state.head, recorded_at: state.recorded_at, flaw })
}

struct State {
    kind: StoreKind,
    kept: Option<Head>,
    head: Head,
    recorded_at: Timestamp,
}

impl State {
    fn check(&mut self, StoredRecord { seq, bytes, digest: stored }: StoredRecord<'_>) -> Result<(), Flaw> {
        if seq != self.head.seq + 1 {
            return Err(Flaw::Missing { seq: self.head.seq + 1 });
        }
        let computed = self.head.digest.after(bytes);
        if computed != stored {
            return Err(Flaw::Altered { seq, stored, computed });
        }
        let record = codec::decode(bytes).map_err(|error| Flaw::Unreadable { seq, error })?;
        if record.seq != seq {
            return Err(Flaw::Misnumbered { seq, says: record.seq });
        }
        if record.recorded_at < self.recorded_at {
            return Err(Flaw::Backwards { seq });
        }
        if !self.kind.admits(&record.origin) {
            return Err(Flaw::OtherOrigin { seq });
        }
        if let Some(kept) = self.kept.filter(|kept| kept.seq == seq && kept.digest != computed) {
            return Err(Flaw::Rewritten { kept, computed });
        }
        self.head = Head { seq, digest: computed };
        self.recorded_at = record.recorded_at;
        Ok(())
    }
}
