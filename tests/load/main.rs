//! Measures the system against the same SQL run raw, and what a process of it needs. Started by `tests/tools/bench`.

mod attachment;
mod clerk;
mod issuing;
mod meter;
mod place;
mod process;
mod raw;
mod resting;
mod sample;
mod stock;
mod system;
mod table;

use std::time::Duration;

use anyhow::Context;
use kit::telemetry::{Telemetry, TelemetryConfig};
use sql::Engine;

/// After this long something is wrong; what was started is stopped then.
const LIMIT: Duration = Duration::from_mins(4);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    rustls::crypto::aws_lc_rs::default_provider().install_default().expect("first line of the program");
    let postgres =
        std::env::args().nth(1).context("usage: bench POSTGRES_URL; tests/tools/bench starts one")?;
    // As in production, with spans and metrics; only errors are shown.
    let log = "error".to_owned();
    let telemetry =
        TelemetryConfig { service: "congvan-bench".to_owned(), log, json: false, otlp: None }.start()?;
    tokio::time::timeout(LIMIT, measure(&postgres, &telemetry))
        .await
        .context("stopped: it took longer than four minutes")?
}

async fn measure(postgres: &str, telemetry: &Telemetry) -> anyhow::Result<()> {
    issuing::measure(Engine::Sqlite, postgres, telemetry).await.context("issuing on SQLite")?;
    issuing::measure(Engine::Postgres, postgres, telemetry).await.context("issuing on PostgreSQL")?;
    let folder = tempfile::tempdir()?;
    resting::measure(folder.path()).await.context("start and idle memory")?;
    attachment::measure(folder.path()).await.context("1 GiB attachment")
}
