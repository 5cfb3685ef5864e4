//! The documents service, as far as its events go.

use base::{Timestamp, Uuid};
use congvan_proto::{
    documents::v1::{DeliveryChanged, DeliveryStatus, DocumentIssued, IssuedDelivery, Urgency},
    events::v1::{Event, event_service_server::EventServiceServer},
    time_to_proto,
};
use kit::transport::Transport;
use prost::Name;
use prost_types::Any;
use tonic::service::Routes;

use crate::told::Told;

pub(crate) const TRACEPARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
pub(crate) const ABSTRACT: &str =
    "Về việc rà soát, kiện toàn tổ chức bộ máy của Ủy ban nhân dân các xã, phường";

#[derive(Clone, Default)]
pub(crate) struct Documents {
    pub(crate) told: Told,
}

/// Agencies of the story.
pub(crate) const DEPARTMENT: Uuid = Uuid::from_u128(0xa000);

pub(crate) fn commune(number: u32) -> Uuid {
    Uuid::from_u128(0xb000 + u128::from(number))
}

impl Documents {
    pub(crate) fn transport(&self) -> Transport {
        let routes = Routes::new(EventServiceServer::new(self.told.clone()));
        Transport::local(routes.prepare().into_axum_router())
    }

    /// A directive goes to so many communes. Its event.
    pub(crate) fn issue(&self, id: u128, communes: u32) -> Event {
        let deliveries = (0..communes).map(|number| IssuedDelivery {
            delivery_id: Uuid::from_u128(u128::from(number)).to_string(),
            recipient_id: commune(number).to_string(),
            recipient_name: format!("Ủy ban nhân dân xã số {number}"),
            ..IssuedDelivery::default()
        });
        let data = DocumentIssued {
            document_id: document(id).to_string(),
            notation: "01/SNV-VP".to_owned(),
            issued_date: "2026-11-23".to_owned(),
            r#abstract: ABSTRACT.to_owned(),
            urgency: Urgency::Flash.into(),
            issuing_agency_id: DEPARTMENT.to_string(),
            issuing_agency_name: "Sở Nội vụ".to_owned(),
            deliveries: deliveries.collect(),
        };
        let event = event(id, "congvan.documents.document.issued", document(id), &data);
        self.told.tell(event.clone());
        event
    }

    /// The first commune refuses the directive.
    pub(crate) fn refuse(&self, id: u128, document_id: Uuid) -> Event {
        let data = DeliveryChanged {
            delivery_id: Uuid::from_u128(0xd000).to_string(),
            document_id: document_id.to_string(),
            notation: "01/SNV-VP".to_owned(),
            r#abstract: ABSTRACT.to_owned(),
            status: DeliveryStatus::Refused.into(),
            sender_id: DEPARTMENT.to_string(),
            recipient_id: commune(0).to_string(),
            recipient_name: "Ủy ban nhân dân xã Mường Giôn".to_owned(),
            reason: "Văn bản gửi nhầm cơ quan <nhận>".to_owned(),
            ..DeliveryChanged::default()
        };
        let event = event(id, "congvan.documents.delivery.refused", Uuid::from_u128(0xd000), &data);
        self.told.tell(event.clone());
        event
    }
}

pub(crate) fn document(id: u128) -> Uuid {
    Uuid::from_u128(0xc000 + id)
}

fn event<M: Name>(id: u128, kind: &str, subject: Uuid, data: &M) -> Event {
    let time: Timestamp = "2026-11-23T01:30:00Z".parse().unwrap();
    Event {
        id: Uuid::from_u128(0xe000 + id).to_string(),
        source: "documents".to_owned(),
        r#type: kind.to_owned(),
        subject: subject.to_string(),
        time: Some(time_to_proto(time.as_microsecond())),
        sequence: 0,
        traceparent: TRACEPARENT.to_owned(),
        data: Some(Any::from_msg(data).unwrap()),
    }
}
