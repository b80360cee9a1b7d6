//! How fast and how large the live view is: `cargo run --release -p state --example scale -- [interactions] [visitors]`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement to be read")]

use std::time::Duration;

use record::{Interaction, Time};
use state::State;
use uuid::Uuid;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u32>().unwrap());
    let interactions = arguments.next().unwrap_or(1_000_000);
    let visitors = arguments.next().unwrap_or(interactions / 10).max(1);
    let template: Interaction =
        serde_json::from_str(r#"{"type":"click","user_id":"","product_ids":[""],"context":{"page":"/a/page","n":1}}"#)
            .unwrap();

    let mut state = State::new(Uuid::from_u128(1));
    let resident_before = resident_bytes();
    let (mut adding, mut batch) = (Duration::ZERO, Vec::new());
    for number in 0..interactions {
        let visitor = u128::from(number.wrapping_mul(2_654_435_761) % visitors);
        let mut interaction = template.clone();
        interaction.user_id =
            Some(Uuid::from_u128(visitor.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)).to_string());
        interaction.product_ids[0] = format!("product-{}", number.wrapping_mul(40_503) % 100_000);
        interaction.timestamp = Some(Time(i64::from(number) * 1_000));
        batch.push(interaction);
        if batch.len() == 10_000 || number + 1 == interactions {
            let start = processor_time();
            for interaction in &batch {
                state.add_interaction(state.position() + 1, interaction);
            }
            adding += processor_time() - start;
            batch.clear();
        }
    }
    let memory = state.memory();
    let resident = resident_bytes().saturating_sub(resident_before);
    let count = memory.interactions as f64;
    println!("added {:.2} M interactions/s", count / adding.as_secs_f64() / 1e6);
    println!(
        "{:.1} bytes per interaction by the estimate, {:.1} resident; {memory:?}",
        (memory.people_bytes + memory.trends_bytes) as f64 / count,
        resident as f64 / count
    );

    let file = std::env::temp_dir().join(format!("tamari-scale-{}", std::process::id()));
    let start = processor_time();
    state.save(&mut std::fs::File::create(&file).unwrap()).unwrap();
    println!(
        "saved {} MB in {:.2} s",
        file.metadata().unwrap().len() / 1_000_000,
        (processor_time() - start).as_secs_f64()
    );
    let start = processor_time();
    let copy = State::load(&mut std::fs::File::open(&file).unwrap()).unwrap();
    println!("loaded in {:.2} s", (processor_time() - start).as_secs_f64());
    assert_eq!(copy.people().interactions(), state.people().interactions());
    std::fs::remove_file(&file).unwrap();
}

/// Time that this thread had a processor: what else runs on the machine does not count.
fn processor_time() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").expect("this measurement needs Linux");
    Duration::from_nanos(told.split(' ').next().unwrap().parse().unwrap())
}

/// The resident memory of this process; 0 where the system does not tell.
fn resident_bytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok()).map_or(0, |kib| kib * 1024)
}
