//! Measures search on a catalogue with judged queries, beside plain BM25.
//!
//! ```text
//! cargo run --release -p evaluate --example search_measure -- PRODUCTS.jsonl.gz RATINGS.csv [--typos TYPOS.csv] [--completion] [--each]
//! ```
//!
//! Products: one record per line, gzipped or not. Ratings: `query,docid,rating`, with gain `2^rating - 1`. Typos:
//! `half,kind,query,intended`, where kinds that begin with `clean` are right as they stand. `--completion` measures the
//! typing that completion saves. `--each` lists every query.
//! Everything is asked as a client asks it, through the engine; the same input gives the same figures.

#![allow(clippy::print_stdout, reason = "its figures are what it is for")]

mod completing;
mod judged;
mod plain;
mod shop;
mod spelling;

use std::error::Error;
use std::time::Instant;

use judged::Judgements;
use shop::Shop;

fn main() -> Result<(), Box<dyn Error>> {
    let mut files = Vec::new();
    let mut typos = None;
    let mut completion = false;
    let mut each = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--typos" => typos = arguments.next(),
            "--completion" => completion = true,
            "--each" => each = true,
            _ => files.push(argument),
        }
    }
    let [products, ratings] = &files[..] else {
        return Err("give the products and the ratings".into());
    };
    let started = Instant::now();
    let shop = Shop::open(products)?;
    println!("{} products in {:.1} s", shop.count(), started.elapsed().as_secs_f64());

    println!("languages: {:?}", shop.languages());
    let judgements = Judgements::read(ratings)?;
    let plain = plain::Bm25::over(shop.texts());
    println!("\n{:<24} {:>8} {:>12} {:>8} {:>11} {:>6}", "", "nDCG@10", "judged only", "MRR@10", "Recall@100", "empty");
    let baseline = judgements.measure(|query| shop.ids(&plain.search(query, judged::DEPTH)));
    println!("{:<24} {}", "plain BM25, any word", baseline.mean());
    let started = Instant::now();
    let ours = judgements.measure(|query| shop.search(query).ids);
    let took = started.elapsed();
    println!("{:<24} {}", "ours", ours.mean());
    println!("{:.2} ms a query", took.as_secs_f64() * 1e3 / ours.queries() as f64);
    if each {
        ours.print_each();
    }
    if completion {
        println!("\n{}", completing::measure(&shop, &judgements));
    }
    if let Some(typos) = typos {
        println!("\n{}", spelling::measure(&shop, &judgements, &typos, each)?);
    }
    Ok(())
}
