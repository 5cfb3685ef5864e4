use std::time::Duration;

use base::{Ids, Timestamp, Uuid};
use congvan_proto::documents::v1 as pb;
use documents_domain::{Document, limits};
use kit::{Fault, Violations, caller::Caller};
use sql::Write;

use super::{
    command::{Command, Target},
    record::{self, Released},
    relations,
};
use crate::{Documents, faults, shape, store, units::Units};

/// Releases a sealed document: deliveries to everybody and the event in one transaction, or the order to make them.
pub(super) async fn release(
    service: &Documents,
    caller: &Caller,
    request: pb::ReleaseDocumentRequest,
) -> Result<pb::ReleaseDocumentResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("ReleaseDocument", caller, &target, &request, &mut violations)?;
    let undo = undo(request.undo_seconds, &mut violations);
    violations.check()?;
    let recipients = command.find(service).await?.fields.recipients;
    let units = service.units(recipients.iter().map(|recipient| recipient.unit_id)).await?;

    let now = service.clock.now();
    let mut tx = service.db.write("release_document").await?;
    if let Some(answer) = command.once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let mut document = command.lock(&mut tx).await?;
    document.may_release(&command.officer).map_err(faults::rejected)?;
    command.check_revision(document.revision)?;
    let deliveries = send(service, &mut tx, &mut document, &units, undo, now).await?;
    let change = document.release(&command.officer, undo, now).map_err(faults::rejected)?;
    store::document::save_stage(&mut tx, &change.document).await?;
    record::released(&service.ids, &mut tx, &[Released::here(&change, &deliveries)]).await?;
    let attachments = store::attachment::of(&mut tx, command.id).await?;
    let answer = pb::ReleaseDocumentResponse {
        document: Some(shape::document(&change.document, &attachments)),
        delivery_count: count(&deliveries),
    };
    command.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// For how long a release can be undone.
pub(super) fn undo(seconds: i32, violations: &mut Violations) -> Duration {
    let most = limits::UNDO_SECONDS;
    let known = u64::try_from(seconds).ok().filter(|_| seconds <= most);
    if known.is_none() {
        violations.add("undoSeconds", format!("từ 0 đến {most}"), format!("must be 0 to {most}"));
    }
    Duration::from_secs(known.unwrap_or(0))
}

/// How many deliveries were made, for the answer.
pub(super) fn count(deliveries: &[Uuid]) -> i32 {
    i32::try_from(deliveries.len()).expect("at most 5,000")
}

/// Gives the recipients their names of today, and delivers to them unless deliveries are held: then the names are kept for them.
pub(super) async fn send(
    service: &Documents,
    tx: &mut Write,
    document: &mut Document,
    units: &Units,
    undo: Duration,
    now: Timestamp,
) -> Result<Vec<Uuid>, Fault> {
    let known = document.fields.recipients.clone();
    units.name_recipients(&mut document.fields.recipients)?;
    relations::put_in_force(tx, document).await?.map_err(faults::rejected)?;
    if !document.holds(undo) {
        return deliver(service, tx, document, now).await;
    }
    if document.fields.recipients != known {
        store::recipient::replace(tx, document).await?;
    }
    Ok(Vec::new())
}

async fn deliver(
    service: &Documents,
    tx: &mut Write,
    document: &Document,
    now: Timestamp,
) -> Result<Vec<Uuid>, Fault> {
    let ids = delivery_ids(&service.ids, document);
    store::delivery::fan_out(tx, &[(document, &ids)], now).await?;
    Ok(ids)
}

/// Ids for the deliveries of a document, one for each recipient.
pub(super) fn delivery_ids(ids: &Ids, document: &Document) -> Vec<Uuid> {
    let mut new: Vec<_> = document.fields.recipients.iter().map(|_| ids.next()).collect();
    new.sort_unstable(); // so that the deliveries come in the order of the recipients
    new
}

/// Makes the deliveries of one held release, with their event, if its time has come and no other process was faster.
pub(crate) async fn deliver_due(service: &Documents, id: Uuid, now: Timestamp) -> Result<(), Fault> {
    let mut tx = service.db.write("deliver_document").await?;
    let document = store::document::lock(&mut tx, id).await?;
    let Some(change) = document.and_then(|document| document.deliver(now)) else { return Ok(()) };
    let deliveries = deliver(service, &mut tx, &change.document, now).await?;
    store::document::save_stage(&mut tx, &change.document).await?;
    record::released(&service.ids, &mut tx, &[Released::here(&change, &deliveries)]).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(())
}
