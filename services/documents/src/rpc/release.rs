use std::time::Duration;

use base::{Ids, Timestamp, Uuid};
use congvan_proto::documents::v1 as pb;
use documents_domain::{Address, CirculationMark, Document, Fields, Recipient, Rejection, limits};
use kit::{Fault, Violations, caller::Caller};
use sql::Write;

use super::{
    command::{Command, Target},
    record::{self, Released},
    relations,
};
use crate::{Documents, addressing::Addressing, faults, shape, store};

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
    let found = command.find(service).await?;
    let addressing = service.addressing(&found.fields.recipients, found.agency_id, []).await?;

    let now = service.clock.now();
    let mut tx = service.db.write("release_document").await?;
    if let Some(answer) = command.once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let mut document = command.lock(&mut tx).await?;
    document.may_release(&command.officer).map_err(faults::rejected)?;
    command.check_revision(document.revision)?;
    let deliveries = send(service, &mut tx, &mut document, &addressing, undo, now).await?;
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
    addressing: &Addressing,
    undo: Duration,
    now: Timestamp,
) -> Result<Vec<Uuid>, Fault> {
    let known = document.fields.recipients.clone();
    address(addressing, document)?;
    relations::put_in_force(tx, document).await?.map_err(faults::rejected)?;
    if !document.holds(undo) {
        return deliver(service, tx, document, now).await;
    }
    if document.fields.recipients != known {
        store::recipient::replace(tx, document).await?;
    }
    Ok(Vec::new())
}

/// Puts those to whom the document goes today in place of those written down, if it may go there.
pub(super) fn address(addressing: &Addressing, document: &mut Document) -> Result<(), Fault> {
    let Document { agency_id, fields, .. } = document;
    addressing.open("document.recipients", &mut fields.recipients, *agency_id)?;
    stays_inside(fields, *agency_id)
}

/// Refuses what is to go round inside only, and is addressed to another agency.
fn stays_inside(fields: &Fields, agency_id: Uuid) -> Result<(), Fault> {
    let outside =
        |recipient: &Recipient| recipient.address == Address::Agency && recipient.unit_id != agency_id;
    let mark = CirculationMark::Internal;
    if fields.circulation == Some(mark) && fields.recipients.iter().any(outside) {
        return Err(faults::rejected(Rejection::NotToCirculate(mark)));
    }
    Ok(())
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
