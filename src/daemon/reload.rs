//! Reload by SIGHUP, `POST /-/reload` or the control socket: configuration and inventory are read and checked whole,
//! then recorded, and only then is the plan swapped. Whatever is wrong leaves the old ones running.
//!
//! ```text
//! order ──> read, check (a thread of its own) ──> loop ──> writer commits the inventory, takes the policy
//!   ▲                                              │  ◄── acknowledged, or refused
//!   └── answer, metric, status ◄── published ◄─────┴ the plan is swapped
//! ```

use std::path::Path;
use std::sync::Arc;

use arc_swap::ArcSwap;
use linewatch_core::ledger::Refusal;
use linewatch_core::line::Line;
use linewatch_core::view::{ClassLabel, Reload, Site};
use tokio::signal::unix::Signal;
use tokio::sync::{mpsc, oneshot};

use crate::clock;
use crate::config::{Class, Config, LineMetrics};
use crate::inventory::{self, Rules};
use crate::language::Language;
use crate::metrics::LineSeries;
use crate::report::reload::Reloaded;
use crate::web::Settings;

const STORE_PATH: &str = "[store] path";

/// Reloads that may wait for the one before.
pub const ORDERS: usize = 8;

/// What is in force.
#[derive(Clone, Debug)]
pub struct InForce {
    /// The configuration. What cannot change while the daemon runs is as it was at the start.
    pub config: Arc<Config>,
    /// What pages need of it.
    pub site: Arc<Site>,
    /// How it wants pages and metrics.
    pub settings: Settings,
    /// How the last reload went.
    pub reload: Reload,
    /// Whether a simulated district answers: then the site's name says so, on every page and in every answer.
    pub simulated: bool,
}

impl InForce {
    /// A configuration that is in force from now on.
    pub fn from_now(config: Arc<Config>, simulated: bool) -> Self {
        let label = |class: &Class| ClassLabel {
            class: class.name.clone(),
            label: class.label.clone(),
            target_ppm: class.target_ppm,
        };
        let site = Site {
            name: if simulated { told_simulated(&config) } else { config.site.name.clone() },
            zone: config.site.zone,
            simulated,
            classes: config.classes.iter().map(label).collect(),
        };
        let lines = match config.metrics.lines {
            LineMetrics::Full => LineSeries::Full,
            LineMetrics::State => LineSeries::State,
            LineMetrics::Off => LineSeries::Off,
        };
        let settings = Settings { language: config.site.language, lines };
        let reload = Reload { successful: true, succeeded_at: clock::read().wall };
        Self { config, site: Arc::new(site), settings, reload, simulated }
    }
}

fn told_simulated(config: &Config) -> String {
    let name = &config.site.name;
    config.site.language.pick(format!("{name}（模拟数据）"), format!("{name} (simulated)"))
}

/// Please reload.
#[derive(Debug)]
pub struct Order {
    /// More than 5 % of the lines may go.
    pub allow_removal: bool,
    /// Where the answer goes; nobody may wait for it.
    pub answer: oneshot::Sender<Reloaded>,
}

/// What was read and checked, to be taken over by the loop.
#[derive(Debug)]
pub struct Load {
    /// The new configuration.
    pub config: Arc<Config>,
    /// The new inventory.
    pub lines: Arc<Vec<Line>>,
    /// More than 5 % of the lines may go.
    pub allow_removal: bool,
    /// What became of it.
    pub answer: oneshot::Sender<Result<Loaded, NotLoaded>>,
}

/// What a load changed on record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Lines commissioned.
    pub new: usize,
    /// Lines decommissioned.
    pub gone: usize,
    /// Lines changed.
    pub changed: usize,
}

/// Why a load was not taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotLoaded {
    /// The ledger refused the inventory.
    Refused(Refusal),
    /// Nothing is recorded yet: the clock is behind the last record.
    ClockBehind,
}

/// Carries orders out, one after the other, until nobody can order any more.
pub struct Reloader {
    /// Where what is in force is kept.
    pub in_force: Arc<ArcSwap<InForce>>,
    /// Orders that are asked for.
    pub orders: mpsc::Receiver<Order>,
    /// SIGHUP, an order to which nobody waits for the answer.
    pub hangup: Signal,
    /// To the loop.
    pub loads: mpsc::Sender<Load>,
}

impl Reloader {
    /// Works until the daemon stops.
    pub async fn run(mut self) {
        loop {
            let (allow_removal, answer) = tokio::select! {
                order = self.orders.recv() => match order {
                    Some(Order { allow_removal, answer }) => (allow_removal, Some(answer)),
                    None => return,
                },
                signal = self.hangup.recv() => match signal {
                    Some(()) => (false, None),
                    None => return,
                },
            };
            let Some(outcome) = self.carry_out(allow_removal).await else { return };
            self.publish(&outcome);
            if let Some(answer) = answer {
                // Who does not wait any more reads it in the log.
                let _ = answer.send(outcome);
            }
        }
    }

    /// `None` when the daemon stops.
    async fn carry_out(&self, allow_removal: bool) -> Option<Reloaded> {
        let InForce { config: running, simulated, .. } = InForce::clone(&self.in_force.load());
        let path = running.path.clone();
        let read = tokio::task::spawn_blocking(move || read(&path)).await.ok()?;
        let (config, lines) = match read {
            Ok(read) => read,
            Err(mistakes) => return Some(mistakes),
        };
        let (config, mut needs_restart) = keep_until_restart(config, &running);
        // A district has a store of its own, whatever the file names.
        needs_restart.retain(|key| !simulated || key != STORE_PATH);
        let (config, lines) = (Arc::new(config), Arc::new(lines));
        let (answer, answered) = oneshot::channel();
        let count = lines.len();
        self.loads.send(Load { config: Arc::clone(&config), lines, allow_removal, answer }).await.ok()?;
        Some(match answered.await.ok()? {
            Ok(Loaded { new, gone, changed }) => {
                self.in_force.store(Arc::new(InForce::from_now(config, simulated)));
                Reloaded::TakenOver { lines: count, new, gone, changed, needs_restart }
            }
            Err(NotLoaded::Refused(Refusal::TooManyRemoved { removed, lines })) => {
                Reloaded::TooManyRemoved { removed, lines }
            }
            Err(NotLoaded::Refused(
                refusal @ (Refusal::BeforeLastRecord { .. } | Refusal::UnknownLine(_) | Refusal::Person(_)),
            )) => Reloaded::Mistakes { chinese: refusal.to_string(), english: refusal.to_string() },
            Err(NotLoaded::ClockBehind) => Reloaded::ClockBehind,
        })
    }

    fn publish(&self, outcome: &Reloaded) {
        if let Reloaded::TakenOver { lines, new, gone, changed, needs_restart } = outcome {
            tracing::info!(lines, new, gone, changed, "configuration and inventory reloaded");
            for key in needs_restart {
                tracing::warn!(setting = key, "a changed setting needs a restart and stays as it was");
            }
            return;
        }
        let reason = outcome.sentence(Language::English).replace('\n', " | ");
        tracing::error!(%reason, "reload failed; the old configuration and inventory go on");
        let old = self.in_force.load_full();
        let reload = Reload { successful: false, ..old.reload };
        self.in_force.store(Arc::new(InForce { reload, ..InForce::clone(&old) }));
    }
}

/// Both files, checked.
fn read(path: &Path) -> Result<(Config, Vec<Line>), Reloaded> {
    let config = Config::load(Some(path)).map_err(|error| Reloaded::Mistakes {
        chinese: error.report(Language::Chinese, false),
        english: error.report(Language::English, false),
    })?;
    let rules = Rules { zone: config.site.zone, classes: config.class_labels() };
    let lines = inventory::read(&config.inventory.file, &rules).map_err(|error| Reloaded::Mistakes {
        chinese: error.report(Language::Chinese),
        english: error.report(Language::English),
    })?;
    Ok((config, lines))
}

/// Puts back what was bound at the start, and says what the file has otherwise.
fn keep_until_restart(mut config: Config, running: &Config) -> (Config, Vec<String>) {
    let bound = [
        ("[http] listen", config.http.listen != running.http.listen),
        ("[http] certificate, key", config.http.tls != running.http.tls),
        ("[http] viewing", config.http.viewing != running.http.viewing),
        ("[http] session", config.http.session != running.http.session),
        (STORE_PATH, config.store != running.store),
        ("[probe] socket", config.probe.socket != running.probe.socket),
    ];
    config.http = running.http.clone();
    config.store = running.store.clone();
    config.probe.socket = running.probe.socket;
    (config, bound.into_iter().filter(|(_, differs)| *differs).map(|(key, _)| key.to_owned()).collect())
}
