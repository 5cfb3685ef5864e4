use axum::{extract::Request, middleware::Next, response::Response};
use tracing::Instrument;

use crate::telemetry;

/// Continues the caller's W3C trace, or begins one.
pub(super) async fn continue_trace(request: Request, next: Next) -> Response {
    let span = tracing::info_span!("call", otel.name = super::label(&request), otel.kind = "server");
    telemetry::continue_from(&span, request.headers());
    next.run(request).instrument(span).await
}
