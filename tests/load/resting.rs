use std::{path::Path, time::Duration};

use tokio::time::sleep;

use crate::{process::Process, sample::median, table};

/// How often the start is timed.
const STARTS: usize = 5;

/// How long a process is left alone before its memory is looked at.
const REST: Duration = Duration::from_secs(20);

/// The same after a start.
const SHORT_REST: Duration = Duration::from_secs(2);

/// Times the start and looks at the memory of an idle process; leaves the demo's data in the folder.
pub(crate) async fn measure(data: &Path) -> anyhow::Result<()> {
    let process = Process::up(data).await?;
    let empty = process.ready_after;
    sleep(SHORT_REST).await;
    let fresh = process.memory()?;
    process.play().await?;
    sleep(REST).await;
    let played = process.memory()?;
    process.stop().await?;

    let (mut ready, mut resident) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let process = Process::up(data).await?;
        ready.push(process.ready_after.as_secs_f64() * 1e3);
        sleep(SHORT_REST).await;
        resident.push(process.memory()?.now);
        process.stop().await?;
    }
    let one = |what: &str, value: f64| vec![what.to_owned(), format!("{value:.0}")];
    let slowest = ready.iter().copied().fold(0.0, f64::max);
    let title = format!("Ready to serve (congvan up, from exec to /readyz 200; {STARTS} starts)");
    let rows = [
        one("with the demo's data, median", median(ready)),
        one("with the demo's data, slowest", slowest),
        one("with an empty folder", empty.as_secs_f64() * 1e3),
    ];
    table::print(&title, &["", "ms"], &rows);
    let rows = [
        one("freshly started, empty folder", fresh.now),
        one("freshly started, demo's data, median", median(resident)),
        one(&format!("after the demo and {} s of rest", REST.as_secs()), played.now),
        one("most during the demo", played.peak),
    ];
    table::print("Resident memory of idle congvan up", &["", "MiB"], &rows);
    Ok(())
}
