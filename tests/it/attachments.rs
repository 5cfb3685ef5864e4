//! Files come back bit by bit as they went, and nothing but what their names say gets in.

use congvan_tests::World;
use gateway::GatewayConfig;
use http::{Method, Request, header};

fn pdf(size: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.extend((bytes.len()..size).map(|index| u8::try_from(index % 251).unwrap()));
    bytes
}

#[tokio::test]
async fn a_file_comes_back_whole_and_in_parts() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let officer = world.actor("canbo.snv").await;
        let draft = officer.drafts(&[]).await;
        let bytes = pdf(3 << 20);
        let attached = officer.attaches(&draft, bytes.clone()).await;
        assert_eq!(attached["attachment"]["sizeBytes"], (3 << 20).to_string());
        let sha256 = attached["attachment"]["sha256"].as_str().unwrap();
        let path = format!("/v1/attachments/{}:download", attached["attachment"]["id"].as_str().unwrap());
        let whole = officer.get(&path).await;
        assert_eq!(whole.status, 200);
        assert_eq!(whole.header("content-type"), "application/pdf");
        assert_eq!(whole.header("etag"), format!("\"{sha256}\""));
        assert!(whole.body == bytes, "bit by bit");

        let ask = |name: &'static str, value: String| {
            let request = Request::builder().method(Method::GET).uri(&path).header(name, value);
            request
                .header(header::AUTHORIZATION, format!("Bearer {}", officer.token))
                .body(axum::body::Body::empty())
                .unwrap()
        };
        let part = world.request(ask("range", "bytes=1000000-1000009".to_owned())).await;
        assert_eq!(
            (part.status.as_u16(), part.header("content-range")),
            (206, "bytes 1000000-1000009/3145728")
        );
        assert_eq!(part.body, bytes[1_000_000..1_000_010]);
        let tail = world.request(ask("range", "bytes=-5".to_owned())).await;
        assert_eq!(tail.body, bytes[bytes.len() - 5..]);
        let beyond = world.request(ask("range", "bytes=3145728-".to_owned())).await;
        assert_eq!(beyond.status, 416);
        let known = world.request(ask("if-none-match", format!("\"{sha256}\""))).await;
        assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
        world.end().await;
    }
}

#[tokio::test]
async fn only_what_its_name_says_and_within_the_limit() {
    let limits = GatewayConfig { file_limit_bytes: 1 << 20, ..GatewayConfig::default() };
    let world = World::with_limits(World::engines()[0], limits).await;
    let officer = world.actor("canbo.snv").await;
    let draft = officer.drafts(&[]).await;
    for (name, bytes, refusal) in [
        ("cong-van.pdf", Vec::new(), (400, "FILE_EMPTY")),
        ("cong-van.pdf", b"MZ\x90\x00".to_vec(), (400, "FILE_TYPE_MISMATCH")),
        ("virus.exe", b"MZ\x90\x00".to_vec(), (400, "FILE_TYPE_NOT_ALLOWED")),
        ("cong-van.docx", pdf(100), (400, "FILE_TYPE_MISMATCH")),
        ("..%2Fcong-van.pdf", pdf(100), (400, "INVALID_FIELDS")),
        ("cong-van.pdf", pdf((1 << 20) + 1), (413, "BODY_TOO_LARGE")),
    ] {
        let refused = officer.uploads(&draft, name, bytes).await;
        assert_eq!(refused.refused(), (refusal.0, refusal.1.to_owned()), "{name}");
    }
    let whole = officer.attaches(&draft, pdf(1 << 20)).await;
    assert_eq!(whole["documentRevision"], "2", "the refused ones changed nothing");
    assert_eq!(world.count("SELECT count(*) AS n FROM attachment").await, 1);
    world.end().await;
}

#[tokio::test]
async fn whoever_may_not_read_the_document_gets_no_file() {
    let world = World::new(World::engines()[0]).await;
    let officer = world.actor("canbo.snv").await;
    let draft = officer.drafts(&[]).await;
    let attached = officer.attaches(&draft, pdf(100)).await;
    let path = format!("/v1/attachments/{}:download", attached["attachment"]["id"].as_str().unwrap());
    for stranger in ["canbo.stc", "vanthu.03646", "quantri"] {
        let refused = world.actor(stranger).await.get(&path).await;
        assert_eq!(refused.refused(), (404, "ATTACHMENT_NOT_FOUND".to_owned()), "{stranger}");
    }
    assert_eq!(world.call(Method::GET, &path, None, None).await.refused().0, 401);
    world.end().await;
}

#[tokio::test]
async fn an_upload_that_comes_twice_is_attached_once() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let officer = world.actor("canbo.snv").await;
        let draft = officer.drafts(&[]).await;
        let path = format!(
            "/v1/documents/{}/attachments?fileName=cv.pdf&revision=1&requestId=019376ad-0000-7000-8000-00000000000a",
            draft["id"].as_str().unwrap()
        );
        let upload = |bytes| world.send(Method::POST, &path, Some(&officer.token), bytes, "application/pdf");
        let first = upload(pdf(1000)).await.ok();
        assert_eq!(upload(pdf(1000)).await.ok(), first, "the same request id, the same answer");
        let other = upload(pdf(1001)).await;
        assert_eq!(other.refused(), (409, "REQUEST_ID_REUSED".to_owned()), "other bytes are another request");
        assert_eq!(officer.reads(&draft).await["attachments"].as_array().unwrap().len(), 1);
        world.end().await;
    }
}
