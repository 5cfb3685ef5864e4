//! Which attributes an answer holds (RFC 7644, 3.9).

use kit::Text;
use serde_json::Value as Json;

use super::{
    body::Object,
    error::{Kind, Refusal, Result},
    schema::{Attribute, Returned, Schema},
};

/// What the caller wants to see. Names that the schema has not are read over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Projection {
    /// Only these, if there are any.
    wanted: Vec<String>,
    /// Not these.
    unwanted: Vec<String>,
}

impl Projection {
    /// Fails if both are given.
    pub(super) fn new(wanted: Vec<String>, unwanted: Vec<String>) -> Result<Self> {
        if wanted.is_empty() || unwanted.is_empty() {
            return Ok(Self { wanted, unwanted });
        }
        let text = Text::new(
            "Chỉ dùng attributes hoặc excludedAttributes, không dùng cả hai.",
            "Use attributes or excludedAttributes, not both.",
        );
        Err(Refusal::new(Kind::InvalidValue, &text))
    }

    /// Whether an attribute is asked for by name.
    pub(super) fn asks_for(&self, schema: &Schema, name: &str) -> bool {
        self.wanted.iter().any(|wanted| {
            let wanted = short(schema, wanted);
            let first = wanted.split_once('.').map_or(wanted, |(first, _)| first);
            first.eq_ignore_ascii_case(name)
        })
    }

    /// Whether an attribute that is answered by default is.
    pub(super) fn shows(&self, schema: &Schema, name: &str) -> bool {
        let unwanted =
            self.unwanted.iter().any(|unwanted| short(schema, unwanted).eq_ignore_ascii_case(name));
        !unwanted && (self.wanted.is_empty() || self.asks_for(schema, name))
    }

    /// What is left of a resource.
    pub(super) fn of(&self, schema: &Schema, mut resource: Object) -> Object {
        let names = |written: &[String]| -> Vec<String> {
            written.iter().map(|name| short(schema, name).to_ascii_lowercase()).collect()
        };
        let (wanted, unwanted) = (names(&self.wanted), names(&self.unwanted));
        let mut left = Object::new();
        for attribute in schema.attributes() {
            if let Some(value) = resource.shift_remove(&attribute.name)
                && let Some(value) = view(attribute, "", value, &wanted, &unwanted)
            {
                left.insert(attribute.name.clone(), value);
            }
        }
        left
    }
}

/// What is seen of a value; nothing if it is not asked for.
fn view(
    attribute: &Attribute,
    outer: &str,
    value: Json,
    wanted: &[String],
    unwanted: &[String],
) -> Option<Json> {
    let name = format!("{outer}{}", attribute.name.to_ascii_lowercase());
    let inner = format!("{name}.");
    let named = wanted.contains(&name);
    let within = wanted.iter().any(|wanted| wanted.starts_with(&inner));
    // Whoever asks for the whole gets the parts that are not for request only.
    let by_whole = !outer.is_empty() && wanted.iter().any(|wanted| outer.strip_suffix('.') == Some(wanted));
    let seen = match attribute.returned {
        Returned::Always => true,
        Returned::Request => named || within,
        Returned::Default => (wanted.is_empty() || named || within || by_whole) && !unwanted.contains(&name),
    };
    if !seen {
        return None;
    }
    let one = |value: Json| match value {
        Json::Object(mut object) if !attribute.sub_attributes.is_empty() => {
            let subs = attribute.sub_attributes.iter().filter_map(|sub| {
                let value = object.shift_remove(&sub.name)?;
                view(sub, &inner, value, wanted, unwanted).map(|value| (sub.name.clone(), value))
            });
            Json::Object(subs.collect())
        }
        value => value,
    };
    Some(match value {
        Json::Array(values) => values.into_iter().map(one).collect(),
        value => one(value),
    })
}

/// The name without the URN of the schema.
fn short<'a>(schema: &Schema, name: &'a str) -> &'a str {
    let parts = name.split_at_checked(schema.id.len());
    let rest = parts
        .filter(|(urn, _)| urn.eq_ignore_ascii_case(&schema.id))
        .and_then(|(_, rest)| rest.strip_prefix(':'));
    rest.unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scim::schema::USER;

    #[test]
    fn an_answer_holds_what_is_asked_for() {
        let mai = json!({
            "schemas": ["urn"], "id": "7", "userName": "mai.vt", "name": {"formatted": "Lò Mai", "givenName": "Mai"},
            "emails": [{"value": "a@b.vn", "type": "work", "primary": true}], "groups": [{"value": "8"}],
        });
        for (wanted, unwanted, expected) in [
            (
                "",
                "",
                json!({"schemas": ["urn"], "id": "7", "userName": "mai.vt",
                "name": {"formatted": "Lò Mai", "givenName": "Mai"}, "emails": [{"value": "a@b.vn", "type": "work"}]}),
            ),
            ("USERNAME", "", json!({"schemas": ["urn"], "id": "7", "userName": "mai.vt"})),
            ("name.givenname,nick", "", json!({"schemas": ["urn"], "id": "7", "name": {"givenName": "Mai"}})),
            (
                "emails.primary,groups",
                "",
                json!({"schemas": ["urn"], "id": "7", "emails": [{"primary": true}],
                "groups": [{"value": "8"}]}),
            ),
            (
                "emails",
                "",
                json!({"schemas": ["urn"], "id": "7", "emails": [{"value": "a@b.vn", "type": "work"}]}),
            ),
            (
                "urn:ietf:params:scim:schemas:core:2.0:User:userName",
                "",
                json!({"schemas": ["urn"], "id": "7", "userName": "mai.vt"}),
            ),
            (
                "",
                "id,name.givenName,emails",
                json!({"schemas": ["urn"], "id": "7", "userName": "mai.vt",
                "name": {"formatted": "Lò Mai"}}),
            ),
        ] {
            let names =
                |text: &str| text.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
            let projection = Projection::new(names(wanted), names(unwanted)).unwrap();
            let seen = Json::Object(projection.of(&USER, mai.as_object().unwrap().clone()));
            // In the order of the schema.
            assert_eq!(seen, expected, "{wanted} without {unwanted}");
        }
        assert!(Projection::new(vec!["id".to_owned()], vec!["id".to_owned()]).is_err());
    }
}
