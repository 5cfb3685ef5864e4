//! Native gRPC, passed through untouched to the service that owns the method, and gRPC-Web translated into it.

use std::{convert::Infallible, sync::Arc};

use axum::{extract::Request, response::Response};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version,
    header::{
        ALLOW, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, TRANSFER_ENCODING,
        UPGRADE,
    },
};
use http_body_util::{LengthLimitError, Limited};
use kit::{Fault, caller::HEADER, layers::Route};
use tonic::{Status, body::Body};
use tonic_web::GrpcWebLayer;
use tower::{Layer, ServiceExt, service_fn};

use crate::{
    failure::{self, Failure},
    front::Front,
    rest::operation::is_open,
};

/// Largest request of a unary method, in bytes: such requests are held, so that they can be repeated.
const MESSAGE_LIMIT: usize = 4 << 20;

/// What must not reach a service: secrets that are ours to read, and what belongs to one connection only.
const OURS: [HeaderName; 7] =
    [AUTHORIZATION, COOKIE, HOST, CONNECTION, TRANSFER_ENCODING, UPGRADE, CONTENT_LENGTH];
const OURS_TOO: [&str; 5] =
    [HEADER, "keep-alive", "proxy-connection", "proxy-authorization", "http2-settings"];

/// Whether a request is gRPC or gRPC-Web.
pub(crate) fn is_grpc(headers: &HeaderMap) -> bool {
    content_type(headers).starts_with("application/grpc")
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Answers a gRPC or gRPC-Web call.
pub(crate) async fn serve(front: Arc<Front>, request: Request) -> Response {
    if request.method() != Method::POST {
        return post_only();
    }
    let label = congvan_proto::method(request.uri().path())
        .map_or_else(Route::unknown, |method| Route::named(&method.path));
    let mut response = if content_type(request.headers()).starts_with("application/grpc-web") {
        let inner = service_fn(move |request: http::Request<Body>| {
            let front = front.clone();
            async move { Ok::<_, Infallible>(forward(&front, request).await) }
        });
        let answer: Result<_, Infallible> = GrpcWebLayer::new().layer(inner).oneshot(request).await;
        answer.unwrap_or_else(|never| match never {})
    } else {
        forward(&front, request.map(Body::new)).await
    };
    response.extensions_mut().insert(label);
    response.map(axum::body::Body::new)
}

fn post_only() -> Response {
    let mut response = Response::new(axum::body::Body::empty());
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    response
}

async fn forward(front: &Front, request: http::Request<Body>) -> http::Response<Body> {
    if request.uri().path().starts_with("/grpc.") {
        let answer: Result<_, Infallible> = front.own.clone().oneshot(request).await;
        return answer.unwrap_or_else(|never| match never {}).map(Body::new);
    }
    pass(front, request).await.unwrap_or_else(|failure| failure.status.into_http())
}

async fn pass(front: &Front, mut request: http::Request<Body>) -> Result<http::Response<Body>, Failure> {
    let path = request.uri().path();
    let method =
        congvan_proto::method(path).filter(|method| method.public).ok_or_else(failure::no_such_method)?;
    let transport = front.backends.owner(path).ok_or_else(failure::no_such_method)?;
    let claim = if is_open(path) {
        front.sessions.own_claim()
    } else {
        front.sessions.claim(request.headers(), &method.path).await?
    };
    let headers = request.headers_mut();
    for name in OURS.iter().map(HeaderName::as_str).chain(OURS_TOO) {
        headers.remove(name);
    }
    headers.insert(HEADER, HeaderValue::from_str(&claim).expect("a token is ASCII"));
    *request.uri_mut() = method.path.parse().expect("a path of the contracts");
    *request.version_mut() = Version::HTTP_2;
    let request =
        if method.unary { request.map(|body| Body::new(Limited::new(body, MESSAGE_LIMIT))) } else { request };
    transport.clone().oneshot(request).await.map_err(|error| not_passed(&*error))
}

fn not_passed(error: &(dyn std::error::Error + 'static)) -> Failure {
    if is_too_large(error) {
        return failure::too_large(u64::try_from(MESSAGE_LIMIT).unwrap_or(u64::MAX)).into();
    }
    Failure::from(Status::from(Fault::unavailable(error.to_string())))
}

fn is_too_large(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<LengthLimitError>() || error.source().is_some_and(is_too_large)
}
