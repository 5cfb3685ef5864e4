//! Large imports, written batch by batch. The cursor moves in the transaction of its batch: whatever happens, the next batch
//! begins where the last one that was committed ended.

use std::time::Duration;

use congvan_proto::directory::v1::ImportState;
use kit::{
    Fault,
    caller::{Caller, GATEWAY},
    worker::{Step, Worker},
};
use sql::Write;

use crate::{
    Directory,
    provision::{self, Around, BATCH, Staged},
    store::{self, import_job::Job},
};

/// How often to look for what another process began.
const REST: Duration = Duration::from_secs(30);

/// Writes what is being committed. Each step takes the oldest job that no other process has at work.
pub struct Importing(Directory);

impl Importing {
    /// The imports of this directory.
    pub fn new(directory: &Directory) -> Self {
        Self(directory.clone())
    }
}

impl Worker for Importing {
    fn name(&self) -> &'static str {
        "directory_importing"
    }

    async fn step(&mut self) -> Result<Step, Fault> {
        let service = &self.0;
        let mut tx = service.db.write("import_batch").await?;
        let Some(mut job) = store::import_job::next(&mut tx).await? else { return Ok(Step::Idle(REST)) };
        let caller = Caller { issuer: GATEWAY.to_owned(), person: job.committer.clone() };
        let left_out = write(&mut tx, (service, &caller), &mut job, BATCH).await?;
        let keys = left_out.into_iter().map(|row| row.key).collect();
        store::import_row::leave_out(&mut tx, job.id, keys).await?;
        tx.commit().await?;
        service.changed.wake();
        Ok(Step::Busy)
    }
}

/// Writes up to `size` units or people of a job after those that were written, and moves its cursor; those that no longer
/// hold and were left out.
pub(crate) async fn write(
    tx: &mut Write,
    (service, caller): (&Directory, &Caller),
    job: &mut Job,
    size: u16,
) -> Result<Vec<Staged>, Fault> {
    store::lock(tx).await?;
    let now = service.clock.now();
    let rows = store::import_row::to_write(tx, job.id, job.done_place, size).await?;
    let count = rows.len();
    if count < usize::from(size) {
        job.state = ImportState::Committed;
    }
    let mut left_out = Vec::new();
    if let Some(last) = rows.last() {
        job.done_place = last.place;
        let around = Around { on: job.effective_date, now, ids: &service.ids };
        left_out = provision::apply(tx, (service, caller), job, rows, around).await?;
    }
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    job.counts.done += number(count - left_out.len());
    job.counts.left_out += number(left_out.len());
    job.touch(now);
    store::import_job::change(tx, job).await?;
    Ok(left_out)
}
