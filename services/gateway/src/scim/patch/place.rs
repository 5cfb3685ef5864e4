use serde_json::Value as Json;

use crate::scim::{
    body::Object,
    filter::{Filter, Literal, Operator},
};

/// The values of an attribute that has several.
pub(super) fn values<'a>(name: &str, resource: &'a mut Object) -> &'a mut Vec<Json> {
    let there = resource.entry(name).or_insert_with(|| Json::Array(Vec::new()));
    if !there.is_array() {
        *there = Json::Array(Vec::new());
    }
    there.as_array_mut().expect("it was made one")
}

/// A value as the filter describes it, if it says just what it is: `type eq "work"`, also with `and`. An empty one without filter.
pub(super) fn described(filter: Option<&Filter>) -> Option<Object> {
    let mut made = Object::new();
    let Some(filter) = filter else { return Some(made) };
    let parts = match filter {
        Filter::All(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    for part in parts {
        let Filter::Compare { target, operator: Operator::Equal, value } = part else { return None };
        let value = match value {
            Literal::Text(text) => Json::String(text.clone()),
            Literal::Bool(value) => (*value).into(),
            Literal::Null | Literal::Time(_) => return None,
        };
        made.insert(target.leaf().name.clone(), value);
    }
    Some(made)
}
