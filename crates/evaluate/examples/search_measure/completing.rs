use std::time::{Duration, Instant};

use evaluate::completion::{Saved, mean_share, saved, with_slip};

use crate::judged::Judgements;
use crate::shop::Shop;

/// The grade of a product that is what was looked for.
const WANTED_GRADE: u32 = 3;
/// Titles that are typed, spread evenly over the catalogue.
const TITLES: usize = 300;

/// Measures completion: the share of characters that need not be typed until a wanted product, or the query itself, stands in the top five;
/// for the judged queries, and for titles typed up to their fourth word; each as it is and with one slip.
pub(crate) fn measure(shop: &Shop, judgements: &Judgements) -> String {
    let queries: Vec<(String, Vec<&str>)> =
        judgements.wanted(WANTED_GRADE).map(|(query, wanted)| (query.to_owned(), wanted)).collect();
    let titles: Vec<(String, Vec<&str>)> = shop
        .titles()
        .step_by((shop.count() / TITLES).max(1))
        .map(|(id, title)| (title.split_whitespace().take(4).collect::<Vec<_>>().join(" "), vec![id]))
        .collect();
    let mut slowest = Duration::ZERO;
    let mut report = String::new();
    for (name, typed) in [("judged queries", &queries), ("titles", &titles)] {
        let mut clean: Vec<Saved> = Vec::new();
        let mut slipped: Vec<Saved> = Vec::new();
        for (text, wanted) in typed {
            let mut offered = |so_far: &str| {
                let began = Instant::now();
                let completions = shop.complete(so_far);
                slowest = slowest.max(began.elapsed());
                completions
                    .iter()
                    .any(|(id, offered)| wanted.contains(&id.as_str()) || offered.to_lowercase() == text.to_lowercase())
            };
            clean.push(saved(text, &mut offered));
            slipped.extend(with_slip(text).map(|text| saved(&text, &mut offered)));
        }
        let (clean, slipped) = (mean_share(&clean), mean_share(&slipped));
        report.push_str(&format!("{name}: {clean:.3} of the characters saved, with one slip {slipped:.3}\n"));
    }
    report.push_str(&format!("slowest {:.2} ms\n", slowest.as_secs_f64() * 1e3));
    report
}
