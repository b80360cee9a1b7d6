//! The HTTP face: routes, keys, bodies, errors.

use std::net::SocketAddr;

use crate::Settings;

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
}

impl Running {
    /// Waits until it is told to stop (Ctrl-C or SIGTERM) and has stopped: requests under way have finished, or the grace is over.
    pub async fn wait(self) -> std::io::Result<()> {
        todo!("{}", self.address)
    }

    /// Stops it now, in the same orderly way.
    pub async fn stop(self) {
        todo!("{}", self.address)
    }
}

/// Opens the data folder and serves it.
///
/// # Errors
/// The data folder is in use by another process, cannot be opened, or the address is taken; the text says which, and what to do.
pub async fn serve(settings: Settings) -> Result<Running, String> {
    todo!("{settings:?}")
}
