//! The one table of the dashboard's calls: method, path, the least role that may call, and the handler. A call that is not
//! in it does not exist; one that is in it is open to nobody below its role.

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, any, delete, get, post, put};

use super::access::{self, Guarded};
use super::role::Role::{self, Administrator, Editor, Viewer};
use super::{Dojo, api, files, sign_in};

struct Route {
    method: &'static str,
    path: &'static str,
    least: Role,
    handler: fn() -> MethodRouter<Arc<Dojo>>,
}

const fn route(
    method: &'static str,
    path: &'static str,
    least: Role,
    handler: fn() -> MethodRouter<Arc<Dojo>>,
) -> Route {
    Route { method, path, least, handler }
}

#[rustfmt::skip]
static ROUTES: &[Route] = &[
    route("GET", "/dojo/api/server", Viewer, || get(api::server::about)),
    route("POST", "/dojo/api/password", Viewer, || post(sign_in::change_password)),

    route("GET", "/dojo/api/accounts", Administrator, || get(api::accounts::list)),
    route("POST", "/dojo/api/accounts", Administrator, || post(api::accounts::add)),
    route("PUT", "/dojo/api/accounts/{name}", Administrator, || put(api::accounts::change)),
    route("DELETE", "/dojo/api/accounts/{name}", Administrator, || delete(api::accounts::remove)),

    route("GET", "/dojo/api/{environment}/overview", Viewer, || get(api::overview::overview)),
    route("GET", "/dojo/api/{environment}/live", Viewer, || get(api::live::live)),
    route("GET", "/dojo/api/{environment}/interactions", Viewer, || get(api::interactions::interactions)),
    route("GET", "/dojo/api/{environment}/people", Viewer, || get(api::people::people)),
    route("GET", "/dojo/api/{environment}/person", Viewer, || get(api::people::person)),
    route("GET", "/dojo/api/{environment}/quality", Viewer, || get(api::quality::quality)),

    route("GET", "/dojo/api/{environment}/keys", Viewer, || get(api::keys::masked)),
    route("POST", "/dojo/api/{environment}/keys/_reveal", Editor, || post(api::keys::reveal)),
    route("POST", "/dojo/api/{environment}/keys/_rotate", Administrator, || post(api::keys::rotate)),
    route("POST", "/dojo/api/{environment}/keys/_revoke", Administrator, || post(api::keys::revoke)),

    route("GET", "/dojo/api/{environment}/uploads", Viewer, || get(api::uploads::list)),
    route("POST", "/dojo/api/{environment}/uploads", Editor, || post(api::uploads::begin)),
    route("GET", "/dojo/api/{environment}/uploads/{id}", Viewer, || get(api::uploads::one)),
    route("DELETE", "/dojo/api/{environment}/uploads/{id}", Editor, || delete(api::uploads::remove)),
    route("PUT", "/dojo/api/{environment}/uploads/{id}/parts", Editor, || put(api::uploads::part)),
    route("GET", "/dojo/api/{environment}/uploads/{id}/preview", Viewer, || get(api::uploads::look)),
    route("POST", "/dojo/api/{environment}/uploads/{id}/plan", Editor, || post(api::uploads::plan)),
    route("POST", "/dojo/api/{environment}/uploads/{id}/_check", Editor, || post(api::uploads::check)),
    route("POST", "/dojo/api/{environment}/uploads/{id}/_import", Editor, || post(api::uploads::import_it)),
    route("POST", "/dojo/api/{environment}/uploads/{id}/_stop", Editor, || post(api::uploads::stop)),
    route("POST", "/dojo/api/{environment}/uploads/{id}/_save_mapping", Editor, || post(api::uploads::save_mapping)),
    route("GET", "/dojo/api/{environment}/uploads/{id}/rejects", Viewer, || get(api::uploads::rejects)),
    route("DELETE", "/dojo/api/{environment}/mappings/{name}", Editor, || delete(api::uploads::forget_mapping)),

    route("POST", "/dojo/api/{environment}/search", Viewer, || post(api::catalogue::search)),
    route("GET", "/dojo/api/{environment}/records/{set}", Viewer, || get(api::records::read)),
    route("PUT", "/dojo/api/{environment}/records/{set}", Editor, || put(api::records::change)),
    route("GET", "/dojo/api/{environment}/export/{set}", Editor, || get(api::export::export)),
    route("POST", "/dojo/api/{environment}/wipe", Editor, || post(api::records::wipe)),

    route("GET", "/dojo/api/{environment}/refused", Viewer, || get(api::refused::list)),
    route("DELETE", "/dojo/api/{environment}/refused", Editor, || delete(api::refused::forget)),

    route("GET", "/dojo/api/{environment}/retention", Viewer, || get(api::retention::read)),
    route("PUT", "/dojo/api/{environment}/retention", Administrator, || put(api::retention::set)),
    route("GET", "/dojo/api/{environment}/retention/preview", Viewer, || get(api::retention::preview)),
    route("POST", "/dojo/api/{environment}/retention/_run", Administrator, || post(api::retention::run)),

    // A backup holds every history and the keys.
    route("GET", "/dojo/api/{environment}/backups", Administrator, || get(api::backups::list)),
    route("POST", "/dojo/api/{environment}/backups", Administrator, || post(api::backups::make)),
    route("POST", "/dojo/api/{environment}/backups/_upload", Administrator, || post(api::backups::upload)),
    route("GET", "/dojo/api/{environment}/backups/{name}", Administrator, || get(api::backups::download)),
    route("DELETE", "/dojo/api/{environment}/backups/{name}", Administrator, || delete(api::backups::remove)),
    route("POST", "/dojo/api/{environment}/backups/{name}/_restore", Administrator, || post(api::backups::restore)),

    // The public API: what the role may do there, the relay tells it.
    route("ANY", "/dojo/api/{environment}/v1/{*path}", Viewer, || any(api::relay::relay)),
];

/// The dashboard's calls: method (`ANY` for all), path template, and the least role that may call. For tests that go through all.
pub fn dojo_served() -> Vec<(&'static str, &'static str, &'static str)> {
    ROUTES.iter().map(|route| (route.method, route.path, route.least.name())).collect()
}

/// Everything under `/dojo/`.
pub(super) fn router(dojo: &Arc<Dojo>) -> Router {
    let mut guarded = Router::new();
    for route in ROUTES {
        let guard = Guarded { dojo: dojo.clone(), least: route.least };
        let enough = from_fn_with_state(guard, access::enough);
        // A handler of all methods is the fallback of its path, which `route_layer` does not reach.
        let handler = (route.handler)();
        let handler = if route.method == "ANY" { handler.layer(enough) } else { handler.route_layer(enough) };
        guarded = guarded.route(route.path, handler);
    }
    Router::new()
        .route("/dojo/api/session", get(sign_in::session).post(sign_in::sign_in).delete(sign_in::sign_out))
        .merge(guarded)
        .route_layer(from_fn(access::own_pages_only))
        .route("/dojo", get(files::to_start))
        .route("/dojo/", get(files::start))
        .route("/dojo/{*path}", get(files::file))
        .with_state(dojo.clone())
}
