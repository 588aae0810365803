//! Why a store cannot do what it was asked: operation, object, cause, and what to do.

use std::fmt;
use std::path::{Path, PathBuf};

use linewatch_core::time::Timestamp;
use rusqlite::ErrorCode;

use super::codec::CodecError;
use super::{Flaw, StoreKind};
use crate::language::Language;

/// A failure of one store.
#[derive(Debug)]
pub struct StoreError {
    /// The database file.
    pub path: PathBuf,
    /// What is wrong.
    pub cause: Cause,
}

/// What is wrong with a store.
#[derive(Debug)]
pub enum Cause {
    /// The folder that is to hold the store does not exist.
    MissingFolder,
    /// There is no store yet.
    MissingStore,
    /// Reading is not permitted.
    Unreadable,
    /// Writing is not permitted: a read-only file, folder or file system.
    ReadOnly,
    /// Another daemon works on this store.
    LockedByDaemon {
        /// Its process id, as far as it left one.
        pid: Option<u32>,
    },
    /// Another process holds the database's write lock longer than we wait.
    Busy,
    /// The file is no database, or not one of linewatch's.
    Foreign,
    /// The tables were made by a newer program.
    NewerSchema {
        /// Version found.
        found: i64,
    },
    /// The derived tables are an older version's and cannot be brought up to date.
    OlderSchema {
        /// Because the older version's daemon works with them; else they cannot be written.
        running: bool,
    },
    /// A real store was asked for and this one is simulated, or the other way round.
    OtherKind {
        /// What the store is.
        found: StoreKind,
    },
    /// No space left on the disk.
    DiskFull,
    /// The disk reported an error.
    Io(String),
    /// The database is damaged, for instance cut short.
    Corrupt(String),
    /// A record cannot be read.
    Record {
        /// Its number.
        seq: u64,
        /// Why.
        error: CodecError,
    },
    /// Entries to append leave a hole in the numbers.
    Hole {
        /// The next number.
        expected: u64,
        /// The number given.
        found: u64,
    },
    /// An entry to append was recorded before the last record.
    Backwards {
        /// Its number.
        seq: u64,
        /// Its time.
        recorded_at: Timestamp,
        /// The last record's.
        last: Timestamp,
    },
    /// A simulated record for a real store, or a real one for a simulated store.
    OtherOrigin {
        /// Its number.
        seq: u64,
        /// What the store is.
        kind: StoreKind,
    },
    /// A file is to be written where there is one already.
    Exists,
    /// A store that was to be copied is not what it should be.
    Flawed {
        /// The first thing that is wrong.
        flaw: Flaw,
        /// Up to this record all is right.
        intact: u64,
    },
    /// Anything else the database reports.
    Database(rusqlite::Error),
}

impl Cause {
    /// Ties the cause to a store.
    pub(super) fn at(self, path: &Path) -> StoreError {
        StoreError { path: path.to_owned(), cause: self }
    }
}

impl From<rusqlite::Error> for Cause {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType};
        if matches!(error, FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..)) {
            return Self::Corrupt(error.to_string());
        }
        let Some(code) = error.sqlite_error_code() else { return Self::Database(error) };
        match code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            // The file exists and can be read, or opening would have ended before: what cannot be opened is the log beside it.
            ErrorCode::ReadOnly | ErrorCode::CannotOpen => Self::ReadOnly,
            ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied => Self::Unreadable,
            ErrorCode::DiskFull => Self::DiskFull,
            ErrorCode::NotADatabase => Self::Foreign,
            ErrorCode::DatabaseCorrupt => Self::Corrupt(error.to_string()),
            ErrorCode::SystemIoFailure => Self::Io(error.to_string()),
            _ => Self::Database(error),
        }
    }
}

impl StoreError {
    /// The sentence for people: what failed and what to do.
    pub fn sentence(&self, language: Language) -> String {
        let path = self.path.display();
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let folder = folder.display();
        match &self.cause {
            Cause::MissingFolder => language.pick(
                format!("无法打开记录库 {path}：目录 {folder} 不存在，请先创建（mkdir -p {folder}）或修改 [store] path"),
                format!("cannot open the journal {path}: there is no folder {folder}; create it (mkdir -p {folder}) or change [store] path"),
            ),
            Cause::MissingStore => language.pick(
                format!("记录库 {path} 不存在：请检查 [store] path，或先用 linewatch run 启动一次"),
                format!("there is no journal {path}: check [store] path, or start linewatch run once to create it"),
            ),
            Cause::Unreadable => language.pick(
                format!("没有读取记录库 {path} 的权限：请换用运行监测程序的账号，或修改文件权限"),
                format!("not permitted to read the journal {path}: use the account of the daemon, or change the file's permissions"),
            ),
            Cause::ReadOnly => language.pick(
                format!("记录库 {path} 不可写：请检查目录 {folder} 和文件的权限，以及文件系统是否以只读方式挂载"),
                format!("the journal {path} cannot be written: check the permissions of {folder} and of the file, and whether its file system is mounted read-only"),
            ),
            Cause::LockedByDaemon { pid: Some(pid) } => language.pick(
                format!("记录库 {path} 正由另一个 linewatch 监测程序（进程号 {pid}）使用：请先停止它，或换用别的 [store] path"),
                format!("the journal {path} is in use by another linewatch daemon (process {pid}): stop it first, or use another [store] path"),
            ),
            Cause::LockedByDaemon { pid: None } => language.pick(
                format!("记录库 {path} 正由另一个 linewatch 监测程序使用：请先停止它，或换用别的 [store] path"),
                format!("the journal {path} is in use by another linewatch daemon: stop it first, or use another [store] path"),
            ),
            Cause::Busy => language.pick(
                format!("记录库 {path} 长时间被其他程序占用：请关闭打开它的数据库工具后重试"),
                format!("the journal {path} is held by another program for too long: close the database tools that have it open and try again"),
            ),
            Cause::Foreign => language.pick(
                format!("{path} 不是 linewatch 的记录库，未作任何改动：请检查 [store] path"),
                format!("{path} is not a journal of linewatch, and was left as it is: check [store] path"),
            ),
            Cause::NewerSchema { found } => language.pick(
                format!("记录库 {path} 由更新版本的 linewatch 写入（库结构版本 {found}，本程序支持到 {}）：请升级本程序", super::SCHEMA_VERSION),
                format!("the journal {path} was written by a newer linewatch (schema {found}, this program knows up to {}): upgrade this program", super::SCHEMA_VERSION),
            ),
            Cause::OlderSchema { running: true } => language.pick(
                format!("记录库 {path} 的表是旧版本的，旧版监测程序还在用：请重启监测程序（systemctl restart linewatch），它会自动升级"),
                format!("the tables of the journal {path} are an older version's, whose daemon still runs: restart it (systemctl restart linewatch), which brings them up to date"),
            ),
            Cause::OlderSchema { running: false } => language.pick(
                format!("记录库 {path} 的表是旧版本的，升级它需要写权限：请换用运行监测程序的账号，或启动一次监测程序"),
                format!("the tables of the journal {path} are an older version's, and bringing them up to date needs permission to write: use the account of the daemon, or start the daemon once"),
            ),
            Cause::OtherKind { found } => language.pick(
                format!("记录库 {path} 是{}记录库，真实数据与模拟数据不能混用：请换用别的 [store] path", found.word(language)),
                format!("the journal {path} is {}; real and simulated records are never mixed: use another [store] path", found.word(language)),
            ),
            Cause::DiskFull => language.pick(
                format!("写入记录库 {path} 失败：磁盘已满，请清理 {folder} 所在的磁盘；已提交的记录没有丢失"),
                format!("cannot write the journal {path}: the disk is full; make room on the disk of {folder}. No committed record is lost"),
            ),
            Cause::Io(error) => language.pick(
                format!("读写记录库 {path} 时磁盘出错（{error}）：请检查磁盘和目录 {folder}"),
                format!("the disk failed on the journal {path} ({error}): check the disk and the folder {folder}"),
            ),
            Cause::Corrupt(error) => language.pick(
                format!("记录库 {path} 已损坏（{error}）：请保留该文件，从备份恢复后用 linewatch journal verify 校验"),
                format!("the journal {path} is damaged ({error}): keep the file, restore a backup and check it with linewatch journal verify"),
            ),
            Cause::Record { seq, error } => language.pick(
                format!("记录库 {path} 第 {seq} 条记录无法读取：{}", error.sentence(language)),
                format!("record {seq} of the journal {path} cannot be read: {}", error.sentence(language)),
            ),
            Cause::Hole { expected, found } => language.pick(
                format!("记录库 {path} 的下一条记录应为第 {expected} 条，给出的却是第 {found} 条，未写入"),
                format!("the next record of the journal {path} is {expected}, not {found}; nothing was written"),
            ),
            Cause::Backwards { seq, recorded_at, last } => language.pick(
                format!("第 {seq} 条记录的时间 {recorded_at} 早于记录库 {path} 最后一条记录的时间 {last}，未写入：请检查系统时钟"),
                format!("record {seq} is from {recorded_at}, before the last record of the journal {path}, {last}; nothing was written: check the clock"),
            ),
            Cause::OtherOrigin { seq, kind } => language.pick(
                format!("第 {seq} 条记录不能写入{}记录库 {path}：真实数据与模拟数据不能混用", kind.word(language)),
                format!("record {seq} cannot go into the {} journal {path}: real and simulated records are never mixed", kind.word(language)),
            ),
            Cause::Exists => language.pick(
                format!("{path} 已经存在，未作任何改动：请先把它（连同 -wal 文件）移走，或换用别的文件名"),
                format!("{path} exists already and was left as it is: move it away first (with its -wal file), or use another name"),
            ),
            Cause::Flawed { flaw, intact } => language.pick(
                format!("记录库 {path} 核对不通过：{}。第 {intact} 条及以前的记录完好；没有复制，请保留该文件，与其他备份和留存的链头比对", flaw.sentence(language)),
                format!("the journal {path} fails: {}. Up to record {intact} it is intact; nothing was copied. Keep the file and compare it with other backups and heads kept elsewhere", flaw.sentence(language)),
            ),
            Cause::Database(error) => language.pick(
                format!("记录库 {path} 操作失败：{error}"),
                format!("the database of the journal {path} refused: {error}"),
            ),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Language::English))
    }
}

impl std::error::Error for StoreError {}
