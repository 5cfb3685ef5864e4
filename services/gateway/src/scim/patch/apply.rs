use kit::Text;
use serde_json::Value as Json;

use super::{Operation, Verb, place};
use crate::scim::{
    body::Object,
    error::{Kind, Refusal, Result},
    filter::{Filter, matches},
    schema::{Attribute, Kind as Type},
};

/// Does one operation.
pub(super) fn apply(operation: &Operation, resource: &mut Object) -> Result<()> {
    let Operation { verb, path, value } = operation;
    let attribute = path.attribute;
    match (&path.which, path.sub) {
        (None, None) => whole(*verb, attribute, value.as_ref(), resource),
        (None, Some(sub)) if !attribute.multi_valued => {
            let complex = resource.entry(&attribute.name).or_insert_with(|| Object::new().into());
            if let Some(complex) = complex.as_object_mut() {
                set(complex, sub, value.as_ref());
            }
        }
        (which, sub) => some(*verb, attribute, which.as_ref(), sub, value.as_ref(), resource)?,
    }
    Ok(())
}

/// An attribute as a whole.
fn whole(verb: Verb, attribute: &Attribute, value: Option<&Json>, resource: &mut Object) {
    let name = &attribute.name;
    match (verb, value) {
        (Verb::Remove, Some(Json::Array(values))) => take_away(name, values, resource),
        (Verb::Remove, _) => drop(resource.shift_remove(name)),
        (_, None) => {} // nothing to add
        (_, Some(Json::Object(values))) if attribute.kind == Type::Complex => {
            let complex = resource.entry(name).or_insert_with(|| Object::new().into());
            if let Some(complex) = complex.as_object_mut() {
                complex.extend(values.clone());
            }
        }
        (Verb::Add, Some(Json::Array(values))) => {
            let there = place::values(name, resource);
            for value in values {
                if !there.iter().any(|there| is_same(there, value)) {
                    there.push(value.clone());
                }
            }
        }
        (_, Some(value)) => drop(resource.insert(name.clone(), value.clone())),
    }
}

/// Removes just these of several values.
fn take_away(name: &str, values: &[Json], resource: &mut Object) {
    place::values(name, resource).retain(|there| !values.iter().any(|value| is_same(there, value)));
}

/// Some values of a complex attribute that has several.
fn some(
    verb: Verb,
    attribute: &'static Attribute,
    which: Option<&Filter>,
    sub: Option<&'static Attribute>,
    value: Option<&Json>,
    resource: &mut Object,
) -> Result<()> {
    let meant = |element: &Json| match (which, element.as_object()) {
        (Some(which), Some(element)) => matches(which, element),
        (None, _) => true,
        (Some(_), None) => false,
    };
    let values = place::values(&attribute.name, resource);
    if verb == Verb::Remove && sub.is_none() {
        values.retain(|element| !meant(element)); // it is gone, also if it never was there
        return Ok(());
    }
    let mut found = false;
    for element in values.iter_mut().filter(|element| meant(element)) {
        found = true;
        match (sub, element.as_object_mut(), value) {
            (Some(sub), Some(element), value) => set(element, sub, value),
            (None, Some(element), Some(Json::Object(value))) => element.extend(value.clone()),
            _ => {}
        }
    }
    if found || verb == Verb::Remove {
        return Ok(());
    }
    let Some(mut new) = place::described(which).filter(|_| verb == Verb::Add || which.is_none()) else {
        let text = Text::new("Không có giá trị nào khớp với path.", "No value is as the path says.");
        return Err(Refusal::new(Kind::NoTarget, &text));
    };
    match (sub, value) {
        (Some(sub), value) => set(&mut new, sub, value),
        (None, Some(Json::Object(value))) => new.extend(value.clone()),
        (None, _) => {}
    }
    values.push(new.into());
    Ok(())
}

fn set(complex: &mut Object, sub: &Attribute, value: Option<&Json>) {
    match value {
        Some(value) => drop(complex.insert(sub.name.clone(), value.clone())),
        None => drop(complex.shift_remove(&sub.name)),
    }
}

/// Whether two values are one: what else is said of them does not count.
fn is_same(one: &Json, other: &Json) -> bool {
    match (one.get("value"), other.get("value")) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::scim::{patch, schema::USER};

    fn patched(operations: &Json) -> Result<Json> {
        let start = json!({
            "userName": "mai.vt", "displayName": "Lò Thị Mai", "name": {"formatted": "Lò Thị Mai"}, "active": true,
            "emails": [{"value": "mai@sonla.gov.vn", "type": "work", "primary": true}],
        });
        let written =
            json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations});
        let operations = patch::read(&USER, &written)?;
        let mut resource = start.as_object().unwrap().clone();
        patch::apply(&operations, &mut resource)?;
        Ok(resource.into())
    }

    /// What stands at a place of the resource after an operation.
    fn hold(cases: impl IntoIterator<Item = (Json, &'static str, Json)>) {
        for (operation, place, expected) in cases {
            let after = patched(&json!([operation])).unwrap();
            assert_eq!(after.pointer(place).cloned().unwrap_or_default(), expected, "{operation}");
        }
    }

    #[test]
    fn single_values_are_set() {
        hold([
            (json!({"op": "Replace", "path": "userName", "value": "mai"}), "/userName", json!("mai")),
            (
                json!({"op": "replace", "value": {"USERNAME": "mai", "nickName": "x", "id": "7"}}),
                "/userName",
                json!("mai"),
            ),
            (json!({"op": "replace", "value": {"name.formatted": "Mai"}}), "/name/formatted", json!("Mai")),
            (
                json!({"op": "add", "path": "name", "value": {"formatted": "Mai"}}),
                "/name/formatted",
                json!("Mai"),
            ),
            (json!({"op": "add", "path": "externalId", "value": "x"}), "/externalId", json!("x")),
            (json!({"op": "replace", "path": "active", "value": "False"}), "/active", json!(false)),
        ]);
    }

    #[test]
    fn of_several_values_those_meant_change() {
        let email = "/emails/0/value";
        hold([
            (
                json!({"op": "replace", "path": "emails[type eq \"work\"].value", "value": "b@x.vn"}),
                email,
                json!("b@x.vn"),
            ),
            (
                json!({"op": "replace", "path": "emails[primary eq true].value", "value": "b@x.vn"}),
                email,
                json!("b@x.vn"),
            ),
            (json!({"op": "replace", "path": "emails.value", "value": "b@x.vn"}), email, json!("b@x.vn")),
            (
                json!({"op": "replace", "path": "emails[value ew \"vn\"]", "value": {"value": "b@x.vn"}}),
                email,
                json!("b@x.vn"),
            ),
            (
                json!({"op": "replace", "path": "emails", "value": [{"value": "b@x.vn"}]}),
                "/emails",
                json!([{"value": "b@x.vn"}]),
            ),
            (
                json!({"op": "add", "path": "emails", "value": [{"value": "b@x.vn"}]}),
                "/emails/1/value",
                json!("b@x.vn"),
            ),
            (
                json!({"op": "add", "path": "emails", "value": [{"value": "mai@sonla.gov.vn"}]}),
                "/emails/1",
                Json::Null,
            ),
            (
                json!({"op": "add", "path": "phoneNumbers[type eq \"work\"].value", "value": "0212"}),
                "/phoneNumbers",
                json!([{"type": "work", "value": "0212"}]),
            ),
            (json!({"op": "remove", "path": "emails"}), "/emails", Json::Null),
            (json!({"op": "remove", "path": "emails[type eq \"work\"]"}), "/emails", json!([])),
            (json!({"op": "remove", "path": "emails[type eq \"home\"]"}), "/emails/0/type", json!("work")),
            (
                json!({"op": "remove", "path": "emails", "value": [{"value": "other@x.vn"}]}),
                email,
                json!("mai@sonla.gov.vn"),
            ),
            (json!({"op": "replace", "path": "emails", "value": []}), "/emails", Json::Null),
        ]);
    }

    #[test]
    fn what_cannot_be_done_is_refused() {
        for (operations, kind) in [
            (json!([]), Kind::InvalidSyntax),
            (json!([{"op": "move", "path": "userName", "value": "x"}]), Kind::InvalidSyntax),
            (json!([{"op": "add", "path": "userName"}]), Kind::InvalidSyntax),
            (json!([{"op": "add", "value": "x"}]), Kind::InvalidSyntax),
            (json!([{"op": "remove"}]), Kind::NoTarget),
            (
                json!([{"op": "replace", "path": "emails[type eq \"home\"].value", "value": "x"}]),
                Kind::NoTarget,
            ),
            (json!([{"op": "replace", "path": "nick", "value": "x"}]), Kind::InvalidPath),
            (json!([{"op": "replace", "path": "emails[type", "value": "x"}]), Kind::InvalidPath),
            (json!([{"op": "replace", "path": "id", "value": "x"}]), Kind::Mutability),
            (json!([{"op": "replace", "path": "name.givenName", "value": "x"}]), Kind::Mutability),
            (json!([{"op": "remove", "path": "userName"}]), Kind::Mutability),
            (json!([{"op": "replace", "path": "active", "value": 7}]), Kind::InvalidValue),
        ] {
            assert_eq!(patched(&operations).unwrap_err().kind, Some(kind), "{operations}");
        }
    }

    proptest! {
        #[test]
        fn any_change_is_done_or_refused(
            verb in "add|replace|remove", path in "(emails|name|active|userName)(\\[type eq \"work\"\\])?(\\.value|\\.formatted)?",
            value in prop_oneof![Just(json!("x")), Just(json!([])), Just(json!({"value": "y"})), Just(json!([{"value": "y"}])), Just(json!(true))],
        ) {
            let _ = patched(&json!([{"op": verb, "path": path, "value": value}]));
        }
    }
}
