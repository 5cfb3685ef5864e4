use std::{path::Path, process::ExitCode};

use anyhow::{Context, bail};
use documents::Selection;
use sql::Db;

use crate::cli::Verify;

/// Goes through the registers of a database, prints a line about each, and fails if one does not fit.
pub(super) async fn verify(verify: &Verify) -> anyhow::Result<ExitCode> {
    if let Some(file) = verify.database.strip_prefix("sqlite:").filter(|file| !Path::new(file).exists()) {
        bail!("there is no file {file}");
    }
    let selection = Selection { agency_id: verify.agency, year: verify.year };
    let db = Db::open(&verify.database)?;
    let told = tell(&db, selection).await;
    db.close().await;
    let (registers, misfits) =
        told.context("is this the database of a document service, brought forward to this version?")?;
    if misfits > 0 {
        println!("{misfits} of {registers} registers DO NOT FIT");
        return Ok(ExitCode::FAILURE);
    }
    println!("{registers} registers, every one fits");
    Ok(ExitCode::SUCCESS)
}

/// Prints what is found; how many registers were gone through, and how many of them do not fit.
async fn tell(db: &Db, selection: Selection) -> sql::Result<(usize, usize)> {
    let mut read = db.read("verify_registers").await?;
    let (mut registers, mut misfits) = (0, 0);
    let found = documents::verify(&mut read, selection, |verdict| {
        println!("{verdict}");
        registers += 1;
        misfits += usize::from(verdict.misfit.is_some());
    });
    found.await?;
    Ok((registers, misfits))
}
