//! The directory as administrators keep it over REST.

use congvan_tests::{Actor, World};
use http::Method;
use serde_json::{Value, json};

/// A thing that can be read and changed: where, and under what name.
const THINGS: [(&str, &str); 5] = [
    ("units", "unit"),
    ("users", "user"),
    ("positions", "position"),
    ("groups", "group"),
    ("externalAgencies", "externalAgency"),
];

fn id(thing: &Value) -> &str {
    thing["id"].as_str().unwrap()
}

/// One of each of the things, the first that there is.
async fn one_of_each(administrator: &Actor<'_>) -> Vec<(&'static str, &'static str, String)> {
    let unit = administrator.get("/v1/units?pageSize=1").await.ok()["units"][0].clone();
    let user = administrator.get("/v1/users?pageSize=1").await.ok()["users"][0].clone();
    let positions = administrator.get(&format!("/v1/positions?agencyId={}&pageSize=1", id(&unit))).await.ok();
    let group = json!({
        "name": "Các phường", "kind": "GROUP_KIND_RECIPIENTS",
        "members": [{ "kind": "MEMBER_KIND_UNIT", "id": id(&unit) }],
    });
    let group = administrator.post("/v1/groups", &group).await.ok()["group"].clone();
    let partner = json!({
        "name": "Bưu điện tỉnh Sơn La",
        "identifiers": [{ "scheme": "IDENTIFIER_SCHEME_OTHER", "value": "5500123456" }],
    });
    let partner = administrator.post("/v1/externalAgencies", &partner).await.ok()["externalAgency"].clone();
    let ids = [&unit, &user, &positions["positions"][0], &group, &partner].map(|thing| id(thing).to_owned());
    THINGS.into_iter().zip(ids).map(|((address, name), id)| (address, name, id)).collect()
}

#[tokio::test]
async fn what_was_read_can_be_sent_back_and_changes_nothing() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let administrator = world.actor("quantri").await;
        for (address, name, id) in one_of_each(&administrator).await {
            let address = format!("/v1/{address}/{id}");
            let read = administrator.get(&address).await.ok()[name].clone();
            let body = if name == "user" { json!({ "user": read }) } else { read.clone() };
            let written = administrator.call(Method::PATCH, &address, Some(&body)).await.ok();
            assert_eq!(written[name]["revision"], read["revision"], "{address}");
            assert_eq!(administrator.get(&address).await.ok()[name], read, "{address}");
        }
        world.end().await;
    }
}

#[tokio::test]
async fn a_person_is_edited_by_what_changes_and_by_one_administrator_at_a_time() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let administrator = world.actor("quantri").await;
        let person = world.actor("canbo.snv").await.session["user"].clone();
        let address = format!("/v1/users/{}", id(&person));
        let change = json!({
            "user": { "fullName": "Lò Thị Mai", "revision": person["revision"] },
            "updateMask": "fullName",
            "reason": "Đính chính theo giấy khai sinh",
        });
        let edited = administrator.call(Method::PATCH, &address, Some(&change)).await.ok()["user"].clone();
        assert_eq!(edited["fullName"], "Lò Thị Mai");
        assert_eq!(edited["signInName"], "canbo.snv", "what is not named stays");
        assert_eq!(edited["email"], person["email"]);
        let refused = administrator.call(Method::PATCH, &address, Some(&change)).await;
        assert_eq!(refused.refused(), (409, "STALE_REVISION".to_owned()));
        assert_eq!(refused.json()["metadata"]["current_revision"], edited["revision"]);

        let nothing = json!({ "user": { "fullName": "" }, "updateMask": "fullName" });
        let refused = administrator.call(Method::PATCH, &address, Some(&nothing)).await;
        assert_eq!(refused.violated_fields(), ["user.revision", "user.fullName"]);
        let another = json!({ "user": { "id": administrator.session["user"]["id"], "revision": "1" } });
        let refused = administrator.call(Method::PATCH, &address, Some(&another)).await;
        assert_eq!(
            refused.violated_fields(),
            ["user.id"],
            "the address names one person and the body another"
        );
        world.end().await;
    }
}

/// A second administrator, who reviews what the first prepares.
async fn second_administrator<'w>(world: &'w World, first: &Actor<'_>, unit: &Value) -> Actor<'w> {
    let user = json!({
        "signInName": "quantri2",
        "fullName": "Cầm Văn Duyệt",
        "appointments": [
            { "unitId": unit["id"], "position": "Quản trị", "roles": ["ROLE_ADMINISTRATOR"] },
        ],
    });
    let password = "một mật khẩu thật dài 2026";
    first.post("/v1/users", &json!({ "user": user, "password": password })).await.ok();
    world.sign_in("quantri2", password).await
}

/// A unit that takes over from two others on 1 December 2026.
fn merger(ending: &[Value], identifiers: &Value) -> Value {
    json!({ "reorganisation": {
        "title": "Nhập hai phường",
        "basis": "Nghị quyết số 12/NQ-HĐND",
        "effectiveDate": "2026-12-01",
        "changes": [{
            "predecessorIds": ending.iter().map(|unit| unit["id"].clone()).collect::<Vec<_>>(),
            "successors": [{ "newUnit": {
                "code": "H52.99001", "name": "Ủy ban nhân dân phường Mới", "abbreviation": "UBND",
                "kind": "UNIT_KIND_WARD", "parentId": ending[0]["parentId"], "identifiers": identifiers,
            }}],
        }],
    }})
}

#[tokio::test]
async fn a_unit_begins_with_the_identifiers_it_is_given() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let administrator = world.actor("quantri").await;
        let ending = world.communes().await[..2].to_vec();
        let wrong = json!([
            { "scheme": "IDENTIFIER_SCHEME_DECISION_28", "value": "000.01.99.H52" },
            { "scheme": "IDENTIFIER_SCHEME_DECISION_28", "value": "000.02.99.H52" },
            { "scheme": "IDENTIFIER_SCHEME_DECISION_20", "value": "H52.99002" },
            { "value": "99001" },
            { "scheme": "IDENTIFIER_SCHEME_STATISTICAL", "value": "9" },
        ]);
        let refused = administrator.post("/v1/reorganisations", &merger(&ending, &wrong)).await;
        let place = "reorganisation.changes[0].successors[0].newUnit.identifiers";
        let expected = ["[1].scheme", "[2].scheme", "[3].scheme", "[4].value"];
        assert_eq!(refused.violated_fields(), expected.map(|rest| format!("{place}{rest}")));

        let right = json!([
            { "scheme": "IDENTIFIER_SCHEME_DECISION_28", "value": "000.01.99.H52" },
            { "scheme": "IDENTIFIER_SCHEME_STATISTICAL", "value": "99001", "synthetic": true },
        ]);
        let prepared = administrator.post("/v1/reorganisations", &merger(&ending, &right)).await.ok();
        let address = format!("/v1/reorganisations/{}", id(&prepared["reorganisation"]));
        let second = second_administrator(&world, &administrator, &ending[0]).await;
        let preview = second.get(&format!("{address}/preview")).await.ok()["preview"].clone();
        assert_eq!(preview["problems"], json!([]));
        let seen = json!({ "revision": "1", "fingerprint": preview["fingerprint"] });
        second.post(&format!("{address}:review"), &seen).await.ok();
        let applied = administrator.post(&format!("{address}:apply"), &json!({ "revision": "2" })).await.ok();
        let began = applied["createdUnitIds"][0].as_str().unwrap();
        let unit = administrator.get(&format!("/v1/units/{began}?asOfDate=2026-12-01")).await.ok();
        assert_eq!(borne(&unit["unit"]), ["000.01.99.H52 2026-12-01", "99001 2026-12-01"]);

        let unit = json!({
            "code": "H52.99003", "name": "Trung tâm Chuyển đổi số", "abbreviation": "TTCĐS",
            "kind": "UNIT_KIND_PROVINCIAL_DEPARTMENT",
            "identifiers": [{ "scheme": "IDENTIFIER_SCHEME_DECISION_28", "value": "000.00.98.H52" }],
        });
        let created = administrator.post("/v1/units?startDate=2026-01-01", &unit).await.ok();
        assert_eq!(borne(&created["unit"]), ["000.00.98.H52 2026-01-01"]);
        let mut another = unit.clone();
        another["code"] = json!("H52.99004");
        let refused = administrator.post("/v1/units", &another).await;
        assert_eq!(refused.refused(), (409, "UNIT_CODE_TAKEN".to_owned()), "others may not bear it too");
        world.end().await;
    }
}

/// What a unit bears besides its code, and since when.
fn borne(unit: &Value) -> Vec<String> {
    let identifiers = unit["identifiers"].as_array().unwrap().iter();
    identifiers
        .map(|one| format!("{} {}", one["value"].as_str().unwrap(), one["startDate"].as_str().unwrap()))
        .collect()
}

#[tokio::test]
async fn a_position_for_a_time_is_recorded_with_its_end() {
    let world = World::new(World::engines()[0]).await;
    let administrator = world.actor("quantri").await;
    let clerk = world.actor("vanthu.snv").await;
    let position = json!({
        "unitId": clerk.unit_id(), "title": "Tổ trưởng Tổ sắp xếp tài liệu", "roles": ["ROLE_OFFICER"],
        "startDate": "2026-12-01", "endDate": "2027-06-01",
    });
    let recorded = administrator.post("/v1/positions", &json!({ "position": position })).await.ok();
    assert_eq!(recorded["position"]["endDate"], "2027-06-01");
    world.end().await;
}

#[tokio::test]
async fn the_sample_stands_since_the_day_of_the_communes() {
    let world = World::new(World::engines()[0]).await;
    let reader = world.actor("canbo.snv").await;
    let units = async |day: &str| {
        let path =
            format!("/v1/units?kinds=UNIT_KIND_WARD&kinds=UNIT_KIND_COMMUNE&pageSize=100&asOfDate={day}");
        reader.get(&path).await.ok()["units"].as_array().unwrap().len()
    };
    assert_eq!(units("2025-06-30").await, 0, "what stood before is not in the sample");
    assert_eq!(units("2025-07-01").await, 75);
    assert_eq!(units("").await, 75);
    let posts = &reader.session["user"]["appointments"];
    assert_eq!(posts[0]["startDate"], "2025-07-01");
    world.end().await;
}
