//! What stands around every call: its id, security headers, and one line in the log.

use std::time::Instant;

use axum::{extract::Request, middleware::Next, response::Response};
use http::{
    HeaderName, HeaderValue,
    header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS},
};
use kit::{Call, layers::Route};

use crate::grpc;

/// Pages hold text and their own style, nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What every answer carries that is not gRPC, unless it knows better.
const SECURITY: [(HeaderName, &str); 4] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (CONTENT_SECURITY_POLICY, POLICY),
];

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Wraps a call. The log names the pattern of the address: addresses and queries may hold what is not for the log.
pub(crate) async fn wrap(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let verb = request.method().clone();
    let is_grpc = grpc::is_grpc(request.headers());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let id = Call::current().id;
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }
    if !is_grpc {
        for (name, value) in SECURITY {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        }
    }
    let grpc_status =
        response.headers().get("grpc-status").and_then(|status| status.to_str().ok()).unwrap_or("-");
    let route = response.extensions().get::<Route>().map_or("-", Route::as_str);
    let millis = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%verb, route, status = response.status().as_u16(), grpc_status, millis, request = id, "served");
    response
}
