//! One trace from the caller's request to the mail.

use std::sync::{Arc, Mutex};

use axum::Router;
use congvan_tests::{World, process::Congvan};
use http::{Method, Request, header};
use http_body_util::BodyExt;
use kit::{lifecycle::Lifecycle, serving::Port, telemetry::TelemetryConfig};
use mail_parser::MessageParser;
use tonic::Status;

use crate::issuing::signed;

#[tokio::test]
async fn a_trace_survives_from_request_to_event_to_mail() {
    let config =
        TelemetryConfig { service: "test".to_owned(), log: "warn".to_owned(), json: false, otlp: None };
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

/// A collector that keeps what it is sent.
async fn collector() -> (String, Arc<Mutex<Vec<u8>>>) {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let keep = kept.clone();
    let routes = Router::new().fallback(async move |request: axum::extract::Request| {
        assert_eq!(request.uri().path(), "/opentelemetry.proto.collector.trace.v1.TraceService/Export");
        let body = request.into_body().collect().await.unwrap().to_bytes();
        keep.lock().unwrap().extend_from_slice(&body);
        Status::ok("").into_http::<axum::body::Body>()
    });
    let port = Port::take("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = format!("http://{}", port.address());
    port.serve("collector", routes, &Lifecycle::default());
    (address, kept)
}

#[tokio::test]
async fn traces_are_exported_when_a_collector_is_named() {
    let (collector, kept) = collector().await;
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("congvan.toml");
    std::fs::write(&settings, format!("otlp = '{collector}'")).unwrap();
    let (data, settings) = (folder.path().join("data"), settings.to_str().unwrap().to_owned());
    let arguments =
        ["up", "--data", data.to_str().unwrap(), "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"];
    let up = Congvan::start(&[&arguments[..], &["--config", &settings]].concat()).await;
    assert!(up.client().sign_in(congvan::sample::ADMINISTRATOR).await.is_some());
    assert_eq!(up.stop().await.0, Some(0), "what was not sent yet is sent before the end");
    let kept = kept.lock().unwrap();
    let told = String::from_utf8_lossy(&kept);
    assert!(
        told.contains("congvan-up") && told.contains("congvan.directory.v1.SessionService/SignIn"),
        "{told}"
    );
}
