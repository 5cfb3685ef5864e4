use base::{Timestamp, Uuid};
use congvan_proto::documents::v1 as pb;
use documents_domain::{Delivery, DeliveryChange, DeliveryEvent};
use events::NewEvent;

use crate::store::delivery::Shown;

/// The event of a change of a delivery. `shown` is the delivery before it.
pub(super) fn changed(id: Uuid, change: &DeliveryChange, shown: &Shown, at: Timestamp) -> NewEvent {
    let kind = match change.event {
        DeliveryEvent::Accepted { .. } => "congvan.documents.delivery.accepted",
        DeliveryEvent::Refused => "congvan.documents.delivery.refused",
        DeliveryEvent::Returned => "congvan.documents.delivery.returned",
        DeliveryEvent::Assigned => "congvan.documents.delivery.assigned",
        DeliveryEvent::Started => "congvan.documents.delivery.started",
        DeliveryEvent::Completed => "congvan.documents.delivery.completed",
    };
    NewEvent::new(id, kind, change.delivery.id, at, &told(&change.delivery, shown))
}

/// The event of a look at the files of a delivery.
pub(super) fn checked(id: Uuid, shown: &Shown, at: Timestamp) -> NewEvent {
    let delivery = &shown.delivery;
    NewEvent::new(id, "congvan.documents.delivery.checked", delivery.id, at, &told(delivery, shown))
}

fn told(delivery: &Delivery, shown: &Shown) -> pb::DeliveryChanged {
    let refusal = delivery.refusal.as_ref();
    pb::DeliveryChanged {
        delivery_id: delivery.id.to_string(),
        document_id: shown.document_id.to_string(),
        notation: shown.notation.clone(),
        r#abstract: shown.summary.clone(),
        status: delivery.status.number(),
        sender_id: shown.sender_id.to_string(),
        recipient_id: delivery.recipient_id.to_string(),
        recipient_name: shown.recipient_name.clone(),
        recipient_agency_id: delivery.recipient_agency_id.to_string(),
        reason: refusal.map(|refusal| refusal.words().to_owned()).unwrap_or_default(),
        refusal_code: refusal.map_or(0, |refusal| refusal.code.number()),
    }
}
