use congvan_proto::documents::v1 as pb;
use documents_domain::HistoryLine;
use kit::{Fault, Violations, caller::Caller};

use super::{
    command::{Command, Target},
    create::refuse_secret,
    fields, record,
};
use crate::{Documents, faults, officer, shape, store};

/// Rewrites the fields of a draft.
pub(super) async fn update(
    service: &Documents,
    caller: &Caller,
    request: pb::UpdateDocumentRequest,
) -> Result<pb::UpdateDocumentResponse, Fault> {
    let draft = request.document.clone().unwrap_or_default();
    refuse_secret(service, &officer::of(caller)?, &draft).await?;
    let mut violations = Violations::default();
    let target = Target {
        places: ["document.id", "document.revision"],
        ..Target::new(&draft.id, draft.revision, &request.request_id)
    };
    let command = Command::parse("UpdateDocument", caller, &target, &request, &mut violations)?;
    let mut fields = fields::parse(&draft, &mut violations);
    violations.check()?;

    let found = command.find(service).await?;
    let (unit_id, issuer) = (found.drafting_unit_id, found.agency_id);
    let body = fields.issuing_body.as_ref().map(|body| body.unit_id);
    let addressing = service.addressing(&fields.recipients, issuer, body).await?;
    addressing.name("document.recipients", &mut fields.recipients, issuer)?;
    service.name_kind_and_body(&command.officer, (unit_id, addressing.units()), &mut fields).await?;

    let now = service.clock.now();
    let mut tx = service.db.write("update_document").await?;
    if let Some(answer) = command.once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let document = command.lock(&mut tx).await?;
    let (current, before) = (document.revision, document.fields.clone());
    let change = document.update(fields, &command.officer, now).map_err(faults::rejected)?;
    command.check_revision(current)?;
    store::document::save_fields(&mut tx, &change.document).await?;
    store::document::save_stage(&mut tx, &change.document).await?;
    let fields = before.differing(&change.document.fields);
    let line = HistoryLine { fields, ..HistoryLine::of(&change) };
    record::written(service, &mut tx, &change, line).await?;
    let attachments = store::attachment::of(&mut tx, command.id).await?;
    let answer =
        pb::UpdateDocumentResponse { document: Some(shape::document(&change.document, &attachments)) };
    command.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}
