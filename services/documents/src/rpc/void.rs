use congvan_proto::documents::v1 as pb;
use documents_domain::{Document, Rejection, Voiding, limits};
use kit::{Fault, Violations, caller::Caller};
use sql::Write;

use super::{
    command::{Command, Target},
    record,
};
use crate::{Documents, faults, shape, store};

/// Voids a numbered document: its number stays spent.
pub(super) async fn void(
    service: &Documents,
    caller: &Caller,
    request: pb::VoidDocumentRequest,
) -> Result<pb::VoidDocumentResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("VoidDocument", caller, &target, &request, &mut violations)?;
    let reason = violations.text("reason", &request.reason, true, limits::REASON);
    violations.check()?;
    let now = service.clock.now();
    let mut tx = service.db.write("void_document").await?;
    if let Some(answer) = command.once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let document = command.lock(&mut tx).await?;
    let current = document.revision;
    let change = document.void(reason, &command.officer, now).map_err(faults::rejected)?;
    command.check_revision(current)?;
    store::document::save_stage(&mut tx, &change.document).await?;
    void_number(&mut tx, &change.document).await?;
    let attachments = store::attachment::of(&mut tx, command.id).await?;
    let told = shape::document(&change.document, &attachments);
    record::changed(service, &mut tx, &change, &told).await?;
    let answer = pb::VoidDocumentResponse { document: Some(told) };
    command.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Writes into the register that the number is void, and why. The register last: its row is what others wait for.
async fn void_number(tx: &mut Write, document: &Document) -> Result<(), Fault> {
    let Some(Voiding { act, reason }) = document.stage.voiding() else { return Ok(()) };
    let by = (&*act.by.full_name, act.at);
    let voided = store::register::void(tx, document.agency_id, document.id, reason, by).await?;
    voided.map(drop).map_err(|last| faults::rejected(Rejection::DateBeforeLastNumber { last }))
}
