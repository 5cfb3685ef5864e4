use congvan_proto::{
    directory::v1::{self as pb, audit_service_client::AuditServiceClient},
    events::v1::{Event, SubscribeRequest, event_service_client::EventServiceClient},
};
use prost::{Message, Name};

use crate::{
    office::{Office, position},
    world::{Who, World, department, officer},
};

/// The next events of the directory.
async fn hear(world: &World, count: usize) -> Vec<Event> {
    let mut client = EventServiceClient::new(world.transport.clone());
    let request = world.from(&Who::Documents, SubscribeRequest::default());
    let mut stream = client.subscribe(request).await.unwrap().into_inner();
    let mut events = Vec::new();
    while events.len() < count {
        events.extend(stream.message().await.unwrap().expect("the stream follows").event);
    }
    events
}

#[tokio::test]
async fn every_change_is_told_in_order() {
    for world in World::all().await {
        world.directory.start(&world.life);
        let by = world.administrator().await;
        let unit = world.unit(&by, department("H52.01")).await.unwrap();
        let user = world.user(&by, officer("chung.cv", &unit)).await.unwrap();
        let renamed = pb::Unit { name: "Sở Nội vụ và Lao động".to_owned(), ..unit.clone() };
        let request = pb::UpdateUnitRequest {
            unit: Some(renamed),
            request_id: String::new(),
            ..pb::UpdateUnitRequest::default()
        };
        world.units().update_unit(world.from(&by, request)).await.unwrap();

        let events = hear(&world, 4).await;
        let told: Vec<_> = events.iter().map(|event| (event.sequence, event.r#type.as_str())).collect();
        assert_eq!(
            told,
            [
                (1, "congvan.directory.user.changed"),
                (2, "congvan.directory.unit.changed"),
                (3, "congvan.directory.user.changed"),
                (4, "congvan.directory.unit.changed"),
            ]
        );
        assert_eq!((events[2].source.as_str(), &events[2].subject), ("directory", &user.id));
        let data = events[3].data.as_ref().unwrap();
        assert_eq!(data.type_url, pb::UnitChanged::type_url());
        let data = pb::UnitChanged::decode(data.value.as_slice()).unwrap();
        assert_eq!(data, pb::UnitChanged { unit_id: unit.id, revision: 2 });
        assert!(world.life.drain(std::future::pending()).await);
    }
}

#[tokio::test]
async fn who_signs_and_who_stands_in_is_told_and_written_down() {
    for world in World::all().await {
        world.directory.start(&world.life);
        let office = Office::new(&world).await;
        let by = &office.administrator;
        let order = office.authority(pb::GrantForm::ByOrder, &office.head, &office.chief);
        let order = world.grant(by, order).await.unwrap();
        world.wait(1); // so that the ids of the audit tell what came first
        let revoke = pb::RevokeSigningAuthorityRequest {
            id: order.id.clone(),
            revision: 1,
            reason: "Thôi giao".to_owned(),
            ..pb::RevokeSigningAuthorityRequest::default()
        };
        world.signing().revoke_signing_authority(world.from(by, revoke)).await.unwrap();
        let stand_in = pb::StandIn {
            position_id: position(&office.clerk),
            user_id: office.officer.id.clone(),
            end_date: "2026-12-01".to_owned(),
            ..pb::StandIn::default()
        };
        let stand_in = world.name_stand_in(by, stand_in).await.unwrap();
        let absence = pb::Absence { user_id: office.head.id.clone(), ..pb::Absence::default() };
        let absence = world.absent(by, absence).await.unwrap();

        let types = ["signing_authority", "stand_in"].map(|what| format!("congvan.directory.{what}.changed"));
        let mut client = EventServiceClient::new(world.transport.clone());
        let request = world.from(&Who::Documents, SubscribeRequest { after: 0, types: types.into() });
        let mut stream = client.subscribe(request).await.unwrap().into_inner();
        let mut subjects = Vec::new();
        while subjects.len() < 4 {
            let event = stream.message().await.unwrap().expect("the stream follows").event;
            subjects.extend(event.map(|event| event.subject));
        }
        assert_eq!(subjects, [&order.id[..], &order.id, &stand_in.id, &absence.id]);

        let request = pb::ListAuditEntriesRequest { subject_id: order.id, ..Default::default() };
        let mut audit = AuditServiceClient::new(world.transport.clone());
        let entries = audit.list_audit_entries(world.from(by, request)).await.unwrap().into_inner().entries;
        let told: Vec<_> = entries.iter().map(|entry| (&entry.action[..], &entry.reason[..])).collect();
        assert_eq!(told, [("signing_authority.revoke", "Thôi giao"), ("signing_authority.create", "")]);
        assert!(entries[0].before.contains(r#""revokeDate":null"#), "{}", entries[0].before);
        assert!(entries[0].after.contains(r#""revokeDate":"2026-11-23""#), "{}", entries[0].after);
        assert!(world.life.drain(std::future::pending()).await);
    }
}
