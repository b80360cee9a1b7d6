//! Products from upload to being found by their text.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::report::{Outcome, against};
use crate::server::Server;
use crate::world;

const PRODUCTS: usize = 50_000;
const BATCH: usize = 500;

pub(crate) fn run() -> Outcome {
    let folder = tempfile::tempdir()?;
    let server = Server::start(&folder.path().join("data"))?;
    let bodies: Vec<Vec<u8>> = (0..PRODUCTS / BATCH).map(|batch| world::products(batch * BATCH, BATCH)).collect();
    let mut client = server.client()?;

    // Baseline: the same uploads checked but not stored.
    let begun = Instant::now();
    let dry = format!("{}&dry_run=1", server.path("products"));
    for body in &bodies {
        client.post(&dry, body)?;
    }
    let checked = PRODUCTS as f64 / begun.elapsed().as_secs_f64();

    let begun = Instant::now();
    let path = server.path("products");
    for body in &bodies {
        client.post(&path, body)?;
    }
    let acknowledged = PRODUCTS as f64 / begun.elapsed().as_secs_f64();
    // Every title ends with the product's number, so the last one is a word that only the last product has.
    let last = format!("{{\"q\":\"{}\",\"rows\":1}}", PRODUCTS - 1);
    let search = server.path("search/search");
    let last_acknowledged = Instant::now();
    loop {
        let found: Value = serde_json::from_slice(&client.post(&search, last.as_bytes())?)?;
        if found["data"]["total"] == 1 {
            break;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let searchable = PRODUCTS as f64 / begun.elapsed().as_secs_f64();
    println!("{PRODUCTS} products of {} bytes in batches of {BATCH}, one connection", bodies[0].len() / BATCH);
    against("acknowledged durable", acknowledged, "products/s", "checked only (dry_run)", checked);
    against("searchable", searchable, "products/s", "checked only (dry_run)", checked);
    println!("- the last one was found {} ms after its acknowledgement", last_acknowledged.elapsed().as_millis());
    server.stop()
}
