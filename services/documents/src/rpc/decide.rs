use base::{Timestamp, legal_date};
use congvan_proto::documents::v1 as pb;
use documents_domain::{
    Delivery, DeliveryChange, DeliveryEvent, Description, Direction, Entry, Facts, Officer, Register,
    RegisterAct, Rejection, limits,
};
use kit::{Fault, Violations, caller::Caller};
use prost::Message;
use sql::Write;

use super::{
    command::{Command, Target},
    deliveries::may_read,
    events,
};
use crate::{
    Documents, faults, shape,
    store::{self, delivery::Shown},
};

/// Accepts a document into the recipient's incoming register.
pub(super) async fn accept(
    service: &Documents,
    caller: &Caller,
    request: pb::AcceptDeliveryRequest,
) -> Result<pb::AcceptDeliveryResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("AcceptDelivery", caller, &target, &request, &mut violations)?;
    violations.check()?;
    let answer = |delivery| pb::AcceptDeliveryResponse { delivery: Some(delivery) };
    decide(service, command, Delivery::accept, answer).await
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
    let reason = violations.text("reason", &request.reason, true, limits::REASON);
    violations.check()?;
    let answer = |delivery| pb::RefuseDeliveryResponse { delivery: Some(delivery) };
    let rule = |delivery: Delivery, by: &_, at| delivery.refuse(reason, by, at);
    decide(service, command, rule, answer).await
}

async fn decide<R: Message + Default>(
    service: &Documents,
    command: Command,
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
    let shown = store::delivery::find(&mut tx, command.id).await?;
    let shown = shown.filter(|shown| may_read(&command.officer, shown)).ok_or_else(missing)?;
    let current = delivery.revision;
    let change = rule(delivery, &command.officer, now).map_err(faults::rejected)?;
    command.check_revision(current)?;
    let arrival_number = match change.event {
        DeliveryEvent::Accepted => {
            Some(register(&mut tx, &change, (&shown, service.ids.secret()), (&command.officer, now)).await?)
        }
        DeliveryEvent::Refused { .. } => None,
    };
    store::delivery::save(&mut tx, &change, arrival_number).await?;
    ::events::append(&mut tx, vec![events::decided(service.ids.next(), &change, &shown, now)]).await?;
    let shown = store::delivery::find(&mut tx, command.id).await?.ok_or_else(missing)?;
    let history = store::delivery::history(&mut tx, command.id).await?;
    let answer = answer(shape::delivery(&shown, &history));
    command.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Takes the next arrival number of the year and writes the register's line. A document that the agency has entered already,
/// when it came to another agency that it took over from, keeps its number.
async fn register(
    tx: &mut Write,
    change: &DeliveryChange,
    (shown, salt): (&Shown, String),
    (officer, now): (&Officer, Timestamp),
) -> Result<i32, Fault> {
    let on = legal_date(now);
    let agency_id = change.registered_by;
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
        officer_name: officer.full_name.clone(),
        ..Entry::new(RegisterAct::Entered, number, now)
    };
    store::register::enter(tx, taken, vec![entry]).await?;
    Ok(number)
}
