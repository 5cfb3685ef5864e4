//! Address, query, headers and body put together: the message that the service gets.

use http::{HeaderMap, Method};
use prost_reflect::{DynamicMessage, Kind, Value};
use serde_json::Value as Json;

use super::{
    matcher::Variables,
    operation::{Operation, Payload},
    query,
    read::{Reader, named},
    required,
    violations::{self, Mistakes, Place},
};
use crate::failure::Failure;

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
        if !mistakes.is_empty() {
            required::check(&message, operation.verb == Method::PATCH, &mut mistakes);
        }
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

    /// What the address says may be said again in the body, but not differently: one of the two would be dropped unsaid.
    fn compare(&self, operation: &Operation, body: &Json, mistakes: &mut Mistakes) {
        for (path, text) in &self.variables {
            let mut holder = operation.input.clone();
            let mut said = Some(body);
            let mut place = Place::default();
            for name in path.split('.') {
                let field = named(&holder, name).expect("checked when the table was built");
                place.enter_field(field.json_name());
                // The field that is the body has no name there.
                if !matches!(&operation.payload, Payload::Field(outer) if *outer == field) {
                    said = said.and_then(|json| json.get(field.json_name()).or_else(|| json.get(name)));
                }
                if let Kind::Message(inner) = field.kind() {
                    holder = inner;
                }
            }
            let said = said.and_then(Json::as_str);
            if said.is_some_and(|said| !said.is_empty() && said != text) {
                mistakes.add(&place, violations::differs());
            }
        }
    }
}
