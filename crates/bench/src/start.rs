//! The start on 10 million interactions: after a kill, after an orderly stop, and with the snapshot lost.

use crate::report::{Outcome, against, figure};
use crate::server::Server;
use crate::world;

const PRODUCTS: usize = 100_000;
const INTERACTIONS: usize = 10_000_000;
const PARTS: u64 = 20;

pub(crate) fn run() -> Outcome {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let server = Server::start(&data)?;
    let empty = server.started_in.as_secs_f64();
    let mut client = server.client()?;
    for batch in 0..PRODUCTS / 1_000 {
        client.post(&server.path("products"), &world::products(batch * 1_000, 1_000))?;
    }
    for part in 0..PARTS {
        // Made and sent part by part: all of them at once would fill the memory that is being measured.
        for body in world::interactions(part + 100, INTERACTIONS / PARTS as usize, 10_000, PRODUCTS) {
            client.post(&server.path("interactions"), &body)?;
        }
    }
    let held = server.metric("tamari_interactions", &["development"])?;
    let people = server.metric("tamari_memory_bytes", &["development", "people"])?;
    let all = server.metric("tamari_memory_bytes", &["development"])?;
    println!("{held} interactions held, {PRODUCTS} products");
    figure("memory of people and histories", people / held, "bytes per interaction");
    figure("memory of the whole live view", all / held, "bytes per interaction");
    server.kill()?;

    let server = Server::start(&data)?;
    against(
        "start after a kill behind the uploads",
        server.started_in.as_secs_f64(),
        "s",
        "start on an empty folder",
        empty,
    );
    server.stop()?;
    let server = Server::start(&data)?;
    against("start after an orderly stop", server.started_in.as_secs_f64(), "s", "start on an empty folder", empty);
    server.stop()?;
    std::fs::remove_file(data.join("development/state.snapshot"))?;
    let server = Server::start(&data)?;
    against("start with the snapshot lost", server.started_in.as_secs_f64(), "s", "start on an empty folder", empty);
    server.stop()
}
