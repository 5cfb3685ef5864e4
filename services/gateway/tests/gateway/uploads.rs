use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::body::Body;
use bytes::Bytes;
use congvan_proto::documents::v1::UploadAttachmentHeader;
use futures::{StreamExt, stream};
use gateway::GatewayConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    backend::{Backend, TOKEN},
    files::{REFUSED, SHA, UploadEnd},
    world::{World, signed_in},
};

const ADDRESS: &str = "/v1/documents/d1/attachments?fileName=a.pdf&revision=3&role=ATTACHMENT_ROLE_APPENDIX";

/// A body of `frames` times 1 MB that counts what was taken from it.
fn large(frames: u64, taken: &Arc<AtomicU64>) -> Body {
    let frame = Bytes::from(vec![3; 1 << 20]);
    let taken = taken.clone();
    Body::from_stream(stream::iter(0..frames).map(move |_| {
        taken.fetch_add(1 << 20, Ordering::SeqCst);
        Ok::<_, std::io::Error>(frame.clone())
    }))
}

fn upload(address: &str, body: Body) -> http::Request<Body> {
    signed_in("POST", address).header("content-type", "application/pdf").body(body).unwrap()
}

#[tokio::test]
async fn a_large_file_goes_through_in_small_pieces() {
    for world in [World::new().await, World::with_remote_services().await] {
        let taken = Arc::default();
        let request =
            signed_in("POST", ADDRESS).header("idempotency-key", "r1").body(large(100, &taken)).unwrap();
        let answer = world.send(request).await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.bytes));
        let json = answer.json();
        assert_eq!(json["attachment"]["sizeBytes"], (100_u64 << 20).to_string());
        assert_eq!((&json["attachment"]["sha256"], &json["documentRevision"]), (&SHA.into(), &"2".into()));
        let header = UploadAttachmentHeader {
            document_id: "d1".to_owned(),
            file_name: "a.pdf".to_owned(),
            role: 2,
            revision: 3,
            request_id: "r1".to_owned(),
            ..UploadAttachmentHeader::default()
        };
        let end = UploadEnd::Finished { header, bytes: 100 << 20, sum: 300 << 20, largest: 256 << 10 };
        assert_eq!(*world.backend.uploads.lock().unwrap(), [end]);
    }
}

#[tokio::test]
async fn a_header_that_is_wrong_is_told_before_the_first_byte() {
    let world = World::new().await;
    let taken = Arc::default();
    let answer = world.send(upload("/v1/documents/d1/attachments?role=MAIN&size=3", large(1, &taken))).await;
    assert_eq!(
        answer.violations(),
        [
            "role: must be one of: ATTACHMENT_ROLE_MAIN, ATTACHMENT_ROLE_APPENDIX",
            "size: is no parameter of this address",
            "fileName: is required",
            "revision: is required",
        ]
    );
    let form = signed_in("POST", ADDRESS).header("content-type", "multipart/form-data; boundary=x");
    assert_eq!(world.send(form.body(large(1, &taken)).unwrap()).await.status, 415);
    assert_eq!(taken.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_file_beyond_the_limit_is_refused_and_never_finished() {
    let world = World::with(GatewayConfig { file_limit_bytes: 3 << 20, ..GatewayConfig::default() }).await;
    let taken = Arc::default();
    let announced =
        signed_in("POST", ADDRESS).header("content-length", 4 << 20).body(large(4, &taken)).unwrap();
    let answer = world.send(announced).await;
    assert_eq!(answer.problem(), (413, "BODY_TOO_LARGE".to_owned()));
    assert_eq!(taken.load(Ordering::SeqCst), 0, "refused at once");

    let answer = world.send(upload(ADDRESS, large(1000, &taken))).await;
    assert_eq!(answer.problem(), (413, "BODY_TOO_LARGE".to_owned()));
    assert_eq!(answer.json()["metadata"]["limit_bytes"], (3 << 20).to_string());
    assert!(taken.load(Ordering::SeqCst) <= 5 << 20, "reading went on");
    assert_eq!(*world.backend.uploads.lock().unwrap(), [UploadEnd::Broken { bytes: 3 << 20 }]);
    assert_eq!(world.send(upload(ADDRESS, large(3, &taken))).await.status, 200, "exactly at the limit");
}

#[tokio::test]
async fn an_early_refusal_is_answered_without_reading_on() {
    for world in [World::new().await, World::with_remote_services().await] {
        let taken = Arc::default();
        let address = format!("/v1/documents/d1/attachments?fileName={REFUSED}&revision=3");
        let answer = world.send(upload(&address, large(10_000, &taken))).await;
        assert_eq!(answer.problem(), (400, "FILE_TYPE_MISMATCH".to_owned()));
        assert!(taken.load(Ordering::SeqCst) < 1_000 << 20, "most of the 10 GB was never read");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_finished_file() {
    for world in [World::new().await, World::with_remote_services().await] {
        let backend = world.backend.clone();
        let breaks = async move {
            arrival(&backend).await;
            Err(std::io::Error::other("gone"))
        };
        let frames = stream::iter([Ok(Bytes::from(vec![1; 1000]))]).chain(stream::once(breaks));
        let answer = world.send(upload(ADDRESS, Body::from_stream(frames))).await;
        assert_eq!(answer.status, 400);
        assert_eq!(ends(&world).await, [UploadEnd::Broken { bytes: 1000 }]);
    }
}

#[tokio::test]
async fn a_connection_that_breaks_is_no_finished_file() {
    let world = World::with_remote_services().await;
    let address = world.listen().await;
    for framing in ["content-length: 100000", "transfer-encoding: chunked"] {
        world.backend.uploads.lock().unwrap().clear();
        world.backend.arrived.store(0, Ordering::SeqCst);
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST {ADDRESS} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\n{framing}\r\n\r\n3e8\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&[1; 1000]).await.unwrap();
        stream.flush().await.unwrap();
        arrival(&world.backend).await;
        stream.shutdown().await.unwrap();
        let _ = stream.read_to_end(&mut Vec::new()).await;
        let ends = ends(&world).await;
        assert!(matches!(ends[..], [UploadEnd::Broken { .. }]), "{framing}: {ends:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stands_still_is_given_up() {
    let world = World::new().await;
    let frames =
        stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"%PDF"))]).chain(stream::pending());
    let answer = world.send(upload(ADDRESS, Body::from_stream(frames))).await;
    assert_eq!(answer.problem(), (408, "DEADLINE_EXCEEDED".to_owned()));
    assert_eq!(*world.backend.uploads.lock().unwrap(), [UploadEnd::Broken { bytes: 4 }]);
}

#[tokio::test]
async fn nobody_uploads_without_a_session() {
    let world = World::new().await;
    let taken = Arc::default();
    let request = http::Request::post(ADDRESS).body(large(1, &taken)).unwrap();
    assert_eq!(world.send(request).await.problem(), (401, "NOT_SIGNED_IN".to_owned()));
    assert_eq!(taken.load(Ordering::SeqCst), 0);
}

/// Waits until the service has seen a part of a file.
async fn arrival(backend: &Backend) {
    while backend.arrived.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// How the uploads ended, once the service has noticed.
async fn ends(world: &World) -> Vec<UploadEnd> {
    for _ in 0..500 {
        let ends = world.backend.uploads.lock().unwrap().clone();
        if !ends.is_empty() {
            return ends;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Vec::new()
}
