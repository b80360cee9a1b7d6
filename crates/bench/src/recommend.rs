//! `user_to_products` at a fixed rate: 1,000 requests a second on 100,000 products and 1 million interactions.

use std::thread;
use std::time::{Duration, Instant};

use rand::RngExt;

use crate::client::Client;
use crate::report::{Latencies, Outcome, figure};
use crate::server::Server;
use crate::world;

const PRODUCTS: usize = 100_000;
const INTERACTIONS: usize = 1_000_000;
const RATE: usize = 1_000;
const CONNECTIONS: usize = 8;
const SECONDS: usize = 20;

pub(crate) fn run() -> Outcome {
    let folder = tempfile::tempdir()?;
    let server = Server::start(&folder.path().join("data"))?;
    let mut client = server.client()?;
    for batch in 0..PRODUCTS / 1_000 {
        client.post(&server.path("products"), &world::products(batch * 1_000, 1_000))?;
    }
    let bodies = world::interactions(7, INTERACTIONS, 10_000, PRODUCTS);
    let visitors: Vec<String> = bodies.iter().flat_map(|body| ids(body)).collect();
    for body in &bodies {
        client.post(&server.path("interactions"), body)?;
    }
    drop(bodies);
    figure("training", server.train()?.as_secs_f64(), "s");

    let idle = steady(&server, &|client, _| client.get("/healthz").map(drop))?;
    let path = server.path("recommendation/user_to_products");
    let ask = |client: &mut Client, number: usize| {
        let visitor = &visitors[world::source(number as u64).random_range(0..visitors.len())];
        let body = format!("{{\"anonymous_id\":\"{visitor}\",\"rows\":10,\"fl\":[\"title\",\"sale_price\"]}}");
        client.post(&path, body.as_bytes()).map(drop)
    };
    let known = steady(&server, &ask)?;
    println!("{PRODUCTS} products, {INTERACTIONS} interactions, {RATE} requests/s for {SECONDS} s");
    known.print("user_to_products", "GET /healthz at the same rate", &idle);
    server.stop()
}

/// One visitor's id out of every hundred interactions.
fn ids(body: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(body);
    let mark = "\"anonymous_id\":\"";
    text.match_indices(mark).step_by(100).map(|(at, _)| text[at + mark.len()..][..36].to_owned()).collect()
}

type Send<'a> = dyn Fn(&mut Client, usize) -> std::io::Result<()> + Sync + 'a;

/// Sends at a fixed rate, whatever the answers do; a latency counts from the moment when the request was due, so that a server that
/// stalls is not spared the requests that it kept waiting.
fn steady(server: &Server, send: &Send<'_>) -> Result<Latencies, Box<dyn std::error::Error>> {
    let begun = Instant::now() + Duration::from_millis(50);
    let all = thread::scope(|scope| {
        let senders: Vec<_> = (0..CONNECTIONS)
            .map(|connection| {
                scope.spawn(move || -> std::io::Result<Vec<Duration>> {
                    let mut client = server.client()?;
                    let mut latencies = Vec::new();
                    for number in (connection..RATE * SECONDS).step_by(CONNECTIONS) {
                        let due = begun + Duration::from_secs_f64(number as f64 / RATE as f64);
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
