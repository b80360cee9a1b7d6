//! Search at size: a catalogue from upload to answers, and every kind of question, idle and while products change.
//!
//! `bench searching [PRODUCTS] [FOLDER]`: so many products (100,000), recombined from the shop in the folder or from generated ones. The
//! server is told to answer as fast as it can over two connections, then questions come at half of that rate, at most
//! [`RATE_MAX`] a second, whatever the answers do.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rand::RngExt;
use serde_json::{Value, json};

use crate::catalogue::{Catalogue, misspelt};
use crate::client::Client;
use crate::pace::{Pace, Send, steady};
use crate::report::{Latencies, Outcome, figure};
use crate::server::Server;
use crate::world;

const PRODUCTS: usize = 100_000;
const BATCH: usize = 500;
/// Questions of a kind that are drawn; the loads go through them again and again.
const QUESTIONS: usize = 2_000;
/// Seconds of each load.
const SECONDS: usize = 5;
const RATE_MAX: usize = 200;
/// Products that change in a second, and in one upload.
const UPDATES_PER_S: usize = 500;
const PER_UPDATE: usize = 10;
const INTERACTIONS: usize = 100_000;

/// A kind of question.
struct Kind {
    name: &'static str,
    path: &'static str,
    bodies: Vec<Vec<u8>>,
}

pub(crate) fn run() -> Outcome {
    let products: usize = std::env::args().nth(2).map_or(Ok(PRODUCTS), |text| text.parse())?;
    let seconds: usize = std::env::var("TAMARI_BENCH_SECONDS").map_or(Ok(SECONDS), |text| text.parse())?;
    let shop = std::env::args().nth(3).map(PathBuf::from);
    let catalogue = Catalogue::new(shop.as_deref())?;
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let server = Server::start(&data)?;
    let empty_mib = server.memory_mib()?;
    println!("{products} products, {}", if shop.is_some() { "of a real shop" } else { "generated" });
    upload(&server, &catalogue, products)?;
    figure("memory of the server", server.memory_mib()?, "MiB");
    figure("memory per product", (server.memory_mib()? - empty_mib) * 1_048_576.0 / products as f64, "bytes");
    figure("index on disk", size_mib(&data.join("development/index"))?, "MiB");
    figure("store on disk", size_mib(&data.join("development"))? - size_mib(&data.join("development/index"))?, "MiB");

    let visitors = visit(&server, products)?;
    figure("training", server.train()?.as_secs_f64(), "s");
    let kinds = kinds(&catalogue, products, &visitors);
    println!("facets: {}", catalogue.facets.join(", "));
    let wanted = std::env::var("TAMARI_BENCH_KIND").unwrap_or_default();
    for (state, updates) in [("idle", 0), ("under 500 product updates/s", UPDATES_PER_S)] {
        println!("\n{state}:\n");
        println!("| | answers/s | mean | p50 | p99 | at | no products |\n|---|---|---|---|---|---|---|");
        let healthz = Kind { name: "GET /healthz", path: "", bodies: Vec::new() };
        for kind in std::iter::once(&healthz).chain(&kinds).filter(|kind| kind.name.contains(&wanted)) {
            beside_updates(&server, &catalogue, products, updates, || measured(&server, kind, seconds))?;
        }
    }
    figure("memory of the server at the end", server.memory_mib()?, "MiB");
    server.stop()
}

/// Uploads the catalogue over two connections, and waits until all of it can be found.
fn upload(server: &Server, catalogue: &Catalogue, products: usize) -> Outcome {
    let path = server.path("products");
    let begun = Instant::now();
    thread::scope(|scope| {
        let halves: Vec<_> = (0..2)
            .map(|half| {
                let path = &path;
                scope.spawn(move || -> std::io::Result<()> {
                    let mut client = server.client()?;
                    for first in (0..products).step_by(BATCH).skip(half).step_by(2) {
                        client.post(path, &catalogue.body(first, BATCH.min(products - first)))?;
                    }
                    Ok(())
                })
            })
            .collect();
        halves.into_iter().try_for_each(|half| half.join().map_err(|_| std::io::Error::other("an upload panicked"))?)
    })?;
    figure("acknowledged", products as f64 / begun.elapsed().as_secs_f64(), "products/s, making them included");
    // What came last is found last: a word that no other product has.
    let mark = json!({"data": [{"product_id": "mark", "title": "zqmark"}]});
    let mut client = server.client()?;
    client.post(&path, mark.to_string().as_bytes())?;
    let asked = json!({"q": "zqmark", "fl": []}).to_string();
    loop {
        let answer: Value = serde_json::from_slice(&client.post(&server.path("search/search"), asked.as_bytes())?)?;
        if answer["data"]["total"] == 1 {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    figure("searchable", products as f64 / begun.elapsed().as_secs_f64(), "products/s");
    Ok(())
}

/// People with histories.
fn visit(server: &Server, products: usize) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let bodies = world::interactions(7, INTERACTIONS, 10_000, products);
    let mut client = server.client()?;
    for body in &bodies {
        client.post(&server.path("interactions"), body)?;
    }
    Ok(bodies.iter().flat_map(|body| world::visitors(body)).collect())
}

fn kinds(catalogue: &Catalogue, products: usize, visitors: &[String]) -> Vec<Kind> {
    const SEARCH: &str = "search/search";
    let kind = |name, path, ask: &dyn Fn(u64) -> Value| Kind {
        name,
        path,
        bodies: (0..QUESTIONS as u64).map(|number| ask(number).to_string().into_bytes()).collect(),
    };
    let drawn = |number: u64| {
        let mut random = world::source(number ^ 0xa5a5);
        (catalogue.query(&mut random, products), random)
    };
    let asking = |number: u64| json!({"q": drawn(number).0, "rows": 10, "fl": ["title", "sale_price"]});
    let with = |number: u64, name: &str, value: Value| {
        let mut asked = asking(number);
        asked[name] = value;
        asked
    };
    vec![
        kind("plain", SEARCH, &asking),
        kind("filtered", SEARCH, &|number| {
            let brand = catalogue.brand(&mut drawn(number).1).replace('"', "");
            let fq = format!("(brand:\"{brand}\" OR sale_price:[20 TO 200]) AND availability:\"IN_STOCK\"");
            with(number, "fq", fq.into())
        }),
        kind("faceted (4)", SEARCH, &|number| with(number, "facets", catalogue.facets.clone().into())),
        kind(
            "everything, faceted (4)",
            SEARCH,
            &|_| json!({"q": "*", "rows": 10, "facets": catalogue.facets, "fl": ["title"]}),
        ),
        kind("misspelt", SEARCH, &|number| {
            let (query, mut random) = drawn(number);
            with(number, "q", misspelt(&query, &mut random).into())
        }),
        kind("personalised", SEARCH, &|number| {
            let visitor = &visitors[world::source(number).random_range(0..visitors.len())];
            with(number, "anonymous_id", visitor.as_str().into())
        }),
        kind("semantic", SEARCH, &|number| with(number, "enable_semantic_search", true.into())),
        kind("completion", "search/autocomplete", &|number| {
            let (query, mut random) = drawn(number);
            let typed: String = query.chars().take(random.random_range(1..=query.chars().count())).collect();
            json!({"q": typed, "rows": 5, "fl": ["title"]})
        }),
        kind("completion, misspelt", "search/autocomplete", &|number| {
            let (query, mut random) = drawn(number);
            json!({"q": misspelt(&query, &mut random), "rows": 5, "fl": ["title"]})
        }),
    ]
}

/// One row of the table.
fn measured(server: &Server, kind: &Kind, seconds: usize) -> Outcome {
    let path = server.path(kind.path);
    let ask = |client: &mut Client, number: usize| match kind.bodies.len() {
        0 => client.get("/healthz").map(drop),
        all => client.post(&path, &kind.bodies[number % all]).map(drop),
    };
    let rate = throughput(server, Duration::from_secs(seconds as u64), &ask)?;
    let pace = Pace { rate: ((rate / 2.0) as usize).clamp(1, RATE_MAX), seconds, connections: 4 };
    let latencies: Latencies = steady(server, pace, &ask)?;
    let empty = empty_share(server, kind, &path)?;
    println!(
        "| {} | {rate:.0} | {:.2} ms | {:.2} ms | {:.2} ms | {}/s | {empty:.2} |",
        kind.name,
        latencies.mean_ms(),
        latencies.ms(0.5),
        latencies.ms(0.99),
        pace.rate
    );
    Ok(())
}

/// The share of the first questions that find nothing: what a figure is worth.
fn empty_share(server: &Server, kind: &Kind, path: &str) -> Result<f64, Box<dyn std::error::Error>> {
    let mut client = server.client()?;
    let (mut asked, mut empty) = (0, 0);
    for body in kind.bodies.iter().take(100) {
        let answer: Value = serde_json::from_slice(&client.post(path, body)?)?;
        let data = &answer["data"];
        let found = data["products"].as_array().or(data["completions"]["title"].as_array()).map_or(0, Vec::len);
        asked += 1;
        empty += usize::from(found == 0);
    }
    Ok(empty as f64 / f64::from(asked.max(1)))
}

/// Answers a second over two connections that ask again as soon as they have their answer.
fn throughput(server: &Server, time: Duration, ask: &Send<'_>) -> Result<f64, Box<dyn std::error::Error>> {
    let begun = Instant::now();
    let answered = thread::scope(|scope| {
        let askers: Vec<_> = (0..2)
            .map(|asker| {
                scope.spawn(move || -> std::io::Result<usize> {
                    let mut client = server.client()?;
                    let mut answered = 0;
                    while begun.elapsed() < time {
                        ask(&mut client, 2 * answered + asker)?;
                        answered += 1;
                    }
                    Ok(answered)
                })
            })
            .collect();
        let mut answered = 0;
        for asker in askers {
            answered += asker.join().map_err(|_| std::io::Error::other("a sender panicked"))??;
        }
        Ok::<_, std::io::Error>(answered)
    })?;
    Ok(answered as f64 / begun.elapsed().as_secs_f64())
}

/// Measures while so many products a second are uploaded again at another price.
fn beside_updates(
    server: &Server,
    catalogue: &Catalogue,
    products: usize,
    updates_per_s: usize,
    measure: impl FnOnce() -> Outcome,
) -> Outcome {
    let done = AtomicBool::new(false);
    let path = server.path("products");
    thread::scope(|scope| {
        let updates = scope.spawn(|| -> std::io::Result<()> {
            let mut client = server.client()?;
            let begun = Instant::now();
            for upload in 0.. {
                if updates_per_s == 0 || done.load(Ordering::Acquire) {
                    break;
                }
                let due = begun + Duration::from_secs_f64((upload * PER_UPDATE) as f64 / updates_per_s as f64);
                thread::sleep(due.saturating_duration_since(Instant::now()));
                let mut random = world::source(upload as u64);
                let changed = (0..PER_UPDATE).map(|_| catalogue.update(random.random_range(0..products), upload));
                client.post(&path, json!({"data": changed.collect::<Vec<_>>()}).to_string().as_bytes())?;
            }
            Ok(())
        });
        let outcome = measure();
        done.store(true, Ordering::Release);
        updates.join().map_err(|_| "the updates panicked")??;
        outcome
    })
}

fn size_mib(folder: &Path) -> std::io::Result<f64> {
    let mut sum = 0.0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        sum += match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => size_mib(&entry.path())?,
            Ok(metadata) => metadata.len() as f64 / 1_048_576.0,
            // A merged segment is removed while we look.
            Err(_) => 0.0,
        };
    }
    Ok(sum)
}
