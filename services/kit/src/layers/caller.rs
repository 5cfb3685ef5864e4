use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use tonic::Status;
use tonic_types::StatusExt;

use crate::{
    Fault,
    caller::{HEADER, Verifier},
};

/// Metadata of the refusal of a claim, which tells it from a session that has ended.
const REFUSED: &str = "claim_refused";

/// Whether a service did not believe the claim that the call carried.
pub fn was_refused(status: &Status) -> bool {
    let info = status.get_details_error_info();
    info.is_some_and(|info| info.metadata.contains_key(REFUSED))
}

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
        None => {
            // Callers come through the gateway, which signs for them: this is a mistake of the operators, or an attack.
            tracing::warn!(
                path = request.uri().path(),
                given = claim.is_some(),
                "claim refused: is the caller's key in the trust folder?"
            );
            Status::from(Fault::not_signed_in().with(REFUSED, true)).into_http()
        }
    }
}
