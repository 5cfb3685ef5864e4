use std::collections::BTreeSet;

use base::Uuid;
use serde_json::{Value as Json, json};

use super::Reader;
use crate::matrix::{belongings::Property, records::Concern};

/// What the directory keeps for some only, as this caller sees it.
pub(super) async fn prove(reader: &Reader<'_>, property: &Property) {
    groups(reader, property).await;
    authorities(reader, property).await;
    let agencies: BTreeSet<_> =
        property.records.concerns.values().filter_map(|one| one.thing.agency).collect();
    for agency in agencies {
        absences(reader, property, agency).await;
    }
}

/// Groups: listed, found by name and by member if and only if they may be read.
async fn groups(reader: &Reader<'_>, property: &Property) {
    let who = &reader.caller.name;
    let own = property.records.groups[0].thing.agency.unwrap().to_string();
    for request in [json!({}), json!({ "query": "nhom cua" }), json!({ "memberId": own })] {
        let listed = reader.lists("directory.GroupService/ListGroups", &request, "groups", "id").await;
        for group in &property.records.groups {
            let read = reader.reads("directory.GroupService/GetGroup", &group.id).await;
            assert_eq!(listed.contains(&group.id), read, "{who}: {request}");
        }
        assert!(listed.len() <= property.records.groups.len(), "{who} lists more than there are");
    }
}

/// Rights to sign: listed with their agency if and only if they may be read.
async fn authorities(reader: &Reader<'_>, property: &Property) {
    for authority in &property.records.authorities {
        let request = json!({ "agencyId": authority.thing.agency.unwrap().to_string() });
        let method = "directory.SigningAuthorityService/ListSigningAuthorities";
        let listed = reader.lists(method, &request, "signingAuthorities", "id").await;
        let read = reader.reads("directory.SigningAuthorityService/GetSigningAuthority", &authority.id).await;
        let expected = read.then(|| authority.id.clone());
        assert_eq!(listed, expected.into_iter().collect(), "{}", reader.caller.name);
    }
}

/// Who is away and who stands in: all of an agency for its people, and nothing of any other.
async fn absences(reader: &Reader<'_>, property: &Property, agency: Uuid) {
    let who = &reader.caller.name;
    let concerns = property.records.concerns.values().filter(|one| one.thing.agency == Some(agency));
    let concerns: Vec<&Concern> = concerns.collect();
    let rule = json!({ "positionId": concerns[0].position });
    let open = reader.ask("directory.StandInService/GetStandInRule", &rule).await.is_some();
    let all = |named: fn(&Concern) -> &String| -> BTreeSet<String> {
        concerns.iter().filter(|_| open).map(|one| named(one).clone()).collect()
    };
    let request = json!({ "agencyId": agency.to_string(), "pageSize": 20 });
    let listed = reader.lists("directory.StandInService/ListStandIns", &request, "standIns", "id").await;
    assert_eq!(listed, all(|one| &one.stand_in), "{who}");
    let listed = reader.lists("directory.StandInService/ListAbsences", &request, "absences", "id").await;
    assert_eq!(listed, all(|one| &one.absence), "{who}");

    let one = concerns[0];
    let then = json!({ "agencyId": agency.to_string(), "positionId": one.position, "asOfDate": one.day });
    let acting = reader.ask("directory.StandInService/ListActing", &then).await.unwrap_or_default();
    let acting = acting["acting"].as_array().into_iter().flatten();
    let found: Vec<_> = acting.map(|acting| acting["standInId"].clone()).collect();
    let expected: Vec<Json> = if open { vec![one.stand_in.clone().into()] } else { Vec::new() };
    assert_eq!(found, expected, "{who}: {}", one.day);
}
