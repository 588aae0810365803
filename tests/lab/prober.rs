//! An engine in a test's own runtime, asked one question at a time or many at once.

use std::time::Duration;

use linewatch::clock;
use linewatch::probe::{Endpoint, Engine, EngineOptions, OpenError, ProbeRequest, ProbeResult, SocketKind};
use linewatch_core::line::ProbeMethod;
use linewatch_core::outcome::Outcome;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::UnboundedReceiver;

/// A result that does not come within this long is missing.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open engine. Make it inside [`Namespace::enter`](super::Namespace::enter): its sockets and threads belong to
/// the namespace of the thread that opens it.
pub struct Prober {
    /// The engine under test.
    pub engine: Engine,
    results: UnboundedReceiver<ProbeResult>,
    assigned: Vec<String>,
    token: u32,
    // Last, so that the engine goes first.
    runtime: Runtime,
}

impl Prober {
    /// Opens an engine with the default buffer.
    pub fn open(socket: SocketKind) -> Result<Self, OpenError> {
        Self::with_options(EngineOptions { socket, ..EngineOptions::new(clock::elapsed, clock::since_boot) })
    }

    /// Opens an engine.
    pub fn with_options(options: EngineOptions) -> Result<Self, OpenError> {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let (engine, results) = {
            let _within = runtime.enter();
            Engine::open(options)?
        };
        Ok(Self { engine, results, assigned: Vec::new(), token: 0, runtime })
    }

    /// Probes one address: by ICMP, or as a word before it says, like `tcp:80 10.64.0.1`.
    pub fn probe(&mut self, address: &str, timeout_ms: u64) -> Outcome {
        self.probe_all(&[address], timeout_ms)[0]
    }

    /// Probes all at once; outcomes in the order of the addresses. Panics unless every request has exactly one
    /// result, of its own token and target, sent neither before the request nor after now.
    pub fn probe_all(&mut self, addresses: &[&str], timeout_ms: u64) -> Vec<Outcome> {
        let targets: Vec<u32> = addresses.iter().map(|address| self.target(address)).collect();
        let (first, before) = (self.token, clock::elapsed());
        for target in &targets {
            self.send(*target, timeout_ms);
        }
        let mut outcomes = vec![None; targets.len()];
        for _ in &targets {
            let result = self.result();
            let place = (result.token - first) as usize;
            assert_eq!(result.target, targets[place], "result of another target");
            assert!(before <= result.sent && result.sent <= clock::elapsed(), "sent at {:?}", result.sent);
            assert_eq!(outcomes[place].replace(result.outcome), None, "two results of one request");
        }
        assert!(self.results.try_recv().is_err(), "more results than requests");
        outcomes.into_iter().map(|outcome| outcome.expect("counted")).collect()
    }

    /// Sends one request and leaves its result in the channel.
    pub fn send(&mut self, target: u32, timeout_ms: u64) {
        self.engine.send(ProbeRequest { target, token: self.token, timeout: Duration::from_millis(timeout_ms) });
        self.token += 1;
    }

    /// Drops the engine and takes what results are still to come.
    pub fn stop(self) -> Vec<ProbeResult> {
        let Self { engine, mut results, runtime, .. } = self;
        drop(engine);
        let mut rest = Vec::new();
        // The channel ends when the last request has been answered.
        while let Some(result) = runtime
            .block_on(async { tokio::time::timeout(PATIENCE, results.recv()).await })
            .expect("requests without a result after ten seconds")
        {
            rest.push(result);
        }
        rest
    }

    /// Takes the next result.
    pub fn result(&mut self) -> ProbeResult {
        let next = self.runtime.block_on(async { tokio::time::timeout(PATIENCE, self.results.recv()).await });
        next.expect("no result in ten seconds").expect("the channel is open while the engine is")
    }

    /// The target of an address; new ones are assigned.
    pub fn target(&mut self, address: &str) -> u32 {
        let place = self.assigned.iter().position(|known| known == address).unwrap_or_else(|| {
            let target = u32::try_from(self.assigned.len()).expect("few targets");
            self.assigned.push(address.to_owned());
            let (method, host) = address.split_once(' ').unwrap_or(("icmp", address));
            let method: ProbeMethod = method.parse().expect("a probe method");
            let endpoint = Endpoint { address: host.to_owned(), method };
            self.engine.assign(target, Some(endpoint));
            self.assigned.len() - 1
        });
        u32::try_from(place).expect("few targets")
    }
}

/// Whether the outcome is a reply.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "handed to `all` and `filter` as it is")]
pub fn is_reply(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Reply { .. })
}
