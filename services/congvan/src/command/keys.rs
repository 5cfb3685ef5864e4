use std::{process::ExitCode, time::Duration};

use anyhow::bail;
use directory::SealKeys;
use kit::caller::KeyFolder;

use crate::{
    cli::{Issuer, Keys},
    composition::{SEAL_KEY, Surroundings},
};

/// Makes, exchanges or retires the key of an issuer. Each step is whole after a crash, and the command may simply be repeated.
pub(super) async fn run(keys: &Keys) -> anyhow::Result<ExitCode> {
    if keys.issuer == Issuer::Directory {
        return seal_key(keys);
    }
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

/// Makes the key that the directory seals secrets with. It signs nothing that others would have to trust.
fn seal_key(keys: &Keys) -> anyhow::Result<ExitCode> {
    if keys.prepare || keys.rotate || keys.retire {
        bail!(
            "a seal key is exchanged by hand: put the new one before the old one into its file, each in a line of its own, \
             and start the directory anew"
        );
    }
    let file = keys.to.join(SEAL_KEY);
    SealKeys::generate(&file, &Surroundings::default().ids)?;
    println!("{}", file.display());
    Ok(ExitCode::SUCCESS)
}
