use axum::body::Body;
use http::Request;

use crate::world::World;

async fn page(world: &World, address: &str, language: &str) -> String {
    let request = Request::get(address).header("accept-language", language).body(Body::empty()).unwrap();
    let answer = world.send(request).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    String::from_utf8(answer.bytes).unwrap()
}

#[tokio::test]
async fn the_page_explains_every_address_and_every_reason() {
    let world = World::new().await;
    let (vietnamese, english) = (page(&world, "/docs", "vi").await, page(&world, "/docs", "en").await);
    assert!(vietnamese.contains("<html lang=\"vi\">") && vietnamese.contains("Lời gọi đầu tiên"));
    assert!(english.contains("<html lang=\"en\">") && english.contains("The first call"));
    for text in
        ["/v1/documents/{id}:issue", "fileName", "id=\"documents.v1.Document\"", "id=\"STALE_REVISION\""]
    {
        assert!(vietnamese.contains(text) && english.contains(text), "{text}");
    }
    assert!(!english.contains("<script"));
    // Every link within the page has its target.
    for link in english.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(english.contains(&format!("id=\"{link}\"")), "{link}");
    }
}

#[tokio::test]
async fn people_are_led_to_the_page() {
    let world = World::new().await;
    for (address, expected) in [("/", "/docs"), ("/problems/STALE_REVISION", "/docs#STALE_REVISION")] {
        let answer = world.send(Request::get(address).body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, expected));
    }
    assert_eq!(world.get("/problems/%3Cscript%3E").await.status, 404);
}

#[tokio::test]
async fn the_description_is_served_to_anyone() {
    let world = World::new().await;
    let answer = world.send(Request::get("/openapi.json").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.bytes, gateway::openapi().into_bytes());
}
