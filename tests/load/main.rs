//! Measures the system against the same SQL run raw, and what a process of it needs. Started by `tests/tools/bench`.

mod attachment;
mod clerk;
mod directory;
mod engine;
mod exchange;
mod inbox;
mod issuing;
mod kills;
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

use anyhow::{Context, ensure};
use kit::telemetry::{Telemetry, TelemetryConfig};
use sql::Engine;

/// After this long something is wrong; what was started is stopped then.
const LIMIT: Duration = Duration::from_mins(30);

/// What can be measured; all of it if nothing is named.
const PARTS: [&str; 5] = ["directory", "issuing", "exchange", "inbox", "process"];

/// What is run only where it is named, with as much time as it takes.
const KILLS: &str = "kills";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    rustls::crypto::aws_lc_rs::default_provider().install_default().expect("first line of the program");
    let mut arguments = std::env::args().skip(1);
    let postgres =
        arguments.next().context("usage: bench POSTGRES_URL [PART…]; tests/tools/bench starts one")?;
    let parts: Vec<_> = arguments.collect();
    if let [part, count @ ..] = parts.as_slice()
        && part == KILLS
    {
        let count = count.first().map_or(Ok(kills::DOCUMENTS), |count| count.parse())?;
        return kills::run(count).await;
    }
    let known = |part: &String| PARTS.contains(&part.as_str());
    ensure!(parts.iter().all(known), "the parts are {}, or {KILLS} [DOCUMENTS]", PARTS.join(", "));
    // As in production, with spans and metrics; only errors are shown.
    let log = "error".to_owned();
    let telemetry =
        TelemetryConfig { service: "congvan-bench".to_owned(), log, json: false, otlp: None }.start()?;
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|named| named == part);
    tokio::time::timeout(LIMIT, measure(&postgres, &telemetry, wanted))
        .await
        .context("stopped: it took longer than half an hour")?
}

async fn measure(postgres: &str, telemetry: &Telemetry, wanted: impl Fn(&str) -> bool) -> anyhow::Result<()> {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let name = engine::name(engine);
        if wanted("directory") {
            directory::measure(engine, postgres).await.with_context(|| format!("directory on {name}"))?;
        }
        if wanted("issuing") {
            issuing::measure(engine, postgres, telemetry)
                .await
                .with_context(|| format!("issuing on {name}"))?;
        }
        if wanted("exchange") {
            exchange::measure(engine, postgres).await.with_context(|| format!("exchange on {name}"))?;
        }
        if wanted("inbox") {
            inbox::measure(engine, postgres).await.with_context(|| format!("inbox on {name}"))?;
        }
    }
    if wanted("process") {
        let folder = tempfile::tempdir()?;
        resting::measure(folder.path()).await.context("start and idle memory")?;
        attachment::measure(folder.path()).await.context("1 GiB attachment")?;
    }
    Ok(())
}
