//! `/metrics`: the snapshot as Prometheus text, rendered at scrape time.
//!
//! One collector builds all families from the joined view. Nothing is kept between scrapes, so a line that left the
//! inventory leaves no series behind and 100,000 lines cost nothing while nobody asks. Base units throughout;
//! a value that nobody knows is absent, never a zero.

mod district;
mod family;
mod line;
mod monitor;

use std::sync::Arc;

use linewatch_core::view::{LiveView, Shown, Snapshot};
use prometheus::core::{Collector, Desc};
use prometheus::process_collector::ProcessCollector;
use prometheus::proto::MetricFamily;
use prometheus::{Registry, TextEncoder};

/// Media type of what [`render`] returns.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Which series each line gets: `[metrics] lines`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineSeries {
    /// All of them.
    #[default]
    Full,
    /// Only what alerts and state panels stand on: up, state, flapping, start of the open outage.
    State,
    /// None; groups, faults and the monitor's own series stay.
    Off,
}

/// The text of one scrape.
///
/// # Errors
/// When the families contradict one another, which would be a mistake in this module.
pub fn render(snapshot: &Arc<Snapshot>, live: &Arc<LiveView>, lines: LineSeries) -> Result<String, prometheus::Error> {
    let registry = Registry::new();
    let district = District { snapshot: Arc::clone(snapshot), live: Arc::clone(live), lines };
    registry.register(Box::new(district))?;
    registry.register(Box::new(ProcessCollector::for_self()))?;
    TextEncoder::new().encode_to_string(&registry.gather())
}

/// The one collector.
struct District {
    snapshot: Arc<Snapshot>,
    live: Arc<LiveView>,
    lines: LineSeries,
}

impl Collector for District {
    /// None: the families are built afresh and need no check against others, since this registry holds no others of
    /// the same prefix.
    fn desc(&self) -> Vec<&Desc> {
        Vec::new()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let shown = Shown::of(&self.snapshot, &self.live);
        let mut families = line::families(&shown, self.lines);
        families.extend(district::families(&shown));
        families.extend(monitor::families(&shown));
        families.into_iter().map(family::Family::finish).collect()
    }
}
