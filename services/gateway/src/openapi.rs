//! OpenAPI 3.1, derived from the contracts with their comments.

mod errors;
pub(crate) mod operation;
pub(crate) mod schema;

use serde_json::{Map, Value, json};

use crate::{
    contracts::Commented,
    rest::{operation::Operation, routes::Routes},
};

pub(crate) use errors::{Reason, reasons};

const DESCRIPTION: &str = "Document management and exchange between public agencies. Every address is also a gRPC method of \
    the same port (x-grpc-method). Sign in with POST /v1/sessions and send the token as `Authorization: Bearer TOKEN`. \
    Errors are RFC 9457 problems with a reason, in Vietnamese or English by Accept-Language. A command repeated with the \
    same Idempotency-Key gets the first answer. 64-bit integers are strings.";

/// The document, as text with a line break at its end.
pub(crate) fn document(routes: &Routes) -> String {
    let operations = routes.operations();
    let mut schemas = schema::Schemas::default();
    let mut paths = Map::new();
    for operation in &operations {
        let described = operation::describe(operation, &mut schemas);
        let path = paths.entry(operation.template.shown()).or_insert_with(|| json!({}));
        path[operation.verb.as_str().to_lowercase()] = described;
    }
    errors::add_schemas(&mut schemas);
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Công Văn",
            "version": "1",
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"session": []}],
        "tags": tags(&operations),
        "paths": paths,
        "components": {
            "securitySchemes": {
                "session": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The token that POST /v1/sessions answers with, or an API key (cvk_…) that POST /v1/apiKeys answered with.",
                },
            },
            "responses": {"Problem": errors::response()},
            "schemas": schemas.into_json(),
        },
    });
    let mut text = serde_json::to_string_pretty(&document).expect("JSON is JSON");
    text.push('\n');
    text
}

fn tags(operations: &[&Operation]) -> Vec<Value> {
    let mut tags: Vec<Value> = Vec::new();
    for operation in operations {
        let service = operation.method.parent_service();
        let tag = json!({"name": service.name(), "description": service.comment()});
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}
