//! The client's end of a call: to a service in this process or in another, the same to whoever calls.

use std::{
    convert::Infallible,
    error::Error,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::Router;
use bytes::Bytes;
use congvan_proto::Method;
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full};
use tonic::{
    Code, Status,
    body::Body,
    transport::{Channel, ClientTlsConfig, Endpoint},
};
use tower::{Service, ServiceExt};

use crate::{
    Call,
    caller::{Caller, HEADER, Signer},
    layers, telemetry,
};

/// How often a call that does no harm when repeated is tried while the other side is away.
const ATTEMPTS: u32 = 4;

/// How long to wait before the second attempt; doubled before each further one.
const FIRST_WAIT: Duration = Duration::from_millis(50);

/// Bytes before a message in its gRPC frame: compression flag and length.
const FRAME_HEAD: usize = 5;

/// A way to a service. Generated clients take it: `UnitServiceClient::new(transport)`.
///
/// It hands on the W3C trace, the language, the caller's program and what remains of the deadline, and repeats calls that got `UNAVAILABLE` if their
/// proto says that this does no harm and, for changes, the caller gave a request id.
#[derive(Clone)]
pub struct Transport {
    way: Way,
    identity: Option<Identity>,
}

#[derive(Clone)]
enum Way {
    Local(Router),
    Remote(Channel),
}

/// In whose name calls go out that carry no claim yet.
#[derive(Clone)]
struct Identity {
    signer: Signer,
    clock: std::sync::Arc<dyn base::Clock>,
}

/// The address of a service cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{address} is no address of a service: {source}")]
pub struct BadAddress {
    address: String,
    source: tonic::transport::Error,
}

type Failure = Box<dyn Error + Send + Sync>;

impl Transport {
    /// A way to routes in this process.
    pub fn local(routes: Router) -> Self {
        Self { way: Way::Local(routes), identity: None }
    }

    /// A way to a service at `http://host:port` or `https://host:port`. Connects when first used, and again whenever the
    /// connection is lost.
    pub fn remote(address: &str) -> Result<Self, BadAddress> {
        let failed = |source| BadAddress { address: address.to_owned(), source };
        let mut endpoint = Endpoint::from_shared(address.to_owned())
            .map_err(failed)?
            .connect_timeout(Duration::from_secs(3))
            .tcp_nodelay(true)
            .http2_keep_alive_interval(Duration::from_secs(20))
            .keep_alive_while_idle(true);
        if address.starts_with("https:") {
            endpoint = endpoint.tls_config(ClientTlsConfig::new().with_native_roots()).map_err(failed)?;
        }
        Ok(Self { way: Way::Remote(endpoint.connect_lazy()), identity: None })
    }

    /// The same way, for calls that a process makes of its own accord: each carries a fresh claim of the signer's issuer.
    #[must_use]
    pub fn signed_by(mut self, signer: Signer, clock: std::sync::Arc<dyn base::Clock>) -> Self {
        self.identity = Some(Identity { signer, clock });
        self
    }

    /// Who calls are made as, if the process calls of its own accord.
    pub fn caller(&self) -> Option<Caller> {
        self.identity.as_ref().map(|identity| identity.signer.caller())
    }

    fn prepare(&self, request: &mut Request<Body>) {
        let headers = request.headers_mut();
        telemetry::hand_on(headers);
        let call = Call::current();
        let language = HeaderValue::from_static(call.language.tag());
        headers.entry(http::header::ACCEPT_LANGUAGE).or_insert(language);
        // Never what the caller wrote there: only the gateway names programs.
        headers.remove(layers::CLIENT);
        if let Some(client) = HeaderValue::from_str(&call.client).ok().filter(|client| !client.is_empty()) {
            headers.insert(layers::CLIENT, client);
        }
        if let Some(left) = layers::remaining().filter(|_| !headers.contains_key("grpc-timeout")) {
            let millis = left.as_millis().clamp(1, 99_999_999);
            let value = HeaderValue::from_str(&format!("{millis}m")).expect("digits and a letter");
            headers.insert("grpc-timeout", value);
        }
        if let Some(identity) = self.identity.as_ref().filter(|_| !headers.contains_key(HEADER)) {
            let claim = identity.signer.sign(None, identity.clock.now());
            headers.insert(HEADER, HeaderValue::from_str(&claim).expect("a token is ASCII"));
        }
    }
}

impl Service<Request<Body>> for Transport {
    type Response = Response<Body>;
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(())) // each call clones the way and waits there
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        self.prepare(&mut request);
        let way = self.way.clone();
        match congvan_proto::method(request.uri().path()).filter(|method| method.repeatable && method.unary) {
            Some(method) => Box::pin(way.patiently(method, request)),
            None => Box::pin(async move { Ok(way.once(request).await) }),
        }
    }
}

impl Way {
    /// One attempt. A failed connection is an answer: `UNAVAILABLE`.
    async fn once(self, request: Request<Body>) -> Response<Body> {
        let answer = match self {
            Self::Local(routes) => {
                let answer: Result<_, Infallible> = routes.oneshot(request).await;
                answer.map(|response| response.map(Body::new)).map_err(|never| match never {})
            }
            Self::Remote(channel) => channel.oneshot(request).await.map_err(|error| away(&error)),
        };
        answer.unwrap_or_else(Status::into_http)
    }

    /// Several attempts, if this request may be repeated: a change only under a request id.
    async fn patiently(self, method: &Method, request: Request<Body>) -> Result<Response<Body>, Failure> {
        let (head, body) = request.into_parts();
        let body: Bytes = body.collect().await?.to_bytes();
        let plain = body.first() == Some(&0); // a compressed message cannot be looked into
        let attempts =
            if plain && method.may_repeat(body.get(FRAME_HEAD..).unwrap_or_default()) { ATTEMPTS } else { 1 };
        let mut wait = FIRST_WAIT;
        for _ in 1..attempts {
            let attempt = Request::from_parts(head.clone(), Body::new(Full::new(body.clone())));
            let response = self.clone().once(attempt).await;
            let in_time = layers::remaining().is_none_or(|left| left > wait);
            if !is_unavailable(&response) || !in_time {
                return Ok(response);
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
        }
        Ok(self.once(Request::from_parts(head, Body::new(Full::new(body)))).await)
    }
}

fn is_unavailable(response: &Response<Body>) -> bool {
    Status::from_header_map(response.headers()).is_some_and(|status| status.code() == Code::Unavailable)
}

fn away(error: &tonic::transport::Error) -> Status {
    let mut causes = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    crate::Fault::unavailable(causes.join(": ")).into()
}
