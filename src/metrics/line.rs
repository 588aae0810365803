//! Series of each line.

use linewatch_core::outcome::State;
use linewatch_core::view::{LineView, Shown};

use super::LineSeries;
use super::family::{Family, Labels, count, labels, seconds};

/// What `[metrics] lines` asks for.
pub(super) fn families(shown: &Shown<'_>, series: LineSeries) -> Vec<Family> {
    match series {
        LineSeries::Full => {
            let mut families = states(shown);
            families.extend(details(shown));
            families
        }
        LineSeries::State => states(shown),
        LineSeries::Off => Vec::new(),
    }
}

fn line_labels(view: &LineView<'_>) -> Labels {
    labels([
        ("line", view.line.id.as_str()),
        ("class", view.line.class.as_str()),
        ("township", view.line.township.as_str()),
    ])
}

fn states(shown: &Shown<'_>) -> Vec<Family> {
    let mut up = Family::gauge(
        "linewatch_line_up",
        "1 while the line is Up or Suspect, 0 while it is Down or Recovering; absent while nobody knows.",
    );
    let mut state =
        Family::gauge("linewatch_line_state", "0 Pending, 1 Up, 2 Suspect, 3 Down, 4 Recovering, 5 Undetermined.");
    let mut flapping = Family::gauge("linewatch_line_flapping", "1 while the line changes state too often.");
    let mut outage = Family::gauge(
        "linewatch_line_outage_start_timestamp_seconds",
        "Start of the open outage, also while nobody sees the line; absent without one. Alerts stand on this.",
    );
    for view in &shown.lines {
        let own = line_labels(view);
        up.add_known(&own, line_up(view.state));
        state.add(own.clone(), f64::from(view.state as u8));
        flapping.add_known(&own, view.live.map(|live| f64::from(u8::from(live.flapping))));
        if let Some(open) = view.outage {
            let mut own = own;
            own.extend(labels([("attribution", open.attribution.label())]));
            outage.add(own, seconds(open.start));
        }
    }
    vec![up, state, flapping, outage]
}

fn line_up(state: State) -> Option<f64> {
    match state {
        State::Up | State::Suspect => Some(1.0),
        State::Down | State::Recovering => Some(0.0),
        State::Pending | State::Undetermined => None,
    }
}

fn details(shown: &Shown<'_>) -> Vec<Family> {
    let mut delay = Family::gauge(
        "linewatch_line_round_trip_delay_seconds",
        "Round-trip delay of the last probe (RFC 2681); absent after a loss.",
    );
    let mut info = Family::gauge("linewatch_line_info", "Always 1; what the inventory says of the line.");
    let mut sent = Family::counter(
        "linewatch_line_probes_sent_total",
        "Scheduled probes sent since the daemon's start, confirming ones apart.",
    );
    let mut lost = Family::counter(
        "linewatch_line_probes_lost_total",
        "Scheduled probes lost since the daemon's start, confirming ones apart.",
    );
    let mut outages = Family::counter("linewatch_line_outages_total", "Outages recorded since the daemon's start.");
    let mut down = Family::counter(
        "linewatch_line_down_seconds_total",
        "Time of the outages that ended since the daemon's start or are open; not for publication.",
    );
    let mut observed = Family::counter(
        "linewatch_line_observed_seconds_total",
        "Observed time since the daemon's start; not for publication.",
    );
    let mut latitude = Family::gauge("linewatch_line_latitude_degrees", "Latitude, where the inventory has it.");
    let mut longitude = Family::gauge("linewatch_line_longitude_degrees", "Longitude, where the inventory has it.");
    for view in &shown.lines {
        let own = line_labels(view);
        latitude.add_known(&own, view.line.latitude_e6.map(degrees));
        longitude.add_known(&own, view.line.longitude_e6.map(degrees));
        delay.add_known(&own, view.live.and_then(|live| live.delay_us).map(|delay| f64::from(delay) / 1e6));
        sent.add_known(&own, view.live.map(|live| count(live.sent)));
        lost.add_known(&own, view.live.map(|live| count(live.lost)));
        outages.add(own.clone(), count(view.outages));
        down.add(own.clone(), view.down.as_secs_f64());
        observed.add(own.clone(), view.observed.as_secs_f64());
        let mut described = own;
        described.extend(labels([
            ("name", view.line.name.as_str()),
            ("village", view.line.village.as_str()),
            ("address", view.line.address.as_str()),
            ("upstream", view.line.upstream.as_ref().map_or("", |upstream| upstream.as_str())),
            ("carrier", view.line.carrier.as_str()),
            ("circuit_no", view.line.circuit_no.as_str()),
        ]));
        info.add(described, 1.0);
    }
    vec![delay, info, sent, lost, outages, down, observed, latitude, longitude]
}

/// Millionths of a degree as a sample.
#[expect(clippy::cast_precision_loss, reason = "samples are doubles; 180 degrees are far below 2^53")]
fn degrees(millionths: i64) -> f64 {
    millionths as f64 / 1e6
}
