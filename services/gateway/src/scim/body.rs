//! What other software writes, by the names and types of the schema.
//!
//! Names are taken in any case. What the schema has not is read over, and so is what may only be read: software that knows
//! more than we do is welcome (RFC 7644, 3.3).

use kit::Text;
use serde_json::{Map, Value as Json};

use super::{
    error::{Kind as Mistake, Refusal, Result},
    schema::{Attribute, Kind, Mutability, Schema},
};

/// A resource or a value of a complex attribute, by the names of its schema.
pub(super) type Object = Map<String, Json>;

/// The attributes that a resource is written with; what is `null` or empty is left out.
pub(super) fn resource(schema: &Schema, written: &Json) -> Result<Object> {
    let Some(written) = written.as_object() else { return Err(no_object("resource")) };
    let known = |name: &str| schema.attribute(name).filter(|attribute| attribute.name != "schemas");
    if let Some(schemas) = written.iter().find(|(name, _)| name.eq_ignore_ascii_case("schemas")) {
        let listed = schemas.1.as_array().is_some_and(|urns| {
            urns.iter().any(|urn| urn.as_str().is_some_and(|urn| urn.eq_ignore_ascii_case(&schema.id)))
        });
        if !listed {
            let urn = &schema.id;
            let text = Text::new(format!("schemas phải có {urn}."), format!("schemas must name {urn}."));
            return Err(Refusal::new(Mistake::InvalidSyntax, &text));
        }
    }
    object(written, "", known)
}

/// A value of an attribute; nothing if it is empty.
pub(super) fn value(attribute: &Attribute, name: &str, written: &Json) -> Result<Option<Json>> {
    if !attribute.multi_valued {
        return one(attribute, name, written);
    }
    let values = match written {
        Json::Null => return Ok(None),
        Json::Array(values) => values.as_slice(),
        value => std::slice::from_ref(value),
    };
    let values =
        values.iter().enumerate().map(|(index, value)| one(attribute, &format!("{name}[{index}]"), value));
    let values: Vec<_> = values.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
    Ok((!values.is_empty()).then_some(Json::Array(values)))
}

fn one(attribute: &Attribute, name: &str, written: &Json) -> Result<Option<Json>> {
    Ok(match (attribute.kind, written) {
        (_, Json::Null) => None,
        (Kind::String | Kind::Reference | Kind::DateTime, Json::String(text)) => {
            Some(Json::String(base::nfc(text))).filter(|_| !text.is_empty())
        }
        (Kind::Boolean, Json::Bool(value)) => Some((*value).into()),
        // Some directories write their truths as text.
        (Kind::Boolean, Json::String(text)) if text.eq_ignore_ascii_case("true") => Some(true.into()),
        (Kind::Boolean, Json::String(text)) if text.eq_ignore_ascii_case("false") => Some(false.into()),
        (Kind::Complex, Json::Object(written)) => {
            let inner = object(written, name, |name| attribute.sub(name))?;
            (!inner.is_empty()).then_some(Json::Object(inner))
        }
        // The short form of a value with nothing else to say.
        (Kind::Complex, Json::String(_)) if attribute.multi_valued => match attribute.sub("value") {
            Some(sub) => one(sub, name, written)?
                .map(|value| Json::Object(Object::from_iter([("value".to_owned(), value)]))),
            None => return Err(wrong_type(attribute, name)),
        },
        _ => return Err(wrong_type(attribute, name)),
    })
}

fn object<'a>(
    written: &Object,
    outer: &str,
    known: impl Fn(&str) -> Option<&'a Attribute>,
) -> Result<Object> {
    let mut read = Object::new();
    for (name, written) in written {
        let Some(attribute) = known(name) else { continue };
        // The primary value is remembered while one is chosen.
        if attribute.mutability == Mutability::ReadOnly
            && attribute.name != "primary"
            && !is_name_part(attribute)
        {
            continue;
        }
        let full =
            if outer.is_empty() { attribute.name.clone() } else { format!("{outer}.{}", attribute.name) };
        if let Some(value) = value(attribute, &full, written)? {
            read.insert(attribute.name.clone(), value);
        }
    }
    Ok(read)
}

/// The parts of a name are made from the whole; where there is no whole, it is made from them.
fn is_name_part(attribute: &Attribute) -> bool {
    ["familyName", "middleName", "givenName"].contains(&attribute.name.as_str())
}

fn wrong_type(attribute: &Attribute, name: &str) -> Refusal {
    let (vi, en) = match attribute.kind {
        Kind::Boolean => ("true hoặc false", "true or false"),
        Kind::Complex => ("một đối tượng JSON", "a JSON object"),
        Kind::String | Kind::Reference | Kind::DateTime => ("một chuỗi", "a text"),
    };
    let text = Text::new(format!("{name} phải là {vi}."), format!("{name} must be {en}."));
    Refusal::new(Mistake::InvalidValue, &text)
}

pub(super) fn no_object(what: &str) -> Refusal {
    let text = Text::new(
        format!("{what} phải là một đối tượng JSON."),
        format!("The {what} must be a JSON object."),
    );
    Refusal::new(Mistake::InvalidSyntax, &text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scim::schema::USER;

    #[test]
    fn names_are_taken_in_any_case_and_unknown_ones_read_over() {
        let written = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "id": "mine", "USERNAME": "mai.vt", "displayname": "Lo\u{300} Mai", "nickName": 7, "active": "False",
            "emails": {"Value": "a@b.vn", "rank": 1}, "phoneNumbers": ["0212"], "externalId": null,
        });
        let read = resource(&USER, &written).unwrap();
        let expected = json!({
            "userName": "mai.vt", "displayName": "Lò Mai", "active": false,
            "emails": [{"value": "a@b.vn"}], "phoneNumbers": [{"value": "0212"}],
        });
        assert_eq!(Json::Object(read), expected);
    }

    #[test]
    fn wrong_types_are_told() {
        for (written, expected) in [
            (json!([]), "resource phải là một đối tượng JSON."),
            (json!({"schemas": ["x"]}), "schemas phải có urn:ietf:params:scim:schemas:core:2.0:User."),
            (json!({"userName": 7}), "userName phải là một chuỗi."),
            (json!({"active": "có"}), "active phải là true hoặc false."),
            (json!({"name": "Mai"}), "name phải là một đối tượng JSON."),
            (json!({"emails": [{"value": ["a"]}]}), "emails[0].value phải là một chuỗi."),
        ] {
            let refusal = resource(&USER, &written).unwrap_err();
            assert!(format!("{refusal:?}").contains(expected), "{refusal:?}");
        }
    }
}
