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
    side_by_side(server, pace.connections, &|client, connection| {
        let mut latencies = Vec::new();
        for number in (connection..pace.rate * pace.seconds).step_by(pace.connections) {
            let due = begun + Duration::from_secs_f64(number as f64 / pace.rate as f64);
            thread::sleep(due.saturating_duration_since(Instant::now()));
            send(client, number)?;
            latencies.push(due.elapsed());
        }
        Ok(latencies)
    })
}

/// What one connection, by its number, does, and how long each of its requests took.
pub(crate) type Sender<'a> = dyn Fn(&mut Client, usize) -> std::io::Result<Vec<Duration>> + Sync + 'a;

/// Runs a sender on each of so many connections at once.
pub(crate) fn side_by_side(
    server: &Server,
    connections: usize,
    sender: &Sender<'_>,
) -> Result<Latencies, Box<dyn std::error::Error>> {
    let all = thread::scope(|scope| {
        let senders: Vec<_> =
            (0..connections).map(|connection| scope.spawn(move || sender(&mut server.client()?, connection))).collect();
        let mut all = Vec::new();
        for sender in senders {
            all.extend(sender.join().map_err(|_| "a sender panicked")??);
        }
        Ok::<_, Box<dyn std::error::Error>>(all)
    })?;
    Ok(Latencies::new(all))
}
