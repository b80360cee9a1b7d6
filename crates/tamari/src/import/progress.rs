use std::io::IsTerminal;
use std::time::{Duration, Instant};

use ::import::Distance;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output;

/// Between two lines where there is no terminal to draw on.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Shows how far an import is: a bar on a terminal, otherwise a line now and then.
pub(super) struct Progress {
    bar: ProgressBar,
    on_terminal: bool,
    distance: Distance,
    size_bytes: u64,
    began: Instant,
    last_line: Instant,
}

impl Progress {
    pub(super) fn new(size_bytes: u64, distance: Distance) -> Progress {
        let on_terminal = std::io::stderr().is_terminal();
        let target = if on_terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(size_bytes), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent:>3}% {msg}  {eta} left") {
            bar.set_style(style);
        }
        let now = Instant::now();
        Progress { bar, on_terminal, distance, size_bytes, began: now, last_line: now }
    }

    /// `fresh` counts the records of this run alone, for the speed.
    pub(super) fn show(&mut self, accepted: u64, rejected: u64, fresh: u64) {
        let bytes = self.distance.bytes();
        let message = format!(
            "{} accepted, {} rejected, {}/s",
            output::grouped(accepted),
            output::grouped(rejected),
            output::grouped(self.per_second(fresh))
        );
        if self.on_terminal {
            self.bar.set_position(bytes);
            self.bar.set_message(message);
        } else if self.last_line.elapsed() >= LINE_EVERY {
            self.last_line = Instant::now();
            let percent = bytes.saturating_mul(100) / self.size_bytes.max(1);
            output::note(&format!("{}% {message}", percent.min(100)));
        }
    }

    /// Removes the bar, so that what follows stands alone.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }

    /// Seconds since it began.
    pub(super) fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    pub(super) fn per_second(&self, records: u64) -> u64 {
        (records as f64 / self.seconds().max(0.001)) as u64
    }
}
