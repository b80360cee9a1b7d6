//! How a command reaches the data: always over HTTP, to the server named, to the one that serves the data folder,
//! or to one started here for the length of the command. So there is one way in, with one set of checks.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::Value;
use server::{EnvironmentName, Running, Settings};
use ureq::http::Response;
use ureq::{Agent, Body};

use crate::cli::TargetOptions;
use crate::failure::Failure;
use crate::keys;

#[cfg(test)]
mod tests;

/// Longer than any call takes; a server that says nothing for so long is taken for gone.
const CALL_TIMEOUT: Duration = Duration::from_secs(120);
/// How long a server that has just locked the folder may take to open it and say where it listens.
const START_WAIT: Duration = Duration::from_secs(60);
/// Connections that wait for their next call.
const CONNECTIONS_KEPT: usize = 64;
/// Answers to these commands are small; more than this is not one of ours.
const ANSWER_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A server within reach, and the key to it.
pub(crate) struct Reach {
    base: String,
    key: String,
    agent: Agent,
    /// The server started for this command.
    own: Option<(tokio::runtime::Runtime, Running)>,
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub status: u16,
    /// Seconds to wait, where the server says so.
    pub retry_after_s: Option<u64>,
    /// The body; `Null` where it is no JSON.
    pub body: Value,
}

impl Reply {
    /// The server's own words, or the status.
    pub(crate) fn message(&self) -> String {
        match self.body.get("message").and_then(Value::as_str) {
            Some(message) => format!("{message} (HTTP {})", self.status),
            None => format!("HTTP {}", self.status),
        }
    }
}

impl Reach {
    /// Finds or starts the server.
    pub(crate) fn open(settings: &Settings, options: &TargetOptions) -> Result<Reach, Failure> {
        if let Some(server) = &options.server {
            let key = options.api_key.clone().unwrap_or_default();
            return Ok(Reach::to(server, key));
        }
        let environment = options.environment.into();
        let key = |data: &Path| match &options.api_key {
            Some(key) => Ok(key.clone()),
            None => keys::read(data, environment).map(|keys| keys.secret),
        };
        if let Some(address) = running(&settings.data)? {
            return Ok(Reach::to(&format!("http://{address}"), key(&settings.data)?));
        }
        let mut reach = Reach::start(settings, environment)?;
        reach.key = key(&settings.data)?;
        Ok(reach)
    }

    /// A server of its own on this data folder, for the length of the command.
    ///
    /// # Errors
    /// It cannot be started.
    pub(crate) fn start(settings: &Settings, environment: EnvironmentName) -> Result<Reach, Failure> {
        let own = start(settings)?;
        let key = keys::read(&settings.data, environment)?.secret;
        let mut reach = Reach::to(&format!("http://{}", own.1.address), key);
        reach.own = Some(own);
        reach.wait_until_ready();
        Ok(reach)
    }

    /// A server at `base`, which may end in `/` or `/v1`.
    pub(crate) fn to(base: &str, key: String) -> Reach {
        let base = base.trim_end_matches('/');
        let base = base.strip_suffix("/v1").unwrap_or(base);
        let base = if base.contains("://") { base.to_owned() } else { format!("http://{base}") };
        let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(CALL_TIMEOUT));
        let mut config = config.max_idle_connections_per_host(CONNECTIONS_KEPT);
        if ["://127.", "://localhost", "://[::1]"].iter().any(|local| base.contains(local)) {
            // A proxy set for the way out of this machine must not stand between two of its processes.
            config = config.proxy(None);
        }
        Reach { base, key, agent: config.build().into(), own: None }
    }

    /// Waits until the server started here has read in the words of the catalogue: it answers before, but does not know them all.
    fn wait_until_ready(&self) {
        let begun = Instant::now();
        let ready =
            || self.agent.get(format!("{}/readyz", self.base)).call().is_ok_and(|answer| answer.status() == 200);
        while !ready() && begun.elapsed() < START_WAIT {
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Where it is, for people.
    pub(crate) fn place(&self) -> &str {
        &self.base
    }

    /// Whether the server was started for this command.
    pub(crate) fn is_own(&self) -> bool {
        self.own.is_some()
    }

    /// Sends a body. `Err` is a connection that failed; any answer is `Ok`.
    pub(crate) fn post(&self, path: &str, body: &[u8]) -> Result<Reply, String> {
        let request = self.agent.post(self.url(path)).header("X-API-KEY", &self.key);
        reply(request.content_type("application/json").send(body))
    }

    /// As [`Reach::post`], without a body.
    pub(crate) fn get(&self, path: &str) -> Result<Reply, String> {
        reply(self.agent.get(self.url(path)).header("X-API-KEY", &self.key).call())
    }

    /// As [`Reach::post`], to delete.
    pub(crate) fn delete(&self, path: &str, body: &[u8]) -> Result<Reply, String> {
        let request = self.agent.delete(self.url(path)).header("X-API-KEY", &self.key);
        reply(request.header("Content-Type", "application/json").force_send_body().send(body))
    }

    /// Ends the server that was started for this command, in order; leaves any other alone.
    pub(crate) fn close(self) {
        if let Some((runtime, running)) = self.own {
            runtime.block_on(running.stop());
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v1/{path}", self.base)
    }
}

fn reply(result: Result<Response<Body>, ureq::Error>) -> Result<Reply, String> {
    let mut response = result.map_err(|error| error.to_string())?;
    let retry_after_s =
        response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let bytes =
        response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec().map_err(|error| error.to_string())?;
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Ok(Reply { status: response.status().as_u16(), retry_after_s, body })
}

/// What a server writes into its data folder while it runs.
#[derive(Deserialize)]
struct Sign {
    address: SocketAddr,
}

/// Where the server of this data folder listens; `None` where none runs.
fn running(data: &Path) -> Result<Option<SocketAddr>, Failure> {
    let asked = Instant::now();
    while is_locked(data)? {
        let sign = std::fs::read(data.join("server.json")).ok();
        if let Some(sign) = sign.and_then(|bytes| serde_json::from_slice::<Sign>(&bytes).ok()) {
            return Ok(Some(reachable(sign.address)));
        }
        if asked.elapsed() > START_WAIT {
            return Err(Failure::fault(format!(
                "another process holds {}, but does not say where it listens; give --server and --api-key, or stop it",
                data.display()
            )));
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Ok(None)
}

/// Whether a process serves the data folder. A lock, unlike a file, goes with its process, however that ended.
pub(crate) fn is_locked(data: &Path) -> Result<bool, Failure> {
    let path = data.join("lock");
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(Failure::fault(format!("{} cannot be opened: {error}", path.display()))),
    };
    match file.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(Failure::fault(format!("{} cannot be locked: {error}", path.display()))),
    }
}

/// The address to call for a server that listens on `address`: one that listens everywhere is called at home.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        });
    }
    address
}

fn start(settings: &Settings) -> Result<(tokio::runtime::Runtime, Running), Failure> {
    let settings = Settings {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        demo: false,
        requests_per_second_max: 0,
        first_account: false,
        ..settings.clone()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::fault(format!("the threads of the server cannot be started: {error}")))?;
    let running = runtime.block_on(server::serve(settings)).map_err(Failure::fault)?;
    Ok((runtime, running))
}
