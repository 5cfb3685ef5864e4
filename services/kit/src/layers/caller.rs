use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use tonic::Status;

use crate::{
    Fault,
    caller::{HEADER, Verifier},
};

/// Verifies the claim and puts the [`crate::caller::Caller`] into the request. Only health and reflection go without.
pub(super) async fn verify(State(verifier): State<Verifier>, mut request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/grpc.") {
        return next.run(request).await;
    }
    let claim = request.headers_mut().remove(HEADER);
    let caller = claim.as_ref().and_then(|claim| verifier.verify(claim.to_str().ok()?));
    match caller {
        Some(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        None => Status::from(Fault::not_signed_in()).into_http(),
    }
}
