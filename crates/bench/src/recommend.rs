//! `user_to_products` at a fixed rate: 1,000 requests a second on 100,000 products and 1 million interactions.

use rand::RngExt;

use crate::client::Client;
use crate::pace::{Pace, steady};
use crate::report::{Outcome, figure};
use crate::server::Server;
use crate::world;

const PRODUCTS: usize = 100_000;
const INTERACTIONS: usize = 1_000_000;
const PACE: Pace = Pace { rate: 1_000, seconds: 20, connections: 8 };

pub(crate) fn run() -> Outcome {
    let folder = tempfile::tempdir()?;
    let server = Server::start(&folder.path().join("data"))?;
    let mut client = server.client()?;
    for batch in 0..PRODUCTS / 1_000 {
        client.post(&server.path("products"), &world::products(batch * 1_000, 1_000))?;
    }
    let bodies = world::interactions(7, INTERACTIONS, 10_000, PRODUCTS);
    let visitors: Vec<String> = bodies.iter().flat_map(|body| world::visitors(body)).collect();
    for body in &bodies {
        client.post(&server.path("interactions"), body)?;
    }
    drop(bodies);
    figure("training", server.train()?.as_secs_f64(), "s");

    let idle = steady(&server, PACE, &|client, _| client.get("/healthz").map(drop))?;
    let path = server.path("recommendation/user_to_products");
    let ask = |client: &mut Client, number: usize| {
        let visitor = &visitors[world::source(number as u64).random_range(0..visitors.len())];
        let body = format!("{{\"anonymous_id\":\"{visitor}\",\"rows\":10,\"fl\":[\"title\",\"sale_price\"]}}");
        client.post(&path, body.as_bytes()).map(drop)
    };
    let known = steady(&server, PACE, &ask)?;
    println!("{PRODUCTS} products, {INTERACTIONS} interactions, {} requests/s for {} s", PACE.rate, PACE.seconds);
    known.print("user_to_products", "GET /healthz at the same rate", &idle);
    server.stop()
}
