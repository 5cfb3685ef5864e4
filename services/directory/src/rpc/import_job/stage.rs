use bytes::Bytes;
use congvan_proto::directory::v1::{self as pb, stage_import_request::Part};
use kit::{
    Fault, Violations,
    caller::{Caller, Person},
};
use prost::Message;
use sha2::{Digest, Sha256};
use sql::answers::Once;
use tonic::Streaming;

use super::read;
use crate::{
    Directory, faults, permission,
    provision::{self, Action, Around, BATCH, Staged},
    rpc::dates,
    sheet::limits,
    store::{
        self,
        import_job::{Counts, Job},
    },
};

/// Characters of the name of a file.
const FILE_NAME: usize = 255;

/// Characters of the name of a sheet; spreadsheets allow 31.
const SHEET: usize = 100;

/// Reads a file and compares it with the directory. The job is there from the beginning, as READING: what a crash leaves is
/// swept with the others.
pub(super) async fn stage(
    service: &Directory,
    caller: &Caller,
    mut stream: Streaming<pb::StageImportRequest>,
) -> Result<pb::StageImportResponse, Fault> {
    let person = permission::administrator(caller)?;
    let header = match next(&mut stream).await? {
        Some(Part::Header(header)) => header,
        Some(Part::Chunk(_)) | None => return Err(misplaced_header()),
    };
    let mut violations = Violations::default();
    let (mut job, sheet) = parse(service, person, &header, &mut violations);
    let request_id = violations.optional_id("requestId", &header.request_id);
    violations.check()?;
    let bytes = receive(&mut stream).await?;
    // The request id speaks for the header and for the bytes.
    let said = [header.encode_to_vec(), Sha256::digest(&bytes).to_vec()].concat();
    let asked = pb::StageImportRequest { part: Some(Part::Chunk(said.into())) };
    let request_id = request_id.map(|id| id.to_string()).unwrap_or_default();
    let once = Once::new("StageImport", person.user_id, &request_id, &asked, &mut Violations::default());
    let kind = job.kind;
    let read = tokio::task::spawn_blocking(move || provision::read(kind, &bytes, &sheet));
    let file = read.await.map_err(Fault::internal)?.map_err(|why| faults::import::unreadable(&why))?;

    let mut tx = service.db.write("begin_import").await?;
    if let Some(answer) = once.recall(&mut tx, job.created_at).await? {
        return Ok(answer);
    }
    job.counts.rows = i64::from(file.rows());
    store::import_job::insert(&mut tx, &job).await?;
    tx.commit().await?;

    let around = Around { on: job.effective_date, now: job.created_at, ids: &service.ids };
    let mut db = service.db.read("compare_import").await?;
    let staged = provision::compare(&mut db, file, around).await?;
    drop(db);
    for part in staged.chunks(usize::from(BATCH)) {
        let mut tx = service.db.write("stage_import").await?;
        store::import_row::insert(&mut tx, job.id, part).await?;
        tx.commit().await?;
    }
    finish(service, &mut job, &staged, &once).await
}

/// Tells what comparing came to, unless the job was cancelled meanwhile.
async fn finish(
    service: &Directory,
    job: &mut Job,
    staged: &[Staged],
    once: &Once,
) -> Result<pb::StageImportResponse, Fault> {
    let mut tx = service.db.write("finish_staging").await?;
    let current = store::import_job::lock(&mut tx, job.id).await?;
    let current = current.ok_or_else(|| faults::import::no_import(job.id))?;
    if current.state == pb::ImportState::Reading {
        job.counts = Counts { rows: job.counts.rows, ..count(staged) };
        job.state = if job.counts.errors > 0 { pb::ImportState::Invalid } else { pb::ImportState::Staged };
        job.touch(service.clock.now());
        store::import_job::change(&mut tx, job).await?;
    } else {
        *job = current;
    }
    let answer = pb::StageImportResponse { job: Some(read::job(job)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    Ok(answer)
}

fn parse(
    service: &Directory,
    person: &Person,
    header: &pb::StageImportHeader,
    violations: &mut Violations,
) -> (Job, String) {
    let kind = pb::ImportKind::try_from(header.kind).unwrap_or_default();
    if kind == pb::ImportKind::Unspecified {
        violations.missing("kind");
    }
    let sheet = violations.text("sheet", &header.sheet, false, SHEET);
    let now = service.clock.now();
    let job = Job {
        id: service.ids.next(),
        revision: 1,
        kind,
        state: pb::ImportState::Reading,
        file_name: violations.text("fileName", &header.file_name, false, FILE_NAME),
        effective_date: dates::first_day(service, "effectiveDate", &header.effective_date, violations),
        reason: dates::reason(&header.reason, violations),
        counts: Counts::default(),
        done_place: 0,
        creator_id: person.user_id,
        creator_name: person.full_name.clone(),
        committer: None,
        created_at: now,
        updated_at: now,
    };
    (job, sheet)
}

/// The whole file.
async fn receive(stream: &mut Streaming<pb::StageImportRequest>) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    while let Some(part) = next(stream).await? {
        let Part::Chunk(chunk) = part else { return Err(misplaced_header()) };
        if bytes.len() + chunk.len() > limits::FILE {
            return Err(faults::import::too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn count(staged: &[Staged]) -> Counts {
    let doing = |action: Action| {
        i64::try_from(staged.iter().filter(|row| row.action == action).count()).unwrap_or(i64::MAX)
    };
    let errors = staged.iter().map(|row| row.mistakes.len()).sum::<usize>();
    Counts {
        creates: doing(Action::Create),
        updates: doing(Action::Update),
        unchanged: doing(Action::Unchanged),
        errors: i64::try_from(errors).unwrap_or(i64::MAX),
        ..Counts::default()
    }
}

/// The next part; a fault if the caller broke off, so that half a file is never taken for a whole one.
async fn next(stream: &mut Streaming<pb::StageImportRequest>) -> Result<Option<Part>, Fault> {
    let message = stream.message().await.map_err(Fault::unavailable)?;
    let Some(message) = message else { return Ok(None) };
    Ok(Some(message.part.unwrap_or(Part::Chunk(Bytes::new()))))
}

fn misplaced_header() -> Fault {
    let mut violations = Violations::default();
    violations.add(
        "header",
        "phải là thông điệp đầu tiên và duy nhất",
        "must be the first message and come once",
    );
    violations.check().expect_err("it holds a violation")
}
