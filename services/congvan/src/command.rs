mod demo;
mod keys;
mod register;
mod serve;
mod up;

use std::process::ExitCode;

use crate::cli::{Cli, Command, Register};

/// Does what the command line asks for.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Up(up) => up::run(up).await,
        Command::Serve(serve) => serve::run(serve).await,
        Command::Demo(demo) => demo::run(demo).await,
        Command::Keys(keys) => keys::run(&keys).await,
        Command::Register(Register::Verify(verify)) => register::verify(&verify).await,
    }
}

/// The exit code of a process that has drained.
fn ended(well: bool) -> ExitCode {
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
