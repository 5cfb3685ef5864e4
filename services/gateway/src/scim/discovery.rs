//! What this side can do, and what resources look like (RFC 7643, 5 to 7). Open to everybody: it is the same for all.

use std::sync::LazyLock;

use serde_json::{Value as Json, json};

use super::{
    list,
    root::Root,
    schema::{GROUP, Schema, USER},
};

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:";

/// The most that one answer to a filter holds; see `ServiceProviderConfig.filter.maxResults`.
const MOST_RESULTS: usize = 1000;

/// The schemas of this room itself, which every server has.
static OWN: LazyLock<[Json; 3]> = LazyLock::new(|| {
    [
        include_str!("schemas/resource-type.json"),
        include_str!("schemas/service-provider-config.json"),
        include_str!("schemas/schema.json"),
    ]
    .map(|text| serde_json::from_str(text).expect("a test reads it"))
});

/// What is done here and what is not.
pub(super) fn service_provider_config(root: &Root) -> Json {
    json!({
        "schemas": [format!("{CORE}ServiceProviderConfig")],
        "documentationUri": root.at("").replace(super::root::PATH, "/docs"),
        "patch": {"supported": true},
        "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": true, "maxResults": MOST_RESULTS},
        "changePassword": {"supported": false},
        "sort": {"supported": true},
        "etag": {"supported": true},
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "API key",
            "description": "An API key with the scope SCOPE_SCIM, or the session of an administrator, as a bearer token.",
            "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
            "primary": true,
        }],
        "meta": {"resourceType": "ServiceProviderConfig", "location": root.at("/ServiceProviderConfig")},
    })
}

/// The kinds of resources.
pub(super) fn resource_types(root: &Root) -> Json {
    list::of(&[&USER, &GROUP].map(|schema| resource_type_of(schema, root)))
}

/// One kind of resource.
pub(super) fn resource_type(name: &str, root: &Root) -> Option<Json> {
    let found = [&*USER, &*GROUP].into_iter().find(|schema| schema.name == name);
    found.map(|schema| resource_type_of(schema, root))
}

fn resource_type_of(schema: &Schema, root: &Root) -> Json {
    json!({
        "schemas": [format!("{CORE}ResourceType")],
        "id": schema.name,
        "name": schema.name,
        "description": schema.published["description"],
        "endpoint": schema.endpoint,
        "schema": schema.id,
        "meta": {"resourceType": "ResourceType", "location": root.at(&format!("/ResourceTypes/{}", schema.name))},
    })
}

/// All schemas.
pub(super) fn schemas(root: &Root) -> Json {
    let all: Vec<_> = published().map(|schema| located(schema, root)).collect();
    list::of(&all)
}

/// One schema, by its URN.
pub(super) fn schema(id: &str, root: &Root) -> Option<Json> {
    published().find(|schema| schema["id"] == id).map(|schema| located(schema, root))
}

fn published() -> impl Iterator<Item = &'static Json> {
    [&USER.published, &GROUP.published].into_iter().chain(OWN.iter())
}

fn located(schema: &Json, root: &Root) -> Json {
    let mut schema = schema.clone();
    let id = schema["id"].as_str().unwrap_or_default();
    schema["meta"] = json!({"resourceType": "Schema", "location": root.at(&format!("/Schemas/{id}"))});
    schema
}
