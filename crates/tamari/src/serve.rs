use server::Settings;
use tracing::info;

use crate::cli::LogOptions;
use crate::failure::Failure;
use crate::{logs, output};

/// Serves until it is told to stop by Ctrl-C or SIGTERM.
pub(crate) fn run(settings: Settings, log: &LogOptions) -> Result<(), Failure> {
    logs::start(log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::fault(format!("the threads of the server cannot be started: {error}")))?;
    let data = settings.data.clone();
    runtime.block_on(async {
        let running = server::serve(settings).await.map_err(Failure::fault)?;
        info!(address = %running.address, data = %data.display(), "serving");
        if let Some(password) = &running.dojo_password {
            output::note(&format!(
                "The Dojo is at http://{}/dojo/; sign in as administrator, the password is {password}\n\
                 It is shown this once; change it there, or set TAMARI_ADMIN_PASSWORD.",
                running.address
            ));
        }
        // Scripts wait for this line; it is the only one on stdout.
        output::result(&format!("Tamari serves {} on http://{}", data.display(), running.address));
        running.wait().await.map_err(|error| Failure::fault(format!("the server ended: {error}")))
    })
}
