//! What follows the question mark: `?pageSize=20&kinds=UNIT_KIND_WARD&kinds=UNIT_KIND_COMMUNE&document.note=…`.

use kit::Text;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, Value};
use serde_json::Value as Json;

use super::{
    operation::Operation,
    percent,
    read::{Reader, named},
    violations::{self, Mistakes, Place},
};
use crate::contracts::behaviour;

/// The parameters as written, decoded.
type Parameters = Vec<(String, Vec<String>)>;

/// Puts the parameters of a query into the fields that may come that way.
pub(super) fn read(
    operation: &Operation,
    query: &str,
    message: &mut DynamicMessage,
    mistakes: &mut Mistakes,
) {
    for (name, values) in parameters(query, mistakes) {
        let mut fields = Vec::new();
        match path(operation, &name, &mut fields) {
            Some(last) => set(message, &fields, &last, &values, mistakes),
            None => mistakes.add(named_place(&name), violations::unknown_parameter()),
        }
    }
}

/// The parameters in order of first appearance, each with all its values.
fn parameters(query: &str, mistakes: &mut Mistakes) -> Parameters {
    let mut parameters = Parameters::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let Some(name) = percent::decode_form(name) else {
            mistakes.add("query", broken());
            continue;
        };
        let Some(value) = percent::decode_form(value) else {
            mistakes.add(named_place(&name), broken());
            continue;
        };
        match parameters.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value),
            None => parameters.push((name, vec![value])),
        }
    }
    parameters
}

fn broken() -> Text {
    Text::new("mã hóa phần trăm hoặc UTF-8 bị hỏng", "is not valid percent-encoded UTF-8")
}

fn named_place(name: &str) -> Place {
    let mut place = Place::default();
    place.enter_field(name);
    place
}

/// Follows a dotted name to a field that holds one value or a list of them; `through` gets the messages on the way.
fn path(operation: &Operation, name: &str, through: &mut Vec<FieldDescriptor>) -> Option<FieldDescriptor> {
    let mut message = operation.input.clone();
    let mut parts = name.split('.').peekable();
    while let Some(part) = parts.next() {
        let field = named(&message, part).filter(|field| !field.is_map())?;
        if through.is_empty() && !operation.takes_in_query(&field) {
            return None;
        }
        match (field.kind(), parts.peek()) {
            (Kind::Message(inner), Some(_)) if !field.is_list() => message = inner,
            (Kind::Message(inner), None) if inner.package_name() != "google.protobuf" => return None,
            (_, None) => return Some(field),
            _ => return None,
        }
        through.push(field);
    }
    None
}

fn set(
    message: &mut DynamicMessage,
    through: &[FieldDescriptor],
    field: &FieldDescriptor,
    values: &[String],
    mistakes: &mut Mistakes,
) {
    if behaviour(field).output_only {
        return;
    }
    let mut place = Place::default();
    for field in through {
        place.enter_field(field.json_name());
    }
    if values.len() > 1 && !field.is_list() {
        place.enter_field(field.json_name());
        mistakes.add(&place, violations::repeated());
        return;
    }
    let mut json: Vec<_> = values.iter().map(|value| as_json(field, value)).collect();
    let json = if field.is_list() { Json::Array(json) } else { json.pop().unwrap_or_default() };
    let Some(value) = (Reader { place, mistakes }).field(field, &json) else { return };
    inside(message, through).set_field(field, value);
}

/// The innermost message of a path, made on the way.
pub(super) fn inside<'a>(
    message: &'a mut DynamicMessage,
    through: &[FieldDescriptor],
) -> &'a mut DynamicMessage {
    through.iter().fold(message, |message, field| {
        message.get_field_mut(field).as_message_mut().expect("only messages are on the way")
    })
}

/// Text as JSON would write it; the standard mapping reads numbers from strings, but no truth values.
fn as_json(field: &FieldDescriptor, text: &str) -> Json {
    match (field.kind(), text) {
        (Kind::Bool, "true") => Json::Bool(true),
        (Kind::Bool, "false") => Json::Bool(false),
        _ => Json::String(text.to_owned()),
    }
}

/// Sets the text field at a dotted path of the protos.
pub(super) fn set_text(message: &mut DynamicMessage, path: &str, text: String) {
    let (through, last) = match path.rsplit_once('.') {
        Some((through, last)) => (through.split('.').collect::<Vec<_>>(), last),
        None => (Vec::new(), path),
    };
    let innermost = through.iter().fold(message, |message, name| {
        let field = message.get_field_by_name_mut(name).expect("checked when the table was built");
        field.as_message_mut().expect("checked when the table was built")
    });
    innermost.set_field_by_name(last, Value::String(text));
}
