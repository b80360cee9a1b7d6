//! Trainings in this process: time, processor time and peak memory at 1 million interactions, or as many millions as the second
//! argument says, on a tenth as many products (200,000 at most), or as many as the third says; and what an answer then costs.
//!
//! The log is drawn with the shapes of real ones: the demand of products falls with their rank as in the shop logs of
//! docs/LEARNING.md (exponent 0.9), histories are short with a long tail (log-normal, median 6, mean about 12), three products
//! of four lie near one of the visitor's interests, and what is done is done in sittings over half a year.

use std::fs;
use std::time::{Duration, Instant};

use rand::{Rng, RngExt};
use recommend::{Dataset, Model, Observation, Options};

use crate::report::{Outcome, figure};
use crate::world;

const DAY_MS: i64 = 86_400_000;
const DAYS: i64 = 180;
/// Products beside one another in the catalogue that make one interest.
const INTEREST: u32 = 60;
const ANSWERS: usize = 2_000;
const THREADS: usize = 2;

pub(crate) fn run() -> Outcome {
    let millions: f64 = std::env::args().nth(2).map_or(Ok(1.0), |text| text.parse())?;
    let interactions = (millions * 1e6) as usize;
    let products = std::env::args().nth(3).map(|text| text.parse()).transpose()?;
    let dataset = log(interactions, products.unwrap_or((interactions / 10).clamp(1_000, 200_000) as u32));
    let now_ms = DAYS * DAY_MS;
    println!("{} interactions of {} visitors with {} products", interactions, dataset.ends.len(), dataset.products);
    let (begun, before) = (Instant::now(), processor_time());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(THREADS).build()?;
    let model = pool.install(|| Model::train(&dataset, &Options { now_ms, seed: 1 }, &|_| true))?;
    figure("training, 2 threads", begun.elapsed().as_secs_f64(), "s");
    figure("its processor time", (processor_time() - before).as_secs_f64(), "s");
    figure("peak memory of the process, the log included", peak_memory_mib(), "MiB");

    let histories: Vec<&[Observation]> = dataset.visitors().step_by(dataset.ends.len() / ANSWERS + 1).collect();
    let timed = |what: &str, answer: &dyn Fn(&[Observation])| {
        let before = processor_time();
        histories.iter().for_each(|history| answer(history));
        let each = (processor_time() - before).as_secs_f64() / histories.len() as f64;
        figure(what, each * 1e3, "ms");
    };
    timed("an answer of the model, from the history to the ranking: processor time", &|history| {
        std::hint::black_box(model.score(history, now_ms));
    });
    let begun = Instant::now();
    histories.iter().for_each(|history| drop(std::hint::black_box(model.fold_in(history, now_ms))));
    let each = begun.elapsed().as_secs_f64() / histories.len() as f64;
    figure("of it the fold-in of the person (iALS)", each * 1e3, "ms");
    println!("- how it did on the last part of its log: {:?}", model.metrics());
    Ok(())
}

fn log(interactions: usize, products: u32) -> Dataset {
    let mut random = world::source(99);
    let mut dataset = Dataset { products, ..Dataset::default() };
    for product in 0..products {
        // A category, a brand, and two words of a title.
        let word = |random: &mut dyn Rng| 10_000 + random.random_range(0..20_000u32);
        let values = [product / (10 * INTEREST), 5_000 + product % 997, word(&mut random), word(&mut random)];
        dataset.features.push(&values);
    }
    while dataset.observations.len() < interactions {
        let normal: f64 = (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
        let length = ((1.8 + 1.15 * normal).exp().ceil() as usize).clamp(1, 500);
        let interests: Vec<u32> = (0..3).map(|_| wanted(&mut random, products) / INTEREST * INTEREST).collect();
        let mut time_ms = random.random_range(0..DAYS * DAY_MS);
        let mut visitor: Vec<Observation> = Vec::with_capacity(length);
        for _ in 0..length {
            let product = if random.random_range(0..4) == 0 {
                wanted(&mut random, products)
            } else {
                let home = interests[random.random_range(0..interests.len())];
                (home + wanted(&mut random, INTEREST)).min(products - 1)
            };
            // Most steps within a sitting, some days later.
            let pause = if random.random_range(0..5) == 0 { DAY_MS } else { 60_000 };
            time_ms = (time_ms + random.random_range(0..2 * pause)).min(DAYS * DAY_MS);
            let converted = random.random_range(0..10) == 0;
            visitor.push(Observation { product, time_ms, weight: if converted { 5.0 } else { 1.0 }, converted });
        }
        dataset.push(visitor);
    }
    dataset
}

/// A product number by its rank in demand: the density falls like x^-0.9.
fn wanted(random: &mut impl Rng, products: u32) -> u32 {
    let draw: f64 = random.random();
    ((f64::from(products) * draw.powi(10)) as u32).min(products - 1)
}

/// The processor time of this process so far; ticks of 10 ms.
fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The fields after the name in parentheses: the 12th and 13th are the time in user and system mode.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

fn peak_memory_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    kib.map_or(f64::NAN, |kib| kib / 1024.0)
}
