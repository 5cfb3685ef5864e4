//! One trace from the caller's request to the mail.

use congvan_tests::World;
use http::{Method, Request, header};
use kit::telemetry::TelemetryConfig;
use mail_parser::MessageParser;

use crate::issuing::signed;

#[tokio::test]
async fn a_trace_survives_from_request_to_event_to_mail() {
    let config = TelemetryConfig { service: "test".to_owned(), log: "warn".to_owned(), json: false, otlp: None };
    let telemetry = config.start().unwrap();
    let world = World::new(World::engines()[0]).await;
    let communes = world.communes().await;
    let document = signed(&world, &communes[..2]).await;
    let clerk = world.actor("vanthu.snv").await;
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("/v1/documents/{}:issue", document["id"].as_str().unwrap()))
        .header(header::AUTHORIZATION, format!("Bearer {}", clerk.token))
        .header(header::CONTENT_TYPE, "application/json")
        .header("traceparent", format!("00-{trace}-b7ad6b7169203331-01"))
        .body(format!(r#"{{"revision": {}}}"#, document["revision"]).into())
        .unwrap();
    world.request(request).await.ok();
    world.settle().await;
    let mails = world.mails();
    assert_eq!(mails.len(), 2);
    for mail in mails {
        let text = std::fs::read(mail).unwrap();
        let mail = MessageParser::default().parse(&text).unwrap();
        let traceparent = mail.header("X-Congvan-Traceparent").unwrap().as_text().unwrap();
        assert_eq!(traceparent.split('-').nth(1), Some(trace));
    }
    assert!(telemetry.metrics().contains("congvan_mails_total"), "mails are counted");
    world.end().await;
}
