use base::Timestamp;
use congvan_proto::documents::v1 as pb;
use documents_domain::{Act, Document, RecallState, limits};
use events::NewEvent;
use kit::{Fault, Violations, caller::Caller};
use sql::answers::Once;

use super::{board::Wanted, read::at_sender};
use crate::{
    Documents, faults, officer,
    store::{self, delivery::Shown, urging::Urging},
};

/// Urges exactly the recipients that match, with one event for all of them.
pub(super) async fn urge(
    service: &Documents,
    caller: &Caller,
    request: pb::UrgeDeliveriesRequest,
) -> Result<pb::UrgeDeliveriesResponse, Fault> {
    let officer = officer::of(caller)?;
    let mut violations = Violations::default();
    let id = violations.id("documentId", &request.document_id);
    let filter = request.filter.clone().unwrap_or_default();
    let wanted = Wanted::parse("filter.", &filter, &mut violations).pending();
    let words = violations.text("text", &request.text, true, limits::REASON);
    let once = Once::new("UrgeDeliveries", officer.user_id, &request.request_id, &request, &mut violations);
    violations.check()?;

    let now = service.clock.now();
    let mut tx = service.db.write("urge_deliveries").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let document = at_sender(&mut tx, &officer, id).await?;
    let recall = store::recall::standing(&mut tx, id).await?;
    recall.map_or(Ok(()), RecallState::lets_go).map_err(faults::rejected)?;
    let filter = wanted.at(&mut tx, now).await?;
    let most = u16::try_from(limits::RECIPIENTS).unwrap_or(u16::MAX);
    let urged = store::board::matching(&mut tx, id, &filter, None, most).await?;
    if !urged.is_empty() {
        let by = officer.acting(|post| post.drafts || post.leads || post.keeps_registers);
        let by = by.ok_or_else(|| Fault::not_allowed(&faults::overseers()))?;
        let urging = Urging { id: service.ids.next(), act: Act { by, at: now }, words };
        store::urging::insert(&mut tx, id, &urging, urged.iter().map(|shown| shown.delivery.id)).await?;
        ::events::append(&mut tx, vec![event(service, &document, &urging, &urged, now)]).await?;
    }
    let answer = pb::UrgeDeliveriesResponse {
        urged_count: i32::try_from(urged.len()).unwrap_or(i32::MAX),
        delivery_ids: urged.iter().map(|shown| shown.delivery.id.to_string()).collect(),
    };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

fn event(
    service: &Documents,
    document: &Document,
    urging: &Urging,
    urged: &[Shown],
    at: Timestamp,
) -> NewEvent {
    let deliveries = urged.iter().map(|shown| pb::IssuedDelivery {
        delivery_id: shown.delivery.id.to_string(),
        recipient_id: shown.delivery.recipient_id.to_string(),
        recipient_name: shown.recipient_name.clone(),
        recipient_kind: shown.delivery.recipient_kind.number(),
        recipient_agency_id: shown.delivery.recipient_agency_id.to_string(),
    });
    let data = pb::DeliveriesUrged {
        document_id: document.id.to_string(),
        notation: urged.first().map(|shown| shown.notation.clone()).unwrap_or_default(),
        r#abstract: document.fields.summary.clone(),
        urgency: document.fields.urgency.number(),
        sender_id: document.agency_id.to_string(),
        sender_name: document.agency_name.clone(),
        text: urging.words.clone(),
        deliveries: deliveries.collect(),
    };
    NewEvent::new(service.ids.next(), "congvan.documents.delivery.urged", document.id, at, &data)
}
