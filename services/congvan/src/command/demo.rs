use std::process::ExitCode;

use crate::{cli::Demo, story};

/// Plays the main job against a running gateway.
pub(super) async fn run(demo: Demo) -> anyhow::Result<ExitCode> {
    story::Teller::new(&demo.at, &demo.administrator, &demo.password)?.tell().await?;
    story::farewell(&demo.at);
    Ok(ExitCode::SUCCESS)
}
