//! The start: everything that can be refused is refused here, before anything is recorded.

use std::sync::Arc;
use std::time::Duration;

use linewatch_core::calendar::Calendar;
use linewatch_core::command::Command;
use linewatch_core::ledger::{Ledger, Refusal};
use linewatch_core::line::Line;
use linewatch_core::monitor::Monitor;
use linewatch_core::record::Origin;
use linewatch_core::time::{Anchor, Elapsed, Millis, Timestamp};
use linewatch_core::view::Committed;
use tokio::sync::mpsc;

use super::notify::Notify;
use super::plan::Planner;
use super::queue::Queue;
use super::writer::Writer;
use crate::clock;
use crate::config::{self, Config};
use crate::language::Language;
use crate::probe::{District, DistrictEngine, Engine, EngineOptions, OpenError, ProbeResult, Prober, SocketKind};
use crate::store::{Store, StoreError, StoreKind};

/// Who the daemon's own verdicts are by.
const AUTHOR: &str = "linewatch";

/// Why the daemon does not start, or does not end well.
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
    /// Certificate and key.
    Tls(super::tls::TlsError),
    /// The signal that asks for a reload.
    Signal(std::io::Error),
    /// The socket for `linewatch status`.
    Control(std::path::PathBuf, std::io::Error),
    /// The socket of the service manager.
    Notify(std::io::Error),
    /// At the end, something could not be written in time.
    Unwritten {
        /// Commands that waited when the end began.
        waiting: usize,
        /// How long it was tried.
        deadline: Duration,
    },
}

impl StartError {
    /// One sentence that says what to do.
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Self::Store(error) => error.sentence(language),
            Self::Probe(error) => error.explain(language),
            Self::Inventory(Refusal::TooManyRemoved { removed, lines }) => language.pick(
                format!(
                    "线路表比记录库少了 {removed} 条线路（记录库里在用的共 {lines} 条，少了超过 5 %）：请核对线路表；这些线路确已停用的，加 --allow-removal 再启动"
                ),
                format!(
                    "the inventory lacks {removed} of the {lines} lines on record, more than 5 %. Check the file; \
                     if these lines really are to go, start with --allow-removal."
                ),
            ),
            Self::Inventory(refusal) => refusal.to_string(),
            Self::Listen(address, error) if error.kind() == std::io::ErrorKind::AddrInUse => language.pick(
                format!("网页地址 {address} 已被占用：可能 linewatch 已在运行；不是的话，请在 [http] listen 里换一个端口"),
                format!(
                    "the address {address} for pages is taken: linewatch may be running already, \
                     else choose another port in [http] listen."
                ),
            ),
            Self::Listen(address, error) => language.pick(
                format!("无法在 {address} 提供网页：{error}；请检查 [http] listen"),
                format!("cannot serve pages on {address}: {error}. Check [http] listen."),
            ),
            Self::Tls(error) => error.sentence(language),
            Self::Signal(error) => language.pick(
                format!("无法接收重新载入的信号（SIGHUP）：{error}"),
                format!("cannot listen for the signal to reload (SIGHUP): {error}"),
            ),
            Self::Control(path, error) => language.pick(
                format!("无法建立状态查询的套接字 {}：{error}；请检查这个目录的权限", path.display()),
                format!("cannot make the status socket {}: {error}. Check the folder's permissions.", path.display()),
            ),
            Self::Notify(error) => language.pick(
                format!("连不上服务管理器的套接字（环境变量 NOTIFY_SOCKET）：{error}。手工运行时请去掉这个变量。"),
                format!(
                    "cannot reach the service manager's socket (NOTIFY_SOCKET): {error}. \
                     Unset the variable when running by hand."
                ),
            ),
            Self::Unwritten { waiting, deadline } => language.pick(
                format!(
                    "停止时 {} 秒内没能写完记录（待写 {waiting} 项，原因见日志）：最后一次心跳以后的时间将记为未观测。",
                    deadline.as_secs()
                ),
                format!(
                    "records could not be written within {} s of the stop ({waiting} waiting, see the log for the \
                     reason): the time since the last heartbeat will be undetermined.",
                    deadline.as_secs()
                ),
            ),
        }
    }
}

/// What is to be watched.
pub struct Beginning {
    pub lines: Vec<Line>,
    /// More than 5 % of the lines may go.
    pub allow_removal: bool,
    /// What answers; `None`: the network.
    pub district: Option<District>,
}

/// Everything the loop begins with.
pub struct Started {
    pub queue: Queue,
    pub planner: Planner,
    pub monitor: Monitor,
    pub anchor: Anchor,
    pub engine: Box<dyn Prober>,
    pub results: mpsc::UnboundedReceiver<ProbeResult>,
    pub deferred: Option<(Timestamp, Vec<Command>)>,
    /// What is recorded by then.
    pub ledger: Ledger,
}

/// How often it is said how far an upgrade is.
const UPGRADE_SAID_EVERY: Millis = Millis::from_secs(10);

/// Opens the store for this daemon alone. Where derived tables of an older version have to be made anew first, that may
/// take longer than the service manager waits for a start: it is told to wait on, and how far it is.
///
/// # Errors
/// Another daemon, a foreign or newer database, a folder or disk that cannot be written.
pub fn open_store(config: &Config, kind: StoreKind, notify: &Notify) -> Result<Store, StartError> {
    let mut said: Option<Elapsed> = None;
    let brought = Store::bring_up_to_date(&config.store.path, |done, total| {
        // The first record, then by the clock, which is not asked for each of them.
        let due = said.is_none() || done.is_multiple_of(256);
        let now = if due { clock::elapsed() } else { return };
        if said.is_none_or(|said| now.0 - said.0 >= UPGRADE_SAID_EVERY.0) {
            said = Some(now);
            notify.upgrading(done, total);
            tracing::info!(done, total, "derived tables of an older version are made anew from the records");
        }
    });
    match brought {
        Ok(()) if said.is_some() => tracing::info!("derived tables are up to date"),
        Ok(()) => {}
        // Opening says why, in the words of whoever opens.
        Err(error) => tracing::debug!(%error, "derived tables were not brought up to date"),
    }
    Store::open_daemon(&config.store.path, kind).map_err(StartError::Store)
}

type Wire = (Box<dyn Prober>, mpsc::UnboundedReceiver<ProbeResult>);

/// The network, or a district that stands for it.
fn open_wire(config: &Config, lines: &[Line], district: Option<District>) -> Result<Wire, OpenError> {
    Ok(match district {
        None => {
            let (engine, results) = Engine::open(engine_options(config))?;
            (Box::new(engine), results)
        }
        Some(district) => {
            let (engine, results) = DistrictEngine::open(district, lines, &config.references, clock::elapsed)?;
            (Box::new(engine), results)
        }
    })
}

/// Opens the wire, records the start and the inventory, and makes the plan.
///
/// # Errors
/// See [`StartError`].
pub fn start(config: &Arc<Config>, store: Store, options: Beginning) -> Result<Started, StartError> {
    let Beginning { lines, allow_removal, district } = options;
    let policy = Arc::new(config.policy());
    let origin = if district.is_some() { Origin::Simulated } else { Origin::Live };
    let mut writer = Writer::open(store, policy, AUTHOR, origin).map_err(StartError::Store)?;
    let (mut engine, results) = open_wire(config, &lines, district).map_err(StartError::Probe)?;
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
    // A refused inventory must not leave a start behind, nor be refused later, when nobody looks.
    linewatch_core::ledger::decide(writer.ledger(), &commands[1], now.max(last)).map_err(StartError::Inventory)?;
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
    planner.assign(&mut *engine);
    let monitor = Monitor::new(plan, now, deferred.as_ref().map(|(until, _)| *until))
        .with_hours_of(Calendar::new(config.site.zone));
    let ledger = writer.ledger().clone();
    Ok(Started { queue: Queue::start(writer, 0), planner, monitor, anchor, engine, results, deferred, ledger })
}

fn record_start(writer: &mut Writer<Store>, now: Timestamp, commands: Vec<Command>) -> Result<(), StartError> {
    let commands: Vec<_> = commands.into_iter().map(|command| (now, command)).collect();
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
        other @ (Command::Checkpoint { .. } | Command::Verdict(_) | Command::Due { .. } | Command::Person { .. }) => {
            other
        }
    }
}

/// What the daemon opens its probe engine with.
pub fn engine_options(config: &Config) -> EngineOptions {
    let socket = match config.probe.socket {
        config::SocketKind::Auto => SocketKind::Auto,
        config::SocketKind::Datagram => SocketKind::Datagram,
        config::SocketKind::Raw => SocketKind::Raw,
    };
    EngineOptions { socket, ..EngineOptions::new(clock::elapsed, clock::since_boot) }
}
