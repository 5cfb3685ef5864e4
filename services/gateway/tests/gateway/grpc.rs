use congvan_proto::{
    directory::v1::{
        GetUnitRequest, SignInRequest, VerifySessionRequest, session_service_client::SessionServiceClient,
        unit_service_client::UnitServiceClient,
    },
    documents::v1::{
        DownloadAttachmentRequest, UploadAttachmentHeader, UploadAttachmentRequest,
        attachment_service_client::AttachmentServiceClient, download_attachment_response,
        upload_attachment_request::Part,
    },
};
use futures::stream;
use kit::{Fault, transport::Transport};
use serde_json::json;
use tonic::{Code, Request};
use tonic_types::StatusExt;

use crate::{
    backend::{TOKEN, USER},
    files::{SIZE, UploadEnd, bytes},
    world::World,
};

/// The gateway as a gRPC client sees it: over TCP, with the services over TCP, too.
async fn world() -> (World, Transport) {
    let world = World::with_remote_services().await;
    let address = world.listen().await;
    (world, Transport::remote(&format!("http://{address}")).unwrap())
}

fn signed_in<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {TOKEN}").parse().unwrap());
    request
}

#[tokio::test]
async fn a_call_is_passed_on_with_a_claim_instead_of_the_token() {
    let (world, gateway) = world().await;
    world.backend.answer("UnitService/GetUnit", json!({"unit": {"name": "Sở Nội vụ"}}));
    let mut request = signed_in(GetUnitRequest { id: "7".to_owned(), ..GetUnitRequest::default() });
    request.metadata_mut().insert("x-congvan-claim", "forged.claim.here".parse().unwrap());
    request.metadata_mut().insert("x-own", "kept".parse().unwrap());
    let answer = UnitServiceClient::new(gateway).get_unit(request).await.unwrap().into_inner();
    assert_eq!(answer.unit.unwrap().name, "Sở Nội vụ");
    let seen = world.backend.seen().remove(0);
    assert_eq!(seen.caller.person.unwrap().user_id.to_string(), USER);
    assert!(!seen.headers.contains_key("authorization"));
    assert_eq!(seen.headers["x-own"], "kept");
}

#[tokio::test]
async fn without_a_session_only_sign_in_is_passed_on() {
    let (world, gateway) = world().await;
    let mut units = UnitServiceClient::new(gateway.clone());
    let mut forged = Request::new(GetUnitRequest::default());
    forged.metadata_mut().insert("x-congvan-claim", "forged.claim.here".parse().unwrap());
    let refused = units.get_unit(forged).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
    assert_eq!(refused.get_details_error_info().unwrap().reason, "NOT_SIGNED_IN");
    assert!(world.backend.seen().is_empty());
    SessionServiceClient::new(gateway).sign_in(SignInRequest::default()).await.unwrap();
    assert!(world.backend.seen()[0].caller.is_service());
}

#[tokio::test]
async fn what_is_not_public_is_not_served() {
    let (world, gateway) = world().await;
    let request = signed_in(VerifySessionRequest { token: TOKEN.to_owned(), ..Default::default() });
    let refused = SessionServiceClient::new(gateway).verify_session(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unimplemented);
    assert_eq!(refused.get_details_error_info().unwrap().reason, "NO_SUCH_METHOD");
    assert!(world.backend.seen().is_empty());
}

#[tokio::test]
async fn a_refusal_comes_back_as_the_service_said_it() {
    let (world, gateway) = world().await;
    world.backend.refuse("UnitService/GetUnit", || Fault::stale(5));
    let mut request = signed_in(GetUnitRequest::default());
    request.metadata_mut().insert("accept-language", "en".parse().unwrap());
    let refused = UnitServiceClient::new(gateway).get_unit(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::Aborted);
    assert_eq!(refused.get_details_error_info().unwrap().metadata["current_revision"], "5");
    assert!(refused.message().starts_with("Somebody else"), "{}", refused.message());
}

#[tokio::test]
async fn a_message_beyond_the_limit_is_refused() {
    let (_world, gateway) = world().await;
    let request = signed_in(GetUnitRequest { id: "x".repeat(5 << 20), ..GetUnitRequest::default() });
    let mut client = UnitServiceClient::new(gateway).max_encoding_message_size(10 << 20);
    let refused = client.get_unit(request).await.unwrap_err();
    assert_eq!(refused.get_details_error_info().unwrap().reason, "BODY_TOO_LARGE");
}

#[tokio::test]
async fn files_stream_both_ways() {
    let (world, gateway) = world().await;
    let mut client = AttachmentServiceClient::new(gateway);
    let header =
        UploadAttachmentHeader { file_name: "a.pdf".to_owned(), ..UploadAttachmentHeader::default() };
    let first = UploadAttachmentRequest { part: Some(Part::Header(header.clone())) };
    let chunk = UploadAttachmentRequest { part: Some(Part::Chunk(vec![1; 100_000].into())) };
    let parts = std::iter::once(first).chain(std::iter::repeat_n(chunk, 50));
    client.upload_attachment(signed_in(stream::iter(parts))).await.unwrap();
    let end = UploadEnd::Finished { header, bytes: 5_000_000, sum: 5_000_000, largest: 100_000 };
    assert_eq!(*world.backend.uploads.lock().unwrap(), [end]);

    let request =
        signed_in(DownloadAttachmentRequest { id: "a1".to_owned(), ..DownloadAttachmentRequest::default() });
    let mut parts = client.download_attachment(request).await.unwrap().into_inner();
    let mut got = Vec::new();
    while let Some(message) = parts.message().await.unwrap() {
        if let Some(download_attachment_response::Part::Chunk(chunk)) = message.part {
            got.extend_from_slice(&chunk);
        }
    }
    assert!(got == bytes(0, SIZE));
}

#[tokio::test]
async fn health_is_told_to_anyone() {
    use http::Request;
    let world = World::new().await;
    // An empty HealthCheckRequest: the gateway as a whole.
    let request = Request::post("/grpc.health.v1.Health/Check")
        .header("content-type", "application/grpc")
        .body(axum::body::Body::from(vec![0, 0, 0, 0, 0]))
        .unwrap();
    let answer = world.send(request).await;
    // status: SERVING
    assert_eq!(answer.bytes, [0, 0, 0, 0, 2, 8, 1]);
}
