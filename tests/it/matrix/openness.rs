//! What the contracts open to everybody is the same for everybody: no list or search shows one person more than another unless
//! the contracts say so.

use congvan_proto::access::v1::Audience;
use congvan_tests::{Actor, World};
use prost_reflect::DynamicMessage;
use serde_json::{Value as Json, json};
use tonic::Status;

use super::{
    call::Callable,
    cast::{Sort, cast},
    scene::Scene,
};

/// Whether a method reads, and what it tells depends on nothing but the request.
fn is_open(callable: &Callable) -> bool {
    let access = callable.stated().access.as_ref().unwrap();
    let people = access.audiences().any(|audience| audience == Audience::Person);
    let reads = callable.stated().repeatable && callable.stated().request_id.is_none();
    people && reads && access.grants.is_empty() && access.rule.is_empty()
}

/// Requests that find something, for each method that is open.
fn requests(method: &str, actor: &Actor<'_>) -> Option<Vec<Json>> {
    let user = &actor.session["user"];
    let (id, post) = (&user["id"], &user["appointments"][0]);
    let (unit, agency, position) = (&post["unitId"], &post["agencyId"], &post["positionId"]);
    let (_, service) = method.split_once('.')?;
    Some(match service {
        "AddressBookService/FindByIdentifier" => {
            vec![json!({ "scheme": "IDENTIFIER_SCHEME_DECISION_20", "value": "H52.MN" })]
        }
        "DocumentKindService/ListDocumentKinds" => vec![json!({}), json!({ "agencyId": agency })],
        "NumberSeriesService/ListNumberSeries" => vec![json!({ "agencyId": agency })],
        "ExportService/ExportUnits" | "ExternalAgencyService/ListExternalAgencies" => vec![json!({})],
        "PositionService/GetPosition" => vec![json!({ "id": position })],
        "PositionService/ListAppointments" => vec![json!({ "userId": id })],
        "PositionService/ListPositions" => vec![json!({ "agencyId": agency }), json!({ "unitId": unit })],
        "SigningAuthorityService/FindSigners" => {
            vec![json!({ "agencyId": agency, "documentKind": "NOTICE" })]
        }
        "SigningAuthorityService/CheckSigner" => {
            vec![json!({ "agencyId": agency, "userId": id, "documentKind": "NOTICE" })]
        }
        "UnitService/GetUnit" => vec![json!({ "id": unit })],
        "UnitService/BatchGetUnits" => vec![json!({ "ids": [unit, agency] })],
        "UnitService/ListUnits" => vec![json!({}), json!({ "parentId": agency })],
        "ExternalAgencyService/GetExternalAgency" | "UserService/GetUser" => vec![json!({ "id": id })],
        "UserService/ListUsers" => vec![
            json!({ "withTotalSize": true }),
            json!({ "namePart": "mn" }),
            json!({ "agencyIds": [agency], "role": "ROLE_OFFICER" }),
        ],
        "UserService/SearchUsers" => vec![json!({ "query": "nguoi" }), json!({ "query": "Người" })],
        _ => return None,
    })
}

/// An answer that can be compared.
fn told(answer: Result<DynamicMessage, Status>) -> Result<Json, String> {
    let answer = answer.map_err(|status| format!("{:?} {}", status.code(), status.message()))?;
    Ok(serde_json::to_value(answer).unwrap())
}

#[tokio::test]
async fn what_is_open_tells_everybody_the_same() {
    let world = World::new(World::engines()[0]).await;
    let scene = Scene::new(&world).await;
    let callers: Vec<_> = cast(&world, &scene)
        .into_iter()
        .filter(|caller| caller.in_session() || matches!(caller.sort, Sort::Process("documents")))
        .collect();
    let mut asked = 0;
    for callable in Callable::all(&world).iter().filter(|callable| is_open(callable)) {
        let name = callable.name();
        let requests = requests(&name, scene.actor("soan.vp.mn"));
        let requests = requests.unwrap_or_else(|| panic!("{name} needs a request that finds something"));
        for request in requests {
            let mut first = None;
            for caller in &callers {
                let answer = told(callable.call(caller.claim.as_deref(), &request).await);
                let first = first.get_or_insert_with(|| answer.clone());
                assert_eq!(answer, *first, "{name} {request} by {}", caller.name);
            }
            let absent = name.ends_with("GetExternalAgency"); // the scene has none
            assert_eq!(first.unwrap().is_err(), absent, "{name} {request}");
            asked += 1;
        }
    }
    assert!(asked > 15, "{asked}");
    world.end().await;
}
