//! Requests in which every message is there and empty, and every list of messages has one that is.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use crate::operations::{Operation, is_output_only, is_required};

/// Most members of a choice.
pub(crate) const CHOICES: usize = 8;

/// A request as it is made.
pub(crate) struct Hollow {
    /// The request, as JSON.
    pub(crate) request: Value,
    /// The required fields that are not there, as violations name them.
    pub(crate) missing: Vec<String>,
    /// Which member of each choice is there.
    choice: usize,
    /// Whether what only answers hold is there too.
    answers: bool,
}

impl Hollow {
    /// The request for an operation over REST, without what its address says. The thing that it names, names only what changes:
    /// nothing.
    pub(crate) fn lacking(operation: &Operation, choice: usize) -> Self {
        let mut hollow = Self { request: Value::Null, missing: Vec::new(), choice, answers: false };
        let input = operation.input();
        let mut request = Map::new();
        for field in hollow.fields(&input).into_iter().filter(|field| !operation.binds(field.name())) {
            if operation.thing().as_ref() == Some(&field) {
                request.insert(field.json_name().to_owned(), json!({}));
            } else if operation.takes_in_body(&field) {
                hollow.field(&mut request, &field, "", std::slice::from_ref(&input));
            } else if is_required(&field) {
                hollow.missing.push(field.json_name().to_owned());
            }
        }
        hollow.request = request.into();
        hollow
    }

    /// The whole request for an operation, about the thing with this id: without what only answers hold, and with it.
    pub(crate) fn with_answers(operation: &Operation, choice: usize, id: &str) -> [Value; 2] {
        [false, true].map(|answers| {
            let mut hollow = Self { request: Value::Null, missing: Vec::new(), choice, answers };
            let mut request = hollow.message(&operation.input(), "", &[]);
            for path in operation.bound() {
                let place = path.split('.').fold(&mut request, |json, name| &mut json[name]);
                *place = id.into();
            }
            request
        })
    }

    fn message(&mut self, message: &MessageDescriptor, place: &str, above: &[MessageDescriptor]) -> Value {
        let above = [above, std::slice::from_ref(message)].concat();
        let mut json = Map::new();
        for field in self.fields(message) {
            self.field(&mut json, &field, place, &above);
        }
        json.into()
    }

    fn field(
        &mut self,
        json: &mut Map<String, Value>,
        field: &FieldDescriptor,
        place: &str,
        above: &[MessageDescriptor],
    ) {
        let name = field.json_name().to_owned();
        let dot = if place.is_empty() { "" } else { "." };
        let place = format!("{place}{dot}{name}");
        if is_output_only(field) {
            json.insert(name, something(field));
            return;
        }
        match own_message(field).filter(|inner| !above.contains(inner)) {
            Some(inner) if field.is_list() => {
                let one = self.message(&inner, &format!("{place}[0]"), above);
                json.insert(name, json!([one]));
            }
            Some(inner) => {
                let one = self.message(&inner, &place, above);
                json.insert(name, one);
            }
            None if is_required(field) => self.missing.push(place),
            None => {}
        }
    }

    /// The fields that the request may hold: of each choice one message, or none if it has none.
    fn fields(&self, message: &MessageDescriptor) -> Vec<FieldDescriptor> {
        let is_chosen = |field: &FieldDescriptor| {
            let Some(group) = field.containing_oneof() else { return true };
            let members: Vec<_> = group.fields().filter(|member| own_message(member).is_some()).collect();
            !members.is_empty() && members[self.choice % members.len()] == *field
        };
        let fields = message.fields().filter(|field| self.answers || !is_output_only(field));
        fields.filter(is_chosen).collect()
    }
}

/// A value for a field that a service would find wrong, or right, if it read it.
fn something(field: &FieldDescriptor) -> Value {
    let one = match field.kind() {
        Kind::Message(inner) if inner.full_name() == "google.protobuf.Timestamp" => {
            json!("2020-01-01T00:00:00Z")
        }
        Kind::Message(_) => json!({}),
        Kind::Bool => json!(true),
        Kind::String => json!("?"),
        _ => json!(1),
    };
    if field.is_list() { json!([one]) } else { one }
}

/// The message of the contracts that a field holds.
fn own_message(field: &FieldDescriptor) -> Option<MessageDescriptor> {
    let Kind::Message(inner) = field.kind() else { return None };
    (!field.is_map() && inner.full_name().starts_with("congvan.")).then_some(inner)
}
