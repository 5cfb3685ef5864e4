//! Address, query, headers and body put together: the message that the service gets.

use http::{HeaderMap, Method};
use prost_reflect::{DynamicMessage, FieldDescriptor, Value};
use serde_json::Value as Json;

use super::{
    matcher::Variables,
    operation::{Operation, Payload},
    query,
    read::{Reader, named},
    required,
    violations::{self, Mistakes, Place},
};
use crate::{contracts::behaviour, failure::Failure};

/// Names the call, so that a repeat gets the first answer; the same as the field `requestId`.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// The parts of a request.
pub(super) struct Input<'a> {
    /// What the address binds.
    pub(super) variables: Variables,
    /// What follows the question mark.
    pub(super) query: &'a str,
    /// The headers.
    pub(super) headers: &'a HeaderMap,
    /// The body, if the operation takes one.
    pub(super) body: Option<Json>,
}

impl Input<'_> {
    /// The message, or everything that is wrong with the request.
    pub(super) fn read(self, operation: &Operation) -> Result<DynamicMessage, Failure> {
        let mut mistakes = Mistakes::default();
        let mut message = self.body_message(operation, &mut mistakes);
        query::read(operation, self.query, &mut message, &mut mistakes);
        for (path, text) in self.variables {
            query::set_text(&mut message, &path, text);
        }
        if let Some(field) = operation.request_id().filter(|field| !message.has_field(field))
            && let Some(key) = self.headers.get(IDEMPOTENCY_KEY).and_then(|key| key.to_str().ok())
        {
            message.set_field(&field, Value::String(key.to_owned()));
        }
        required::check(&message, lenient(operation), &mut mistakes);
        mistakes.check()?;
        Ok(message)
    }

    fn body_message(&self, operation: &Operation, mistakes: &mut Mistakes) -> DynamicMessage {
        let mut message = DynamicMessage::new(operation.input.clone());
        let Some(body) = &self.body else { return message };
        match &operation.payload {
            Payload::None | Payload::File => {}
            Payload::Whole => {
                message = Reader { place: Place::default(), mistakes }.message(&operation.input, body);
            }
            Payload::Field(field) => {
                if let Some(value) = (Reader { place: Place::default(), mistakes }).field(field, body) {
                    message.set_field(field, value);
                }
            }
        }
        self.compare(operation, body, mistakes);
        message
    }

    /// What the address says may be said again in the body, but not differently.
    fn compare(&self, operation: &Operation, body: &Json, mistakes: &mut Mistakes) {
        for (path, text) in &self.variables {
            let name = path.rsplit('.').next().unwrap_or(path);
            let holder = match &operation.payload {
                Payload::Field(field) if path.contains('.') => field.kind().as_message().cloned(),
                Payload::Whole => Some(operation.input.clone()),
                _ => None,
            };
            let Some(field) = holder.and_then(|holder| named(&holder, name)) else { continue };
            let said = body.get(field.json_name()).or_else(|| body.get(field.name())).and_then(Json::as_str);
            let ignored = behaviour(&field).output_only;
            if !ignored && said.is_some_and(|said| !said.is_empty() && said != text) {
                let mut place = Place::default();
                if let Payload::Field(outer) = &operation.payload {
                    place.enter_field(outer.json_name());
                }
                place.enter_field(field.json_name());
                mistakes.add(&place, violations::differs());
            }
        }
    }
}

fn lenient(operation: &Operation) -> Option<&FieldDescriptor> {
    match &operation.payload {
        Payload::Field(field) if operation.verb == Method::PATCH => Some(field),
        _ => None,
    }
}
