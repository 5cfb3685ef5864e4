//! Every public method, called as its OpenAPI description says: what the service gets and what the caller gets is what was sent.

use std::collections::BTreeSet;

use axum::body::Body;
use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor, ReflectMessage, Value,
};
use serde_json::{Value as Json, json};

use crate::world::{World, signed_in};

fn methods() -> Vec<MethodDescriptor> {
    let pool = congvan_proto::descriptor_pool();
    let methods = pool.services().flat_map(|service| service.methods().collect::<Vec<_>>());
    methods.collect()
}

fn path(method: &MethodDescriptor) -> String {
    format!("{}/{}", method.parent_service().full_name(), method.name())
}

/// The operations of the description: gRPC method, HTTP method, address, description.
fn operations() -> Vec<(String, String, String, Json)> {
    let document: Json = serde_json::from_str(&gateway::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(address, verbs)| {
            verbs.as_object().unwrap().iter().map(move |(verb, operation)| {
                let method = operation["x-grpc-method"].as_str().unwrap().to_owned();
                (method, verb.to_uppercase(), address.clone(), operation.clone())
            })
        })
        .collect()
}

#[test]
fn every_public_method_is_described_and_no_other() {
    let described: BTreeSet<_> = operations().into_iter().map(|(method, ..)| format!("/{method}")).collect();
    let public = congvan_proto::methods().filter(|method| method.public).map(|method| method.path.clone());
    assert_eq!(described, public.collect());
}

#[test]
fn the_committed_description_is_fresh() {
    let committed = include_str!("../../openapi.json");
    assert!(
        committed == gateway::openapi(),
        "openapi.json is stale: cargo run -p gateway --example openapi > services/gateway/openapi.json"
    );
}

#[test]
fn every_reference_of_the_description_leads_somewhere() {
    let document: Json = serde_json::from_str(&gateway::openapi()).unwrap();
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 100);
    for reference in references {
        let target = document.pointer(reference.trim_start_matches('#'));
        assert!(target.is_some_and(Json::is_object), "{reference}");
    }
}

fn collect(json: &Json, references: &mut Vec<String>) {
    match json {
        Json::Object(entries) => {
            references.extend(entries.get("$ref").and_then(Json::as_str).map(str::to_owned));
            entries.values().for_each(|value| collect(value, references));
        }
        Json::Array(values) => values.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}

#[tokio::test]
async fn every_unary_method_carries_its_messages_unchanged() {
    let world = World::new().await;
    let operations = operations();
    let mut called = 0;
    for method in
        methods().into_iter().filter(|method| !method.is_client_streaming() && !method.is_server_streaming())
    {
        let path = path(&method);
        let Some((_, verb, address, operation)) = operations.iter().find(|(name, ..)| *name == path) else {
            continue;
        };
        let mut sent = example(&method.input(), true);
        let answered = example(&method.output(), false);
        let short = path.rsplit('.').next().unwrap();
        world.backend.answer(short, serde_json::to_value(&answered).unwrap());

        let request = request(&mut sent, verb, address, operation);
        let answer = world.send(request).await;
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.bytes));
        let seen = world.backend.seen();
        let seen = if short == "SessionService/VerifySession" { continue } else { &seen[0] };
        assert_eq!(seen.message, sent, "{path} in");
        let back = DynamicMessage::deserialize(method.output(), answer.json()).unwrap();
        assert_eq!(back, answered, "{path} out");
        called += 1;
    }
    assert!(called >= 30, "{called}");
}

/// Builds the request that the description asks for; what the address binds is set in the message, too.
fn request(message: &mut DynamicMessage, verb: &str, address: &str, operation: &Json) -> http::Request<Body> {
    let schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str();
    let body_field = schema.and_then(|schema| {
        let name = format!("congvan.{}", schema.rsplit('/').next().unwrap());
        let descriptor = message.descriptor();
        descriptor
            .fields()
            .find(|field| field.kind().as_message().is_some_and(|inner| inner.full_name() == name))
    });
    let mut address = address.to_owned();
    for parameter in named(operation, "path") {
        let value = format!("{parameter}-value");
        address = address.replace(&format!("{{{parameter}}}"), &value);
        let field = message.descriptor().get_field_by_json_name(&parameter);
        match (field, &body_field) {
            (Some(field), _) => message.set_field(&field, Value::String(value)),
            (None, Some(body)) => {
                let inner = message.get_field_mut(body).as_message_mut().unwrap();
                let field =
                    inner.descriptor().get_field_by_json_name(&parameter).expect("a field of the body");
                inner.set_field(&field, Value::String(value));
            }
            (None, None) => bind_within(message, &parameter, &value),
        }
    }
    let json = serde_json::to_value(&*message).unwrap();
    let mut pairs = Vec::new();
    for parameter in named(operation, "query") {
        match &json[&parameter] {
            Json::Array(values) => {
                pairs.extend(values.iter().map(|value| format!("{parameter}={}", plain(value))));
            }
            value => pairs.push(format!("{parameter}={}", plain(value))),
        }
    }
    let body = match &body_field {
        Some(field) => json[field.json_name()].clone(),
        None => json,
    };
    let body = if schema.is_some() { Body::from(body.to_string()) } else { Body::empty() };
    let address = if pairs.is_empty() { address } else { format!("{address}?{}", pairs.join("&")) };
    signed_in(verb, &address).header("content-type", "application/json").body(body).unwrap()
}

/// Sets a field of a message in the body, which the address names with a dot: `{user.id}`.
fn bind_within(message: &mut DynamicMessage, parameter: &str, value: &str) {
    let descriptor = message.descriptor();
    let mut fields = descriptor.fields();
    let outer = fields.find(|field| {
        let inner = field.kind();
        let inner = inner.as_message().and_then(|inner| inner.get_field_by_json_name(parameter));
        inner.is_some() && !field.is_list()
    });
    let outer = outer.unwrap_or_else(|| panic!("{parameter} is bound to nothing"));
    let inner = message.get_field_mut(&outer).as_message_mut().unwrap();
    let field = inner.descriptor().get_field_by_json_name(parameter).expect("found by it above");
    inner.set_field(&field, Value::String(value.to_owned()));
}

fn named(operation: &Json, place: &str) -> Vec<String> {
    let parameters = operation["parameters"].as_array().unwrap().iter();
    let here = parameters.filter(|parameter| parameter["in"] == place);
    here.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect()
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A message with something in every field; in requests not in those that only answers hold.
fn example(descriptor: &MessageDescriptor, request: bool) -> DynamicMessage {
    example_within(descriptor, request, &[])
}

/// The same inside other messages. One that holds itself does so once: the inner one has only what is no message.
fn example_within(
    descriptor: &MessageDescriptor,
    request: bool,
    above: &[MessageDescriptor],
) -> DynamicMessage {
    let mut message = DynamicMessage::new(descriptor.clone());
    let inside = above.contains(descriptor);
    let above = [above, std::slice::from_ref(descriptor)].concat();
    let fields = descriptor.fields().filter(|field| !(request && is_output_only(field)));
    for field in fields.filter(|field| !(inside && field.kind().as_message().is_some())) {
        let single = match field.kind() {
            Kind::Message(inner) => Value::Message(example_within(&inner, request, &above)),
            Kind::Enum(choices) => Value::EnumNumber(choices.values().last().unwrap().number()),
            Kind::String => Value::String(format!("some-{}", field.name())),
            Kind::Int32 => Value::I32(7),
            Kind::Int64 => Value::I64(i64::MAX / 3),
            Kind::Bool => Value::Bool(true),
            other => panic!("no example for {other:?}"),
        };
        let single = match field.full_name() {
            "google.protobuf.Timestamp.seconds" => Value::I64(1_795_000_000),
            "google.protobuf.Timestamp.nanos" => Value::I32(123_456_000),
            "google.protobuf.FieldMask.paths" => Value::String("some_path".to_owned()),
            _ => single,
        };
        let value = if field.is_list() { Value::List(vec![single.clone(), single]) } else { single };
        message.set_field(&field, value);
    }
    message
}

fn is_output_only(field: &FieldDescriptor) -> bool {
    let pool = congvan_proto::descriptor_pool();
    let extension = pool.get_extension_by_name("google.api.field_behavior").unwrap();
    let options = field.options();
    let said = options.get_extension(&extension);
    said.as_list().unwrap().iter().any(|behaviour| behaviour.as_enum_number() == Some(3))
}

#[tokio::test]
async fn answers_hold_every_field_in_the_standard_mapping() {
    let world = World::new().await;
    world.backend.answer(
        "UnitService/GetUnit",
        json!({"unit": {"revision": "9007199254740993", "name": "Sở Nội vụ"}}),
    );
    let answer = world.get("/v1/units/7").await;
    assert_eq!(
        answer.json(),
        json!({"unit": {
            "id": "", "code": "", "syntheticCode": false, "name": "Sở Nội vụ", "abbreviation": "",
            "kind": "UNIT_KIND_UNSPECIFIED", "parentId": "", "agencyId": "", "email": "",
            "revision": "9007199254740993",
            "level": "UNIT_LEVEL_UNSPECIFIED", "address": "", "phone": "", "startDate": "", "endDate": "",
            "identifiers": [],
        }})
    );
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
}
