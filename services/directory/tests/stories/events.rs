use congvan_proto::{
    directory::v1 as pb,
    events::v1::{Event, SubscribeRequest, event_service_client::EventServiceClient},
};
use prost::{Message, Name};

use crate::world::{Who, World, department, officer};

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
