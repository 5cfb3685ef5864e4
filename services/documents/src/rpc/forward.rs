use base::{Timestamp, Uuid};
use congvan_proto::documents::v1 as pb;
use documents_domain::{Address, Document, Forwarding, RecallState, Recipient, limits};
use events::NewEvent;
use kit::{Fault, Violations, caller::Caller};
use sql::Write;

use super::{
    command::{Command, Target},
    recipients, show,
};
use crate::{
    Documents, faults,
    store::{self, delivery::Origin},
};

/// Hands an accepted document on: a new delivery of it for each recipient.
pub(super) async fn forward(
    service: &Documents,
    caller: &Caller,
    request: pb::ForwardDeliveryRequest,
) -> Result<pb::ForwardDeliveryResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("ForwardDelivery", caller, &target, &request, &mut violations)?;
    let mut written = recipients::parse("recipients", &request.recipients, &mut violations);
    if request.recipients.is_empty() {
        violations.missing("recipients");
    }
    let note = violations.text("note", &request.note, false, limits::NOTE);
    violations.check()?;

    let mut read = service.db.read("find_delivery").await?;
    let shown = show::readable(&mut read, &command.officer, command.id).await?;
    let document = store::document::find(&mut read, shown.document_id).await?;
    let document = document.ok_or_else(|| faults::no_document(shown.document_id))?;
    let answered = command.once.is_answered(&mut read).await?;
    drop(read); // never held while another service is asked
    let now = service.clock.now();
    let delivery = &shown.delivery;
    shown.may_be_handled().map_err(faults::rejected)?;
    let mut agency_name = String::new();
    if !answered {
        let forwarding =
            delivery.may_forward(&document, &[], &command.officer, now).map_err(faults::rejected)?;
        let agency = forwarding.agency_id;
        let addressing = service.addressing(&written, agency, [agency]).await?;
        addressing.open("recipients", &mut written, agency)?;
        agency_name = addressing.units().name(agency)?;
    }

    let mut tx = service.db.write("forward_delivery").await?;
    if let Some(answer) = command.once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let locked = store::delivery::lock(&mut tx, command.id).await?;
    let locked = locked.ok_or_else(|| faults::no_delivery(command.id))?;
    // A recall locks every delivery before it asks: what is handed on before is asked for, too, and nothing is after.
    let recall = store::recall::standing(&mut tx, document.id).await?;
    show::readable(&mut tx, &command.officer, command.id)
        .await?
        .may_be_handled()
        .map_err(faults::rejected)?;
    recall.map_or(Ok(()), RecallState::lets_go).map_err(faults::rejected)?;
    let may = |agencies: &[Uuid]| locked.may_forward(&document, agencies, &command.officer, now);
    let forwarding = may(&[]).map_err(faults::rejected)?;
    may(&reached(&written, forwarding.agency_id)).map_err(faults::rejected)?;
    command.check_revision(locked.revision)?;
    let ids = deliver(service, &mut tx, (&document, &written), &forwarding, (agency_name, note)).await?;
    let event = event(service.ids.next(), &document, &written, &ids, now);
    ::events::append(&mut tx, vec![event]).await?;
    let shown = show::readable(&mut tx, &command.officer, command.id).await?;
    let answer = pb::ForwardDeliveryResponse {
        delivery: Some(show::whole(&mut tx, &command.officer, &shown).await?),
        forwarded_count: i32::try_from(ids.len()).unwrap_or(i32::MAX),
    };
    command.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// The agencies of those to whom it is handed on.
fn reached(recipients: &[Recipient], forwarder: Uuid) -> Vec<Uuid> {
    let agency = |recipient: &Recipient| match recipient.address {
        Address::Agency => recipient.unit_id,
        _ => forwarder,
    };
    recipients.iter().map(agency).collect()
}

/// Makes the deliveries; their ids, in the order of the recipients.
async fn deliver(
    service: &Documents,
    tx: &mut Write,
    (document, recipients): (&Document, &[Recipient]),
    forwarding: &Forwarding,
    (agency_name, note): (String, String),
) -> Result<Vec<Uuid>, Fault> {
    let mut ids: Vec<_> = recipients.iter().map(|_| service.ids.next()).collect();
    ids.sort_unstable();
    let origin = Origin { forwarding: forwarding.clone(), agency_name, note };
    store::delivery::hand_on(tx, document, recipients, &ids, &origin).await?;
    Ok(ids)
}

/// The event, which says of the document what its issue said, and to whom it came now.
fn event(
    id: Uuid,
    document: &Document,
    recipients: &[Recipient],
    deliveries: &[Uuid],
    at: Timestamp,
) -> NewEvent {
    let issuance = document.stage.issuance().expect("only what is issued is delivered");
    let data = pb::DocumentIssued {
        document_id: document.id.to_string(),
        notation: documents_domain::notation(issuance.number, issuance.symbol),
        issued_date: issuance.on.to_string(),
        r#abstract: document.fields.summary.clone(),
        urgency: document.fields.urgency.number(),
        issuing_agency_id: document.agency_id.to_string(),
        issuing_agency_name: document.agency_name.clone(),
        deliveries: super::events::deliveries(document.agency_id, recipients, deliveries),
    };
    NewEvent::new(id, "congvan.documents.delivery.forwarded", document.id, at, &data)
}
