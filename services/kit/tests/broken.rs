//! A connection that breaks while an answer is on its way is no failure of whoever asked: asking again may help.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use axum::{Router, body::Body, http::header::CONTENT_TYPE};
use bytes::Bytes;
use congvan_proto::directory::v1::{GetSessionRequest, session_service_client::SessionServiceClient};
use futures::stream;
use kit::{Fault, lifecycle::Lifecycle, serving::Port, transport::Transport};
use tonic::{Code, Status};

/// What a service answers to a call over TCP, as its caller passes it on.
async fn passed_on(service: Router) -> Code {
    let life = Lifecycle::default();
    let port = Port::take("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = format!("http://{}", port.address());
    port.serve("service", service, &life);
    let mut client = SessionServiceClient::new(Transport::remote(&address).unwrap());
    let status = client.get_session(GetSessionRequest {}).await.unwrap_err();
    life.stop();
    Fault::upstream(status).code()
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_an_absence() {
    let breaks_off = Router::new().fallback(async || {
        let begun = [Ok(Bytes::from_static(&[0, 0, 0, 0, 9, 10])), Err("the process was killed")];
        ([(CONTENT_TYPE, "application/grpc")], Body::from_stream(stream::iter(begun)))
    });
    assert_eq!(passed_on(breaks_off).await, Code::Unavailable);
}

#[tokio::test]
async fn what_the_service_itself_answers_is_a_failure() {
    let fails = Router::new().fallback(async || Status::internal("a mistake").into_http::<Body>());
    assert_eq!(passed_on(fails).await, Code::Internal);
}
