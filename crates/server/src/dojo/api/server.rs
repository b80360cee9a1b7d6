//! The process itself, for the page of settings.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use serde_json::{Value, json};

use crate::dojo::Dojo;

/// `GET /dojo/api/server`: version, settings in force, and what each environment holds in memory.
pub(crate) async fn about(Shared(dojo): Shared<Arc<Dojo>>) -> Json<Value> {
    let settings = &dojo.settings;
    let environments = dojo.environments.all().into_iter().map(|environment| {
        let memory = environment.memory();
        json!({
            "name": environment.name().name(),
            "products": environment.product_count(),
            "interactions": memory.interactions,
            "is_ready": environment.is_ready(),
            "is_trained": environment.is_trained(),
            "memory_bytes": memory.catalogue_bytes + memory.people_bytes + memory.trends_bytes + memory.answers_bytes,
        })
    });
    Json(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "data": settings.data,
        "listen": settings.listen,
        "body_bytes_max": settings.body_bytes_max,
        "requests_per_second_max": settings.requests_per_second_max,
        "trust_forwarded_for": settings.trust_forwarded_for,
        "training_threads": settings.training_threads,
        "environments": environments.collect::<Vec<_>>(),
    }))
}
