use serde_json::{Value as Json, json};

use super::{Case, id, step};
use crate::matrix::by::By;

/// The methods of the directory.
pub(super) fn cases(service: &str, by: &By<'_>) -> Option<Vec<Case>> {
    access(service, by).or_else(|| offices(service, by)).or_else(|| groups(service, by))
}

/// Keys, sessions, credentials.
fn access(service: &str, by: &By<'_>) -> Option<Vec<Case>> {
    let user_id = |id: &str| json!({ "userId": id });
    Some(match service {
        "ApiKeyService/CreateApiKey" => by.people(new_key),
        "ApiKeyService/ListApiKeys" => {
            let mut cases = by.people(user_id);
            cases.push(By::everybodys(json!({ "everybody": true })));
            cases
        }
        "CredentialService/GetCredentials"
        | "OidcService/ListLinkedIdentities"
        | "SessionService/ListSessions"
        | "SessionService/RevokeAllSessions" => by.people(user_id),
        "ApiKeyService/RevokeApiKey" => by.keys(id),
        "SessionService/RevokeSession" => by.sessions(id),
        "CredentialService/ResetPassword" | "CredentialService/ResetTotp" => {
            by.forgetful(|id| json!({ "userId": id, "reason": "quên mật khẩu" }))
        }
        "ReorganisationService/ReviewReorganisation" => {
            by.reorganisations(|id| json!({ "id": id, "revision": 1, "fingerprint": "0" }))
        }
        _ => return None,
    })
}

/// Who signs, who stands in, who is away.
fn offices(service: &str, by: &By<'_>) -> Option<Vec<Case>> {
    let agency_id = |id: &str| json!({ "agencyId": id });
    let rule = |id: &str| json!({ "standInRule": { "positionId": id, "revision": 999 } });
    let substitute = by.substitute_id();
    let stand_in = move |id: &str| {
        json!({ "standIn": {
            "positionId": id, "userId": substitute, "startDate": "2027-05-03", "endDate": "2027-05-04",
        }})
    };
    Some(match service {
        "SigningAuthorityService/CreateSigningAuthority" => {
            by.agencies(|id| json!({ "signingAuthority": { "agencyId": id } }))
        }
        "SigningAuthorityService/GetSigningAuthority" => by.authorities(id),
        "SigningAuthorityService/RevokeSigningAuthority" => by.authorities(step),
        "SigningAuthorityService/ListSigningAuthorities"
        | "StandInService/ListStandIns"
        | "StandInService/ListAbsences"
        | "StandInService/ListActing" => by.agencies(agency_id),
        "StandInService/CreateStandIn" => by.concerns(|person| &person.position, stand_in),
        "StandInService/EndStandIn" => by.concerns(|person| &person.stand_in, step),
        "StandInService/CreateAbsence" => by.concerns(|person| &person.user, absence),
        "StandInService/EndAbsence" => by.concerns(|person| &person.absence, step),
        "StandInService/SetStandInRule" => by.concerns(|person| &person.position, rule),
        "StandInService/GetStandInRule" => {
            by.concerns(|person| &person.position, |id| json!({ "positionId": id }))
        }
        _ => return None,
    })
}

/// Groups of recipients and of people.
fn groups(service: &str, by: &By<'_>) -> Option<Vec<Case>> {
    let unit = by.unit_id();
    let members = move |id: &str| json!({ "groupId": id, "revision": 999, "members": [{ "kind": "MEMBER_KIND_UNIT", "id": unit }] });
    Some(match service {
        "GroupService/CreateGroup" => by.keepers(|id| {
            json!({ "group": { "name": "Nhóm mới", "kind": "GROUP_KIND_RECIPIENTS", "ownerAgencyId": id } })
        }),
        "GroupService/GetGroup" => by.groups(id),
        "GroupService/UpdateGroup" => by.groups(|id| {
            json!({ "group": { "id": id, "revision": 999, "name": "Tên khác" }, "updateMask": "name" })
        }),
        "GroupService/DeleteGroup" => by.groups(step),
        "GroupService/AddGroupMembers" | "GroupService/RemoveGroupMembers" => by.groups(members),
        _ => return None,
    })
}

fn new_key(user_id: &str) -> Json {
    json!({ "apiKey": {
        "userId": user_id, "name": "Khóa", "scopes": ["SCOPE_DIRECTORY_READ"],
        "expireTime": "2027-01-01T00:00:00Z",
    }})
}

fn absence(user_id: &str) -> Json {
    json!({ "absence": { "userId": user_id, "startDate": "2027-06-01", "endDate": "2027-06-02" } })
}
