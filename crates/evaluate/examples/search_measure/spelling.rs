use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;

use crate::judged::Judgements;
use crate::shop::Shop;

/// Measures spelling: the share of misspelt queries corrected to what was meant, by kind of error, the share of right ones
/// that were changed, and the share of the right query's nDCG@10 that the misspelt one keeps.
///
/// Right means the same letters and digits: `smart watch` and `smartwatch` are one.
pub(crate) fn measure(shop: &Shop, judgements: &Judgements, path: &str, each: bool) -> Result<String, Box<dyn Error>> {
    let mut right_by_kind: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let (mut kept, mut clean) = (0.0, 0.0);
    let mut report = String::new();
    let mut slowest = std::time::Duration::ZERO;
    let mut took = std::time::Duration::ZERO;
    let mut asked = 0;
    for record in csv::Reader::from_path(path)?.deserialize() {
        let (_, kind, query, intended): (String, String, String, String) = record?;
        let started = std::time::Instant::now();
        let answer = shop.search(&query);
        let elapsed = started.elapsed();
        slowest = slowest.max(elapsed);
        took += elapsed;
        asked += 1;
        let is_right = same(&answer.corrected, &intended) && (same(&query, &intended) != answer.changed);
        let (right, all) = right_by_kind.entry(kind.clone()).or_default();
        *right += usize::from(is_right);
        *all += 1;
        if each && !is_right {
            writeln!(report, "  {kind:<14} {query:<34} -> {:<34} meant {intended}", answer.corrected)?;
        }
        if !kind.starts_with("clean")
            && let Some(measures) = judgements.of(&intended, &answer.ids)
        {
            kept += measures.ndcg;
            clean += judgements.of(&intended, &shop.search(&intended).ids).map_or(0.0, |measures| measures.ndcg);
        }
    }
    let (mut corrected, mut misspelt, mut alarms, mut fine) = (0, 0, 0, 0);
    for (kind, (right, all)) in &right_by_kind {
        writeln!(report, "{kind:<14} {right:>4} of {all:>4} right")?;
        if kind.starts_with("clean") {
            alarms += all - right;
            fine += all;
        } else {
            corrected += right;
            misspelt += all;
        }
    }
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    writeln!(report, "corrected rightly {:.3}, false alarms {:.3}", share(corrected, misspelt), share(alarms, fine))?;
    writeln!(report, "nDCG@10 kept {:.3} of that of the right queries", kept / clean)?;
    writeln!(
        report,
        "{:.2} ms a query, at most {:.2} ms",
        took.as_secs_f64() * 1e3 / f64::from(asked),
        slowest.as_secs_f64() * 1e3
    )?;
    Ok(report)
}

fn same(a: &str, b: &str) -> bool {
    let letters =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    letters(a) == letters(b)
}
