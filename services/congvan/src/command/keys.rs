use std::{process::ExitCode, time::Duration};

use kit::caller::KeyFolder;

use crate::{cli::Keys, composition::Surroundings};

/// Makes, exchanges or retires the key of an issuer. Each step is whole after a crash, and the command may simply be repeated.
pub(super) async fn run(keys: &Keys) -> anyhow::Result<ExitCode> {
    let issuer = keys.issuer.name();
    let (folder, clock) = (KeyFolder::new(issuer, &keys.to), Surroundings::default().clock);
    if keys.prepare || keys.rotate {
        folder.prepare()?;
        println!("{issuer}: the next key is trusted, but does not sign yet");
    }
    if keys.rotate {
        tokio::time::sleep(Duration::from_secs(keys.lead_seconds)).await;
        folder.switch(clock.now())?;
        println!("{issuer}: the next key signs; the one before is trusted until --retire");
    }
    if keys.retire {
        loop {
            let retired = folder.retire(clock.now())?;
            for key in retired.keys {
                println!("{issuer}: the replaced key {key} is trusted no more");
            }
            let Some(wait) = retired.wait else { break };
            println!(
                "{issuer}: claims of a replaced key may be good for {} s more; waiting",
                wait.as_secs() + 1
            );
            tokio::time::sleep(wait.unsigned_abs()).await;
        }
    }
    if !(keys.prepare || keys.rotate || keys.retire) {
        folder.generate()?;
        println!("{}", keys.to.join(format!("{issuer}.key.pem")).display());
    }
    Ok(ExitCode::SUCCESS)
}
