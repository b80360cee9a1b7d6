use std::time::Duration;

/// What a benchmark ends with; a failure is told, not hidden.
pub(crate) type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Prints one figure.
pub(crate) fn figure(what: &str, value: f64, unit: &str) {
    println!("- {what}: {} {unit}", readable(value));
}

/// Prints one figure beside its baseline, with the ratio of the two.
pub(crate) fn against(what: &str, value: f64, unit: &str, baseline: &str, base: f64) {
    println!("- {what}: {} {unit} ({:.2} of {baseline}: {} {unit})", readable(value), value / base, readable(base));
}

/// The latencies of a load, to be asked for percentiles.
pub(crate) struct Latencies(Vec<Duration>);

impl Latencies {
    pub(crate) fn new(mut all: Vec<Duration>) -> Latencies {
        all.sort_unstable();
        Latencies(all)
    }

    /// The latency that this share of the requests did not exceed, in milliseconds.
    pub(crate) fn ms(&self, share: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        let at = (share * last as f64).round() as usize;
        self.0.get(at).map_or(f64::NAN, |latency| latency.as_secs_f64() * 1_000.0)
    }

    /// The mean, in milliseconds.
    pub(crate) fn mean_ms(&self) -> f64 {
        self.0.iter().map(Duration::as_secs_f64).sum::<f64>() * 1_000.0 / self.0.len() as f64
    }

    /// Prints median and tail beside those of a baseline.
    pub(crate) fn print(&self, what: &str, baseline: &str, base: &Latencies) {
        for (name, share) in [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)] {
            against(&format!("{what}, {name}"), self.ms(share), "ms", baseline, base.ms(share));
        }
    }
}

fn readable(value: f64) -> String {
    if value >= 1_000.0 {
        let digits = format!("{value:.0}");
        let groups: Vec<&str> =
            digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap_or("")).collect();
        groups.join(",")
    } else {
        format!("{value:.2}")
    }
}
