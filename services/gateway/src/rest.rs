//! REST and JSON, derived from the annotations of the contracts.
//!
//! The standard JSON mapping of protobuf: lowerCamelCase names (the names of the protos are taken too), 64-bit integers as
//! strings, enums by name, times as RFC 3339. Answers hold every field, also those with default values, so that clients
//! need not know the defaults; messages that are not there are left out.

pub(crate) mod body;
pub(crate) mod call;
mod download;
mod export;
mod feed;
mod input;
pub(crate) mod matcher;
pub(crate) mod operation;
pub(crate) mod percent;
mod query;
mod range;
mod read;
mod required;
pub(crate) mod routes;
mod upload;
mod violations;

use axum::{body::Body, extract::Request, response::Response};
use bytes::Bytes;
use http::{
    HeaderValue, Method, StatusCode,
    header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE},
    request::Parts,
};
use kit::{Fault, layers::Route, transport::Transport};
use prost::Message;
use prost_reflect::{DynamicMessage, SerializeOptions};

use self::{
    input::Input,
    matcher::Variables,
    operation::{Form, Operation, Payload},
    routes::Found,
};
use crate::{
    failure::{self, Failure},
    front::Front,
    problem,
};

/// Answers a REST call.
pub(crate) async fn serve(front: &Front, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (label, answer) = match front.routes.find(&parts.method, parts.uri.path()) {
        Found::Nothing => (Route::unknown(), Err(failure::no_such_method().into())),
        Found::OtherMethods(others) => (Route::unknown(), other_method(&parts.method, others)),
        Found::Operation(operation, variables) => {
            let label = Route::named(operation.template.text());
            (label, operate(front, operation, variables, &parts, body).await)
        }
    };
    let mut response = answer.unwrap_or_else(problem::answer);
    response.extensions_mut().insert(label);
    response
}

/// `OPTIONS` asks which methods an address takes; any other one is not among them.
fn other_method(verb: &Method, others: Vec<Method>) -> Result<Response, Failure> {
    let mut allowed = vec![Method::OPTIONS];
    if others.contains(&Method::GET) {
        allowed.push(Method::HEAD);
    }
    allowed.extend(others);
    let mut allowed: Vec<_> = allowed.iter().map(Method::as_str).collect();
    allowed.sort_unstable();
    let allowed = allowed.join(", ");
    let header = HeaderValue::from_str(&allowed).expect("methods are ASCII");
    if *verb != Method::OPTIONS {
        let refused = Failure::from(failure::wrong_method(&allowed));
        return Err(refused.answering(StatusCode::METHOD_NOT_ALLOWED).with(ALLOW, header));
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(ALLOW, header);
    Ok(response)
}

async fn operate(
    front: &Front,
    operation: &Operation,
    variables: Variables,
    parts: &Parts,
    body: Body,
) -> Result<Response, Failure> {
    let claim = if operation.needs_session {
        front.sessions.claim(&parts.headers, operation.path.path()).await?
    } else {
        front.sessions.own_claim()
    };
    let transport = front.backends.owner(operation.path.path()).ok_or_else(failure::no_such_method)?;
    let call = Call { front, operation, transport, claim: &claim, parts };
    match operation.form {
        Form::Unary => call.unary(variables, body).await,
        Form::Upload => call.upload(variables, body).await,
        Form::Download => call.download(variables).await,
        Form::Export => call.export(variables).await,
        Form::Feed => call.feed(variables).await,
    }
}

/// One call of one operation.
struct Call<'a> {
    front: &'a Front,
    operation: &'a Operation,
    transport: &'a Transport,
    claim: &'a str,
    parts: &'a Parts,
}

impl Call<'_> {
    async fn unary(&self, variables: Variables, body: Body) -> Result<Response, Failure> {
        let config = &self.front.config;
        let body = match &self.operation.payload {
            Payload::Whole | Payload::Field(_) => {
                let limits = body::Limits {
                    bytes: config.body_limit_bytes,
                    time: config.body_timeout,
                    media_types: &["application/json"],
                };
                Some(body::read(&self.parts.headers, body, limits).await?)
            }
            Payload::None | Payload::File => None,
        };
        let message = self.input(variables, body)?.encode_to_vec().into();
        let path = &self.operation.path;
        let answer = call::unary(self.transport, path, message, self.claim, config.call_timeout).await?;
        self.json(answer)
    }

    async fn upload(&self, variables: Variables, body: Body) -> Result<Response, Failure> {
        let config = &self.front.config;
        let limits = upload::Limits { bytes: config.file_limit_bytes, idle: config.upload_idle_timeout };
        upload::check(&self.parts.headers, limits)?;
        let header = self.input(variables, None)?;
        let file = upload::File::new(body, limits);
        let answer = upload::send(self.transport, self.operation, self.claim, &header, file).await?;
        self.json(answer)
    }

    async fn download(&self, variables: Variables) -> Result<Response, Failure> {
        let message = self.input(variables, None)?;
        let id =
            message.get_field_by_name("id").and_then(|id| id.as_str().map(str::to_owned)).unwrap_or_default();
        let Parts { method: verb, headers, .. } = self.parts;
        let (transport, claim, patience) = (self.transport, self.claim, self.front.config.call_timeout);
        download::Download { transport, claim, id, verb, headers, patience }.answer().await
    }

    async fn export(&self, variables: Variables) -> Result<Response, Failure> {
        let message = self.input(variables, None)?.encode_to_vec().into();
        let (transport, operation, claim) = (self.transport, self.operation, self.claim);
        let patience = self.front.config.call_timeout;
        export::Export { transport, operation, claim, patience }.answer(message, &self.parts.method).await
    }

    async fn feed(&self, variables: Variables) -> Result<Response, Failure> {
        let message = self.input(variables, None)?.encode_to_vec().into();
        let (transport, operation, claim) = (self.transport, self.operation, self.claim);
        let patience = self.front.config.call_timeout;
        feed::Feed { transport, operation, claim, patience }.answer(message).await
    }

    fn input(
        &self,
        variables: Variables,
        body: Option<serde_json::Value>,
    ) -> Result<DynamicMessage, Failure> {
        let query = self.parts.uri.query().unwrap_or_default();
        let input = Input { variables, query, headers: &self.parts.headers, body };
        input.read(self.operation)
    }

    fn json(&self, answer: Bytes) -> Result<Response, Failure> {
        let message =
            DynamicMessage::decode(self.operation.method.output(), answer).map_err(Fault::internal)?;
        let mut response = Response::new(Body::from(to_json(&message).map_err(Fault::internal)?));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(response)
    }
}

/// A message in the standard JSON mapping, with every field.
fn to_json(message: &DynamicMessage) -> Result<Vec<u8>, serde_json::Error> {
    let mut json = serde_json::Serializer::new(Vec::new());
    message.serialize_with_options(&mut json, &SerializeOptions::new().skip_default_fields(false))?;
    Ok(json.into_inner())
}
