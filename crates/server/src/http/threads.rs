//! Work that takes its time leaves the threads that serve the network.

use super::errors::Failure;

/// Runs `work` on a thread that may wait and compute. Its panic is the request's panic.
pub(super) async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => Ok(outcome),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Only a runtime that is going down drops work that has not begun.
            Err(_) => Err(Failure::Stopping),
        },
    }
}

/// As [`apart`], but small work is done where it is: moving it costs more than doing it.
pub(super) async fn apart_if<T: Send + 'static>(
    large: bool,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    if large { apart(work).await } else { Ok(work()) }
}
