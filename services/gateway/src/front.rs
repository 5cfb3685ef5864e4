use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};

use crate::{Backends, GatewayConfig, grpc, pages::Pages, rest, rest::routes::Routes, session::Sessions};

/// What every call needs.
pub(crate) struct Front {
    pub(crate) config: GatewayConfig,
    pub(crate) routes: Routes,
    pub(crate) backends: Backends,
    pub(crate) sessions: Sessions,
    pub(crate) pages: Pages,
    /// Health and reflection.
    pub(crate) own: axum::Router,
}

/// Where a call went, for the log: the pattern of the address, never the address itself.
#[derive(Debug, Clone)]
pub(crate) struct Route(Arc<str>);

impl Route {
    /// The address or method with this pattern.
    pub(crate) fn named(pattern: &str) -> Self {
        Self(pattern.into())
    }

    /// No address of ours.
    pub(crate) fn unknown() -> Self {
        Self::named("unknown")
    }

    /// The pattern.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Every request comes in here: gRPC says so by its content type, the rest is decided by the address.
pub(crate) async fn serve(State(front): State<Arc<Front>>, request: Request) -> Response {
    if grpc::is_grpc(request.headers()) {
        grpc::serve(front, request).await
    } else if let Some(page) = front.pages.find(&request) {
        page
    } else {
        rest::serve(&front, request).await
    }
}
