//! The sender's side of a recall.

use base::Timestamp;
use congvan_proto::{documents::v1 as pb, time_from_proto};
use documents_domain::{Recall, RecallOrder, limits};
use jiff::SignedDuration;
use kit::{Fault, Violations, caller::Caller};
use sql::Write;

use super::{
    command::{Command, Target},
    read::at_sender,
    recall::{event, shown},
};
use crate::{Documents, faults, store};

/// How long after the request an answer may be awaited at most.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Recalls a document: freezes it and asks everybody who received it, in one transaction.
pub(super) async fn request(
    service: &Documents,
    caller: &Caller,
    request: pb::RequestRecallRequest,
) -> Result<pb::RequestRecallResponse, Fault> {
    let now = service.clock.now();
    let mut violations = Violations::default();
    let target = Target {
        places: ["documentId", "revision"],
        ..Target::new(&request.document_id, request.revision, &request.request_id)
    };
    let command = Command::parse("RequestRecall", caller, &target, &request, &mut violations)?;
    let order = RecallOrder {
        notice_document_id: violations.id("noticeDocumentId", &request.notice_document_id),
        reason: violations.text("reason", &request.reason, true, limits::REASON),
        deadline: deadline(request.deadline.as_ref(), now, &mut violations),
    };
    violations.check()?;

    let mut tx = service.db.write("request_recall").await?;
    if let Some(answer) = command.once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let document = at_sender(&mut tx, &command.officer, command.id).await?;
    let parties = store::recall_party::lock_all(&mut tx, command.id).await?;
    let notice = store::document::find(&mut tx, order.notice_document_id).await?;
    let before = store::recall::standing(&mut tx, document.id).await?;
    let papers = (&document, notice.as_ref());
    let recall = Recall::request(service.ids.next(), papers, before, order, &command.officer, now);
    let recall = recall.map_err(faults::rejected)?;
    command.check_revision(document.revision)?;
    store::recall::insert(&mut tx, &recall).await?;
    store::recall_party::ask(&mut tx, &recall, &parties).await?;
    let recall = settle(&mut tx, recall, now).await?;
    let kind = ("congvan.documents.recall.requested", recall.order.reason.as_str());
    let event = event(&mut tx, service.ids.next(), kind, &recall, |_| true).await?;
    ::events::append(&mut tx, vec![event]).await?;
    let answer = pb::RequestRecallResponse { recall: Some(shown(&mut tx, &command.officer, &recall).await?) };
    command.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Takes a recall back that nobody has agreed to.
pub(super) async fn cancel(
    service: &Documents,
    caller: &Caller,
    request: pb::CancelRecallRequest,
) -> Result<pb::CancelRecallResponse, Fault> {
    let now = service.clock.now();
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("CancelRecall", caller, &target, &request, &mut violations)?;
    let reason = violations.text("reason", &request.reason, true, limits::REASON);
    violations.check()?;

    let mut tx = service.db.write("cancel_recall").await?;
    if let Some(answer) = command.once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let missing = || faults::no_recall(command.id);
    let recall = store::recall::lock(&mut tx, command.id).await?.ok_or_else(missing)?;
    shown(&mut tx, &command.officer, &recall).await?; // or there is none for this officer
    let (current, tally) = (recall.revision, store::recall_party::tally(&mut tx, recall.id).await?);
    let recall = recall.cancel(tally, reason.clone(), &command.officer, now).map_err(faults::rejected)?;
    command.check_revision(current)?;
    store::recall::save(&mut tx, &recall).await?;
    let (by, _) = recall.cancelled.as_ref().expect("it was cancelled just now");
    store::recall_party::take_back(&mut tx, &recall, &by.by, &reason).await?;
    let kind = ("congvan.documents.recall.cancelled", reason.as_str());
    let event = event(&mut tx, service.ids.next(), kind, &recall, |_| true).await?;
    ::events::append(&mut tx, vec![event]).await?;
    let answer = pb::CancelRecallResponse { recall: Some(shown(&mut tx, &command.officer, &recall).await?) };
    command.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Stores what a recall has come to by where its parties stand.
pub(crate) async fn settle(tx: &mut Write, recall: Recall, now: Timestamp) -> Result<Recall, Fault> {
    let tally = store::recall_party::tally(tx, recall.id).await?;
    let recall = recall.settle(tally, now);
    store::recall::save(tx, &recall).await?;
    Ok(recall)
}

/// A moment after now, by [`LONGEST`] at most, to the microsecond.
fn deadline(
    given: Option<&prost_types::Timestamp>,
    now: Timestamp,
    violations: &mut Violations,
) -> Timestamp {
    let Some(given) = given else {
        violations.missing("deadline");
        return now;
    };
    let at = Timestamp::from_microsecond(time_from_proto(given)).ok();
    at.filter(|at| *at > now && *at <= now + LONGEST).unwrap_or_else(|| {
        violations.add(
            "deadline",
            "phải sau lúc này và không quá 90 ngày",
            "must be after now, by 90 days at most",
        );
        now
    })
}
