//! Công Văn: official documents between public agencies.

use std::process::ExitCode;

use clap::Parser;
use congvan::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    rustls::crypto::aws_lc_rs::default_provider().install_default().expect("first line of the program");
    match congvan::run(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("congvan: {error:#}");
            ExitCode::FAILURE
        }
    }
}
