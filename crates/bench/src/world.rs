//! Generated catalogues and logs: products of skewed popularity, visitors with two or three interests, 36-character ids.

use rand::{Rng, RngExt, SeedableRng};
use rand_pcg::Pcg64;

const SEED: u64 = 42;
const WORDS: [&str; 48] = [
    "alpine", "amber", "arctic", "autumn", "basic", "bold", "bright", "calm", "classic", "clear", "cotton", "crisp",
    "dark", "deep", "desert", "double", "early", "easy", "fine", "flat", "forest", "fresh", "gentle", "golden",
    "grand", "green", "harbour", "heavy", "hidden", "ivory", "large", "light", "linen", "little", "lunar", "marble",
    "meadow", "misty", "modern", "morning", "narrow", "native", "ocean", "olive", "plain", "polar", "quiet", "silver",
];
const THINGS: [&str; 24] = [
    "bag", "basket", "blanket", "boot", "bottle", "bowl", "chair", "coat", "cup", "desk", "jacket", "kettle", "lamp",
    "mirror", "notebook", "pan", "pillow", "ring", "scarf", "shelf", "shirt", "stove", "table", "tent",
];
const BRANDS: usize = 200;

/// A size of the world or of a load: what `TAMARI_BENCH_` and `name` say in the process environment, else the default.
pub(crate) fn size(name: &str, default: usize) -> usize {
    std::env::var(format!("TAMARI_BENCH_{name}")).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// The random source of a part of the world; equal parts are equal in every run.
pub(crate) fn source(part: u64) -> Pcg64 {
    Pcg64::seed_from_u64(SEED ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// The body of an upload of the products numbered from `first`.
pub(crate) fn products(first: usize, count: usize) -> Vec<u8> {
    let mut random = source(first as u64 + 1);
    let mut body = String::from("{\"data\":[");
    for number in first..first + count {
        if number > first {
            body.push(',');
        }
        let thing = THINGS[number % THINGS.len()];
        let words: Vec<&str> = (0..3).map(|_| WORDS[random.random_range(0..WORDS.len())]).collect();
        let brand = random.random_range(0..BRANDS);
        let price = f64::from(random.random_range(100..50_000)) / 100.0;
        body.push_str(&format!(
            "{{\"product_id\":\"p{number}\",\"title\":\"{} {} {thing} {number}\",\"brand\":\"Brand {brand}\",\
             \"description\":\"A {} {thing} of {} make for every {} day, with a {} finish.\",\
             \"categories\":[[\"Things\",\"{thing}\"]],\"sale_price\":{price},\"availability\":\"IN_STOCK\",\
             \"custom_attributes\":{{\"weight_g\":{},\"colour\":\"{}\"}}}}",
            words[0],
            words[1],
            words[2],
            words[0],
            words[1],
            words[2],
            random.random_range(50..5_000),
            words[0],
        ));
    }
    body.push_str("]}");
    body.into_bytes()
}

/// A product number of skewed popularity (density falling like 1/√x), near one of `interests` three times out of four.
fn product(random: &mut impl Rng, products: usize, interests: &[usize]) -> usize {
    let draw: f64 = random.random();
    let near = random.random_range(0..4) > 0;
    if near && !interests.is_empty() {
        let home = interests[random.random_range(0..interests.len())];
        (home + (draw * draw * 200.0) as usize) % products
    } else {
        (draw * draw * products as f64) as usize % products
    }
}

/// The bodies of uploads of `count` interactions by visitors of this `part` of the world, `per_body` each. A visitor has some 20
/// interactions within 90 days before 2026.
pub(crate) fn interactions(part: u64, count: usize, per_body: usize, products: usize) -> Vec<Vec<u8>> {
    const DAY_90_S: i64 = 90 * 86_400;
    const END_S: i64 = 1_767_225_600;
    let mut random = source(part.wrapping_add(1_000_003));
    let mut bodies = Vec::with_capacity(count / per_body + 1);
    let mut left = count;
    let mut visitor = String::new();
    let mut interests = Vec::new();
    let mut moment_ms = 0;
    let mut of_visitor = 0;
    while left > 0 {
        let mut body = String::with_capacity(per_body * 190);
        body.push_str("{\"data\":[");
        for index in 0..per_body.min(left) {
            if of_visitor == 0 {
                visitor = format!(
                    "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
                    random.random::<u32>(),
                    random.random::<u16>(),
                    random.random_range(0..4096),
                    random.random_range(0..4096),
                    random.random::<u64>() & 0xffff_ffff_ffff
                );
                interests = (0..random.random_range(2..4)).map(|_| random.random_range(0..products)).collect();
                moment_ms = (END_S - random.random_range(0..DAY_90_S)) * 1_000;
                of_visitor = random.random_range(5..36);
            }
            of_visitor -= 1;
            moment_ms += random.random_range(1_000..600_000);
            let kind = match random.random_range(0..20) {
                0 => "checkout",
                1 | 2 => "add_to_cart",
                _ => "product_detail_page_view",
            };
            if index > 0 {
                body.push(',');
            }
            let (second, ms) = (moment_ms / 1_000, moment_ms % 1_000);
            body.push_str(&format!(
                "{{\"type\":\"{kind}\",\"anonymous_id\":\"{visitor}\",\"product_ids\":[\"p{}\"],\"timestamp\":\"{}.{ms:03}Z\"}}",
                product(&mut random, products, &interests), civil(second)
            ));
        }
        left -= per_body.min(left);
        body.push_str("]}");
        bodies.push(body.into_bytes());
    }
    bodies
}

/// One visitor's id out of every hundred interactions.
pub(crate) fn visitors(body: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(body);
    let mark = "\"anonymous_id\":\"";
    text.match_indices(mark).step_by(100).map(|(at, _)| text[at + mark.len()..][..36].to_owned()).collect()
}

/// Seconds since 1970 as `YYYY-MM-DDTHH:MM:SS` (Howard Hinnant's days-to-civil, "chrono-Compatible Low-Level Date Algorithms").
pub(crate) fn civil(second: i64) -> String {
    let (days, rest) = (second.div_euclid(86_400) + 719_468, second.rem_euclid(86_400));
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}", rest / 3_600, rest / 60 % 60, rest % 60)
}
