//! `user_to_products` at a fixed rate: 1,000 requests a second on 100,000 products and 1 million interactions, or as many as
//! `TAMARI_BENCH_PRODUCTS`, `_INTERACTIONS` and `_QUESTIONS` (a second) say.

use rand::RngExt;

use crate::client::Client;
use crate::pace::{Pace, steady};
use crate::report::{Outcome, figure};
use crate::server::Server;
use crate::world::{self, size};

const SECONDS: usize = 20;

pub(crate) fn run() -> Outcome {
    let (products, interactions) = (size("PRODUCTS", 100_000), size("INTERACTIONS", 1_000_000));
    let pace = Pace { rate: size("QUESTIONS", 1_000), seconds: size("SECONDS", SECONDS), connections: 8 };
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
    figure("training", server.train()?.as_secs_f64(), "s");

    let idle = steady(&server, pace, &|client, _| client.get("/healthz").map(drop))?;
    let path = server.path("recommendation/user_to_products");
    let ask = |client: &mut Client, number: usize| {
        let visitor = &visitors[world::source(number as u64).random_range(0..visitors.len())];
        let body = format!("{{\"anonymous_id\":\"{visitor}\",\"rows\":10,\"fl\":[\"title\",\"sale_price\"]}}");
        client.post(&path, body.as_bytes()).map(drop)
    };
    let known = steady(&server, pace, &ask)?;
    println!("{products} products, {interactions} interactions, {} requests/s for {} s", pace.rate, pace.seconds);
    known.print("user_to_products", "GET /healthz at the same rate", &idle);
    server.stop()
}
