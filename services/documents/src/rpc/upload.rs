use blobs::{Stored, Upload};
use bytes::Bytes;
use congvan_proto::documents::v1::{self as pb, upload_attachment_request::Part as UploadPart};
use documents_domain::{HistoryLine, limits};
use kit::{Fault, Violations, caller::Caller};
use tonic::Streaming;

use super::{
    command::{Command, Target},
    files::{Admission, Arrival},
    record,
    sniff::{HEAD_BYTES, Promise},
};
use crate::{
    Documents, faults, shape,
    store::{self, attachment::Attachment},
};

/// What is to be attached, parsed.
struct Header {
    command: Command,
    arrival: Arrival,
    file_name: String,
    promise: Promise,
}

/// Attaches a file to a draft: stored as it streams in, recorded once it is whole.
pub(super) async fn upload(
    service: &Documents,
    caller: &Caller,
    mut stream: Streaming<pb::UploadAttachmentRequest>,
) -> Result<pb::UploadAttachmentResponse, Fault> {
    let header = match next(&mut stream).await? {
        Some(UploadPart::Header(header)) => parse(caller, &header)?,
        Some(UploadPart::Chunk(_)) | None => return Err(misplaced_header()),
    };
    refuse_early(service, &header).await?;
    let mut upload = service.blobs.begin().await.map_err(faults::blob)?;
    match receive(service, &header, &mut stream, &mut upload).await {
        Ok(()) => {
            let stored = upload.finish().await.map_err(faults::blob)?;
            record(service, header, stored).await
        }
        Err(fault) => {
            upload.abort().await;
            Err(fault)
        }
    }
}

fn parse(caller: &Caller, header: &pb::UploadAttachmentHeader) -> Result<Header, Fault> {
    let mut violations = Violations::default();
    let target = Target {
        places: ["documentId", "revision"],
        ..Target::new(&header.document_id, header.revision, &header.request_id)
    };
    let command = Command::parse("UploadAttachment", caller, &target, header, &mut violations)?;
    let file_name = violations.text("fileName", &header.file_name, true, limits::FILE_NAME);
    if file_name.contains(['/', '\\']) || file_name.chars().any(char::is_control) {
        violations.add("fileName", "không được có đường dẫn", "must not hold a path");
    }
    let role = pb::AttachmentRole::try_from(header.role).unwrap_or_else(|_| {
        violations.add("role", "không có vai trò này", "is no role");
        pb::AttachmentRole::Main
    });
    let replaces = violations.optional_id("replacedAttachmentId", &header.replaced_attachment_id);
    violations.check()?;
    let promise = Promise::of(&file_name)?;
    Ok(Header { command, arrival: Arrival { role, replaces }, file_name, promise })
}

/// Refuses before the bytes are sent what would be refused after; the transaction asks again.
async fn refuse_early(service: &Documents, header: &Header) -> Result<(), Fault> {
    let command = &header.command;
    let mut read = service.db.read("find_document").await?;
    if command.once.is_answered(&mut read).await? {
        return Ok(()); // a repeat gets its first answer, whatever has become of the document
    }
    let document = super::read::readable(&mut read, &command.officer, command.id).await?;
    let document = document.ok_or_else(|| faults::no_document(command.id))?.document;
    let by = (&command.officer, service.clock.now());
    header.arrival.admit(service, &mut read, document, by, 0).await.map(drop)
}

async fn receive(
    service: &Documents,
    header: &Header,
    stream: &mut Streaming<pb::UploadAttachmentRequest>,
    upload: &mut Upload,
) -> Result<(), Fault> {
    let limit = service.config.max_file_bytes;
    let mut head = Vec::with_capacity(HEAD_BYTES);
    let mut checked = false;
    while let Some(part) = next(stream).await? {
        let UploadPart::Chunk(chunk) = part else { return Err(misplaced_header()) };
        if upload.size() + u64::try_from(chunk.len()).unwrap_or(u64::MAX) > limit {
            return Err(faults::file_too_large(limit));
        }
        if !checked {
            let missing = HEAD_BYTES - head.len();
            head.extend_from_slice(&chunk[..chunk.len().min(missing)]);
            checked = head.len() == HEAD_BYTES;
            if checked {
                header.promise.check(&head)?;
            }
        }
        upload.write(chunk).await.map_err(faults::blob)?;
    }
    match upload.size() {
        0 => Err(faults::file_empty()),
        _ if checked => Ok(()),
        _ => header.promise.check(&head),
    }
}

/// Records the stored file in one transaction with the change of its document.
async fn record(
    service: &Documents,
    header: Header,
    stored: Stored,
) -> Result<pb::UploadAttachmentResponse, Fault> {
    let Header { command, arrival, file_name, promise } = header;
    let now = service.clock.now();
    let mut tx = service.db.write("attach_file").await?;
    let before: Option<pb::UploadAttachmentResponse> = command.once.recall(&mut tx, now).await?;
    if let Some(answer) = before {
        // The request id speaks for the header; the bytes must be the same, too.
        let same =
            answer.attachment.as_ref().is_some_and(|before| before.sha256 == stored.digest.to_string());
        return if same { Ok(answer) } else { Err(Fault::request_id_reused()) };
    }
    let document = command.lock(&mut tx).await?;
    let current = document.revision;
    let admission = arrival.admit(service, &mut tx, document, (&command.officer, now), stored.size).await?;
    let Admission { change, role, place, replaced } = admission;
    command.check_revision(current)?;
    if let Some(replaced) = replaced {
        store::attachment::remove(&mut tx, replaced, now).await?;
    }
    let attachment = Attachment {
        id: service.ids.next(),
        document_id: command.id,
        role: role.into(),
        file_name,
        media_type: promise.media_type.to_owned(),
        size: i64::try_from(stored.size).map_err(Fault::internal)?,
        sha256: stored.digest.to_string(),
        created_at: now,
        place,
        removed_at: None,
    };
    store::attachment::insert(&mut tx, &attachment).await?;
    store::document::save_stage(&mut tx, &change.document).await?;
    let (attachment_id, replaced_id) = (Some(attachment.id), replaced);
    let line = HistoryLine { attachment_id, replaced_id, ..HistoryLine::of(&change) };
    record::written(service, &mut tx, &change, line).await?;
    let answer = pb::UploadAttachmentResponse {
        attachment: Some(shape::attachment(&attachment)),
        document_revision: change.document.revision,
    };
    command.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// The next part; a fault if the caller broke off, so that half a file is never taken for a whole one.
async fn next(stream: &mut Streaming<pb::UploadAttachmentRequest>) -> Result<Option<UploadPart>, Fault> {
    let message = stream.message().await.map_err(Fault::unavailable)?;
    let Some(message) = message else { return Ok(None) };
    Ok(Some(message.part.unwrap_or(UploadPart::Chunk(Bytes::new()))))
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
