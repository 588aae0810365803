//! A laboratory for real packets: network namespaces, faults, and responders that misbehave on purpose.
//!
//! ```ignore
//! mod lab;
//!
//! #[test]
//! fn a_dead_line_is_lost() {
//!     lab::run(|| {                                   // as root, else within `unshare -Urnm`; never skipped
//!         let pair = lab::Pair::new();                // `near` 10.255.0.1 — veth — `far`, where all of 10.64.0.0/16
//!                                                     // and fd00:64::/64 answers; nft table with the sets below
//!         pair.far.nft_add("dead", "10.64.0.5");      // no answer from now on
//!         pair.near.enter(|| { /* sockets opened here are in `near`; threads started here too */ });
//!         // A process inside; its id is the program's own, since `ip netns exec` becomes the program.
//!         pair.near.command(env!("CARGO_BIN_EXE_linewatch")).arg("run");
//!     });
//! }
//! ```
//!
//! - [`run`] gives a test its privileges and runs it. Every test that uses the lab has its body in it.
//! - [`Namespace`]: made with [`Namespace::new`], gone when dropped, with everything in it. `run("ip …")` runs a
//!   command inside and panics with its output when it fails; `enter` runs a closure in a thread inside;
//!   `command` prepares a process inside; `permit_datagram` sets `ping_group_range`.
//! - [`Pair`]: two namespaces and a veth pair. The far one answers echo for every address of `10.64.0.0/16` and
//!   `fd00:64::/64` and has the nftables sets `dead` (single addresses, may carry `timeout 3s`), `net` (intervals),
//!   `loss5` (5 % random loss), `rej` (host unreachable), each also as `dead6` and `rej6`. [`Pair::cut`] and
//!   [`Pair::mend`] pull and plug the near cable.
//! - [`Truth`]: what was done to the network and when. `truth.change("cut", || pair.cut())` notes the time before
//!   and after the change, so that an edge seen by the daemon can be checked against what it may be.
//! - [`Responder`]: a TUN device in a namespace behind which a rule decides, echo by echo, what comes back: see
//!   [`Answer`].
//! - [`SynResponder`]: the same for TCP: what comes back for a SYN, and every segment that arrived.
//! - [`Server`]: a TCP server in a namespace that does with each connection what a closure says.
//! - [`Prober`]: an open probe engine, to be made inside `enter`; addresses like `tcp:80 10.64.0.1` are probed so.

#![allow(dead_code, unused_imports, reason = "every test file compiles the lab and uses its own part of it")]

mod namespace;
mod packet;
mod privileges;
mod prober;
mod responder;
mod segment;
mod server;
mod syn_responder;
mod sys;
mod topology;
mod truth;

pub use namespace::Namespace;
pub use packet::Echo;
pub use privileges::{run, without_raw_sockets};
pub use prober::{Prober, is_reply};
pub use responder::{Answer, Responder};
pub use segment::{Segment, flag};
pub use server::Server;
pub use syn_responder::{SynAnswer, SynResponder};
pub use topology::Pair;
pub use truth::{Change, Truth};
