//! What becomes of the files of a draft: where a new one goes, and how one is taken off or moved.

use std::collections::HashSet;

use base::{Timestamp, Uuid};
use congvan_proto::documents::v1 as pb;
use documents_domain::{Change, Document, HistoryLine, Officer, Scope, limits};
use kit::{Fault, Violations, caller::Caller};
use sql::Queries;

use super::{
    command::{Command, Target},
    record,
};
use crate::{
    Documents, faults, shape,
    store::{self, attachment::Attachment},
};

/// A file that is to come into a draft.
pub(super) struct Arrival {
    /// What it is to the document; unspecified where the caller leaves it open.
    pub(super) role: pb::AttachmentRole,
    /// The file in whose place it comes.
    pub(super) replaces: Option<Uuid>,
}

/// The place that a draft has for a file.
pub(super) struct Admission {
    pub(super) change: Change,
    pub(super) role: pb::AttachmentRole,
    /// Where it stands among the appendices.
    pub(super) place: i64,
    /// The file that leaves it.
    pub(super) replaced: Option<Uuid>,
}

impl Arrival {
    /// The place that the draft has for a file of this size, if the officer may put it there.
    pub(super) async fn admit(
        &self,
        service: &Documents,
        db: &mut impl Queries,
        document: Document,
        (by, at): (&Officer, Timestamp),
        size: u64,
    ) -> Result<Admission, Fault> {
        let id = document.id;
        let main = self.role != pb::AttachmentRole::Appendix;
        let change = match self.replaces {
            Some(_) => document.replace_file(by, at),
            None => document.attach(main, by, at),
        };
        let change = change.map_err(faults::rejected)?;
        let files = store::attachment::of(db, id).await?;
        let replaced = match self.replaces {
            Some(replaces) => Some(present(db, id, &files, replaces).await?),
            None => None,
        };
        let others = files.iter().filter(|file| Some(file.id) != self.replaces);
        check_limits(service, others, size)?;
        let last = files.iter().map(|file| file.place).max().unwrap_or_default();
        Ok(Admission {
            change,
            role: self.role_in_place_of(replaced)?,
            place: replaced.map_or(last + 1, |replaced| replaced.place),
            replaced: self.replaces,
        })
    }

    /// A file takes over the role of the one that it replaces; the main one where nothing is said.
    fn role_in_place_of(&self, replaced: Option<&Attachment>) -> Result<pb::AttachmentRole, Fault> {
        let taken = match replaced {
            Some(replaced) => pb::AttachmentRole::try_from(replaced.role).map_err(Fault::internal)?,
            None if self.role == pb::AttachmentRole::Unspecified => pb::AttachmentRole::Main,
            None => self.role,
        };
        let mut violations = Violations::default();
        if ![pb::AttachmentRole::Unspecified, taken].contains(&self.role) {
            violations.add(
                "role",
                "phải là vai trò của tệp được thay, hoặc để trống",
                "must be the role of the file that is replaced, or be left out",
            );
        }
        violations.check()?;
        Ok(taken)
    }
}

/// The file of the draft with this id; a fault that tells whether it was there before.
async fn present<'a>(
    db: &mut impl Queries,
    document_id: Uuid,
    files: &'a [Attachment],
    id: Uuid,
) -> Result<&'a Attachment, Fault> {
    if let Some(file) = files.iter().find(|file| file.id == id) {
        return Ok(file);
    }
    let before = store::attachment::find(db, id).await?;
    Err(match before.filter(|file| file.document_id == document_id) {
        Some(_) => faults::draft::attachment_removed(id),
        None => faults::no_attachment(id),
    })
}

/// Fails if one more file of this size is too much beside the others.
fn check_limits<'a>(
    service: &Documents,
    others: impl Iterator<Item = &'a Attachment>,
    size: u64,
) -> Result<(), Fault> {
    let (mut count, mut bytes) = (0, size);
    for file in others {
        count += 1;
        bytes = bytes.saturating_add(u64::try_from(file.size).map_err(Fault::internal)?);
    }
    if count >= limits::FILES {
        return Err(faults::draft::too_many_attachments(limits::FILES));
    }
    let limit = service.config.max_document_bytes();
    if bytes > limit { Err(faults::draft::attachments_too_large(limit)) } else { Ok(()) }
}

/// Takes a file off a draft.
pub(super) async fn remove(
    service: &Documents,
    caller: &Caller,
    request: pb::RemoveAttachmentRequest,
) -> Result<pb::RemoveAttachmentResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("RemoveAttachment", caller, &target, &request, &mut violations)?;
    violations.check()?;

    let now = service.clock.now();
    let mut tx = service.db.write("remove_attachment").await?;
    if let Some(answer) = command.once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let missing = || faults::no_attachment(command.id);
    let file = store::attachment::find(&mut tx, command.id).await?.ok_or_else(missing)?;
    let document = store::document::lock(&mut tx, file.document_id).await?;
    let document = document.filter(|document| Scope::of(&command.officer).reads(document));
    let document = document.ok_or_else(missing)?;
    let (id, current) = (document.id, document.revision);
    let main = file.role == i32::from(pb::AttachmentRole::Main);
    let change = document.remove_file(main, &command.officer, now).map_err(faults::rejected)?;
    let files = store::attachment::of(&mut tx, id).await?;
    present(&mut tx, id, &files, command.id).await?;
    command.check_revision(current)?;
    store::attachment::remove(&mut tx, command.id, now).await?;
    store::document::save_stage(&mut tx, &change.document).await?;
    let line = HistoryLine { attachment_id: Some(command.id), ..HistoryLine::of(&change) };
    record::written(service, &mut tx, &change, line).await?;
    let files = store::attachment::of(&mut tx, id).await?;
    let answer = pb::RemoveAttachmentResponse { document: Some(shape::document(&change.document, &files)) };
    command.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Puts the appendices of a draft into another order.
pub(super) async fn arrange(
    service: &Documents,
    caller: &Caller,
    request: pb::ArrangeAttachmentsRequest,
) -> Result<pb::ArrangeAttachmentsResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target {
        places: ["documentId", "revision"],
        ..Target::new(&request.document_id, request.revision, &request.request_id)
    };
    let command = Command::parse("ArrangeAttachments", caller, &target, &request, &mut violations)?;
    let order = order(&request.attachment_ids, &mut violations);
    violations.check()?;

    let now = service.clock.now();
    let mut tx = service.db.write("arrange_attachments").await?;
    if let Some(answer) = command.once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let document = command.lock(&mut tx).await?;
    let current = document.revision;
    let change = document.arrange_files(&command.officer, now).map_err(faults::rejected)?;
    command.check_revision(current)?;
    let files = store::attachment::of(&mut tx, command.id).await?;
    check_whole(&order, &files)?;
    store::attachment::arrange(&mut tx, &order).await?;
    store::document::save_stage(&mut tx, &change.document).await?;
    record::written(service, &mut tx, &change, HistoryLine::of(&change)).await?;
    let files = store::attachment::of(&mut tx, command.id).await?;
    let answer = pb::ArrangeAttachmentsResponse { document: Some(shape::document(&change.document, &files)) };
    command.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// The order wanted; every violation is noted.
fn order(ids: &[String], violations: &mut Violations) -> Vec<Uuid> {
    if ids.is_empty() || ids.len() > limits::FILES {
        let limit = limits::FILES;
        violations.add(
            "attachmentIds",
            format!("từ 1 đến {limit} phụ lục"),
            format!("must be 1 to {limit} appendices"),
        );
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let parsed = ids.iter().enumerate().map(|(index, id)| {
        let field = format!("attachmentIds[{index}]");
        let id = violations.id(&field, id);
        if !id.is_nil() && !seen.insert(id) {
            violations.add(field, "phụ lục này đã có ở trên", "is named twice");
        }
        id
    });
    parsed.collect()
}

/// Fails if the order leaves an appendix out, or names what is none.
fn check_whole(order: &[Uuid], files: &[Attachment]) -> Result<(), Fault> {
    let is_appendix = |file: &&Attachment| file.role == i32::from(pb::AttachmentRole::Appendix);
    let appendices: HashSet<_> = files.iter().filter(is_appendix).map(|file| file.id).collect();
    let mut violations = Violations::default();
    for (index, id) in order.iter().enumerate().filter(|(_, id)| !appendices.contains(id)) {
        let (vi, en) = (
            format!("{id} không phải là phụ lục của văn bản"),
            format!("{id} is no appendix of the document"),
        );
        violations.add(format!("attachmentIds[{index}]"), vi, en);
    }
    let left_out = appendices.iter().filter(|id| !order.contains(id)).count();
    if left_out > 0 {
        violations.add(
            "attachmentIds",
            format!("còn thiếu {left_out} phụ lục"),
            format!("leaves {left_out} appendices out"),
        );
    }
    violations.check()
}
