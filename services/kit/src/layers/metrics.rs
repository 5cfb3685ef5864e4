use std::time::Instant;

use axum::{extract::Request, middleware::Next, response::Response};

/// Counts calls and measures how long they take: `congvan_calls_total` and `congvan_call_seconds`.
pub(super) async fn measure(request: Request, next: Next) -> Response {
    let method = super::label(&request);
    let start = Instant::now();
    let response = next.run(request).await;
    let status = response.headers().get("grpc-status").and_then(|status| status.to_str().ok());
    let status = status.map_or_else(|| response.status().as_str().to_owned(), |code| format!("grpc-{code}"));
    let route = response.extensions().get::<super::Route>();
    let method = route.map_or_else(|| method.to_owned(), |route| route.as_str().to_owned());
    metrics::counter!("congvan_calls_total", "method" => method.clone(), "status" => status).increment(1);
    metrics::histogram!("congvan_call_seconds", "method" => method).record(start.elapsed().as_secs_f64());
    response
}
