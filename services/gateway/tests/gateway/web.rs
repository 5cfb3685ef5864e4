//! gRPC-Web, as a browser speaks it: over HTTP/1, with the trailers in the body.

use axum::body::Body;
use congvan_proto::directory::v1::{GetUnitRequest, GetUnitResponse};
use gateway::GatewayConfig;
use http::Request;
use prost::Message;
use serde_json::json;

use crate::{backend::TOKEN, world::World};

const ORIGIN: &str = "https://desk.example.vn";

fn call(path: &str, token: &str, message: &impl Message) -> Request<Body> {
    let bytes = message.encode_to_vec();
    let mut body = vec![0];
    body.extend_from_slice(&u32::try_from(bytes.len()).unwrap().to_be_bytes());
    body.extend_from_slice(&bytes);
    Request::post(path)
        .header("content-type", "application/grpc-web+proto")
        .header("x-grpc-web", "1")
        .header("authorization", format!("Bearer {token}"))
        .header("origin", ORIGIN)
        .body(Body::from(body))
        .unwrap()
}

#[tokio::test]
async fn a_unary_call_works_from_a_browser() {
    let world = World::new().await;
    world.backend.answer("UnitService/GetUnit", json!({"unit": {"name": "Sở Nội vụ"}}));
    let request = GetUnitRequest { id: "7".to_owned(), ..GetUnitRequest::default() };
    let answer = world.send(call("/congvan.directory.v1.UnitService/GetUnit", TOKEN, &request)).await;
    assert_eq!(answer.header("content-type"), "application/grpc-web+proto");
    let length = usize::try_from(u32::from_be_bytes(answer.bytes[1..5].try_into().unwrap())).unwrap();
    let message = GetUnitResponse::decode(&answer.bytes[5..5 + length]).unwrap();
    assert_eq!(message.unit.unwrap().name, "Sở Nội vụ");
    let trailers = &answer.bytes[5 + length..];
    assert_eq!(trailers[0], 0x80, "a frame of trailers");
    assert!(String::from_utf8_lossy(trailers).contains("grpc-status:0"));
}

#[tokio::test]
async fn the_same_rules_hold_for_browsers() {
    let world = World::new().await;
    let request = GetUnitRequest::default();
    for (path, token, status) in [
        ("/congvan.directory.v1.UnitService/GetUnit", "forged", "16"),
        ("/congvan.directory.v1.SessionService/VerifySession", TOKEN, "12"),
        ("/congvan.events.v1.EventService/Subscribe", TOKEN, "12"),
    ] {
        let answer = world.send(call(path, token, &request)).await;
        let body = String::from_utf8_lossy(&answer.bytes).into_owned();
        let told = answer.header("grpc-status") == status || body.contains(&format!("grpc-status:{status}"));
        assert!(told, "{path}: {answer:?}");
    }
    assert!(world.backend.seen().is_empty());
}

#[tokio::test]
async fn only_named_origins_may_call_from_a_page() {
    let preflight = |origin: &str| {
        Request::options("/congvan.directory.v1.UnitService/GetUnit")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type,x-grpc-web")
            .body(Body::empty())
            .unwrap()
    };
    let closed = World::new().await;
    assert_eq!(closed.send(preflight(ORIGIN)).await.header("access-control-allow-origin"), "");
    let config = GatewayConfig { allowed_origins: vec![ORIGIN.to_owned()], ..GatewayConfig::default() };
    let open = World::with(config).await;
    assert_eq!(open.send(preflight(ORIGIN)).await.header("access-control-allow-origin"), ORIGIN);
    assert_eq!(open.send(preflight("https://evil.example")).await.header("access-control-allow-origin"), "");
    let answer =
        open.send(call("/congvan.directory.v1.UnitService/GetUnit", TOKEN, &GetUnitRequest::default())).await;
    assert_eq!(answer.header("access-control-allow-origin"), ORIGIN);
    assert!(answer.header("access-control-expose-headers").contains("grpc-status"));
}
