use congvan_proto::directory::v1 as pb;
use kit::{Fault, Violations, caller::Caller};
use sql::{Write, answers::Once};

use super::read;
use crate::{
    Directory, faults, importing, permission,
    provision::{self, Around},
    store::{self, import_job::Job},
};

/// Most units or people that are written before the answer.
const AT_ONCE: u16 = 2000;

/// Writes a staged file, or begins to.
pub(super) async fn commit(
    service: &Directory,
    caller: &Caller,
    request: pb::CommitImportRequest,
) -> Result<pb::CommitImportResponse, Fault> {
    let person = permission::administrator(caller)?;
    let mut violations = Violations::default();
    let once = Once::new("CommitImport", person.user_id, &request.request_id, &request, &mut violations);
    let id = violations.id("id", &request.id);
    if request.revision < 1 {
        violations.add("revision", "bắt buộc, từ 1 trở lên", "is required, from 1");
    }
    violations.check()?;
    let large = check_large(service, id).await?;

    let now = service.clock.now();
    let mut tx = service.db.write("commit_import").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let mut job = lock(&mut tx, id).await?;
    is_staged(&job)?;
    if job.revision != request.revision {
        return Err(Fault::stale(job.revision));
    }
    if let Some(overtaken) = large
        && !overtaken.is_empty()
    {
        return Err(faults::import::overtaken(&overtaken));
    }
    job.committer = Some(person.clone());
    job.state = pb::ImportState::Committing;
    if job.to_write() > i64::from(AT_ONCE) {
        job.touch(now);
        store::import_job::change(&mut tx, &job).await?;
    } else {
        let left_out = importing::write(&mut tx, (service, caller), &mut job, AT_ONCE + 1).await?;
        if !left_out.is_empty() {
            return Err(faults::import::overtaken(&left_out));
        }
    }
    let answer = pb::CommitImportResponse { job: Some(read::job(&job)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    service.imports.wake();
    Ok(answer)
}

/// Compares a large file once more, before anything waits for it; none if the job is not large. What changes after this, each
/// batch finds for itself.
async fn check_large(service: &Directory, id: base::Uuid) -> Result<Option<Vec<provision::Staged>>, Fault> {
    let mut db = service.db.read("check_import").await?;
    let job = store::import_job::find(&mut db, id).await?;
    let staged = job.filter(|job| job.state == pb::ImportState::Staged);
    let Some(job) = staged.filter(|job| job.to_write() > i64::from(AT_ONCE)) else { return Ok(None) };
    let around = Around { on: job.effective_date, now: service.clock.now(), ids: &service.ids };
    provision::overtaken(&mut db, &job, around).await.map(Some)
}

/// Gives a job up.
pub(super) async fn cancel(
    service: &Directory,
    caller: &Caller,
    request: pb::CancelImportRequest,
) -> Result<pb::CancelImportResponse, Fault> {
    let person = permission::administrator(caller)?;
    let mut violations = Violations::default();
    let once = Once::new("CancelImport", person.user_id, &request.request_id, &request, &mut violations);
    let id = violations.id("id", &request.id);
    violations.check()?;

    let now = service.clock.now();
    let mut tx = service.db.write("cancel_import").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let mut job = lock(&mut tx, id).await?;
    match job.state {
        pb::ImportState::Committed => return Err(faults::import::is_done()),
        pb::ImportState::Cancelled => {}
        _ => {
            job.state = pb::ImportState::Cancelled;
            job.touch(now);
            store::import_job::change(&mut tx, &job).await?;
        }
    }
    let answer = pb::CancelImportResponse { job: Some(read::job(&job)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    Ok(answer)
}

async fn lock(tx: &mut Write, id: base::Uuid) -> Result<Job, Fault> {
    store::import_job::lock(tx, id).await?.ok_or_else(|| faults::import::no_import(id))
}

fn is_staged(job: &Job) -> Result<(), Fault> {
    match job.state {
        pb::ImportState::Staged => Ok(()),
        pb::ImportState::Invalid => Err(faults::import::has_errors(job.counts.errors)),
        other => Err(faults::import::not_staged(other.as_str_name().trim_start_matches("IMPORT_STATE_"))),
    }
}
