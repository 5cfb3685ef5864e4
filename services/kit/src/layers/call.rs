use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use base::Ids;
use http::{HeaderMap, HeaderName, header::ACCEPT_LANGUAGE};

use crate::{Call, Language};

/// gRPC metadata by which the gateway tells the services what program the caller uses.
pub(crate) const CLIENT: HeaderName = HeaderName::from_static("x-congvan-client");

/// How much of the name of a program is kept, in characters.
const CLIENT_LIMIT: usize = 200;

/// Where calls get their ids from, and which header names the program that the caller uses.
#[derive(Clone)]
pub(super) struct Naming {
    pub(super) ids: Arc<Ids>,
    pub(super) client: HeaderName,
}

/// Notes the caller's language and program and gives the call an id.
pub(super) async fn identify(State(naming): State<Naming>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let call = Call {
        language: Language::preferred(text(headers, &ACCEPT_LANGUAGE)),
        id: naming.ids.next().to_string(),
        client: text(headers, &naming.client).trim().chars().take(CLIENT_LIMIT).collect(),
    };
    call.scope(next.run(request)).await
}

/// A header of printable ASCII; empty if it is not there or is anything else.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
