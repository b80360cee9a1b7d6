//! Measures the store on the disk of the folder given: durable appends, and following the log.
//!
//! `cargo run --release -p store --example throughput -- FOLDER`

#![allow(clippy::print_stdout, reason = "prints what it measured")]

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use store::{Change, Erasure, Store};

const ROWS: usize = 1_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    for batch in [1_000, 10_000] {
        let path = folder.join(format!("throughput-{batch}.sqlite"));
        let mut store = Store::open(&path)?;
        let changes: Vec<Vec<Change>> = (0..ROWS / batch).map(|n| interactions(n * batch, batch)).collect();
        let begun = Instant::now();
        for changes in &changes {
            store.append(changes)?;
        }
        rate(&format!("appended in batches of {batch}"), ROWS, begun);

        let reader = store.reader()?;
        let (mut rows, mut bytes) = (0, 0);
        let begun = Instant::now();
        reader.follow(0, &mut |entry| {
            if let Change::Interaction { body } = entry.change {
                bytes += body.len();
            }
            rows += 1;
            true
        })?;
        rate(&format!("followed ({} MB of bodies)", bytes / 1_000_000), rows, begun);
    }

    let path = folder.join("throughput-10000.sqlite");
    let mut store = Store::open(&path)?;
    let mut took_us: Vec<u128> = Vec::new();
    for n in 0..5_000 {
        let begun = Instant::now();
        store.append(&interactions(n, 1))?;
        took_us.push(begun.elapsed().as_micros());
    }
    took_us.sort_unstable();
    println!("one row: p50 {} µs, p99 {} µs, longest {} µs", took_us[2_500], took_us[4_950], took_us[4_999]);

    let begun = Instant::now();
    let ids = vec!["visitor-7".to_owned()];
    let erased = store.erase(&Erasure { user_ids: ids, scan: true, ..Erasure::default() })?;
    rate(&format!("searched and erased {}", erased.interactions), ROWS, begun);
    let begun = Instant::now();
    store.compact()?;
    rate("compacted", ROWS, begun);
    Ok(())
}

/// Interactions of about 200 bytes.
fn interactions(from: usize, count: usize) -> Vec<Change> {
    (from..from + count)
        .map(|n| {
            let (visitor, product) = (n % 10_007, n % 5_003);
            let body = format!(
                r#"{{"type":"product_detail_page_view","user_id":"visitor-{visitor}","product_ids":["product-{product}"],"timestamp":"2026-01-01T00:00:00Z","duration":{},"context":{{"page":{{"url":"https://shop.test/p/{product}"}}}}}}"#,
                n % 90
            );
            Change::Interaction { body }
        })
        .collect()
}

/// Prints a line with rows per second.
fn rate(what: &str, rows: usize, begun: Instant) {
    let seconds = begun.elapsed().as_secs_f64();
    println!("{what}: {seconds:.2} s, {:.0} rows/s", rows as f64 / seconds);
}
