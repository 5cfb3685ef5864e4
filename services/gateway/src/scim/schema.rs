//! What resources look like: the schemas as they are published, and what they say of each attribute. Every rule (which names
//! there are, what may be written, what is answered, how text is compared) is read from them; nothing is described twice.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value as Json;

/// Before the name of a schema of the core.
const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:";

/// An attribute, as its schema describes it (RFC 7643, 7).
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Attribute {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: Kind,
    pub(super) multi_valued: bool,
    pub(super) required: bool,
    #[serde(default)]
    pub(super) case_exact: bool,
    pub(super) mutability: Mutability,
    pub(super) returned: Returned,
    #[serde(default)]
    pub(super) sub_attributes: Vec<Self>,
}

/// What a value of an attribute is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Kind {
    String,
    Boolean,
    DateTime,
    Reference,
    Complex,
}

/// Who may write an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Mutability {
    ReadWrite,
    ReadOnly,
    Immutable,
}

/// When an attribute is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Returned {
    Always,
    Default,
    Request,
}

/// A kind of resource.
#[derive(Debug)]
pub(super) struct Schema {
    /// Its name: User, Group.
    pub(super) name: &'static str,
    /// Where it is found below the root.
    pub(super) endpoint: &'static str,
    /// Its URN.
    pub(super) id: String,
    /// As published.
    pub(super) published: Json,
    attributes: Vec<Attribute>,
}

/// People.
pub(super) static USER: LazyLock<Schema> =
    LazyLock::new(|| Schema::read("User", "/Users", include_str!("schemas/user.json")));

/// Groups of people.
pub(super) static GROUP: LazyLock<Schema> =
    LazyLock::new(|| Schema::read("Group", "/Groups", include_str!("schemas/group.json")));

impl Schema {
    fn read(name: &'static str, endpoint: &'static str, text: &'static str) -> Self {
        let published: Json = serde_json::from_str(text).expect("a test reads it");
        let read = |attributes: &Json| {
            Vec::<Attribute>::deserialize(attributes).expect("a test reads every attribute")
        };
        let common = serde_json::from_str(include_str!("schemas/common.json")).expect("a test reads it");
        let mut attributes = read(&common);
        attributes.extend(read(&published["attributes"]));
        Self { name, endpoint, id: format!("{CORE}{name}"), published, attributes }
    }

    /// Every attribute, the common ones first.
    pub(super) fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The attribute with this name in any case (RFC 7643, 2.1).
    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        named(&self.attributes, name)
    }
}

impl Attribute {
    /// The sub-attribute with this name in any case.
    pub(super) fn sub(&self, name: &str) -> Option<&Self> {
        named(&self.sub_attributes, name)
    }

    /// Whether a filter may name it: not what is computed only for whoever asks.
    pub(super) fn is_filterable(&self) -> bool {
        self.returned != Returned::Request || self.kind == Kind::Boolean
    }
}

fn named<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_is_read() {
        for schema in [&USER, &GROUP] {
            assert_eq!(schema.published["id"], schema.id.as_str());
            assert_eq!(schema.attribute("EXTERNALID").map(|found| &*found.name), Some("externalId"));
        }
        let emails = USER.attribute("emails").unwrap();
        assert!(emails.multi_valued && emails.sub("Value").is_some_and(|value| !value.case_exact));
        assert!(USER.attribute("password").is_none());
        assert!(!USER.attribute("groups").unwrap().is_filterable());
    }
}
