//! Schemas of messages and enums, in the standard JSON mapping of protobuf.

use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use crate::contracts::{Behaviour, Commented, behaviour};

/// The schemas met so far, by name.
#[derive(Debug, Default)]
pub(crate) struct Schemas(Vec<(String, Value)>);

impl Schemas {
    /// A reference to the schema of a message, made when it is met first.
    pub(crate) fn message(&mut self, message: &MessageDescriptor) -> Value {
        self.message_without(message, &[])
    }

    /// The same, without the fields that the address binds.
    pub(crate) fn message_without(&mut self, message: &MessageDescriptor, bound: &[&str]) -> Value {
        let name = short_name(message.full_name());
        if self.is_new(&name) {
            let fields = message.fields().filter(|field| !bound.contains(&field.name())).collect::<Vec<_>>();
            let properties = fields.iter().map(|field| (field.json_name().to_owned(), self.field(field)));
            let properties: Map<_, _> = properties.collect();
            let required = fields.iter().filter(|field| behaviour(field).required);
            let required: Vec<_> = required.map(FieldDescriptor::json_name).collect();
            let mut schema =
                json!({"type": "object", "description": message.comment(), "properties": properties});
            if !required.is_empty() {
                schema["required"] = json!(required);
            }
            self.put(&name, schema);
        }
        reference(&name)
    }

    /// The schema of a field, with its comment.
    pub(crate) fn field(&mut self, field: &FieldDescriptor) -> Value {
        let mut schema = self.bare(field);
        schema["description"] = field.comment().into();
        let Behaviour { output_only, .. } = behaviour(field);
        if output_only {
            schema["readOnly"] = true.into();
        }
        schema
    }

    /// The schema of a field without its comment.
    pub(crate) fn bare(&mut self, field: &FieldDescriptor) -> Value {
        if field.is_map() {
            let entry = field.kind();
            let value = entry.as_message().expect("maps are entries").map_entry_value_field();
            return json!({"type": "object", "additionalProperties": self.kind(&value.kind())});
        }
        let single = self.kind(&field.kind());
        if field.is_list() { json!({"type": "array", "items": single}) } else { single }
    }

    fn kind(&mut self, kind: &Kind) -> Value {
        match kind {
            Kind::String => json!({"type": "string"}),
            Kind::Bool => json!({"type": "boolean"}),
            Kind::Bytes => json!({"type": "string", "contentEncoding": "base64"}),
            Kind::Double | Kind::Float => json!({"type": "number"}),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => json!({"type": "integer", "format": "int32"}),
            Kind::Uint32 | Kind::Fixed32 => json!({"type": "integer", "format": "int64", "minimum": 0}),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => json!({"type": "string", "format": "int64"}),
            Kind::Uint64 | Kind::Fixed64 => json!({"type": "string", "format": "uint64"}),
            Kind::Enum(choices) => self.choices(choices),
            Kind::Message(message) => match message.full_name() {
                "google.protobuf.Timestamp" => json!({"type": "string", "format": "date-time"}),
                "google.protobuf.Duration" | "google.protobuf.FieldMask" => json!({"type": "string"}),
                "google.protobuf.Any" => json!({"type": "object"}),
                _ => self.message(message),
            },
        }
    }

    fn choices(&mut self, choices: &EnumDescriptor) -> Value {
        let name = short_name(choices.full_name());
        if self.is_new(&name) {
            let names: Vec<_> = choices.values().map(|value| value.name().to_owned()).collect();
            let lines = choices.values().map(|value| format!("\n- `{}`: {}", value.name(), value.comment()));
            let description = format!("{}\n{}", choices.comment(), lines.collect::<String>());
            self.put(&name, json!({"type": "string", "enum": names, "description": description}));
        }
        reference(&name)
    }

    /// Adds a schema that is no message of the contracts.
    pub(super) fn put(&mut self, name: &str, schema: Value) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = schema,
            None => self.0.push((name.to_owned(), schema)),
        }
    }

    /// Whether the schema must still be made. Holds its place, so that a message may hold itself.
    fn is_new(&mut self, name: &str) -> bool {
        let new = self.0.iter().all(|(known, _)| known != name);
        if new {
            self.put(name, Value::Null);
        }
        new
    }

    /// All schemas, by name.
    pub(super) fn into_json(mut self) -> Value {
        self.0.sort_by(|left, right| left.0.cmp(&right.0));
        Value::Object(self.0.into_iter().collect())
    }
}

/// `documents.v1.Document`: without the part that all names have.
pub(crate) fn short_name(full_name: &str) -> String {
    full_name.trim_start_matches("congvan.").to_owned()
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}
