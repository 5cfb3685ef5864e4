use axum::{extract::Request, middleware::Next, response::Response};
use tonic::Status;

use crate::{Fault, access::admit, caller::Caller};

/// Refuses who may not call the method at all, before its service hears of it. What the contracts do not know is left to
/// the routes, which serve nothing of that name.
pub(super) async fn enforce(request: Request, next: Next) -> Response {
    let Some(method) = congvan_proto::method(request.uri().path()) else { return next.run(request).await };
    let caller = request.extensions().get::<Caller>().ok_or_else(Fault::not_signed_in);
    match caller.and_then(|caller| admit(caller, method)) {
        Ok(()) => next.run(request).await,
        Err(fault) => Status::from(fault).into_http(),
    }
}
