use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use base::Ids;
use http::header::ACCEPT_LANGUAGE;

use crate::{Call, Language};

/// Notes the caller's language and gives the call an id.
pub(super) async fn identify(State(ids): State<Arc<Ids>>, request: Request, next: Next) -> Response {
    let wanted = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let call = Call { language: Language::preferred(wanted.unwrap_or_default()), id: ids.next().to_string() };
    call.scope(next.run(request)).await
}
