//! Starts the whole system on this machine and says where to click.

use handoff_local::{Options, start};
use handoff_runtime::Environment;
use handoff_runtime::logs::is_ours;
use std::io::{self, Write as _};
use std::process::ExitCode;
use tracing_subscriber::filter::{FilterExt as _, LevelFilter, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell when even this cannot be written.
            let _ = writeln!(io::stderr(), "handoff-local: {}", handoff_runtime::report(&*error));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    init_logs();
    let options = Options::from_environment(&Environment::from_process())?;
    let running = start(options).await?;
    let url = &running.own_url;
    // The first line is the bare address: programs read it.
    let welcome = format!(
        "{url}\n\n  Handoff runs on this machine. Open {url}/local to close a sample deal and read the mail.\n  \
         HubSpot's webhooks go to {}/webhooks/hubspot. Stop with Ctrl-C; the state is kept.\n",
        running.base_url
    );
    io::stdout().write_all(welcome.as_bytes())?;
    io::stdout().flush()?;
    tokio::signal::ctrl_c().await?;
    running.shutdown().await;
    Ok(())
}

/// Logs for people, on standard error: standard output begins with the address.
fn init_logs() {
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_target(true)
        .with_filter(filter_fn(is_ours).and(LevelFilter::INFO));
    tracing_subscriber::registry().with(lines).init();
}
