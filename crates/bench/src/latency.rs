//! One interaction a request over 50 connections: each sending the next when it has the answer, and at a fixed rate.

use std::time::Instant;

use crate::pace::{Pace, side_by_side, steady};
use crate::report::{Latencies, Outcome, figure};
use crate::server::Server;

const CONNECTIONS: usize = 50;
const REQUESTS_PER_CONNECTION: usize = 400;
/// What a large shop sees at its busiest, well below what the machine can take.
const PACE: Pace = Pace { rate: 2_000, seconds: 20, connections: CONNECTIONS };

pub(crate) fn run() -> Outcome {
    let folder = tempfile::tempdir()?;
    let server = Server::start(&folder.path().join("data"))?;
    let idle = load(&server, &|client, _, _| client.get("/healthz").map(drop))?;
    let path = server.path("interactions");
    let begun = Instant::now();
    let written = load(&server, &|client, connection, request| {
        let body = format!(
            "{{\"data\":[{{\"type\":\"click\",\"anonymous_id\":\"visitor-{connection}-{}\",\"product_ids\":[\"p{request}\"]}}]}}",
            request / 10
        );
        client.post(&path, body.as_bytes()).map(drop)
    })?;
    figure("rate", (CONNECTIONS * REQUESTS_PER_CONNECTION) as f64 / begun.elapsed().as_secs_f64(), "requests/s");
    written.print("one interaction acknowledged durable, 50 connections", "GET /healthz", &idle);

    let idle = steady(&server, PACE, &|client, _| client.get("/healthz").map(drop))?;
    let paced = steady(&server, PACE, &|client, number| {
        let body = format!(
            "{{\"data\":[{{\"type\":\"click\",\"anonymous_id\":\"paced-{}\",\"product_ids\":[\"p{number}\"]}}]}}",
            number / 10
        );
        client.post(&path, body.as_bytes()).map(drop)
    })?;
    println!("at {} requests/s, each on its time, for {} s", PACE.rate, PACE.seconds);
    paced.print("one interaction acknowledged durable, 50 connections", "GET /healthz at the same rate", &idle);
    server.stop()
}

type Send<'a> = dyn Fn(&mut crate::client::Client, usize, usize) -> std::io::Result<()> + Sync + 'a;

fn load(server: &Server, send: &Send<'_>) -> Result<Latencies, Box<dyn std::error::Error>> {
    side_by_side(server, CONNECTIONS, &|client, connection| {
        let mut latencies = Vec::with_capacity(REQUESTS_PER_CONNECTION);
        for request in 0..REQUESTS_PER_CONNECTION {
            let begun = Instant::now();
            send(client, connection, request)?;
            latencies.push(begun.elapsed());
        }
        Ok(latencies)
    })
}
