use base::Uuid;
use congvan_proto::documents::v1 as pb;
use documents_domain::{Document, Officer, is_secret};
use kit::{Fault, Violations, caller::Caller};
use sql::answers::Once;

use super::{drafting, fields, record};
use crate::{Documents, faults, officer, shape, store};

/// Creates a draft.
pub(super) async fn create(
    service: &Documents,
    caller: &Caller,
    request: pb::CreateDocumentRequest,
) -> Result<pb::CreateDocumentResponse, Fault> {
    let officer = officer::of(caller)?;
    // A request without a document gets the violations of an empty one: each field that it would need.
    let draft = request.document.clone().unwrap_or_default();
    refuse_secret(service, &officer, &draft).await?;
    let mut violations = Violations::default();
    let mut fields = fields::parse(&draft, &mut violations);
    let unit_id = violations.id("document.draftingUnitId", &draft.drafting_unit_id);
    let once = Once::new("CreateDocument", officer.user_id, &request.request_id, &request, &mut violations);
    let assigned = violations.optional_id("draftingAssignmentId", &request.drafting_assignment_id);
    violations.check()?;

    let agency_id = officer.posts.iter().find(|post| post.unit_id == unit_id).map(|post| post.agency_id);
    let issuer = agency_id.unwrap_or_default();
    let besides = agency_id.into_iter().chain(fields.issuing_body.as_ref().map(|body| body.unit_id));
    let addressing = service.addressing(&fields.recipients, issuer, besides).await?;
    addressing.name("document.recipients", &mut fields.recipients, issuer)?;
    let units = addressing.units();
    service.name_kind_and_body(&officer, (unit_id, units), &mut fields).await?;
    let agency_name = agency_id.map_or_else(|| Ok(String::new()), |id| units.name(id))?;

    let now = service.clock.now();
    let id = service.ids.next();
    let change =
        Document::create(id, (unit_id, agency_name), fields, &officer, now).map_err(faults::rejected)?;
    let mut tx = service.db.write("create_document").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    store::document::insert(&mut tx, &change.document).await?;
    if let Some(assigned) = assigned {
        drafting::begin(service, &mut tx, assigned, (&change.document, &officer)).await?;
    }
    let told = shape::document(&change.document, &[]);
    record::changed(service, &mut tx, &change, &told).await?;
    let answer = pb::CreateDocumentResponse { document: Some(told) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Refuses a document that bears a secrecy mark, and notes that somebody tried: nothing of what it was.
pub(super) async fn refuse_secret(
    service: &Documents,
    officer: &Officer,
    draft: &pb::Document,
) -> Result<(), Fault> {
    if !is_secret(&draft.confidentiality) {
        return Ok(());
    }
    let unit: Option<Uuid> = draft.drafting_unit_id.parse().ok();
    let agency = officer.posts.iter().find(|post| Some(post.unit_id) == unit).map(|post| post.agency_id);
    let mut tx = service.db.write("refuse_secret").await?;
    let now = service.clock.now();
    store::secret_refusal::note(&mut tx, service.ids.next(), now, officer.user_id, agency).await?;
    tx.commit().await?;
    Err(faults::secret())
}
