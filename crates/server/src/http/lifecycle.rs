//! From start to stop: the folder is locked, the environments opened, the address bound; and all of it in reverse.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tracing::{info, warn};

use super::folder::Folder;
use super::limit::Limiter;
use super::queued::Queued;
use super::{App, health, routes};
use crate::backups;
use crate::dojo::{self, Dojo};
use crate::environment::encoding;
use crate::environments::Environments;
use crate::{Environment, EnvironmentName, Settings};

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// The administrator's password for `/dojo/`, where this start has made it: show it, it is kept nowhere.
    pub dojo_password: Option<String>,
    app: Arc<App>,
    folder: Folder,
    stop: oneshot::Sender<()>,
    accepting: JoinHandle<std::io::Result<()>>,
    upkeep: JoinHandle<()>,
}

impl Running {
    /// Waits until it is told to stop (Ctrl-C or SIGTERM) and has stopped: requests under way have finished, or the grace is over.
    ///
    /// # Errors
    /// The system lets no signal be waited for; the server has stopped then, too.
    pub async fn wait(self) -> std::io::Result<()> {
        let told = told_to_stop().await;
        self.stop().await;
        told
    }

    /// Stops it now, in the same orderly way.
    pub async fn stop(self) {
        let grace = Duration::from_secs(self.app.settings.stop_grace_s);
        info!(grace_s = grace.as_secs(), "stopping");
        self.app.stopping.store(true, Ordering::Release);
        // The receiver is gone only when accepting has ended by itself; then there is nothing to tell.
        let _ = self.stop.send(());
        let finish = async {
            let _ = self.accepting.await;
            self.app.queued.finish().await;
        };
        if tokio::time::timeout(grace, finish).await.is_err() {
            warn!("the grace is over; requests still under way are cut off");
        }
        self.upkeep.abort();
        for environment in self.app.environments.all() {
            environment.stop().await;
        }
        self.folder.leave();
        info!("stopped");
    }
}

/// Opens the data folder and serves it.
///
/// # Errors
/// The data folder is in use by another process, cannot be opened, or the address is taken; the text says which, and what to do.
pub async fn serve(settings: Settings) -> Result<Running, String> {
    let folder = Folder::enter(&settings.data)?;
    let listener = TcpListener::bind(settings.listen).await.map_err(|e| {
        format!(
            "cannot listen on {}: {e}; stop what listens there, or choose another address with --listen",
            settings.listen
        )
    })?;
    let address = listener.local_addr().map_err(|e| format!("cannot tell the address listened on: {e}"))?;
    health::install_metrics();
    // Kept until the environments have it, so that it is read once.
    let encoder = encoding::load(&settings.encoder)?;
    let environments = open_environments(&settings).await?;
    drop(encoder);
    if settings.demo {
        let playground = &environments[EnvironmentName::Playground as usize];
        crate::demo::fill(playground)
            .await
            .map_err(|e| format!("cannot fill the playground with the sample shop: {e}"))?;
    }
    folder.announce(address)?;

    let environments = Arc::new(Environments::new(environments));
    let (dojo, dojo_password) = Dojo::open(&settings, environments.clone())?;
    let app = Arc::new(App {
        limiter: Limiter::new(settings.requests_per_second_max),
        queued: Queued::default(),
        stopping: AtomicBool::new(false),
        environments,
        settings,
    });
    let router =
        routes::router(&app, |api| dojo::router(dojo, api)).into_make_service_with_connect_info::<SocketAddr>();
    let (stop, told) = oneshot::channel::<()>();
    // Answers are small and waited for: they leave at once rather than wait to be joined with later bytes.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let accepting = tokio::spawn(async move {
        let until = async move {
            let _ = told.await;
        };
        axum::serve(listener, router).with_graceful_shutdown(until).await
    });
    let upkeep = tokio::spawn(health::upkeep());
    info!(%address, data = %folder.path().display(), "serving");
    Ok(Running { address, dojo_password, app, folder, stop, accepting, upkeep })
}

async fn open_environments(settings: &Settings) -> Result<[Arc<Environment>; 3], String> {
    // Opening reads a whole log at worst, so each has its own thread.
    let opening = EnvironmentName::ALL.map(|name| {
        let settings = settings.clone();
        (name, tokio::task::spawn_blocking(move || open_one(name, &settings)))
    });
    let mut opened = Vec::with_capacity(opening.len());
    for (name, task) in opening {
        let environment = task
            .await
            .map_err(|e| format!("opening {} failed: {e}", name.name()))?
            .map_err(|why| format!("cannot open {}: {why}", name.name()))?;
        opened.push(environment);
    }
    opened.try_into().map_err(|_| "three environments are expected".to_owned())
}

/// Opens an environment. A restore that was cut short is finished, or taken back where its state cannot be opened.
fn open_one(name: EnvironmentName, settings: &Settings) -> Result<Arc<Environment>, String> {
    backups::recover(&settings.data, name)?;
    let opened = match Environment::open(name, settings) {
        Err(fault) if backups::give_up(&settings.data, name) => {
            warn!(environment = name.name(), %fault, "the restored state cannot be opened; the one from before is served");
            Environment::open(name, settings)
        }
        outcome => outcome,
    };
    let environment = opened.map_err(|fault| fault.to_string())?;
    backups::finish(&settings.data, name);
    Ok(environment)
}

async fn told_to_stop() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            told = tokio::signal::ctrl_c() => told,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
