use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};

use crate::{
    Backends, GatewayConfig, grpc, pages::Pages, rest, rest::routes::Routes, scim, session::Sessions,
};

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

/// Every request comes in here: gRPC says so by its content type, the rest is decided by the address.
pub(crate) async fn serve(State(front): State<Arc<Front>>, request: Request) -> Response {
    if grpc::is_grpc(request.headers()) {
        grpc::serve(front, request).await
    } else if let Some(page) = front.pages.find(&request) {
        page
    } else if scim::is_ours(request.uri().path()) {
        scim::serve(&front, request).await
    } else {
        rest::serve(&front, request).await
    }
}
