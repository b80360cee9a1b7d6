//! Who calls: the key gives the environment and what is allowed; `user_hash` vouches for a person named with a publishable key.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{FromRequestParts, MatchedPath, Query, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use store::{Key, KeyKind};
use subtle::ConstantTimeEq;

use super::App;
use super::body::discard;
use super::errors::Failure;
use super::noting::Noting;
use super::routes::Route;
use crate::environment::now;
use crate::{Environment, EnvironmentName};

/// Which keys open a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// No key is asked for.
    Open,
    /// Either key.
    AnyKey,
    /// The secret key.
    SecretKey,
}

/// What a route does; the playground takes reads only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It changes nothing.
    Reads,
    /// It changes data.
    Writes,
}

/// Put among the extensions of a request that the dashboard makes on behalf of somebody.
#[derive(Clone, Copy)]
pub(crate) struct OnBehalf {
    /// Whether they may change something; where not, the key opens what reads only.
    pub(crate) may_write: bool,
}

/// A request's key, looked up.
#[derive(Clone)]
pub(super) struct Caller {
    pub(super) environment: Arc<Environment>,
    pub(super) kind: KeyKind,
    /// The environment's place in [`EnvironmentName::ALL`].
    place: usize,
    keys: Arc<Vec<Key>>,
    anonymous_hash_required: bool,
}

impl Caller {
    /// How many different callers the rate limit tells apart: two keys in each environment.
    pub(super) const SLOTS: usize = 2 * EnvironmentName::ALL.len();

    /// The caller's place among [`Caller::SLOTS`].
    pub(super) fn slot(&self) -> usize {
        2 * self.place + usize::from(self.kind == KeyKind::Publishable)
    }

    /// The text of the key that was used.
    pub(super) fn key(&self) -> &str {
        self.key_of(self.kind).unwrap_or_default()
    }

    fn key_of(&self, kind: KeyKind) -> Option<&str> {
        self.keys.iter().find(|key| key.kind == kind).map(|key| key.text.as_str())
    }

    /// Lets a question about this person through, or not (contract, "Transport"): with a publishable key `user_hash`
    /// must be the HMAC of the id. Where both ids are given, the user's counts.
    pub(super) fn vouch(&self, person: &NamedPerson) -> Result<(), Failure> {
        if self.kind == KeyKind::Secret {
            return Ok(());
        }
        let named = |id: &Option<String>| id.clone().filter(|id| !id.is_empty());
        let message = match (named(&person.user_id), named(&person.user_type), named(&person.anonymous_id)) {
            (Some(user_id), Some(user_type), _) => format!("{user_type}:{user_id}"),
            (Some(user_id), None, _) => user_id,
            (None, _, Some(_)) if !self.anonymous_hash_required => return Ok(()),
            (None, _, Some(anonymous_id)) => anonymous_id,
            (None, _, None) => return Ok(()),
        };
        let given =
            person.user_hash.as_deref().and_then(|text| hex::decode(text).ok()).ok_or(Failure::WrongUserHash)?;
        let is_made_with = |secret: &str| {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
            mac.update(message.as_bytes());
            // Compares in constant time.
            mac.verify_slice(&given).is_ok()
        };
        // A replaced secret key that still works still vouches, too.
        let former = || self.environment.former_keys(now()).into_iter().filter(|key| key.kind == KeyKind::Secret);
        let vouched =
            self.key_of(KeyKind::Secret).is_some_and(is_made_with) || former().any(|key| is_made_with(&key.text));
        if vouched { Ok(()) } else { Err(Failure::WrongUserHash) }
    }
}

/// The fields of a question that name a person.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct NamedPerson {
    pub(super) user_id: Option<String>,
    pub(super) anonymous_id: Option<String>,
    pub(super) user_hash: Option<String>,
    pub(super) user_type: Option<String>,
}

/// What the guard of a route knows.
#[derive(Clone)]
pub(super) struct Guarded {
    pub(super) app: Arc<App>,
    pub(super) route: &'static Route,
}

/// Stands before every handler: key, permission, playground, rate. A body that is not going to be read is taken in here, and
/// a call that is refused is noted.
pub(super) async fn guard(State(guarded): State<Guarded>, mut request: Request, next: Next) -> Response {
    let Guarded { app, route } = guarded;
    let caller = if route.access == Access::Open { Ok(None) } else { identify(&app, &request).map(Some) };
    let permitted = match &caller {
        Ok(Some(caller)) => permit(&app, route, caller, &request),
        _ => Ok(()),
    };
    // What somebody does in the dashboard, the dashboard tells them.
    let is_noted = route.access != Access::Open && request.extensions().get::<OnBehalf>().is_none();
    let noting = is_noted.then(|| Noting::begin(route.method(), request.extensions().get::<MatchedPath>()));
    let failure = caller.as_ref().err().map(|failure| matches!(failure, Failure::NoKey));
    let key = match (&caller, failure) {
        (Ok(Some(caller)), _) => caller.kind.name(),
        (_, Some(true)) => "none",
        _ => "unknown",
    };
    let environment = caller.as_ref().ok().and_then(Option::as_ref).map(|caller| caller.environment.clone());
    let refused = caller.as_ref().is_err() || permitted.is_err();
    if refused || !route.reads_body() {
        let body = std::mem::take(request.body_mut());
        discard(body, app.settings.body_bytes_max).await;
    } else if let Some(noting) = &noting {
        let body = std::mem::take(request.body_mut());
        *request.body_mut() = noting.watch(body);
    }
    let response = match (caller, permitted) {
        (Err(failure), _) | (_, Err(failure)) => failure.into_response(),
        (Ok(caller), Ok(())) => {
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            next.run(request).await
        }
    };
    if let Some(noting) = noting
        && response.status().is_client_error()
    {
        let call = noting.end(key, &response);
        match environment {
            Some(environment) => environment.note_refused(call),
            None => app.environments.note_stranger(call),
        }
    }
    response
}

fn identify(app: &App, request: &Request) -> Result<Caller, Failure> {
    let key = given_key(request).ok_or(Failure::NoKey)?;
    find(app, &key).ok_or(Failure::UnknownKey)
}

fn permit(app: &App, route: &Route, caller: &Caller, request: &Request) -> Result<(), Failure> {
    app.limiter.admit(caller.slot(), Instant::now())?;
    if route.access == Access::SecretKey && caller.kind != KeyKind::Secret {
        return Err(Failure::NeedsSecretKey);
    }
    if route.effect == Effect::Writes && request.extensions().get::<OnBehalf>().is_some_and(|who| !who.may_write) {
        return Err(Failure::NeedsEditor);
    }
    if route.effect == Effect::Writes && caller.environment.name() == EnvironmentName::Playground {
        return Err(Failure::PlaygroundWrite);
    }
    Ok(())
}

fn given_key(request: &Request) -> Option<String> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(request.uri()).unwrap_or_default();
    let in_query = pairs.into_iter().find_map(|(name, value)| (name == "api_key").then_some(value));
    let in_header = || request.headers().get("x-api-key")?.to_str().ok().map(|key| key.trim().to_owned());
    in_query.filter(|key| !key.is_empty()).or_else(in_header).filter(|key| !key.is_empty())
}

/// Compares with every key in force, and with those that were replaced and still work, each in constant time, so that the time taken tells nothing about a key.
fn find(app: &App, given: &str) -> Option<Caller> {
    let mut found = None;
    for (place, environment) in app.environments.all().into_iter().enumerate() {
        let keys = environment.keys();
        for key in keys.iter() {
            if bool::from(key.text.as_bytes().ct_eq(given.as_bytes())) {
                found = Some((environment.clone(), key.kind, place, keys.clone()));
            }
        }
        for key in environment.former_keys(now()) {
            if bool::from(key.text.as_bytes().ct_eq(given.as_bytes())) {
                found = Some((environment.clone(), key.kind, place, keys.clone()));
            }
        }
    }
    let (environment, kind, place, keys) = found?;
    let anonymous_hash_required = app.settings.anonymous_hash_required;
    Some(Caller { environment, kind, place, keys, anonymous_hash_required })
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, Failure> {
        parts.extensions.get::<Caller>().cloned().ok_or(Failure::NoKey)
    }
}
