use std::process::ExitCode;

use crate::{cli::Demo, story};

/// Plays the main job against a running gateway.
pub(super) async fn run(demo: Demo) -> anyhow::Result<ExitCode> {
    let teller = story::Teller::new(&demo.at, &demo.administrator, &demo.password)?;
    if demo.load_only {
        teller.load().await?;
        return Ok(ExitCode::SUCCESS);
    }
    teller.tell().await?;
    story::farewell(&demo.at);
    Ok(ExitCode::SUCCESS)
}
