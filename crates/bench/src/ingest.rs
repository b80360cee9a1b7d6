//! Interactions acknowledged durable by HTTP: 4 connections, batches of 10,000.

use std::fs::File;
use std::io::Write;
use std::thread;
use std::time::Instant;

use crate::report::{Outcome, against, figure};
use crate::server::Server;
use crate::world;

const CONNECTIONS: u64 = 4;
const BATCH: usize = 10_000;
const BATCHES_PER_CONNECTION: usize = 50;
const PRODUCTS: usize = 100_000;

pub(crate) fn run() -> Outcome {
    let folder = tempfile::tempdir()?;
    let server = Server::start(&folder.path().join("data"))?;
    let bodies: Vec<Vec<Vec<u8>>> = (0..CONNECTIONS)
        .map(|part| world::interactions(part, BATCH * BATCHES_PER_CONNECTION, BATCH, PRODUCTS))
        .collect();
    let total = CONNECTIONS as usize * BATCH * BATCHES_PER_CONNECTION;
    let bytes: usize = bodies.iter().flatten().map(Vec::len).sum();

    // Baseline: the same bytes to a plain file, with the same number of fsyncs.
    let begun = Instant::now();
    let mut file = File::create(folder.path().join("plain"))?;
    for body in bodies.iter().flatten() {
        file.write_all(body)?;
        file.sync_data()?;
    }
    let plain = total as f64 / begun.elapsed().as_secs_f64();

    let begun = Instant::now();
    let path = server.path("interactions");
    thread::scope(|scope| -> Outcome {
        let uploads: Vec<_> = bodies
            .iter()
            .map(|bodies| {
                let (server, path) = (&server, &path);
                scope.spawn(move || -> std::io::Result<()> {
                    let mut client = server.client()?;
                    bodies.iter().try_for_each(|body| client.post(path, body).map(drop))
                })
            })
            .collect();
        for upload in uploads {
            upload.join().map_err(|_| "an upload panicked")??;
        }
        Ok(())
    })?;
    let rate = total as f64 / begun.elapsed().as_secs_f64();
    println!("{total} interactions of {} bytes in batches of {BATCH}, {CONNECTIONS} connections", bytes / total);
    against("acknowledged durable", rate, "interactions/s", "a plain file with as many fsyncs", plain);
    let held = server.metric("tamari_interactions", &["development"])?;
    let memory = server.metric("tamari_memory_bytes", &["development", "people"])?;
    figure("held", held, "interactions");
    figure("memory of people and histories", memory / held, "bytes per interaction");
    server.stop()
}
