use base::Timestamp;
use serde_json::{Map, Value as Json};

use super::{Filter, Literal, Operator, Target};
use crate::scim::schema::Attribute;

/// A resource, or a value of a complex attribute, by the names of its schema.
type Object = Map<String, Json>;

/// Whether the resource is as the filter says.
pub(in crate::scim) fn matches(filter: &Filter, object: &Object) -> bool {
    match filter {
        Filter::All(parts) => parts.iter().all(|part| matches(part, object)),
        Filter::Any(parts) => parts.iter().any(|part| matches(part, object)),
        Filter::Not(inner) => !matches(inner, object),
        Filter::Never => false,
        Filter::Present(target) => values(*target, object).iter().any(|value| is_there(value)),
        Filter::Element { attribute, inner } => {
            let mut elements = each(object.get(&attribute.name)).filter_map(Json::as_object);
            elements.any(|element| matches(inner, element))
        }
        Filter::Compare { target, operator, value } => compares(*target, *operator, value, object),
    }
}

fn compares(target: Target, operator: Operator, value: &Literal, object: &Object) -> bool {
    let found = values(target, object);
    let leaf = target.leaf();
    let equal = || match value {
        Literal::Null => !found.iter().any(|value| is_there(value)),
        _ => found.iter().any(|found| holds(leaf, Operator::Equal, found, value)),
    };
    match operator {
        Operator::Equal => equal(),
        Operator::NotEqual => !equal(),
        _ => found.iter().any(|found| holds(leaf, operator, found, value)),
    }
}

/// Text as it is compared: NFC, and small unless case counts.
pub(super) fn comparable(leaf: &Attribute, text: &str) -> String {
    let text = base::nfc(text);
    if leaf.case_exact { text } else { text.to_lowercase() }
}

fn holds(leaf: &Attribute, operator: Operator, found: &Json, value: &Literal) -> bool {
    match (found, value) {
        (Json::Bool(found), Literal::Bool(value)) => found == value,
        (Json::String(found), Literal::Time(value)) => {
            found.parse::<Timestamp>().is_ok_and(|found| ordered(operator, &found, value))
        }
        (Json::String(found), Literal::Text(value)) => {
            let found = comparable(leaf, found);
            match operator {
                Operator::Contains => found.contains(value),
                Operator::StartsWith => found.starts_with(value),
                Operator::EndsWith => found.ends_with(value),
                _ => ordered(operator, &found, value),
            }
        }
        _ => false,
    }
}

fn ordered<T: Ord>(operator: Operator, found: &T, value: &T) -> bool {
    match operator {
        Operator::Equal => found == value,
        Operator::Greater => found > value,
        Operator::GreaterOrEqual => found >= value,
        Operator::Less => found < value,
        Operator::LessOrEqual => found <= value,
        Operator::NotEqual | Operator::Contains | Operator::StartsWith | Operator::EndsWith => false,
    }
}

fn values(target: Target, object: &Object) -> Vec<&Json> {
    let own = each(object.get(&target.attribute.name));
    match target.sub {
        None => own.collect(),
        Some(sub) => own.flat_map(|value| each(value.get(&sub.name))).collect(),
    }
}

/// The one value, or each of several.
fn each(value: Option<&Json>) -> impl Iterator<Item = &Json> {
    let (one, many) = match value {
        Some(Json::Array(many)) => (None, many.as_slice()),
        one => (one, [].as_slice()),
    };
    one.into_iter().chain(many)
}

fn is_there(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::String(text) => !text.is_empty(),
        Json::Array(values) => !values.is_empty(),
        Json::Object(object) => object.values().any(is_there),
        Json::Bool(_) | Json::Number(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::scim::{
        filter::{parse, parse_for_any, parse_path},
        schema::{GROUP, USER},
    };

    fn mai() -> Object {
        let mai = json!({
            "id": "7", "userName": "mai.vt", "displayName": "Lò Thị Mai", "active": true,
            "emails": [{"value": "Mai.VT@sonla.gov.vn", "type": "work", "primary": true}],
            "meta": {"lastModified": "2026-11-23T01:00:00Z"},
        });
        mai.as_object().unwrap().clone()
    }

    #[test]
    fn filters_hold_or_do_not() {
        for (filter, expected) in [
            (r#"userName eq "MAI.vt""#, true),
            (r#"USERNAME Eq "mai.vt""#, true),
            (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "mai.vt""#, true),
            (r#"id eq "7" and externalId eq null"#, true),
            (r#"displayName co "thị m""#, true),
            ("displayName co \"thi\u{323}\"", true),
            (r#"displayName co "thi""#, false),
            (r#"displayName sw "lò" and displayName ew "MAI""#, true),
            (r#"userName gt "mai" and userName le "mai.vt""#, true),
            (r#"emails co "sonla""#, true),
            (r#"emails.value eq "mai.vt@sonla.gov.vn""#, true),
            (r#"emails[type eq "work" and value ew ".vn"]"#, true),
            (r#"emails[type eq "home" or not (value pr)]"#, false),
            ("emails[primary eq true]", true),
            (r#"emails.type ne "work""#, false),
            (r#"externalId ne "x""#, true),
            ("externalId pr or title pr", false),
            ("name pr", false),
            ("not (externalId pr) and active eq true", true),
            ("active ne true", false),
            (r#"meta.lastModified gt "2026-11-23T07:59:59+07:00""#, true),
            (r#"meta.lastModified gt "2026-11-23T01:00:00Z""#, false),
            (r#"userName eq "x" or userName eq "y" and id pr or id eq "7""#, true),
            (r#"(userName eq "x" or id eq "7") and userName eq "x""#, false),
        ] {
            assert_eq!(matches(&parse(filter, &USER).unwrap(), &mai()), expected, "{filter}");
        }
    }

    #[test]
    fn mistakes_have_a_position() {
        for (filter, at, told) in [
            ("", 1, "an attribute must stand here"),
            ("userName", 9, "an operator must stand here"),
            ("userName eq", 12, "a value must stand here: a text in quotes, true, false or null"),
            (r#"userName is "a""#, 10, "the operator must be eq, ne, co, sw, ew, gt, ge, lt, le or pr"),
            (r#"id pr userName eq "a""#, 7, "it must end here, or go on with and, or"),
            (r#"userName eq "a"#, 13, "the text in quotes has no end"),
            (r#"userName eq "\q""#, 13, "the text in quotes is not valid JSON"),
            ("userName eq 7", 1, "userName compares only by a text in quotes"),
            (r#"(userName eq "a""#, 17, ") must stand here"),
            (r#"nickName eq "a""#, 1, "there is no attribute nickName"),
            (r#"emails.nick eq "a""#, 1, "there is no attribute emails.nick"),
            ("id pr and groups pr", 11, "there is no attribute groups"),
            (r#"active eq "true""#, 1, "active compares only by eq or ne with true or false"),
            (r#"name eq "a""#, 1, "name compares only by pr, or name one of its sub-attributes"),
            (r#"userName[value eq "a"]"#, 1, "only a complex attribute with several values takes brackets"),
            ("id pr; DROP TABLE person", 6, "this character has no place here"),
            ("đ eq 1", 1, "this character has no place here"),
        ] {
            let mistake = parse(filter, &USER).unwrap_err();
            assert_eq!((mistake.at, mistake.text.en.as_str()), (at, told), "{filter}");
        }
    }

    #[test]
    fn filters_have_limits() {
        let deep = format!("{}id pr{}", "(".repeat(13), ")".repeat(13));
        assert_eq!(parse(&deep, &USER).unwrap_err().text.en, "it is nested more than 12 levels deep");
        assert!(parse(&deep[1..deep.len() - 1], &USER).is_ok());
        let many = vec!["id pr"; 101].join(" or ");
        assert_eq!(parse(&many, &USER).unwrap_err().text.en, "at most 100 comparisons are allowed");
        assert!(parse(&format!("id eq \"{}\"", "a".repeat(4096)), &USER).is_err());
    }

    #[test]
    fn a_search_over_all_kinds_reads_over_what_one_has_not() {
        let filter = r#"members[type eq "User" or (value pr)] or userName eq "mai.vt""#;
        assert!(matches(&parse_for_any(filter, &USER).unwrap(), &mai()));
        assert!(parse_for_any(r#"members[type eq "User""#, &USER).is_err());
        assert!(!matches(&parse_for_any(r#"userName eq "mai.vt""#, &GROUP).unwrap(), &Object::new()));
    }

    #[test]
    fn paths_name_a_place() {
        let path = parse_path(r#"emails[type eq "work"].value"#, &USER).unwrap();
        assert_eq!((path.attribute.name.as_str(), path.sub.unwrap().name.as_str()), ("emails", "value"));
        assert!(path.which.is_some());
        let path = parse_path("urn:ietf:params:scim:schemas:core:2.0:User:name.formatted", &USER).unwrap();
        assert_eq!((path.attribute.name.as_str(), path.sub.unwrap().name.as_str()), ("name", "formatted"));
        for wrong in [
            "",
            "nick",
            "emails[",
            "emails[type eq \"work\"]value",
            "emails.value.x",
            "name[formatted pr]",
            "emails pr",
        ] {
            assert!(parse_path(wrong, &USER).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_filter_or_a_mistake(text in ".{0,80}") {
            let _ = parse(&text, &USER);
            let _ = parse_for_any(&text, &GROUP);
            let _ = parse_path(&text, &USER);
        }

        #[test]
        fn any_words_are_a_filter_or_a_mistake(words in proptest::collection::vec(prop_oneof![
            Just("userName"), Just("emails"), Just("emails.value"), Just("active"), Just("meta.lastModified"),
            Just("eq"), Just("ne"), Just("co"), Just("pr"), Just("gt"), Just("and"), Just("or"), Just("not"),
            Just("("), Just(")"), Just("["), Just("]"), Just("\"mai\""), Just("true"), Just("null"), Just("-7.5e3"),
            Just("\""), Just("\\"), Just("."), Just("urn:"), Just("ạ"),
        ], 0..24)) {
            let text = words.join(" ");
            if let Ok(filter) = parse(&text, &USER) {
                let not = Filter::Not(Box::new(filter.clone()));
                prop_assert_ne!(matches(&filter, &mai()), matches(&not, &mai()));
            }
            if let Err(mistake) = parse(&text, &USER) {
                prop_assert!(mistake.at >= 1 && mistake.at <= text.chars().count() + 1);
            }
        }
    }
}
