//! Series of the monitor itself.

use chrono::{Offset, TimeZone};
use linewatch_core::outcome::UnsentCause;
use linewatch_core::view::Shown;

use super::family::{Family, Labels, count, labels, seconds};

/// How well it sees, how well it keeps, and what it is.
pub(super) fn families(shown: &Shown<'_>) -> Vec<Family> {
    let mut families = sight(shown);
    families.extend(keeping(shown));
    families
}

fn sight(shown: &Shown<'_>) -> Vec<Family> {
    let mut unsent = Family::counter(
        "linewatch_probes_unsent_total",
        "Probes that our own side failed to send since the daemon's start; they say nothing of the line.",
    );
    for (cause, probes) in UnsentCause::ALL.into_iter().zip(shown.live.unsent) {
        unsent.add(labels([("cause", cause.label())]), count(probes));
    }
    let mut reference = Family::gauge(
        "linewatch_reference_up",
        "1 if the last probe of a reference address was answered; absent before its first result.",
    );
    for known in &shown.live.references {
        let own = labels([("reference", known.address.as_str())]);
        reference.add_known(&own, known.up.map(|up| f64::from(u8::from(up))));
    }
    let mut lateness = Family::histogram(
        "linewatch_probe_lateness_seconds",
        "How late scheduled probes were handed to the network since the daemon's start.",
    );
    lateness.add_histogram(Labels::new(), &shown.live.lateness);
    let blind = shown.snapshot.committed.blind.is_some();
    vec![
        Family::gauge("linewatch_monitor_blind", "1 while the monitor sees nothing at all.")
            .of(f64::from(u8::from(blind))),
        Family::gauge(
            "linewatch_monitor_muted",
            "1 while nothing is recorded, since the clock is behind the last record.",
        )
        .of(f64::from(u8::from(shown.live.muted_until.is_some()))),
        Family::counter("linewatch_clock_steps_total", "Times the clock was set since the daemon's start.")
            .of(count(shown.live.clock_steps)),
        unsent,
        reference,
        lateness,
    ]
}

fn utc_offset(shown: &Shown<'_>) -> f64 {
    let now = chrono::DateTime::from_timestamp_millis(shown.live.now.0).unwrap_or_default();
    f64::from(shown.snapshot.site.zone.offset_from_utc_datetime(&now.naive_utc()).fix().local_minus_utc())
}

fn keeping(shown: &Shown<'_>) -> Vec<Family> {
    let journal = &shown.snapshot.journal;
    let reload = shown.snapshot.reload;
    let mut heartbeat = Family::gauge(
        "linewatch_heartbeat_timestamp_seconds",
        "Up to here all is certain and durable; absent before the first heartbeat.",
    );
    heartbeat.add_known(&Labels::new(), journal.heartbeat.map(seconds));
    let mut build = Family::gauge("linewatch_build_info", "Always 1; the program that runs.");
    build.add(labels([("version", env!("CARGO_PKG_VERSION"))]), 1.0);
    let simulated = f64::from(u8::from(shown.snapshot.site.simulated));
    vec![
        heartbeat,
        build,
        Family::gauge("linewatch_simulated", "1 if a simulated district answers in the place of the network.")
            .of(simulated),
        Family::counter("linewatch_journal_records_total", "Records in the journal.").of(count(journal.records)),
        Family::counter("linewatch_journal_append_failures_total", "Appends that failed since the daemon's start.")
            .of(count(journal.append_failures)),
        Family::gauge("linewatch_journal_failing", "1 while records cannot be appended.")
            .of(f64::from(u8::from(journal.failing.is_some()))),
        Family::gauge(
            "linewatch_site_utc_offset_seconds",
            "What the site's clock is ahead of UTC now: alert texts say local times with it.",
        )
        .of(utc_offset(shown)),
        Family::gauge("linewatch_config_last_reload_successful", "1 if the last reload was taken over.")
            .of(f64::from(u8::from(reload.successful))),
        Family::gauge(
            "linewatch_config_last_reload_success_timestamp_seconds",
            "When configuration and inventory were last taken over.",
        )
        .of(seconds(reload.succeeded_at)),
    ]
}
