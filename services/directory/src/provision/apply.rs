//! Rows of a job compared once more and written, if the comparison comes to what was shown.

use congvan_proto::directory::v1::ImportKind;
use kit::{Fault, caller::Caller};
use sql::{Queries, Write};

use super::{
    BATCH,
    carried::Carried,
    compare::known,
    outcome::{Around, Outcome},
    plan_people::{self, PeoplePlan},
    plan_units::{self, UnitPlan},
    staged::Staged,
    wish::{PersonWish, UnitWish},
    write,
};
use crate::{
    Directory,
    store::{self, import_job::Job},
};

/// The rows of a job that no longer come to what was shown.
pub(crate) async fn overtaken(
    db: &mut impl Queries,
    job: &Job,
    around: Around<'_>,
) -> Result<Vec<Staged>, Fault> {
    let mut overtaken = Vec::new();
    let mut carried = Carried::default();
    let mut of_units = Vec::new();
    let mut after = 0;
    while let rows = store::import_row::to_write(db, job.id, after, BATCH).await?
        && let Some(last) = rows.last()
    {
        after = last.place;
        if job.kind != ImportKind::People {
            of_units.extend(rows);
            continue;
        }
        let wishes: Vec<PersonWish> = wishes(&rows)?;
        let wanted = numbered(&rows, &wishes);
        let known = known(db, &wanted, around, &carried).await?;
        let plan = plan_people::plan(known, &wanted, around);
        carried.add(&plan.staff);
        overtaken.extend(fallen(rows, &plan.outcomes));
    }
    let wishes: Vec<UnitWish> = wishes(&of_units)?;
    if !wishes.is_empty() {
        let before = store::history::all(db).await?;
        let partners = plan_units::partners(db, wishes.iter()).await?;
        let plan = plan_units::plan(&before, &partners, &numbered(&of_units, &wishes), around);
        overtaken.extend(fallen(of_units, &plan.outcomes));
    }
    Ok(overtaken)
}

fn fallen(rows: Vec<Staged>, outcomes: &[Outcome]) -> impl Iterator<Item = Staged> {
    let fallen = rows.into_iter().zip(outcomes).filter(|(row, outcome)| !row.still_holds(outcome));
    fallen.map(|(row, _)| row)
}

/// Writes those of the rows that still hold; the rows that do not. Under the lock of the directory.
pub(crate) async fn apply(
    tx: &mut Write,
    (service, caller): (&Directory, &Caller),
    job: &Job,
    rows: Vec<Staged>,
    around: Around<'_>,
) -> Result<Vec<Staged>, Fault> {
    match job.kind {
        ImportKind::People => people(tx, (service, caller), job, rows, around).await,
        _ => units(tx, (service, caller), job, rows, around).await,
    }
}

async fn units(
    tx: &mut Write,
    by: (&Directory, &Caller),
    job: &Job,
    mut rows: Vec<Staged>,
    around: Around<'_>,
) -> Result<Vec<Staged>, Fault> {
    let before = store::history::all(tx).await?;
    let all: Vec<UnitWish> = wishes(&rows)?;
    let partners = plan_units::partners(tx, all.iter()).await?;
    let mut left_out = Vec::new();
    loop {
        let wishes: Vec<UnitWish> = wishes(&rows)?;
        let plan: UnitPlan = plan_units::plan(&before, &partners, &numbered(&rows, &wishes), around);
        if !sift(&mut rows, &plan.outcomes, &mut left_out) {
            write::units(tx, by, job, &before, plan).await?;
            return Ok(left_out);
        }
    }
}

async fn people(
    tx: &mut Write,
    by: (&Directory, &Caller),
    job: &Job,
    mut rows: Vec<Staged>,
    around: Around<'_>,
) -> Result<Vec<Staged>, Fault> {
    let mut left_out = Vec::new();
    let all: Vec<PersonWish> = wishes(&rows)?;
    let known = known(tx, &numbered(&rows, &all), around, &Carried::default()).await?;
    loop {
        let wishes: Vec<PersonWish> = wishes(&rows)?;
        let plan: PeoplePlan = plan_people::plan(known.clone(), &numbered(&rows, &wishes), around);
        if !sift(&mut rows, &plan.outcomes, &mut left_out) {
            write::people(tx, by, job, &known, plan).await?;
            return Ok(left_out);
        }
    }
}

/// Takes out the rows that do not hold any more; whether there were any, so that the others must be compared without them.
fn sift(rows: &mut Vec<Staged>, outcomes: &[Outcome], left_out: &mut Vec<Staged>) -> bool {
    let before = rows.len();
    let mut holds = outcomes.iter();
    let (kept, out): (Vec<_>, Vec<_>) = std::mem::take(rows)
        .into_iter()
        .partition(|row| holds.next().is_some_and(|outcome| row.still_holds(outcome)));
    *rows = kept;
    left_out.extend(out);
    rows.len() < before
}

fn wishes<W: serde::de::DeserializeOwned>(rows: &[Staged]) -> Result<Vec<W>, Fault> {
    rows.iter().map(|row| serde_json::from_str(&row.wish).map_err(Fault::internal)).collect()
}

fn numbered<'a, W>(rows: &[Staged], wishes: &'a [W]) -> Vec<(u32, &'a W)> {
    rows.iter().map(|row| row.row).zip(wishes).collect()
}
