//! The page at `/docs`: the whole API for people, as plain HTML.

use std::collections::BTreeMap;

use askama::Template;
use http::Method;
use kit::Language;
use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};

use crate::{
    access,
    contracts::{Commented, behaviour},
    openapi::{Reason, operation::query_fields, reasons, schema::short_name},
    rest::{
        matcher::plain_name,
        operation::{Form, Operation, Payload, leaf},
        routes::Routes,
    },
};

/// The page in one language.
pub(crate) fn page(routes: &Routes, language: Language) -> String {
    let mut shapes = Shapes { language, known: BTreeMap::new() };
    let mut services: Vec<Service> = Vec::new();
    for operation in routes.operations() {
        let described = shapes.operation(operation);
        let service = operation.method.parent_service();
        match services.last_mut().filter(|last| last.name == service.name()) {
            Some(last) => last.operations.push(described),
            None => services.push(Service {
                name: service.name().to_owned(),
                comment: service.comment(),
                operations: vec![described],
            }),
        }
    }
    let shapes = shapes.known.into_values().collect();
    let page = Page { language, services, shapes, reasons: reasons() };
    page.render().expect("writing to a string")
}

#[derive(Template)]
#[template(path = "docs.html")]
struct Page {
    language: Language,
    services: Vec<Service>,
    shapes: Vec<Shape>,
    reasons: Vec<Reason>,
}

impl Page {
    /// Words of the page in its language; what comes from the contracts is English.
    fn say<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Vi => vi,
            Language::En => en,
        }
    }
}

struct Service {
    name: String,
    comment: &'static str,
    operations: Vec<Described>,
}

/// An operation as the page shows it.
struct Described {
    name: String,
    verb: Method,
    address: String,
    comment: &'static str,
    grpc: String,
    access: String,
    parameters: Vec<Field>,
    body: Option<Type>,
    answer: Type,
}

/// A field or parameter.
struct Field {
    name: String,
    place: &'static str,
    kind: Type,
    required: bool,
    output_only: bool,
    comment: &'static str,
}

/// What a field holds, with the shape it leads to.
struct Type {
    text: String,
    shape: Option<String>,
}

/// A message or an enum.
struct Shape {
    name: String,
    comment: &'static str,
    fields: Vec<Field>,
    values: Vec<(String, &'static str)>,
}

/// The shapes met so far.
struct Shapes {
    language: Language,
    known: BTreeMap<String, Shape>,
}

impl Shapes {
    fn operation(&mut self, operation: &Operation) -> Described {
        let file = || Type { text: "bytes".to_owned(), shape: None };
        let bound = operation.template.variables().map(|variable| {
            (
                plain_name(variable),
                "path",
                leaf(&operation.input, variable).expect("checked when the table was built"),
            )
        });
        let asked = query_fields(operation).into_iter().map(|(name, field)| (name, "query", field));
        let parameters = bound.chain(asked).collect::<Vec<_>>();
        Described {
            name: operation.method.name().to_owned(),
            verb: operation.verb.clone(),
            address: operation.template.shown(),
            comment: operation.method.comment(),
            grpc: operation.path.path().trim_start_matches('/').to_owned(),
            access: access::sentence(&operation.access).in_language(self.language).to_owned(),
            parameters: parameters
                .iter()
                .map(|(name, place, field)| Field {
                    place,
                    required: *place == "path" || behaviour(field).required,
                    ..self.field(name, field)
                })
                .collect(),
            body: match &operation.payload {
                Payload::None => None,
                Payload::File => Some(file()),
                Payload::Whole => Some(self.message(&operation.input)),
                Payload::Field(field) => Some(self.kind(field)),
            },
            answer: match operation.form {
                Form::Download | Form::Export => file(),
                Form::Unary | Form::Upload | Form::Feed => self.message(&operation.method.output()),
            },
        }
    }

    fn field(&mut self, name: &str, field: &FieldDescriptor) -> Field {
        let behaviour = behaviour(field);
        Field {
            name: name.to_owned(),
            place: "",
            kind: self.kind(field),
            required: behaviour.required,
            output_only: behaviour.output_only,
            comment: field.comment(),
        }
    }

    fn kind(&mut self, field: &FieldDescriptor) -> Type {
        let simple = |text: &str| Type { text: text.to_owned(), shape: None };
        let kind = match field.kind() {
            Kind::Message(message) if message.full_name() == "google.protobuf.Timestamp" => {
                simple("date-time")
            }
            Kind::Message(message) => self.message(&message),
            Kind::Enum(choices) => self.choices(&choices),
            Kind::Int64 | Kind::Uint64 | Kind::Sint64 | Kind::Fixed64 | Kind::Sfixed64 => {
                simple("int64 (string)")
            }
            other => simple(&format!("{other:?}").to_lowercase()),
        };
        if field.is_list() { Type { text: format!("[{}]", kind.text), ..kind } } else { kind }
    }

    fn message(&mut self, message: &MessageDescriptor) -> Type {
        let name = short_name(message.full_name());
        if !self.known.contains_key(&name) {
            // Holds the place first: a message may hold itself.
            self.put(&name, message.comment());
            let fields =
                message.fields().map(|field| self.field(field.json_name(), &field)).collect::<Vec<_>>();
            self.put(&name, message.comment()).fields = fields;
        }
        Type { text: name.clone(), shape: Some(name) }
    }

    fn choices(&mut self, choices: &EnumDescriptor) -> Type {
        let name = short_name(choices.full_name());
        let values = choices.values().map(|value| (value.name().to_owned(), value.comment())).collect();
        self.put(&name, choices.comment()).values = values;
        Type { text: name.clone(), shape: Some(name) }
    }

    fn put(&mut self, name: &str, comment: &'static str) -> &mut Shape {
        let empty = || Shape { name: name.to_owned(), comment, fields: Vec::new(), values: Vec::new() };
        self.known.entry(name.to_owned()).or_insert_with(empty)
    }
}
