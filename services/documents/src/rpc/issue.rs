use base::{Timestamp, Uuid};
use congvan_proto::documents::v1 as pb;
use documents_domain::{Change, Document, StageName};
use kit::{Fault, Violations, caller::Caller};
use sql::Write;

use super::{
    command::{Command, Target},
    number::Given,
    record, release,
};
use crate::{Documents, faults, shape, store, units::Units};

/// Issues a signed document: whatever is missing of number, register entry, seal and release, with a delivery for every recipient
/// and the event, in one transaction.
pub(super) async fn issue(
    service: &Documents,
    caller: &Caller,
    request: pb::IssueDocumentRequest,
) -> Result<pb::IssueDocumentResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("IssueDocument", caller, &target, &request, &mut violations)?;
    let undo = release::undo(request.undo_seconds, &mut violations);
    violations.check()?;
    let units = units_of(service, &command).await?;

    let now = service.clock.now();
    let mut tx = service.db.write("issue_document").await?;
    if let Some(answer) = command.once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let mut document = command.lock(&mut tx).await?;
    document.may_issue(&command.officer).map_err(faults::rejected)?;
    command.check_revision(document.revision)?;

    // The register last: its row is what others wait for.
    let deliveries = release::send(service, &mut tx, &mut document, &units, undo, now).await?;
    let given = number(service, &mut tx, &document, &units, now).await?;
    let numbered = given.as_ref().map(Given::number_and_symbol);
    let change = document.issue(numbered, &command.officer, undo, now).map_err(faults::rejected)?;
    let answer = store(service, &mut tx, &change, given, &deliveries, now).await?;
    command.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// What the directory says of issuer and recipients, asked before the transaction.
async fn units_of(service: &Documents, command: &Command) -> Result<Units, Fault> {
    let document = command.find(service).await?;
    let recipients = document.fields.recipients.iter().map(|recipient| recipient.unit_id);
    service.units(recipients.chain([document.agency_id, document.drafting_unit_id])).await
}

/// A number for what bears none yet.
async fn number(
    service: &Documents,
    tx: &mut Write,
    document: &Document,
    units: &Units,
    now: Timestamp,
) -> Result<Option<Given>, Fault> {
    if document.stage.name() != StageName::Signed {
        return Ok(None);
    }
    Given::take(service, tx, document, units, now).await.map(Some)
}

/// Stores what issuing came to; the answer.
async fn store(
    service: &Documents,
    tx: &mut Write,
    change: &Change,
    given: Option<Given>,
    deliveries: &[Uuid],
    now: Timestamp,
) -> Result<pb::IssueDocumentResponse, Fault> {
    let Change { document, .. } = change;
    store::document::save_stage(tx, document).await?;
    if let Some(given) = given {
        given.enter(tx, change, now).await?;
    }
    record::released(service, tx, change, deliveries).await?;
    let attachments = store::attachment::of(tx, document.id).await?;
    Ok(pb::IssueDocumentResponse {
        document: Some(shape::document(document, &attachments)),
        delivery_count: release::count(deliveries),
    })
}
