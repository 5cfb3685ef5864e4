use axum::body::Body;
use http::Request;

use crate::world::{World, signed_in};

#[tokio::test]
async fn an_unknown_address_is_not_found_in_the_callers_language() {
    let world = World::new().await;
    let answer = world.get("/v1/nothing").await;
    assert_eq!(answer.problem(), (404, "NO_SUCH_METHOD".to_owned()));
    assert_eq!(answer.json()["detail"], "Nothing is served at this address. All addresses: /docs.");
    assert_eq!(answer.json()["title"], "Not found");
    let answer = world.send(Request::get("/v1/units/7:fly").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.problem(), (404, "NO_SUCH_METHOD".to_owned()));
    assert_eq!(answer.json()["detail"], "Ở địa chỉ này không có gì. Danh sách địa chỉ: /docs.");
    assert_eq!(answer.header("vary"), "accept-language");
}

#[tokio::test]
async fn another_method_is_told_which_ones_there_are() {
    let world = World::new().await;
    let answer = world.send(signed_in("DELETE", "/v1/units").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.problem(), (405, "NO_SUCH_METHOD".to_owned()));
    assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS, POST");
    let answer = world.send(Request::options("/v1/documents/7:issue").body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (204, "OPTIONS, POST"));
    let answer = world.send(signed_in("PUT", "/docs").body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "GET, HEAD, OPTIONS"));
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let world = World::new().await;
    let answer = world.send(signed_in("HEAD", "/v1/units/7").body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
    assert_eq!(world.backend.seen()[0].method, "UnitService/GetUnit");
}

#[tokio::test]
async fn every_answer_has_an_id_and_is_safe_to_show() {
    let world = World::new().await;
    let answer = world.get("/v1/nothing").await;
    let id = answer.header("x-request-id");
    assert_eq!(answer.json()["instance"], format!("urn:uuid:{id}"));
    assert!(id.parse::<base::Uuid>().is_ok());
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("x-frame-options"), "DENY");
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
    assert_ne!(world.get("/v1/nothing").await.header("x-request-id"), id);
}
