use congvan_proto::directory::v1 as pb;
use kit::{Call, Fault, Language, Violations, caller::Caller};

use crate::{
    Directory, faults, permission,
    provision::{Action, Change, Mistake, Staged},
    rpc::{last_key, page},
    shape,
    store::{self, import_job::Job},
};

/// Reads a job.
pub(super) async fn get(
    service: &Directory,
    caller: &Caller,
    request: pb::GetImportJobRequest,
) -> Result<pb::GetImportJobResponse, Fault> {
    permission::administrator(caller)?;
    let mut violations = Violations::default();
    let id = violations.id("id", &request.id);
    violations.check()?;
    let found = store::import_job::find(&mut service.db.read("get_import_job").await?, id).await?;
    let found = found.ok_or_else(|| faults::import::no_import(id))?;
    Ok(pb::GetImportJobResponse { job: Some(job(&found)) })
}

/// Lists jobs, the newest first.
pub(super) async fn list(
    service: &Directory,
    caller: &Caller,
    request: pb::ListImportJobsRequest,
) -> Result<pb::ListImportJobsResponse, Fault> {
    permission::administrator(caller)?;
    let mut violations = Violations::default();
    let size = violations.page_size(request.page_size, 100, 1000);
    violations.check()?;
    let before = last_key("import_jobs", &request.page_token)?.parse().ok();
    let mut read = service.db.read("list_import_jobs").await?;
    let found = store::import_job::list(&mut read, before, size + 1).await?;
    let jobs = found.iter().map(job).collect();
    let (jobs, next_page_token) = page(jobs, size, "import_jobs", |job: &pb::ImportJob| &job.id);
    Ok(pb::ListImportJobsResponse { jobs, next_page_token })
}

/// Lists the units or people of a job.
pub(super) async fn rows(
    service: &Directory,
    caller: &Caller,
    request: pb::ListImportRowsRequest,
) -> Result<pb::ListImportRowsResponse, Fault> {
    permission::administrator(caller)?;
    let mut violations = Violations::default();
    let job_id = violations.id("jobId", &request.job_id);
    let action = action(request.action, &mut violations);
    let size = violations.page_size(request.page_size, 100, 1000);
    violations.check()?;
    let list = format!("import_rows/{job_id}/{action:?}");
    let after = last_key(&list, &request.page_token)?.parse().unwrap_or(0);
    let mut read = service.db.read("list_import_rows").await?;
    if store::import_job::find(&mut read, job_id).await?.is_none() {
        return Err(faults::import::no_import(job_id));
    }
    let found = store::import_row::list(&mut read, job_id, action, after, size + 1).await?;
    let found: Vec<_> = found.iter().map(|one| (one.place.to_string(), row(one))).collect();
    let (rows, next_page_token) = page(found, size, &list, |(place, _)| place);
    Ok(pb::ListImportRowsResponse { rows: rows.into_iter().map(|(_, row)| row).collect(), next_page_token })
}

fn action(number: i32, violations: &mut Violations) -> Option<Action> {
    let known = pb::ImportAction::try_from(number);
    if known.is_err() {
        violations.add("action", "không có việc này", "is no action");
    }
    let name = known.unwrap_or_default().as_str_name();
    Action::named(name.trim_start_matches("IMPORT_ACTION_"))
}

/// A job as the contracts have it.
pub(super) fn job(job: &Job) -> pb::ImportJob {
    let count = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
    pb::ImportJob {
        id: job.id.to_string(),
        revision: job.revision,
        kind: job.kind.into(),
        state: job.state.into(),
        file_name: job.file_name.clone(),
        effective_date: job.effective_date.to_string(),
        reason: job.reason.clone(),
        row_count: count(job.counts.rows),
        create_count: count(job.counts.creates),
        update_count: count(job.counts.updates),
        unchanged_count: count(job.counts.unchanged),
        error_count: count(job.counts.errors),
        done_count: count(job.counts.done),
        left_out_count: count(job.counts.left_out),
        creator_id: job.creator_id.to_string(),
        creator_name: job.creator_name.clone(),
        create_time: Some(shape::time(job.created_at)),
        update_time: Some(shape::time(job.updated_at)),
    }
}

fn row(row: &Staged) -> pb::ImportRow {
    pb::ImportRow {
        row: number(row.row),
        key: row.key.clone(),
        subject_id: row.subject_id.map(|id| id.to_string()).unwrap_or_default(),
        action: row.action.to_proto().into(),
        errors: row.mistakes.iter().map(error).collect(),
        changes: row.changes.iter().map(change).collect(),
    }
}

fn error(mistake: &Mistake) -> pb::ImportError {
    let message = match Call::current().language {
        Language::Vi => &mistake.vi,
        Language::En => &mistake.en,
    };
    pb::ImportError { row: number(mistake.row), column: mistake.column.clone(), message: message.clone() }
}

fn change(change: &Change) -> pb::ImportChange {
    let Change { field, before, after } = change.clone();
    pb::ImportChange { field, before, after }
}

fn number(row: u32) -> i32 {
    i32::try_from(row).unwrap_or(i32::MAX)
}
