use serde_json::{Value as Json, json};

const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// All resources that there are, as a list.
pub(super) fn of(resources: &[Json]) -> Json {
    page(resources, resources.len(), 0)
}

/// A page of resources: the first of them is number `start`, counted from 0, of `total`.
pub(super) fn page(resources: &[Json], total: usize, start: usize) -> Json {
    json!({
        "schemas": [SCHEMA],
        "totalResults": total,
        "startIndex": start + 1,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}
