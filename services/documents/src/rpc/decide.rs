use base::{Timestamp, Uuid, legal_date};
use congvan_proto::documents::v1 as pb;
use documents_domain::{
    Act, Delivery, DeliveryChange, DeliveryEvent, Description, Direction, Entry, Facts, Integrity, Officer,
    Refusal, RefusalCode, Register, RegisterAct, Rejection, Signatory, limits,
};
use kit::{Fault, Violations, caller::Caller};
use prost::Message;
use sql::Write;

use super::{
    check::{self, Inspection},
    command::{Command, Target},
    delivery_events, show,
};
use crate::{
    Documents, faults,
    store::{self, delivery::Shown},
};

/// Accepts a document: into the incoming register, where an agency received it.
pub(super) async fn accept(
    service: &Documents,
    caller: &Caller,
    request: pb::AcceptDeliveryRequest,
) -> Result<pb::AcceptDeliveryResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("AcceptDelivery", caller, &target, &request, &mut violations)?;
    violations.check()?;
    let inspection = check::before_acceptance(service, &command).await?;
    let inspected = inspection.as_ref().map(Inspection::integrity);
    let answer = |delivery| pb::AcceptDeliveryResponse { delivery: Some(delivery) };
    let rule = |delivery: Delivery, by: &_, at| {
        // Looked at by somebody else just now, or before this call.
        let integrity = delivery.integrity.or(inspected).unwrap_or(Integrity::Sound);
        delivery.accept(integrity, by, at)
    };
    decide(service, command, inspection, rule, answer).await
}

/// Refuses a document with a reason that the sender reads.
pub(super) async fn refuse(
    service: &Documents,
    caller: &Caller,
    request: pb::RefuseDeliveryRequest,
) -> Result<pb::RefuseDeliveryResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("RefuseDelivery", caller, &target, &request, &mut violations)?;
    let refusal = refusal(request.code, &request.reason, &mut violations);
    violations.check()?;
    let answer = |delivery| pb::RefuseDeliveryResponse { delivery: Some(delivery) };
    let rule = |delivery: Delivery, by: &_, at| delivery.refuse(refusal, by, at);
    decide(service, command, None, rule, answer).await
}

/// Sends an accepted document back, with a reason that the sender reads.
pub(super) async fn send_back(
    service: &Documents,
    caller: &Caller,
    request: pb::ReturnDeliveryRequest,
) -> Result<pb::ReturnDeliveryResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("ReturnDelivery", caller, &target, &request, &mut violations)?;
    let refusal = refusal(request.code, &request.reason, &mut violations);
    violations.check()?;
    let answer = |delivery| pb::ReturnDeliveryResponse { delivery: Some(delivery) };
    let rule = |delivery: Delivery, by: &_, at| delivery.send_back(refusal, by, at);
    decide(service, command, None, rule, answer).await
}

/// A code with a reason, which must be told where the code says nothing.
fn refusal(code: i32, reason: &str, violations: &mut Violations) -> Refusal {
    let code = RefusalCode::numbered(code).unwrap_or_else(|| {
        violations.add("code", "không có mã lý do này", "is no code of a reason");
        RefusalCode::Other
    });
    let reason = violations.text("reason", reason, code == RefusalCode::Other, limits::REASON);
    Refusal { code, reason }
}

/// Runs a command about a delivery that the officer may read: one transaction, one status, one event.
pub(super) async fn decide<R: Message + Default>(
    service: &Documents,
    command: Command,
    inspection: Option<Inspection>,
    rule: impl FnOnce(Delivery, &Officer, Timestamp) -> Result<DeliveryChange, Rejection>,
    answer: impl FnOnce(pb::Delivery) -> R,
) -> Result<R, Fault> {
    let now = service.clock.now();
    let mut tx = service.db.write("decide_delivery").await?;
    if let Some(answer) = command.once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let missing = || faults::no_delivery(command.id);
    let delivery = store::delivery::lock(&mut tx, command.id).await?.ok_or_else(missing)?;
    let shown = show::readable(&mut tx, &command.officer, command.id).await?;
    let current = delivery.revision;
    let change = rule(delivery, &command.officer, now);
    if !matches!(change, Err(Rejection::NotAllowed(_))) {
        shown.may_be_handled().map_err(faults::rejected)?;
    }
    let change = change.map_err(faults::rejected)?;
    command.check_revision(current)?;
    let arrival_number = match change.event {
        DeliveryEvent::Accepted { registered_by: Some(agency_id) } => {
            Some(register(&mut tx, agency_id, (&shown, service.ids.secret()), (&change.by, now)).await?)
        }
        _ => None,
    };
    store::delivery_history::save(&mut tx, &change, arrival_number).await?;
    if let Some(inspection) = inspection {
        inspection.save(&mut tx, command.id, &Act { by: change.by.clone(), at: now }).await?;
    }
    ::events::append(&mut tx, vec![delivery_events::changed(service.ids.next(), &change, &shown, now)])
        .await?;
    let shown = show::readable(&mut tx, &command.officer, command.id).await?;
    let answer = answer(show::whole(&mut tx, &command.officer, &shown).await?);
    command.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Takes the next arrival number of the year and writes the register's line. A document that the agency has entered already,
/// when it came to another agency that it took over from, keeps its number.
async fn register(
    tx: &mut Write,
    agency_id: Uuid,
    (shown, salt): (&Shown, String),
    (clerk, now): (&Signatory, Timestamp),
) -> Result<i32, Fault> {
    let on = legal_date(now);
    let direction = Direction::Incoming;
    if let Some(written) = store::register::entered(tx, agency_id, direction, shown.document_id).await? {
        return Ok(written.line.entry.number);
    }
    let register = Register::common(agency_id, direction, on.year());
    let taken = store::register::take(tx, register, 1, on).await?;
    let taken = taken.map_err(|last| faults::rejected(Rejection::DateBeforeLastNumber { last }))?;
    let number = taken.number();
    let facts = Facts {
        notation: shown.notation.clone(),
        issued_on: shown.issued_on,
        summary: shown.summary.clone(),
        signer_name: shown.signer_name.clone(),
    };
    let entry = Entry {
        document_id: Some(shown.document_id),
        description: Some(Description::Kept { facts, salt }),
        counterpart_name: shown.sender_name.clone(),
        officer_name: clerk.full_name.clone(),
        ..Entry::new(RegisterAct::Entered, number, now)
    };
    store::register::enter(tx, taken, vec![entry]).await?;
    Ok(number)
}
