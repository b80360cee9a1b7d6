use tracing_subscriber::EnvFilter;

use crate::cli::{LogFormat, LogOptions};
use crate::failure::Failure;

/// Sets up the log of this process, on stderr.
///
/// # Errors
/// A filter that cannot be read.
pub(crate) fn start(options: &LogOptions) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&options.log).map_err(|error| {
        Failure::usage(format!("--log {:?}: {error}. Try info, debug, or warn,server=debug.", options.log))
    })?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match options.log_format {
        LogFormat::Text => builder.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| Failure::fault(format!("the log cannot be started: {error}")))
}
