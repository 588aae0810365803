//! The start: everything that can be refused is refused here, before anything is recorded.

use std::sync::Arc;

use linewatch_core::command::Command;
use linewatch_core::ledger::Refusal;
use linewatch_core::line::Line;
use linewatch_core::monitor::Monitor;
use linewatch_core::record::Origin;
use linewatch_core::time::{Anchor, Timestamp};
use linewatch_core::view::Committed;
use tokio::sync::mpsc;

use super::plan::Planner;
use super::queue::Queue;
use super::writer::Writer;
use crate::clock;
use crate::config::{self, Config};
use crate::language::Language;
use crate::probe::{Engine, EngineOptions, OpenError, ProbeResult, SocketKind};
use crate::store::{Store, StoreError, StoreKind};

/// Who the daemon's own verdicts are by.
const AUTHOR: &str = "linewatch";

/// Why the daemon does not start.
#[derive(Debug)]
pub enum StartError {
    /// The journal.
    Store(StoreError),
    /// The wire.
    Probe(OpenError),
    /// The inventory.
    Inventory(Refusal),
    /// The address that pages are to be served on.
    Listen(std::net::SocketAddr, std::io::Error),
    /// The socket for `linewatch status`.
    Control(std::path::PathBuf, std::io::Error),
    /// The socket of the service manager.
    Notify(std::io::Error),
}

impl StartError {
    /// One sentence that says what to do.
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Self::Store(error) => error.sentence(language),
            Self::Probe(error) => error.explain(language),
            Self::Inventory(Refusal::TooManyRemoved { removed, lines }) => language.pick(
                format!(
                    "台账比记录中少了 {removed} 条线路(共 {lines} 条,超过 5%)。请核对台账文件;确实要停用这些线路时,加上 --allow-removal 再启动。"
                ),
                format!(
                    "the inventory lacks {removed} of the {lines} lines on record, more than 5 %. Check the file; \
                     if these lines really are to go, start with --allow-removal."
                ),
            ),
            Self::Inventory(refusal) => refusal.to_string(),
            Self::Listen(address, error) if error.kind() == std::io::ErrorKind::AddrInUse => language.pick(
                format!("网页地址 {address} 已被占用:可能 linewatch 已在运行,否则请在配置 [http] listen 换一个端口。"),
                format!(
                    "the address {address} for pages is taken: linewatch may be running already, \
                     else choose another port in [http] listen."
                ),
            ),
            Self::Listen(address, error) => language.pick(
                format!("无法在 {address} 提供网页:{error}。请检查配置 [http] listen。"),
                format!("cannot serve pages on {address}: {error}. Check [http] listen."),
            ),
            Self::Control(path, error) => language.pick(
                format!("无法建立状态查询套接字 {}:{error}。请检查该目录的权限。", path.display()),
                format!("cannot make the status socket {}: {error}. Check the folder's permissions.", path.display()),
            ),
            Self::Notify(error) => language.pick(
                format!("连不上服务管理器的套接字（环境变量 NOTIFY_SOCKET）：{error}。手工运行时请去掉这个变量。"),
                format!(
                    "cannot reach the service manager's socket (NOTIFY_SOCKET): {error}. \
                     Unset the variable when running by hand."
                ),
            ),
        }
    }
}

/// Everything the loop begins with.
pub struct Started {
    pub queue: Queue,
    pub planner: Planner,
    pub monitor: Monitor,
    pub anchor: Anchor,
    pub engine: Engine,
    pub results: mpsc::UnboundedReceiver<ProbeResult>,
    pub deferred: Option<(Timestamp, Vec<Command>)>,
}

/// Opens the store and the wire, records the start and the inventory, and makes the plan.
///
/// # Errors
/// See [`StartError`].
pub fn start(config: &Arc<Config>, lines: Vec<Line>, allow_removal: bool) -> Result<Started, StartError> {
    let store = Store::open_daemon(&config.store.path, StoreKind::Real).map_err(StartError::Store)?;
    let policy = Arc::new(config.policy());
    let mut writer = Writer::open(store, policy, AUTHOR, Origin::Live).map_err(StartError::Store)?;
    let options = EngineOptions { socket: socket_kind(config), ..EngineOptions::new(clock::elapsed) };
    let (mut engine, results) = Engine::open(options).map_err(StartError::Probe)?;
    let reading = clock::read();
    let (now, anchor) = (reading.wall, Anchor::new(reading));
    let lines = Arc::new(lines);
    let heartbeat = writer.heartbeat().map_err(StartError::Store)?;
    let commands = vec![
        Command::Resume {
            at: now,
            observed_until: heartbeat.as_ref().map(|heartbeat| heartbeat.at),
            waiting: heartbeat.map(|heartbeat| heartbeat.waiting).unwrap_or_default(),
        },
        Command::LoadInventory { at: now, lines: Arc::clone(&lines), allow_removal },
    ];
    let last = writer.ledger().recorded_at();
    let deferred = if now < last {
        tracing::error!(
            %now, last_record = %last,
            "the clock is behind the last record: lines are watched, nothing is recorded until the clock has passed it"
        );
        Some((last, commands.into_iter().map(|command| begins_at(command, last)).collect()))
    } else {
        record_start(&mut writer, now, commands)?;
        None
    };
    let mut planner = Planner::new(Arc::clone(config), lines);
    let plan = planner.plan(&Committed::of(writer.ledger()), now);
    planner.assign(&mut engine, 0);
    let monitor = Monitor::new(plan, now, deferred.as_ref().map(|(until, _)| *until));
    Ok(Started { queue: Queue::start(writer, 0), planner, monitor, anchor, engine, results, deferred })
}

fn record_start(writer: &mut Writer<Store>, now: Timestamp, commands: Vec<Command>) -> Result<(), StartError> {
    let commands: Vec<_> = commands.into_iter().map(|command| (now, command)).collect();
    // The inventory is tried first: a refused one must not leave a start behind.
    if let Err(refusal) = linewatch_core::ledger::decide(writer.ledger(), &commands[1].1, now) {
        return Err(StartError::Inventory(refusal));
    }
    let committed = writer.commit(&commands).map_err(StartError::Store)?;
    super::log::committed(&committed.records);
    match committed.refused.into_iter().next() {
        Some((_, refusal)) => Err(StartError::Inventory(refusal)),
        None => Ok(()),
    }
}

/// What is recorded late happened late, as far as the journal is concerned.
fn begins_at(command: Command, at: Timestamp) -> Command {
    match command {
        Command::Resume { observed_until, waiting, .. } => Command::Resume { at, observed_until, waiting },
        Command::LoadInventory { lines, allow_removal, .. } => Command::LoadInventory { at, lines, allow_removal },
        other @ (Command::Checkpoint { .. } | Command::Verdict(_) | Command::Due { .. }) => other,
    }
}

fn socket_kind(config: &Config) -> SocketKind {
    match config.probe.socket {
        config::SocketKind::Auto => SocketKind::Auto,
        config::SocketKind::Datagram => SocketKind::Datagram,
        config::SocketKind::Raw => SocketKind::Raw,
    }
}
