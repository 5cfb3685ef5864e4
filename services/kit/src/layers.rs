//! What wraps the inside of every service, outermost first: metrics, trace, deadline, caller, access.

mod access;
mod call;
mod caller;
mod deadline;
mod metrics;
mod trace;

use std::sync::Arc;

use axum::{Router, middleware::from_fn_with_state};
use base::Ids;
use http::{HeaderName, header::USER_AGENT};

use crate::caller::Verifier;

pub(crate) use call::CLIENT;
pub use caller::was_refused as claim_was_refused;
pub(crate) use deadline::remaining;

/// Where a call went, for metrics and logs: the pattern of the address or the method, never the address itself. Whoever
/// answers puts it into the extensions of the response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route(Arc<str>);

impl Route {
    /// The address or method with this pattern.
    pub fn named(pattern: &str) -> Self {
        Self(pattern.into())
    }

    /// No address of ours.
    pub fn unknown() -> Self {
        Self::named("unknown")
    }

    /// The pattern.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Wraps the routes of a service whose callers come with signed claims.
pub fn service(routes: Router, verifier: Verifier, ids: Ids) -> Router {
    // The last layer added is the outermost.
    let routes = routes.layer(axum::middleware::from_fn(access::enforce));
    wrapped(routes.layer(from_fn_with_state(verifier, caller::verify)), ids, CLIENT)
}

/// Wraps routes that find out by themselves who calls: the gateway's.
pub fn outside(routes: Router, ids: Ids) -> Router {
    wrapped(routes, ids, USER_AGENT)
}

fn wrapped(routes: Router, ids: Ids, client: HeaderName) -> Router {
    let naming = call::Naming { ids: Arc::new(ids), client };
    routes
        .layer(axum::middleware::from_fn(deadline::enforce))
        .layer(from_fn_with_state(naming, call::identify))
        .layer(axum::middleware::from_fn(trace::continue_trace))
        .layer(axum::middleware::from_fn(metrics::measure))
}

/// Whether the body is a gRPC one (also gRPC-Web).
fn is_grpc(headers: &http::HeaderMap) -> bool {
    headers
        .get(http::header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/grpc"))
}

/// The method called, with bounded variety: what the contracts do not know counts as one.
fn label(request: &axum::extract::Request) -> &'static str {
    match congvan_proto::method(request.uri().path()) {
        Some(method) => &method.path,
        None if is_grpc(request.headers()) => "other-rpc",
        None => "http",
    }
}
