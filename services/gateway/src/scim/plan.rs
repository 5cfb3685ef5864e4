//! What of a filter the directory can look for itself, so that only few people are read.

use base::{Timestamp, Uuid};
use congvan_proto::directory::v1 as pb;
use prost_types::Timestamp as ProtoTime;

use super::filter::{Filter, Literal, Operator, Target};

/// How people are found.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Plan {
    /// Nobody can be as the filter says.
    Nobody,
    /// The directory finds all whom the filter means, and perhaps others.
    Some(Box<pb::ListUsersRequest>),
    /// The directory finds just those.
    Exactly(Box<pb::ListUsersRequest>),
}

/// How much of a condition the directory looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Covered {
    Never,
    No,
    /// Others may be found too.
    Roughly,
    Exactly,
}

impl Plan {
    pub(super) fn of(filter: Option<&Filter>) -> Self {
        let mut request = Box::<pb::ListUsersRequest>::default();
        let parts = match filter {
            None => [].as_slice(),
            Some(Filter::All(parts)) => parts.as_slice(),
            Some(one) => std::slice::from_ref(one),
        };
        let covered: Vec<_> = parts.iter().map(|part| cover(part, &mut request)).collect();
        if covered.contains(&Covered::Never) {
            Self::Nobody
        } else if covered.iter().all(|covered| *covered == Covered::Exactly) {
            Self::Exactly(request)
        } else {
            Self::Some(request)
        }
    }
}

fn cover(part: &Filter, request: &mut pb::ListUsersRequest) -> Covered {
    match part {
        Filter::Never => Covered::Never,
        Filter::Compare { target, operator, value } => compare(*target, *operator, value, request),
        Filter::Element { attribute, inner } if attribute.name == "emails" => {
            let parts = match &**inner {
                Filter::All(parts) => parts.as_slice(),
                one => std::slice::from_ref(one),
            };
            for part in parts {
                if let Filter::Compare { target, operator: Operator::Equal, value: Literal::Text(address) } =
                    part
                    && target.attribute.name == "value"
                {
                    return key(request, |request| &mut request.email, address, Covered::Roughly);
                }
            }
            Covered::No
        }
        _ => Covered::No,
    }
}

fn compare(
    target: Target,
    operator: Operator,
    value: &Literal,
    request: &mut pb::ListUsersRequest,
) -> Covered {
    let sub = target.sub.map_or("", |sub| &sub.name);
    match (target.attribute.name.as_str(), sub, operator, value) {
        ("id", "", Operator::Equal, Literal::Text(id)) => ids(id, request),
        ("userName", "", Operator::Equal, Literal::Text(name)) => {
            key(request, |request| &mut request.sign_in_name, name, Covered::Exactly)
        }
        ("externalId", "", Operator::Equal, Literal::Text(id)) => {
            key(request, |request| &mut request.external_id, id, Covered::Exactly)
        }
        ("emails", "value", Operator::Equal, Literal::Text(address)) => {
            key(request, |request| &mut request.email, address, Covered::Exactly)
        }
        ("displayName", "", operator, Literal::Text(name))
        | ("name", "formatted", operator, Literal::Text(name))
            if is_part(operator) =>
        {
            name_part(request, name)
        }
        ("active", "", Operator::Equal, Literal::Bool(active)) if request.activity == 0 => {
            let activity = if *active { pb::UserActivity::Active } else { pb::UserActivity::Inactive };
            request.activity = activity.into();
            Covered::Exactly
        }
        ("meta", "lastModified", Operator::Greater | Operator::GreaterOrEqual, Literal::Time(at)) => {
            since(*at, operator == Operator::Greater, request)
        }
        _ => Covered::No,
    }
}

fn is_part(operator: Operator) -> bool {
    matches!(operator, Operator::Equal | Operator::Contains | Operator::StartsWith | Operator::EndsWith)
}

/// Longest part of a name that is looked for, in characters; nobody has a longer name.
const NAME_PART: usize = 100;

fn name_part(request: &mut pb::ListUsersRequest, name: &str) -> Covered {
    // Of two conditions the second is left to be judged here.
    if !request.name_part.is_empty() || name.chars().count() > NAME_PART {
        return Covered::No;
    }
    name.clone_into(&mut request.name_part);
    Covered::Roughly
}

fn key(
    request: &mut pb::ListUsersRequest,
    field: fn(&mut pb::ListUsersRequest) -> &mut String,
    value: &str,
    covered: Covered,
) -> Covered {
    if value.is_empty() || has_key(request) {
        return Covered::No;
    }
    value.clone_into(field(request));
    covered
}

/// Whether the directory has a key to look for already; it takes one.
fn has_key(request: &pb::ListUsersRequest) -> bool {
    let texts = [&request.sign_in_name, &request.external_id, &request.email];
    !request.ids.is_empty() || texts.iter().any(|text| !text.is_empty())
}

fn ids(id: &str, request: &mut pb::ListUsersRequest) -> Covered {
    let is_ours = id.parse::<Uuid>().is_ok_and(|parsed| parsed.to_string() == id);
    if !is_ours {
        Covered::Never
    } else if has_key(request) {
        Covered::No
    } else {
        request.ids.push(id.to_owned());
        Covered::Exactly
    }
}

/// The directory counts time in microseconds: later than one means from the next on.
fn since(at: Timestamp, later: bool, request: &mut pb::ListUsersRequest) -> Covered {
    if request.changed_since.is_some() {
        return Covered::No;
    }
    let nanos = at.as_nanosecond();
    let micros = if later { nanos.div_euclid(1000) + 1 } else { (nanos + 999).div_euclid(1000) };
    let seconds = i64::try_from(micros.div_euclid(1_000_000)).unwrap_or(i64::MAX);
    let rest = i32::try_from(micros.rem_euclid(1_000_000)).unwrap_or(0);
    request.changed_since = Some(ProtoTime { seconds, nanos: rest * 1000 });
    Covered::Exactly
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::{filter::parse, schema::USER};

    fn plan(filter: &str) -> Plan {
        Plan::of(Some(&parse(filter, &USER).unwrap()))
    }

    fn request(change: impl FnOnce(&mut pb::ListUsersRequest)) -> Box<pb::ListUsersRequest> {
        let mut request = Box::default();
        change(&mut request);
        request
    }

    #[test]
    fn the_directory_looks_for_what_it_can() {
        let id = "01970000-0000-7000-8000-000000000007";
        assert_eq!(Plan::of(None), Plan::Exactly(request(|_| {})));
        assert_eq!(
            plan(&format!("id eq \"{id}\"")),
            Plan::Exactly(request(|request| request.ids = vec![id.to_owned()]))
        );
        assert_eq!(plan("id eq \"7\" and userName pr"), Plan::Nobody);
        let by_name = request(|request| request.sign_in_name = "mai".to_owned());
        assert_eq!(plan("userName eq \"Mai\""), Plan::Exactly(by_name.clone()));
        assert_eq!(plan("userName eq \"mai\" and title pr"), Plan::Some(by_name.clone()));
        assert_eq!(plan("userName eq \"mai\" and userName eq \"lan\""), Plan::Some(by_name.clone()));
        assert_eq!(plan("userName eq \"mai\" and externalId eq \"7\""), Plan::Some(by_name));
        let by_email = request(|request| request.email = "a@x.vn".to_owned());
        assert_eq!(plan("emails eq \"A@x.vn\""), Plan::Exactly(by_email.clone()));
        assert_eq!(plan("emails[type eq \"work\" and value eq \"a@x.vn\"]"), Plan::Some(by_email));
        let active = request(|request| request.activity = pb::UserActivity::Inactive.into());
        assert_eq!(plan("active eq false"), Plan::Exactly(active));
        let by_part = request(|request| request.name_part = "mai".to_owned());
        assert_eq!(plan("displayName co \"Mai\""), Plan::Some(by_part));
        for filter in [
            "userName ne \"mai\"",
            "userName eq \"mai\" or id pr",
            "not (active eq true)",
            "externalId eq null",
        ] {
            assert_eq!(plan(filter), Plan::Some(request(|_| {})), "{filter}");
        }
    }

    #[test]
    fn later_than_a_time_means_from_the_next_microsecond() {
        for (filter, nanos) in [
            ("meta.lastModified gt \"2026-11-23T01:00:00.000001Z\"", 2000),
            ("meta.lastModified ge \"2026-11-23T01:00:00.000001Z\"", 1000),
            ("meta.lastModified gt \"2026-11-23T01:00:00.0000015Z\"", 2000),
            ("meta.lastModified ge \"2026-11-23T01:00:00.0000015Z\"", 2000),
        ] {
            let Plan::Exactly(request) = plan(filter) else { panic!("{filter}") };
            assert_eq!(request.changed_since.unwrap().nanos, nanos, "{filter}");
        }
    }
}
