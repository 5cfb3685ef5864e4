//! SCIM 2.0 (RFC 7643, RFC 7644) at `/scim/v2`: other software keeps the people and the groups of people of the directory.
//!
//! Nothing is kept here. Every call becomes calls of the directory's contract, with its rules, its audit and its revisions:
//! the version of a resource is the revision. An API key needs the scope for SCIM; a session works too, as far as the person
//! may change people.

mod answer;
mod body;
mod directory;
mod discovery;
mod error;
mod filter;
mod group;
mod group_directory;
mod groups;
mod list;
mod patch;
mod plan;
mod projection;
mod query;
mod root;
mod route;
mod schema;
mod search;
mod user;
mod users;
mod version;

use axum::{body::Body, extract::Request, response::Response};
use http::{
    HeaderValue, Method, StatusCode,
    header::{ALLOW, ETAG, LOCATION},
    request::Parts,
};
use kit::{Text, layers::Route as Label};
use serde_json::Value as Json;

use self::{
    directory::Directory,
    error::{Kind, Refusal, Result},
    projection::Projection,
    query::Query,
    root::Root,
    route::Route,
    schema::Schema,
    version::Conditions,
};
use crate::{front::Front, rest::body as rest_body};

pub(crate) use route::is_ours;

/// How often a change is tried again when others change the same resource; then the caller is told.
const ATTEMPTS: usize = 5;

/// Noted in the audit as the reason.
const REASON: &str = "SCIM 2.0";

/// Answers a call below `/scim/v2`.
pub(crate) async fn serve(front: &Front, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let route = Route::find(parts.uri.path());
    let label = Label::named(route.pattern());
    let mut response = answer(front, &route, &parts, body).await.unwrap_or_else(Refusal::answer);
    response.extensions_mut().insert(label);
    response
}

async fn answer(front: &Front, route: &Route, parts: &Parts, body: Body) -> Result<Response> {
    let verb = if parts.method == Method::HEAD { &Method::GET } else { &parts.method };
    let allowed = route.verbs();
    if allowed.is_empty() {
        return Err(Refusal::not_found());
    }
    if !allowed.contains(verb) {
        return Err(wrong_verb(allowed));
    }
    let root = Root::of(&parts.uri, &parts.headers);
    if route.describes() {
        let found = described(route, &root).ok_or_else(Refusal::not_found)?;
        return Ok(answer::json(StatusCode::OK, &found));
    }
    let query = Query::of_address(&parts.uri)?;
    let call = Call::new(front, parts, root, query.projection.clone()).await?;
    match (route, verb) {
        (Route::User(id), &Method::GET) => users::get(&call, id).await,
        (Route::Group(id), &Method::GET) => groups::get(&call, id).await,
        (Route::User(id), &Method::DELETE) => users::delete(&call, id).await,
        (Route::Group(id), &Method::DELETE) => groups::delete(&call, id).await,
        (_, &Method::GET) => search::search(&call, route, &query).await,
        _ => write(&call, route, verb, &read(front, parts, body).await?).await,
    }
}

/// Answers what comes with a body.
async fn write(call: &Call, route: &Route, verb: &Method, written: &Json) -> Result<Response> {
    match (route, verb) {
        (Route::Users, _) => users::create(call, written).await,
        (Route::Groups, _) => groups::create(call, written).await,
        (Route::User(id), &Method::PUT) => users::replace(call, id, written).await,
        (Route::Group(id), &Method::PUT) => groups::replace(call, id, written).await,
        (Route::User(id), _) => users::patch(call, id, written).await,
        (Route::Group(id), _) => groups::patch(call, id, written).await,
        _ => search::search(call, route, &Query::of_body(written)?).await,
    }
}

/// What stands at an address that describes.
fn described(route: &Route, root: &Root) -> Option<Json> {
    match route {
        Route::ServiceProviderConfig => Some(discovery::service_provider_config(root)),
        Route::ResourceTypes => Some(discovery::resource_types(root)),
        Route::ResourceType(name) => discovery::resource_type(name, root),
        Route::Schemas => Some(discovery::schemas(root)),
        Route::Schema(id) => discovery::schema(id, root),
        _ => None,
    }
}

async fn read(front: &Front, parts: &Parts, body: Body) -> Result<Json> {
    let limits = rest_body::Limits {
        bytes: front.config.body_limit_bytes,
        time: front.config.body_timeout,
        media_types: &[answer::MEDIA_TYPE, "application/json"],
    };
    rest_body::read(&parts.headers, body, limits).await.map_err(|failure| {
        let mut refusal = Refusal::from(failure);
        if refusal.status == StatusCode::BAD_REQUEST {
            refusal.kind = Some(Kind::InvalidSyntax);
        }
        refusal
    })
}

fn wrong_verb(allowed: &[Method]) -> Refusal {
    let allowed = allowed.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    let text = Text::new(
        format!("Địa chỉ này chỉ nhận: {allowed}."),
        format!("This address takes only: {allowed}."),
    );
    let header = HeaderValue::from_str(&allowed).expect("methods are ASCII");
    Refusal::with_status(StatusCode::METHOD_NOT_ALLOWED, None, &text).with(ALLOW, header)
}

/// A call, with what every answer needs.
struct Call {
    directory: Directory,
    root: Root,
    conditions: Conditions,
    projection: Projection,
}

impl Call {
    async fn new(front: &Front, parts: &Parts, root: Root, projection: Projection) -> Result<Self> {
        let directory = Directory {
            transport: front.backends.directory.clone(),
            claim: front.sessions.scim_claim(&parts.headers).await?,
            patience: front.config.call_timeout,
        };
        Ok(Self { directory, root, conditions: Conditions::read(&parts.headers), projection })
    }

    /// The answer that holds one resource.
    fn resource(
        &self,
        status: StatusCode,
        schema: &Schema,
        id: &str,
        revision: i64,
        resource: &Json,
    ) -> Response {
        let mut response = answer::json(status, resource);
        let location = HeaderValue::from_str(&self.root.of_resource(schema, id));
        if let Ok(location) = location {
            response.headers_mut().insert(LOCATION, location);
        }
        with_version(response, revision)
    }

    /// The caller knows the resource as it is.
    fn not_modified(revision: i64) -> Response {
        with_version(answer::empty(StatusCode::NOT_MODIFIED), revision)
    }
}

fn with_version(mut response: Response, revision: i64) -> Response {
    let version = HeaderValue::from_str(&version::of(revision)).expect("digits are ASCII");
    response.headers_mut().insert(ETAG, version);
    response
}
