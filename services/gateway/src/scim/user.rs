//! A person of the directory as a User resource, and back.

use base::Timestamp;
use congvan_proto::directory::v1 as pb;
use kit::Text;
use prost_types::Timestamp as ProtoTime;
use serde_json::{Value as Json, json};

use super::{
    body::Object,
    error::{Kind, Refusal, Result},
    root::Root,
    schema::USER,
};

/// The one type of mailbox and telephone that is kept.
const WORK: &str = "work";

/// The person as a resource, with everything but the groups.
pub(super) fn resource(user: &pb::User, root: &Root) -> Object {
    let mut name = json!({"formatted": user.full_name});
    if let Some((family, middle, given)) = parts(&user.full_name) {
        name["familyName"] = family.into();
        if !middle.is_empty() {
            name["middleName"] = middle.into();
        }
        name["givenName"] = given.into();
    }
    let mut resource = Object::new();
    let mut put = |name: &str, value: Json| resource.insert(name.to_owned(), value);
    put("schemas", json!([USER.id]));
    put("id", user.id.as_str().into());
    if !user.external_id.is_empty() {
        put("externalId", user.external_id.as_str().into());
    }
    put("meta", root.meta(&USER, &user.id, user.revision, user.create_time, user.update_time));
    put("userName", user.sign_in_name.as_str().into());
    put("displayName", user.full_name.as_str().into());
    put("name", name);
    if let Some(post) = user.appointments.first() {
        put("title", post.position.as_str().into());
    }
    put("active", user.active.into());
    for (name, value) in [("emails", &user.email), ("phoneNumbers", &user.phone)] {
        if !value.is_empty() {
            put(name, json!([{"value": value, "type": WORK, "primary": true}]));
        }
    }
    resource
}

/// The person as the resource says, on top of what is stored: `None` for a new one. Judging the values is the directory's.
pub(super) fn person(resource: &Object, stored: Option<&pb::User>) -> Result<pb::User> {
    let nobody = pb::User { active: true, ..pb::User::default() };
    let stored = stored.unwrap_or(&nobody);
    let text = |name: &str| resource.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    Ok(pb::User {
        sign_in_name: text("userName").trim().to_lowercase(),
        full_name: full_name(resource, &stored.full_name)?,
        email: chosen(resource, "emails", &stored.email),
        phone: chosen(resource, "phoneNumbers", &stored.phone),
        external_id: text("externalId"),
        active: resource.get("active").and_then(Json::as_bool).unwrap_or(stored.active),
        ..stored.clone()
    })
}

/// What changed, as fields of the contract; empty if nothing did.
pub(super) fn changes(before: &pb::User, after: &pb::User) -> Vec<String> {
    let fields = [
        ("sign_in_name", before.sign_in_name != after.sign_in_name),
        ("full_name", before.full_name != after.full_name),
        ("email", before.email != after.email),
        ("phone", before.phone != after.phone),
        ("external_id", before.external_id != after.external_id),
        ("active", before.active != after.active),
    ];
    fields.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name.to_owned()).collect()
}

/// Of displayName and name.formatted the one that is new, and displayName if both are; without them the parts, in the
/// Vietnamese order.
fn full_name(resource: &Object, stored: &str) -> Result<String> {
    let name = |part: &str| resource.get("name").and_then(|name| name.get(part)).and_then(Json::as_str);
    let whole = [resource.get("displayName").and_then(Json::as_str), name("formatted")];
    let whole: Vec<_> = whole.into_iter().flatten().collect();
    if let Some(first) = whole.first() {
        return Ok((*whole.iter().find(|whole| **whole != stored).unwrap_or(first)).to_owned());
    }
    let parts: Vec<_> = ["familyName", "middleName", "givenName"].into_iter().filter_map(name).collect();
    if !parts.is_empty() {
        return Ok(parts.join(" "));
    }
    let text = Text::new("displayName bắt buộc phải có.", "displayName is required.");
    Err(Refusal::new(Kind::InvalidValue, &text))
}

/// Of several values the one to keep: new ones before the stored one, those of type work before others, the primary one,
/// then the last.
fn chosen(resource: &Object, name: &str, stored: &str) -> String {
    let values = resource.get(name).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let value = |element: &Json| element["value"].as_str().unwrap_or_default().to_owned();
    let rank = |element: &Json| {
        let is_work = element["type"].as_str().is_none_or(|kind| kind.eq_ignore_ascii_case(WORK));
        (is_work, value(element) != stored, element["primary"] == true)
    };
    values
        .iter()
        .filter(|element| !value(element).is_empty())
        .max_by_key(|element| rank(element))
        .map_or_else(String::new, value)
}

/// Family name, middle names and given name; none for a name of one word.
fn parts(full_name: &str) -> Option<(&str, &str, &str)> {
    let (family, rest) = full_name.split_once(' ')?;
    let (middle, given) = rest.rsplit_once(' ').unwrap_or(("", rest));
    Some((family, middle.trim(), given))
}

/// A time as JSON writes it.
pub(super) fn time(at: Option<ProtoTime>) -> Json {
    let at = at.unwrap_or_default();
    Timestamp::new(at.seconds, at.nanos).map_or(Json::Null, |at| at.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored() -> pb::User {
        pb::User {
            id: "7".to_owned(),
            sign_in_name: "mai.vt".to_owned(),
            full_name: "Lò Thị Mai".to_owned(),
            email: "mai@sonla.gov.vn".to_owned(),
            active: true,
            revision: 3,
            ..pb::User::default()
        }
    }

    #[test]
    fn what_is_read_and_written_back_changes_nothing() {
        let user = stored();
        let resource = resource(&user, &Root::new("https://x.vn/scim/v2"));
        assert_eq!(
            resource["name"],
            json!({"formatted": "Lò Thị Mai", "familyName": "Lò", "middleName": "Thị", "givenName": "Mai"})
        );
        assert_eq!(resource["meta"]["version"], "W/\"3\"");
        assert_eq!(resource["meta"]["location"], "https://x.vn/scim/v2/Users/7");
        assert!(changes(&user, &person(&resource, Some(&user)).unwrap()).is_empty());
    }

    #[test]
    fn the_new_one_of_two_names_counts() {
        for (written, expected) in [
            (json!({"displayName": "Mai", "name": {"formatted": "Lò Thị Mai"}}), "Mai"),
            (json!({"displayName": "Lò Thị Mai", "name": {"formatted": "Mai"}}), "Mai"),
            (json!({"displayName": "Mai", "name": {"formatted": "Mai Lò"}}), "Mai"),
            (json!({"name": {"formatted": "Mai"}}), "Mai"),
            (json!({"name": {"givenName": "Mai", "familyName": "Lò", "middleName": "Thị"}}), "Lò Thị Mai"),
            (json!({"displayName": "Lò Thị Mai"}), "Lò Thị Mai"),
        ] {
            assert_eq!(full_name(written.as_object().unwrap(), "Lò Thị Mai").unwrap(), expected, "{written}");
        }
        assert!(full_name(&Object::new(), "Lò Thị Mai").is_err());
    }

    #[test]
    fn one_mailbox_of_several_is_kept() {
        for (written, expected) in [
            (json!([]), ""),
            (json!([{"value": "a@x.vn"}]), "a@x.vn"),
            (
                json!([{"value": "old@x.vn", "type": "work", "primary": true}, {"value": "new@x.vn", "type": "work"}]),
                "new@x.vn",
            ),
            (
                json!([{"value": "a@x.vn", "type": "home", "primary": true}, {"value": "old@x.vn", "type": "work"}]),
                "old@x.vn",
            ),
            (
                json!([{"value": "a@x.vn", "type": "home"}, {"value": "b@x.vn", "type": "other", "primary": true}]),
                "b@x.vn",
            ),
            (json!([{"value": "a@x.vn", "primary": true}, {"value": "b@x.vn"}]), "a@x.vn"),
        ] {
            let resource = Object::from_iter([("emails".to_owned(), written)]);
            assert_eq!(chosen(&resource, "emails", "old@x.vn"), expected, "{resource:?}");
        }
    }
}
