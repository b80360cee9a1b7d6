//! A load at a fixed rate.

use std::thread;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::report::Latencies;
use crate::server::Server;

/// How many requests a second, for how long, over how many connections.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) rate: usize,
    pub(crate) seconds: usize,
    pub(crate) connections: usize,
}

/// Sends the request of a number and waits for the answer.
pub(crate) type Send<'a> = dyn Fn(&mut Client, usize) -> std::io::Result<()> + Sync + 'a;

/// Sends at a fixed rate, whatever the answers do; a latency counts from the moment when the request was due, so that a server that
/// stalls is not spared the requests that it kept waiting.
pub(crate) fn steady(server: &Server, pace: Pace, send: &Send<'_>) -> Result<Latencies, Box<dyn std::error::Error>> {
    let begun = Instant::now() + Duration::from_millis(50);
    let all = thread::scope(|scope| {
        let senders: Vec<_> = (0..pace.connections)
            .map(|connection| {
                scope.spawn(move || -> std::io::Result<Vec<Duration>> {
                    let mut client = server.client()?;
                    let mut latencies = Vec::new();
                    for number in (connection..pace.rate * pace.seconds).step_by(pace.connections) {
                        let due = begun + Duration::from_secs_f64(number as f64 / pace.rate as f64);
                        thread::sleep(due.saturating_duration_since(Instant::now()));
                        send(&mut client, number)?;
                        latencies.push(due.elapsed());
                    }
                    Ok(latencies)
                })
            })
            .collect();
        let mut all = Vec::new();
        for sender in senders {
            all.extend(sender.join().map_err(|_| "a sender panicked")??);
        }
        Ok::<_, Box<dyn std::error::Error>>(all)
    })?;
    Ok(Latencies::new(all))
}
