//! JSON into messages, in the standard mapping of protobuf, with every mistake noted and not only the first.

use prost_reflect::{
    DeserializeOptions, DynamicMessage, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor, Value,
};
use serde::de::value::MapDeserializer;
use serde_json::Value as Json;

use super::violations::{self, Mistakes, Place};
use crate::contracts::behaviour;

/// Reads one request.
pub(super) struct Reader<'a> {
    /// Where the reader stands.
    pub(super) place: Place,
    /// What it found wrong.
    pub(super) mistakes: &'a mut Mistakes,
}

impl Reader<'_> {
    /// Reads a message. What is wrong is left out of it and noted.
    pub(super) fn message(&mut self, descriptor: &MessageDescriptor, json: &Json) -> DynamicMessage {
        let mut message = DynamicMessage::new(descriptor.clone());
        let Json::Object(entries) = json else {
            self.mistakes.add(&self.place, violations::object());
            return message;
        };
        let mut seen = Vec::new();
        for (name, json) in entries {
            match named(descriptor, name) {
                None => self.note(name, violations::unknown()),
                Some(field) if seen.contains(&field.number()) => self.note(name, violations::repeated()),
                Some(field) => {
                    seen.push(field.number());
                    self.entry(&mut message, &field, json);
                }
            }
        }
        message
    }

    fn entry(&mut self, message: &mut DynamicMessage, field: &FieldDescriptor, json: &Json) {
        // null means "not given"; what only answers hold is taken back without a word, so that an answer can be sent again.
        if json.is_null() || behaviour(field).output_only {
            return;
        }
        if excluded(message, field) {
            self.note(field.json_name(), violations::exclusive());
        } else if let Some(value) = self.field(field, json) {
            message.set_field(field, value);
        }
    }

    /// Reads a field.
    pub(super) fn field(&mut self, field: &FieldDescriptor, json: &Json) -> Option<Value> {
        self.place.enter_field(field.json_name());
        let value = if field.is_list() { self.list(field, json) } else { self.single(field, json) };
        self.place.leave();
        value
    }

    fn list(&mut self, field: &FieldDescriptor, json: &Json) -> Option<Value> {
        let Json::Array(elements) = json else {
            self.mistakes.add(&self.place, violations::list());
            return None;
        };
        let mut values = Vec::with_capacity(elements.len());
        for (index, element) in elements.iter().enumerate() {
            self.place.enter_element(index);
            let value = self.element(field, element);
            self.place.leave();
            // Something must stand there, so that later elements keep their index.
            values.push(value.unwrap_or_else(|| Value::default_value(&field.kind())));
        }
        Some(Value::List(values))
    }

    fn element(&mut self, field: &FieldDescriptor, json: &Json) -> Option<Value> {
        if let Kind::Message(inner) = field.kind()
            && !is_well_known(&inner)
        {
            return Some(Value::Message(self.message(&inner, json)));
        }
        let alone = Json::Array(vec![json.clone()]);
        let value = standard(field, &alone).and_then(|value| match value {
            Value::List(mut values) => values.pop(),
            _ => None,
        });
        self.judged(field, json, value)
    }

    fn single(&mut self, field: &FieldDescriptor, json: &Json) -> Option<Value> {
        match field.kind() {
            Kind::Message(inner) if !field.is_map() && !is_well_known(&inner) => {
                Some(Value::Message(self.message(&inner, json)))
            }
            _ => self.judged(field, json, standard(field, json)),
        }
    }

    fn judged(&mut self, field: &FieldDescriptor, json: &Json, value: Option<Value>) -> Option<Value> {
        let kind = field.kind();
        let value = value.filter(|value| match &kind {
            Kind::Enum(choices) => json.is_string() || is_known(choices, value),
            _ => true,
        });
        if value.is_none() {
            self.mistakes.add(&self.place, violations::expected(&kind));
        }
        value
    }

    fn note(&mut self, name: &str, text: kit::Text) {
        self.place.enter_field(name);
        self.mistakes.add(&self.place, text);
        self.place.leave();
    }
}

/// The field with this JSON name, or with this name in the protos.
pub(super) fn named(descriptor: &MessageDescriptor, name: &str) -> Option<FieldDescriptor> {
    descriptor.get_field_by_json_name(name).or_else(|| descriptor.get_field_by_name(name))
}

/// Whether another member of the same oneof is there already.
fn excluded(message: &DynamicMessage, field: &FieldDescriptor) -> bool {
    field.containing_oneof().is_some_and(|group| group.fields().any(|other| message.has_field(&other)))
}

fn is_known(choices: &EnumDescriptor, value: &Value) -> bool {
    value.as_enum_number().is_some_and(|number| choices.get_value(number).is_some())
}

/// Whether the standard mapping gives the message a form of its own.
fn is_well_known(message: &MessageDescriptor) -> bool {
    message.package_name() == "google.protobuf"
}

/// One field, read by the standard mapping; its error is dropped because it repeats what the request said.
fn standard(field: &FieldDescriptor, json: &Json) -> Option<Value> {
    let entry = MapDeserializer::new(std::iter::once((field.json_name(), json)));
    let message: Result<_, serde_json::Error> = DynamicMessage::deserialize_with_options(
        field.parent_message().clone(),
        entry,
        &DeserializeOptions::new(),
    );
    Some(message.ok()?.get_field(field).into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use prost::Message as _;

    use super::*;

    /// JSON that is often nearly right: the names and values of real fields, in any arrangement.
    fn json() -> impl Strategy<Value = Json> {
        let names = prop::sample::select(vec![
            "document",
            "recipients",
            "unitId",
            "unit_id",
            "kind",
            "purpose",
            "pageAmount",
            "createTime",
            "units",
            "roles",
            "revision",
            "users",
            "appointments",
            "nonsense",
        ]);
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            any::<f64>().prop_map(Json::from),
            prop::sample::select(vec!["", "7", "UNIT_KIND_WARD", "ROLE_OFFICER", "2026-11-23T08:00:00Z"])
                .prop_map(Json::from),
            ".*".prop_map(Json::from),
        ];
        leaf.prop_recursive(5, 60, 8, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
                prop::collection::vec((names.clone(), inner), 0..6).prop_map(|entries| entries
                    .into_iter()
                    .map(|(name, json)| (name.to_owned(), json))
                    .collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_json_is_read_or_refused_and_what_was_read_is_read_the_same_again(json in json()) {
            let pool = congvan_proto::descriptor_pool();
            for name in ["documents.v1.CreateDocumentRequest", "directory.v1.ImportDirectoryRequest"] {
                let descriptor = pool.get_message_by_name(&format!("congvan.{name}")).unwrap();
                let mut mistakes = Mistakes::default();
                let message = Reader { place: Place::default(), mistakes: &mut mistakes }.message(&descriptor, &json);
                if mistakes.check().is_err() {
                    continue;
                }
                let again = serde_json::to_value(&message).unwrap();
                let mut none = Mistakes::default();
                let reread = Reader { place: Place::default(), mistakes: &mut none }.message(&descriptor, &again);
                prop_assert!(none.check().is_ok());
                // On the wire an empty list is the same as none.
                prop_assert_eq!(message.encode_to_vec(), reread.encode_to_vec());
            }
        }
    }
}
