use axum::body::Body;
use http::HeaderName;
use http_body_util::BodyExt;
use kit::{Fault, Text};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tonic::Code;

use crate::{
    backend::TOKEN,
    files::{BREAKS, SHA, SHORT, SIZE, bytes, known},
    world::{Answer, World, signed_in},
};

async fn world() -> World {
    let world = World::new().await;
    world.backend.answer("AttachmentService/GetAttachment", known("a1"));
    world
}

async fn download(world: &World, verb: &str, headers: &[(&'static str, &str)]) -> Answer {
    let mut request = signed_in(verb, "/v1/attachments/a1:download").body(Body::empty()).unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(HeaderName::from_static(name), value.parse().unwrap());
    }
    world.send(request).await
}

#[tokio::test]
async fn a_file_comes_out_as_it_went_in() {
    let world = world().await;
    let answer = download(&world, "GET", &[]).await;
    assert_eq!(answer.status, 200);
    assert!(answer.bytes == bytes(0, SIZE));
    for (name, expected) in [
        ("content-type", "application/pdf"),
        ("content-length", "1000000"),
        ("etag", &format!("\"{SHA}\"")),
        ("accept-ranges", "bytes"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, no-cache"),
        (
            "content-disposition",
            "attachment; filename=\"chi-thi-01.pdf\"; filename*=UTF-8''Ch%E1%BB%89%20th%E1%BB%8B%2001.pdf",
        ),
    ] {
        assert_eq!(answer.header(name), expected, "{name}");
    }
}

#[tokio::test]
async fn a_part_is_answered_with_its_place() {
    let world = world().await;
    for (range, from, to) in [
        ("bytes=0-0", 0, 1),
        ("bytes=250000-499999", 250_000, 500_000),
        ("bytes=999990-", 999_990, SIZE),
        ("bytes=-10", 999_990, SIZE),
    ] {
        let answer = download(&world, "GET", &[("range", range)]).await;
        assert_eq!(answer.status, 206, "{range}");
        assert!(answer.bytes == bytes(from, to), "{range}");
        assert_eq!(answer.header("content-range"), format!("bytes {from}-{}/{SIZE}", to - 1));
        assert_eq!(answer.header("content-length"), (to - from).to_string());
    }
    let answer = download(&world, "GET", &[("range", "bytes=1000000-")]).await;
    assert_eq!(answer.problem(), (416, "INVALID_FIELDS".to_owned()));
    assert_eq!(answer.header("content-range"), "bytes */1000000");
    let answer = download(&world, "GET", &[("range", "bytes=0-1,5-6")]).await;
    assert_eq!((answer.status.as_u16(), answer.bytes.len()), (200, 1_000_000), "several ranges: the whole");
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again() {
    let world = world().await;
    let tag = format!("\"{SHA}\"");
    let answer = download(&world, "GET", &[("if-none-match", &tag)]).await;
    assert_eq!((answer.status.as_u16(), answer.bytes.len(), answer.header("etag")), (304, 0, tag.as_str()));
    let answer = download(&world, "GET", &[("range", "bytes=0-9"), ("if-range", &tag)]).await;
    assert_eq!(answer.status, 206);
    let answer = download(&world, "GET", &[("range", "bytes=0-9"), ("if-range", "\"old\"")]).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn head_tells_all_but_the_bytes() {
    let world = world().await;
    let answer = download(&world, "HEAD", &[]).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-length"), answer.bytes.len()),
        (200, "1000000", 0)
    );
    assert_eq!(answer.header("etag"), format!("\"{SHA}\""));
}

#[tokio::test]
async fn a_file_that_may_not_be_read_is_a_problem() {
    let world = world().await;
    world.backend.refuse("AttachmentService/GetAttachment", || {
        let text = Text::new("Không có tệp này.", "There is no such file.");
        Fault::new(Code::NotFound, "documents.congvan", "ATTACHMENT_NOT_FOUND", text)
            .with("attachment_id", "a1")
    });
    let answer = download(&world, "GET", &[]).await;
    assert_eq!(answer.problem(), (404, "ATTACHMENT_NOT_FOUND".to_owned()));
    let answer = world.get("/v1/attachments/a1:download?offsetBytes=3").await;
    assert_eq!(answer.violations(), ["offsetBytes: is no parameter of this address"]);
}

#[tokio::test]
async fn a_file_that_breaks_off_does_not_end_well() {
    let world = world().await;
    for id in [BREAKS, SHORT] {
        let request =
            signed_in("GET", &format!("/v1/attachments/{id}:download")).body(Body::empty()).unwrap();
        let answer = world.ask(request).await;
        assert_eq!(answer.status(), 200, "the first bytes were there");
        assert!(answer.into_body().collect().await.is_err(), "{id}");
    }
    // On the wire: fewer bytes than announced, and the connection closed.
    let mut stream = tokio::net::TcpStream::connect(world.listen().await).await.unwrap();
    let request = format!(
        "GET /v1/attachments/{BREAKS}:download HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut got = Vec::new();
    let _ = stream.read_to_end(&mut got).await;
    assert!(String::from_utf8_lossy(&got).contains("content-length: 1000000"));
    assert!(got.len() < 600_000, "{}", got.len());
}
