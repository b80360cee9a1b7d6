//! `user_to_products` at a fixed rate, idle, while interactions arrive, while an engine is trained, and while both happen.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rand::RngExt;

use crate::client::Client;
use crate::pace::{Pace, Send, steady};
use crate::report::{Latencies, Outcome, figure};
use crate::server::Server;
use crate::world::{self, size};

/// Seconds of each of the four loads; a training that is shorter begins anew.
const SECONDS: usize = 20;
const QUESTIONS_PER_S: usize = 1_000;
/// Interactions arrive in uploads of so many.
const UPLOADS_PER_S: usize = 100;
const PER_UPLOAD: usize = 10;

/// `TAMARI_BENCH_PRODUCTS`, `_INTERACTIONS`, `_SECONDS` and `_QUESTIONS` (a second) change the sizes.
pub(crate) fn run() -> Outcome {
    let products = size("PRODUCTS", 100_000);
    let interactions = size("INTERACTIONS", 1_000_000);
    let seconds = size("SECONDS", SECONDS);
    let rate = size("QUESTIONS", QUESTIONS_PER_S);
    let pace = Pace { rate, seconds, connections: 8 };
    let folder = tempfile::tempdir()?;
    let server = Server::start(&folder.path().join("data"))?;
    let mut client = server.client()?;
    for first in (0..products).step_by(1_000) {
        client.post(&server.path("products"), &world::products(first, 1_000.min(products - first)))?;
    }
    let bodies = world::interactions(7, interactions, 10_000, products);
    let visitors: Vec<String> = bodies.iter().flat_map(|body| world::visitors(body)).collect();
    for body in &bodies {
        client.post(&server.path("interactions"), body)?;
    }
    drop(bodies);
    figure("training, nothing else", server.train()?.as_secs_f64(), "s");
    println!("{products} products, {interactions} interactions, {rate} questions/s for {seconds} s each");

    let path = server.path("recommendation/user_to_products");
    let ask = |client: &mut Client, number: usize| {
        let visitor = &visitors[world::source(number as u64).random_range(0..visitors.len())];
        let body = format!("{{\"anonymous_id\":\"{visitor}\",\"rows\":10,\"fl\":[\"title\",\"sale_price\"]}}");
        client.post(&path, body.as_bytes()).map(drop)
    };
    // The first questions read what the later ones find in memory.
    steady(&server, Pace { seconds: 2, ..pace }, &ask)?;
    let idle = steady(&server, pace, &ask)?;
    let print = |what: &str, measured: &Latencies| measured.print(&format!("user_to_products {what}"), "idle", &idle);
    print("idle", &idle);
    for (what, load) in [
        ("while 1,000 interactions/s arrive", Load { arriving: true, training: false }),
        ("while an engine is trained", Load { arriving: false, training: true }),
        ("while an engine is trained and 1,000 interactions/s arrive", Load { arriving: true, training: true }),
    ] {
        let (measured, ended) = under(&server, load, products, pace, &ask)?;
        print(what, &measured);
        if load.training {
            figure("trainings that ended beside them", ended as f64, "");
        }
    }
    server.stop()
}

/// What happens beside the questions.
#[derive(Clone, Copy)]
struct Load {
    arriving: bool,
    /// Trainings follow each other without a pause.
    training: bool,
}

/// The questions under a load, and how many trainings ended meanwhile.
fn under(
    server: &Server,
    load: Load,
    products: usize,
    pace: Pace,
    ask: &Send<'_>,
) -> Result<(Latencies, usize), Box<dyn std::error::Error>> {
    let path = server.path("interactions");
    let count = if load.arriving { UPLOADS_PER_S * pace.seconds * PER_UPLOAD } else { 0 };
    let uploads = world::interactions(900 + u64::from(load.training), count, PER_UPLOAD, products);
    let asked = AtomicBool::new(false);
    thread::scope(|scope| {
        let trainer = scope.spawn(|| match load.training {
            true => trainings(server, &asked).map_err(|error| error.to_string()),
            false => Ok(0),
        });
        let uploader = scope.spawn(|| {
            if load.arriving {
                let pace = Pace { rate: UPLOADS_PER_S, connections: 4, ..pace };
                let upload = |client: &mut Client, number: usize| client.post(&path, &uploads[number]).map(drop);
                steady(server, pace, &upload).map_err(|error| error.to_string())?;
            }
            Ok::<_, String>(())
        });
        let measured = steady(server, pace, ask);
        asked.store(true, Ordering::Release);
        uploader.join().map_err(|_| "the uploads panicked")??;
        let ended = trainer.join().map_err(|_| "the trainings panicked")??;
        Ok((measured?, ended))
    })
}

/// Trainings one after the other until all was asked; the last one is cancelled then. Gives how many came to their end.
fn trainings(server: &Server, asked: &AtomicBool) -> Result<usize, Box<dyn std::error::Error>> {
    let mut client = server.client()?;
    for ended in 0.. {
        let task = server.begin_training()?;
        while !server.is_trained(&task)? {
            if asked.load(Ordering::Acquire) {
                client.post(&server.path(&format!("engines/_cancel/{task}")), b"")?;
                return Ok(ended);
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
    Ok(0)
}
