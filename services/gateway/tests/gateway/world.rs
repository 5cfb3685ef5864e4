//! A gateway with its services, in one process; over TCP where a test is about connections.

use std::{net::SocketAddr, sync::Arc};

use axum::{Router, body::Body};
use base::{Clock, Ids, ManualClock, SeededRandom};
use gateway::{Backends, Gateway, GatewayConfig};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::BodyExt;
use kit::{
    caller::{Signer, Verifier, generate},
    lifecycle::Lifecycle,
    serving::Port,
    transport::Transport,
};
use serde_json::Value;
use tower::ServiceExt;

use crate::backend::{Backend, TOKEN};

pub(crate) struct World {
    pub(crate) backend: Arc<Backend>,
    pub(crate) routes: Router,
    pub(crate) clock: ManualClock,
    pub(crate) life: Lifecycle,
    _keys: tempfile::TempDir,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(GatewayConfig::default()).await
    }

    pub(crate) async fn with(config: GatewayConfig) -> Self {
        Self::build(config, false, |services| services).await
    }

    /// The services on the other side of a TCP connection.
    pub(crate) async fn with_remote_services() -> Self {
        Self::build(GatewayConfig::default(), true, |services| services).await
    }

    /// With services that the test changes.
    pub(crate) async fn build(
        config: GatewayConfig,
        remote: bool,
        change: impl FnOnce(Backends) -> Backends,
    ) -> Self {
        let keys = tempfile::tempdir().unwrap();
        generate("gateway", keys.path()).unwrap();
        let clock = ManualClock::at("2026-11-23T01:00:00Z".parse().unwrap());
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let ids = Ids::new(shared.clone(), Arc::new(SeededRandom::new(7)));
        let verifier = Verifier::read(&keys.path().join("trust"), shared.clone()).unwrap();
        let signer = Signer::read("gateway", &keys.path().join("gateway.key.pem")).unwrap();

        let life = Lifecycle::default();
        let backend = Arc::new(Backend::default());
        let services = kit::layers::service(backend.routes(), verifier, ids.clone());
        let services = if remote {
            let port = Port::take(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
            let address = port.address();
            port.serve("services", services, &life);
            Transport::remote(&format!("http://{address}")).unwrap()
        } else {
            Transport::local(services)
        };
        let backends =
            Backends { directory: services.clone(), documents: services.clone(), notifications: services };
        let routes = Gateway::new(config, change(backends), signer, shared).router(ids, &life).await;
        Self { backend, routes, clock, life, _keys: keys }
    }

    /// Serves the gateway on a port.
    pub(crate) async fn listen(&self) -> SocketAddr {
        let port = Port::take(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let address = port.address();
        port.serve("gateway", self.routes.clone(), &self.life);
        address
    }

    /// Sends a request and returns the answer with its body unread.
    pub(crate) async fn ask(&self, request: Request<Body>) -> Response<Body> {
        self.routes.clone().oneshot(request).await.unwrap()
    }

    /// Sends a request and reads the answer to its end.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (head, body) = self.ask(request).await.into_parts();
        let bytes = body.collect().await.expect("the body comes to its end").to_bytes().to_vec();
        Answer { status: head.status, headers: head.headers, bytes }
    }

    /// GET with a session and in English.
    pub(crate) async fn get(&self, address: &str) -> Answer {
        self.send(signed_in("GET", address).body(Body::empty()).unwrap()).await
    }

    /// Sends JSON with a session and in English.
    pub(crate) async fn send_json(&self, verb: &str, address: &str, body: &Value) -> Answer {
        self.send_text(verb, address, body.to_string()).await
    }

    /// Sends text as JSON with a session and in English.
    pub(crate) async fn send_text(&self, verb: &str, address: &str, body: impl Into<Body>) -> Answer {
        let request = signed_in(verb, address).header("content-type", "application/json");
        self.send(request.body(body.into()).unwrap()).await
    }
}

/// A request with a session, in English.
pub(crate) fn signed_in(verb: &str, address: &str) -> http::request::Builder {
    Request::builder()
        .method(verb)
        .uri(address)
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("accept-language", "en")
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&self.bytes)))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Status and reason of a problem.
    pub(crate) fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json");
        (self.status.as_u16(), self.json()["reason"].as_str().unwrap().to_owned())
    }

    /// The violations of a problem, as `field: what is wrong`.
    pub(crate) fn violations(&self) -> Vec<String> {
        let json = self.json();
        let told = json["violations"].as_array().unwrap_or_else(|| panic!("{json}")).iter();
        told.map(|told| {
            format!("{}: {}", told["field"].as_str().unwrap(), told["description"].as_str().unwrap())
        })
        .collect()
    }
}
