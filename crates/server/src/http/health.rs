//! Whether the process is well, and its figures.

use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use serde_json::json;

use super::App;
use super::errors::Failure;
use super::threads::apart;
use super::wire;

/// One for the process: servers started one after another in it share the figures.
static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// From a tenth of a millisecond, below which no answer comes, to the longest upload.
const DURATION_BUCKETS_S: [f64; 14] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// `GET /healthz`: it serves.
pub(super) async fn healthz() -> Response {
    wire::json(StatusCode::OK, &json!({"status": "ok"}))
}

/// `GET /readyz`: it takes requests, finds every product by its text, and is not about to stop.
pub(super) async fn readyz(State(app): State<Arc<App>>) -> Response {
    if !app.environments.all().iter().all(|environment| environment.is_ready()) {
        return wire::json(StatusCode::SERVICE_UNAVAILABLE, &json!({"message": "the text index is still being built"}));
    }
    if app.stopping.load(Ordering::Acquire) {
        return Failure::Stopping.into_response();
    }
    wire::json(StatusCode::OK, &json!({"status": "ready"}))
}

/// `GET /metrics`: the figures in Prometheus' text form.
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Result<Response, Failure> {
    let text = apart(move || {
        gauge(&app);
        METRICS.get().map(PrometheusHandle::render).unwrap_or_default()
    })
    .await?;
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

/// Sets the figures that are looked up when asked for.
fn gauge(app: &App) {
    for environment in app.environments.all() {
        let name = environment.name().name();
        let memory = environment.memory();
        for (part, bytes) in [
            ("catalogue", memory.catalogue_bytes),
            ("people", memory.people_bytes),
            ("trends", memory.trends_bytes),
            ("queries", memory.queries_bytes),
            ("answers", memory.answers_bytes),
        ] {
            metrics::gauge!("tamari_memory_bytes", "environment" => name, "part" => part).set(bytes as f64);
        }
        metrics::gauge!("tamari_interactions", "environment" => name).set(memory.interactions as f64);
        metrics::gauge!("tamari_products", "environment" => name).set(environment.product_count() as f64);
        metrics::gauge!("tamari_writer_queue_batches", "environment" => name).set(environment.queue_length() as f64);
    }
}

/// Makes this process's metrics, once.
pub(super) fn install_metrics() {
    METRICS.get_or_init(|| {
        let durations = Matcher::Suffix("duration_seconds".to_owned());
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(durations, &DURATION_BUCKETS_S)
            .expect("the buckets are not empty")
            .build_recorder();
        let handle = recorder.handle();
        // Fails only where the program around us has its own recorder; then the figures go there.
        if metrics::set_global_recorder(recorder).is_ok() {
            describe();
        }
        handle
    });
}

fn describe() {
    describe_counter!("tamari_http_requests_total", "Requests answered, by route, method and status.");
    describe_histogram!(
        "tamari_http_request_duration_seconds",
        Unit::Seconds,
        "Time from the request's head to the answer's head, by route and method."
    );
    describe_counter!("tamari_interactions_accepted_total", "Interactions stored since the start.");
    describe_counter!("tamari_interactions_duplicate_total", "Interactions that were there already, since the start.");
    describe_gauge!("tamari_interactions", "Interactions held in the live view.");
    describe_gauge!("tamari_products", "Products in the catalogue.");
    describe_gauge!("tamari_writer_queue_batches", "Batches that wait for the writer.");
    describe_gauge!("tamari_memory_bytes", Unit::Bytes, "Bytes held by the live view, by part.");
}

/// Folds the histograms' latest values away now and then, so that they do not pile up while nobody reads them.
pub(super) async fn upkeep() {
    let mut tick = tokio::time::interval(Duration::from_secs(5));
    loop {
        tick.tick().await;
        if let Some(handle) = METRICS.get() {
            handle.run_upkeep();
        }
    }
}
