//! One operation: its parameters, body and answers.

use http::Method;
use prost_reflect::{FieldDescriptor, Kind};
use serde_json::{Value, json};

use super::schema::Schemas;
use crate::{
    access,
    contracts::{Commented, behaviour, first_sentence},
    rest::{
        matcher::plain_name,
        operation::{Form, Operation, Payload, leaf},
    },
};

/// Describes an operation; the schemas it needs are added.
pub(super) fn describe(operation: &Operation, schemas: &mut Schemas) -> Value {
    let method = &operation.method;
    let service = method.parent_service();
    let mut described = json!({
        "operationId": format!("{}_{}", service.name(), method.name()),
        "tags": [service.name()],
        "summary": first_sentence(method.comment()),
        "description": format!("{}\n\n{}", method.comment(), access::sentence(&operation.access).en),
        "x-grpc-method": operation.path.path().trim_start_matches('/'),
        "x-congvan-access": access::stated(method),
        "parameters": parameters(operation, schemas),
    });
    if let Some(body) = body(operation, schemas) {
        described["requestBody"] = body;
    }
    described["responses"] = responses(operation, schemas);
    if !operation.needs_session {
        described["security"] = json!([]);
    }
    described
}

fn parameters(operation: &Operation, schemas: &mut Schemas) -> Vec<Value> {
    let mut parameters = Vec::new();
    for variable in operation.template.variables() {
        let field = leaf(&operation.input, variable).expect("checked when the table was built");
        parameters.push(json!({
            "name": plain_name(variable), "in": "path", "required": true,
            "description": field.comment(), "schema": schemas.bare(&field),
        }));
    }
    for (name, field) in query_fields(operation) {
        parameters.push(json!({
            "name": name, "in": "query", "required": behaviour(&field).required,
            "description": field.comment(), "schema": schemas.bare(&field),
        }));
    }
    parameters.extend(headers(operation));
    parameters
}

/// The fields that may come in the query, under the names they have there.
pub(crate) fn query_fields(operation: &Operation) -> Vec<(String, FieldDescriptor)> {
    let fields = operation.input.fields().filter(|field| operation.takes_in_query(field));
    let simple = fields.filter(|field| match field.kind() {
        Kind::Message(message) => message.package_name() == "google.protobuf",
        _ => true,
    });
    simple.map(|field| (field.json_name().to_owned(), field)).collect()
}

fn headers(operation: &Operation) -> Vec<Value> {
    let header = |name: &str, description: &str| json!({"name": name, "in": "header", "description": description, "schema": {"type": "string"}});
    let mut headers = vec![header("Accept-Language", "Language of sentences: vi (default) or en.")];
    if operation.request_id().is_some() {
        let text = "UUID chosen by the caller; a repeat with the same one gets the first answer. The same as requestId.";
        headers.push(header("Idempotency-Key", text));
    }
    if operation.form == Form::Download {
        headers.push(header("Range", "One range of bytes: bytes=0-1023, bytes=1024-, bytes=-1024."));
        headers.push(header("If-Range", "The ETag of the parts that are there already."));
        headers.push(header("If-None-Match", "The ETag of the file that is there already."));
    }
    headers
}

fn body(operation: &Operation, schemas: &mut Schemas) -> Option<Value> {
    let schema = match &operation.payload {
        Payload::None => return None,
        Payload::File => {
            return Some(json!({
                "required": true,
                "description": "The file, byte for byte.",
                "content": {"application/octet-stream": {}},
            }));
        }
        Payload::Whole => {
            let bound: Vec<_> = operation.template.variables().collect();
            schemas.message_without(&operation.input, &bound)
        }
        Payload::Field(field) => schemas.bare(field),
    };
    Some(json!({"required": true, "content": {"application/json": {"schema": schema}}}))
}

fn responses(operation: &Operation, schemas: &mut Schemas) -> Value {
    let problem = json!({"$ref": "#/components/responses/Problem"});
    let file = |description: &str| json!({"description": description, "content": {"*/*": {}}});
    let mut responses = match operation.form {
        Form::Download => json!({
            "200": file("The file, with ETag, Content-Disposition and Accept-Ranges."),
            "206": file("The part asked for, with Content-Range."),
            "304": {"description": "The file named by If-None-Match is the current one."},
            "416": problem,
        }),
        Form::Export => json!({"200": file("The file, with Content-Disposition.")}),
        Form::Feed => {
            let output = operation.method.output();
            let schema = schemas.message(&output);
            let content = json!({"text/event-stream": {"schema": schema}});
            json!({"200": {"description": output.comment(), "content": content}})
        }
        Form::Unary | Form::Upload => {
            let output = operation.method.output();
            let schema = schemas.message(&output);
            json!({"200": {"description": output.comment(), "content": {"application/json": {"schema": schema}}}})
        }
    };
    let mut add = |status: &str| responses[status] = problem.clone();
    add("400");
    if operation.needs_session {
        add("401");
        add("403");
    }
    if operation.verb != Method::GET {
        add("409");
    }
    if !matches!(operation.payload, Payload::None) {
        add("413");
        add("415");
    }
    add("503");
    add("default");
    responses
}
