use base::{Timestamp, Uuid, legal_date};
use congvan_proto::documents::v1 as pb;
use documents_domain::{
    Change, Description, Direction, Document, Entry, Facts, HistoryLine, Register, RegisterAct, Rejection,
    Stage, notation, symbol,
};
use kit::{Fault, Violations, caller::Caller};
use sql::Write;

use super::{
    command::{Command, Target},
    events,
};
use crate::{Documents, faults, shape, store, units::Units};

/// Issues a signed document: number, register entry, a delivery for every recipient and the event, in one transaction.
pub(super) async fn issue(
    service: &Documents,
    caller: &Caller,
    request: pb::IssueDocumentRequest,
) -> Result<pb::IssueDocumentResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("IssueDocument", caller, &target, &request, &mut violations)?;
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
    units.name_recipients(&mut document.fields.recipients)?;

    // The register last: its row is what others wait for.
    let deliveries = deliver(service, &mut tx, &document, now).await?;
    let change = number(&mut tx, document, &command, (&units, service.ids.secret()), now).await?;
    store::history::append(&mut tx, &[HistoryLine::of(&change)]).await?;
    let document = change.document;
    ::events::append(&mut tx, vec![events::issued(service.ids.next(), &document, &deliveries, now)]).await?;

    let attachments = store::attachment::of(&mut tx, document.id).await?;
    let answer = pb::IssueDocumentResponse {
        document: Some(shape::document(&document, &attachments)),
        delivery_count: i32::try_from(deliveries.len()).expect("at most 5,000"),
    };
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

/// Takes the next number of the year, issues the document under it and writes the register's line.
async fn number(
    tx: &mut Write,
    document: Document,
    command: &Command,
    (units, salt): (&Units, String),
    now: Timestamp,
) -> Result<Change, Fault> {
    let on = legal_date(now);
    let register = Register::common(document.agency_id, Direction::Outgoing, on.year());
    let issuer = units.issuer(document.agency_id, document.drafting_unit_id)?;
    let taken = store::register::take(tx, register, 1, on).await?;
    let taken = taken.map_err(|last| faults::rejected(Rejection::DateBeforeLastNumber { last }))?;
    let symbol = symbol(document.fields.kind, &issuer);
    let (number, notation) = (taken.number(), notation(taken.number(), &symbol));
    let issuing = document.issue((number, symbol), &command.officer, on, now);
    let change = issuing.map_err(faults::rejected)?;
    let document = &change.document;
    store::document::save_stage(tx, document).await?;
    let facts = Facts {
        notation,
        issued_on: on,
        summary: document.fields.summary.clone(),
        signer_name: signer_name(document),
    };
    let entry = Entry {
        document_id: Some(document.id),
        description: Some(Description::Kept { facts, salt }),
        officer_name: command.officer.full_name.clone(),
        ..Entry::new(RegisterAct::Entered, number, now)
    };
    store::register::enter(tx, taken, vec![entry]).await?;
    Ok(change)
}

fn signer_name(document: &Document) -> String {
    match &document.stage {
        Stage::Signed { signature, .. } | Stage::Issued { signature, .. } => {
            signature.act.by.full_name.clone()
        }
        Stage::Draft { .. } | Stage::InReview | Stage::Approved { .. } => String::new(),
    }
}

async fn deliver(
    service: &Documents,
    tx: &mut Write,
    document: &Document,
    now: Timestamp,
) -> Result<Vec<Uuid>, Fault> {
    let mut ids: Vec<_> = document.fields.recipients.iter().map(|_| service.ids.next()).collect();
    ids.sort_unstable(); // so that the deliveries come in the order of the recipients
    store::delivery::fan_out(tx, document, &ids, now).await?;
    Ok(ids)
}
