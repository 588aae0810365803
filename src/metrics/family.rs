//! Families built by hand: a `MetricVec` of a series per line costs ten times the time and memory.

use linewatch_core::view;
use prometheus::proto::{Bucket, Counter, Gauge, Histogram, LabelPair, Metric, MetricFamily, MetricType};

/// Names and values of a series' labels.
pub(super) type Labels = Vec<LabelPair>;

/// A family under construction.
pub(super) struct Family {
    name: &'static str,
    help: &'static str,
    kind: MetricType,
    metrics: Vec<Metric>,
}

impl Family {
    /// A value that goes up and down.
    pub(super) fn gauge(name: &'static str, help: &'static str) -> Self {
        Self { name, help, kind: MetricType::GAUGE, metrics: Vec::new() }
    }

    /// A count or a sum that only grows, and starts again with the daemon.
    pub(super) fn counter(name: &'static str, help: &'static str) -> Self {
        debug_assert!(name.ends_with("_total"), "{name}");
        Self { name, help, kind: MetricType::COUNTER, metrics: Vec::new() }
    }

    /// Observations counted by upper bound.
    pub(super) fn histogram(name: &'static str, help: &'static str) -> Self {
        Self { name, help, kind: MetricType::HISTOGRAM, metrics: Vec::new() }
    }

    /// Adds the series with these labels.
    pub(super) fn add(&mut self, labels: Labels, value: f64) {
        let mut metric = Metric::from_label(labels);
        if self.kind == MetricType::COUNTER {
            let mut counter = Counter::default();
            counter.set_value(value);
            metric.set_counter(counter);
        } else {
            let mut gauge = Gauge::default();
            gauge.set_value(value);
            metric.set_gauge(gauge);
        }
        self.metrics.push(metric);
    }

    /// Adds the series with these labels if there is a value; unknown is absent.
    pub(super) fn add_known(&mut self, labels: &Labels, value: Option<f64>) {
        if let Some(value) = value {
            self.add(labels.clone(), value);
        }
    }

    /// The family's only series.
    pub(super) fn of(mut self, value: f64) -> Self {
        self.add(Labels::new(), value);
        self
    }

    /// Adds a histogram; Prometheus wants the counts cumulative.
    pub(super) fn add_histogram(&mut self, labels: Labels, observed: &view::Histogram) {
        let mut cumulative = 0;
        let mut buckets = Vec::with_capacity(observed.bounds.len());
        for (bound, count) in observed.bounds.iter().zip(&observed.counts) {
            cumulative += count;
            let mut bucket = Bucket::default();
            bucket.set_upper_bound(*bound);
            bucket.set_cumulative_count(cumulative);
            buckets.push(bucket);
        }
        let mut histogram = Histogram::default();
        histogram.set_bucket(buckets);
        histogram.set_sample_count(observed.counts.iter().sum());
        histogram.set_sample_sum(observed.sum);
        let mut metric = Metric::from_label(labels);
        metric.set_histogram(histogram);
        self.metrics.push(metric);
    }

    /// The family as the encoder takes it.
    pub(super) fn finish(self) -> MetricFamily {
        let mut family = MetricFamily::default();
        family.set_name(self.name.to_owned());
        family.set_help(self.help.to_owned());
        family.set_field_type(self.kind);
        family.set_metric(self.metrics);
        family
    }
}

/// Labels in the order given.
pub(super) fn labels<const N: usize>(pairs: [(&str, &str); N]) -> Labels {
    pairs
        .into_iter()
        .map(|(name, value)| {
            let mut pair = LabelPair::default();
            pair.set_name(name.to_owned());
            pair.set_value(value.to_owned());
            pair
        })
        .collect()
}

/// A count as a sample.
#[expect(clippy::cast_precision_loss, reason = "samples are doubles; no count here reaches 2^53")]
pub(super) fn count(count: u64) -> f64 {
    count as f64
}

/// An instant as a sample: seconds since 1970.
pub(super) fn seconds(at: linewatch_core::time::Timestamp) -> f64 {
    linewatch_core::time::Millis(at.0).as_secs_f64()
}
