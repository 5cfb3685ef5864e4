//! Công Văn: official documents between public agencies.

use std::process::ExitCode;

use clap::Parser;
use congvan::cli::Cli;
use kit::config::Mistakes;

/// Exit code for settings that cannot be used (EX_USAGE): whoever starts the program again and again need not.
const BAD_SETTINGS: u8 = 64;

#[tokio::main]
async fn main() -> ExitCode {
    rustls::crypto::aws_lc_rs::default_provider().install_default().expect("first line of the program");
    match congvan::run(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("congvan: {}", told(&error));
            let settings = error.downcast_ref::<Mistakes>().is_some();
            if settings { ExitCode::from(BAD_SETTINGS) } else { ExitCode::FAILURE }
        }
    }
}

/// The error with its causes, each said once: many errors name their cause themselves.
fn told(error: &anyhow::Error) -> String {
    let mut told = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !told.contains(&cause) {
            told = format!("{told}: {cause}");
        }
    }
    told
}
