//! `tamari evaluate search`: judged queries asked through the HTTP API as a shop asks them, beside plain BM25.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use ::evaluate::history::HistoryFault;
use ::evaluate::search::client::{self, Matching};
use ::evaluate::search::{
    Answer, Bm25, Catalogue, CompletionFigures, Contestant, DEPTH, Judgements, Misspelt, Report, Typed,
};
use serde_json::{Value, json};
use server::{EnvironmentName, Settings};

use super::http;
use crate::cli::EvaluateSearchOptions;
use crate::failure::Failure;
use crate::output;
use crate::reach::Reach;
use crate::train::answered;

/// How long an uploaded catalogue may take until it can be searched.
const INDEX_WAIT: Duration = Duration::from_secs(120);

/// What is measured.
struct Files {
    judged: PathBuf,
    products: Option<PathBuf>,
    misspelt: Option<PathBuf>,
}

/// Measures, and prints the report.
pub(super) fn run(settings: &Settings, options: &EvaluateSearchOptions) -> Result<(), Failure> {
    let files = files(options)?;
    let fault = |error: HistoryFault| Failure::fault(error.to_string());
    let judgements = Judgements::read(&files.judged).map_err(fault)?;
    let misspelt = files.misspelt.as_deref().map(Misspelt::read).transpose().map_err(fault)?;
    let catalogue = files.products.as_deref().map(Catalogue::read).transpose().map_err(fault)?;
    let folder = tempfile::tempdir().map_err(|error| Failure::fault(format!("no temporary folder: {error}")))?;
    let reach = match (&catalogue, &options.target.server) {
        (Some(_), None) => {
            let settings = Settings { data: folder.path().to_owned(), ..settings.clone() };
            Reach::start(&settings, EnvironmentName::Development)?
        }
        _ => Reach::open(settings, &options.target)?,
    };
    let report = measured(&reach, options, &judgements, misspelt.as_ref(), catalogue.as_ref());
    reach.close();
    let report = report?;
    output::result(if options.json { report.to_json().to_string() } else { report.to_string() }.trim_end());
    Ok(())
}

fn files(options: &EvaluateSearchOptions) -> Result<Files, Failure> {
    if let (Some(name), Some(folder)) = (&options.dataset, &options.path) {
        if name != "chorus-icecat" {
            return Err(Failure::usage(format!("there is no data set {name:?}; there is chorus-icecat")));
        }
        let misspelt =
            options.misspelt.clone().or_else(|| Some(folder.join("typos_dev.csv")).filter(|path| path.exists()));
        return Ok(Files {
            judged: folder.join("ratings_dev.csv"),
            products: Some(folder.join("products.jsonl.gz")),
            misspelt,
        });
    }
    match &options.judged {
        Some(judged) => {
            Ok(Files { judged: judged.clone(), products: options.products.clone(), misspelt: options.misspelt.clone() })
        }
        None => Err(Failure::usage("name judged queries with --judged, or a data set with --dataset and --path")),
    }
}

fn measured(
    reach: &Reach,
    options: &EvaluateSearchOptions,
    judgements: &Judgements,
    misspelt: Option<&Misspelt>,
    catalogue: Option<&Catalogue>,
) -> Result<Report, Failure> {
    if let Some(catalogue) = catalogue {
        upload(reach, catalogue)?;
    }
    let mut asked = (0u32, Duration::ZERO);
    let mut search = |query: &str, matching| -> Result<Answer, Failure> {
        let begun = Instant::now();
        let body = ask(reach, client::SEARCH, &client::search(query, matching))?;
        asked = (asked.0 + 1, asked.1 + begun.elapsed());
        client::answer(&body).ok_or_else(|| no_answer(reach, &body))
    };
    let mut report = Report {
        products: catalogue.map_or(0, |catalogue| catalogue.products().len()),
        each: options.each,
        ..Report::default()
    };
    for (name, matching) in
        [("tamari, all words", Matching::AllWords), ("tamari, words and meaning", Matching::WordsAndMeaning)]
    {
        let measured = judgements.measure(|query| Ok::<_, Failure>(search(query, matching)?.product_ids))?;
        report.contestants.push(Contestant { name: name.to_owned(), measured });
    }
    if let Some(misspelt) = misspelt {
        report.spelling = Some(misspelt.measure(judgements, |query| search(query, Matching::AllWords))?);
    }
    output::note(&format!(
        "{} queries, {:.2} ms each with the way there and back",
        output::grouped(u64::from(asked.0)),
        asked.1.as_secs_f64() * 1e3 / f64::from(asked.0.max(1))
    ));
    if let Some(catalogue) = catalogue {
        let plain = Bm25::over(catalogue.texts());
        let measured = judgements.measure(|query| Ok::<_, Failure>(catalogue.ids(&plain.search(query, DEPTH))))?;
        report.contestants.push(Contestant { name: "plain BM25, any word".to_owned(), measured });
    }
    if options.completion {
        let mut complete = |typed: &str| {
            let body = ask(reach, client::AUTOCOMPLETE, &client::completions(typed))?;
            client::completed(&body).ok_or_else(|| no_answer(reach, &body))
        };
        let typed = [("queries", Some(Typed::queries(judgements))), ("titles", catalogue.map(Typed::titles))];
        for (name, typed) in typed.into_iter().filter_map(|(name, typed)| Some((name, typed?))) {
            report.completion.push((name.to_owned(), CompletionFigures::measure(&typed, &mut complete)?));
        }
    }
    Ok(report)
}

fn ask(reach: &Reach, path: &str, body: &str) -> Result<Value, Failure> {
    Ok(answered(http::patiently(reach, path, body.as_bytes()), reach)?.body)
}

fn no_answer(reach: &Reach, body: &Value) -> Failure {
    Failure::fault(format!("{} gives an answer that is none: {body}", reach.place()))
}

/// Uploads the catalogue, and waits until it can be searched.
fn upload(reach: &Reach, catalogue: &Catalogue) -> Result<(), Failure> {
    http::refuse_others(reach)?;
    let bar = http::bar("uploading", catalogue.products().len());
    for (count, body) in client::uploads(catalogue.products()) {
        ask(reach, "products", &body)?;
        bar.inc(count as u64);
    }
    bar.finish_and_clear();
    let Some(last) = catalogue.products().last() else { return Ok(()) };
    let body = json!({
        "q": last.title.as_deref().unwrap_or(&last.product_id), "rows": 0, "fl": [], "dedupe_product_group_id": false,
        "query_product_existence": { "product_ids": [last.product_id] },
        "spellcheck": { "enable_auto_spelling_correction": false },
    });
    let begun = Instant::now();
    loop {
        let answer = ask(reach, client::SEARCH, &body.to_string())?;
        if answer["data"]["product_existence"][&last.product_id] == true {
            return Ok(());
        }
        if begun.elapsed() > INDEX_WAIT {
            return Err(Failure::fault(format!("{} does not find what was uploaded to it", reach.place())));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
