use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use server::Settings;

use crate::cli::TrainOptions;
use crate::failure::Failure;
use crate::output;
use crate::reach::{Reach, Reply};

const ASK_EVERY: Duration = Duration::from_millis(200);

/// Trains an engine and waits until it is done.
pub(crate) fn run(settings: &Settings, options: &TrainOptions) -> Result<(), Failure> {
    let reach = Reach::open(settings, &options.target)?;
    let outcome = train(&reach, &options.engine, options.force);
    reach.close();
    outcome
}

fn train(reach: &Reach, engine: &str, force: bool) -> Result<(), Failure> {
    let trained = trained(reach, engine, force)?;
    match trained.get("kept_out").and_then(Value::as_str) {
        None => output::note(&format!("The engine {engine:?} is trained.")),
        Some(why) => output::note(&format!(
            "The engine {engine:?} is trained, but the new version is kept out. {why} `--force` uses it nevertheless."
        )),
    }
    if let Some(metrics) = trained.get("metrics").filter(|metrics| !metrics.is_null()) {
        output::result(&metrics.to_string());
    }
    Ok(())
}

/// Trains an engine, shows how far it is, and gives the training's status at its end: `metrics`, `kept_out`.
pub(crate) fn trained(reach: &Reach, engine: &str, force: bool) -> Result<Value, Failure> {
    let wish = serde_json::json!({ "force": force }).to_string();
    let reply = answered(reach.post(&format!("engines/{}/train", encoded(engine)), wish.as_bytes()), reach)?;
    let task_id = reply.body.pointer("/data/task_id").and_then(Value::as_str).unwrap_or_default().to_owned();
    if task_id.is_empty() {
        return Err(Failure::fault(format!("{} started no training: {}", reach.place(), reply.message())));
    }
    let bar = ProgressBar::new(1_000);
    if let Ok(style) = ProgressStyle::with_template("training {bar:40} {percent:>3}% {elapsed}") {
        bar.set_style(style);
    }
    loop {
        let reply = answered(reach.get(&format!("engines/_status/{task_id}")), reach)?;
        let data = reply.body.get("data").unwrap_or(&Value::Null);
        match data.get("state").and_then(Value::as_str) {
            Some("done") => {
                bar.finish_and_clear();
                return Ok(data.clone());
            }
            Some("failed") => {
                bar.finish_and_clear();
                let why = data.get("error").and_then(Value::as_str).unwrap_or("it does not say why");
                return Err(Failure::fault(format!("the training of {engine:?} failed: {why}")));
            }
            Some("cancelled") => {
                bar.finish_and_clear();
                return Err(Failure::fault(format!("the training of {engine:?} was cancelled")));
            }
            Some("queued" | "running") => {
                let share = data.get("progress").and_then(Value::as_f64).unwrap_or(0.0);
                bar.set_position((share.clamp(0.0, 1.0) * 1_000.0) as u64);
            }
            _ => return Err(Failure::fault(format!("{} lost the training: {}", reach.place(), reply.message()))),
        }
        std::thread::sleep(ASK_EVERY);
    }
}

/// The reply, if it says that all is well.
pub(crate) fn answered(reply: Result<Reply, String>, reach: &Reach) -> Result<Reply, Failure> {
    let reply = reply.map_err(|error| Failure::fault(format!("{} cannot be reached: {error}", reach.place())))?;
    match reply.status {
        200..=299 => Ok(reply),
        401 | 403 => Err(Failure::fault(format!(
            "{} refuses the key: {}. Give a secret key with --api-key; `tamari keys` shows those of a data folder.",
            reach.place(),
            reply.message()
        ))),
        _ => Err(Failure::fault(format!("{} answers: {}", reach.place(), reply.message()))),
    }
}

/// `id` as one part of a path.
pub(crate) fn encoded(id: &str) -> String {
    let mut text = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}
