//! A ward is merged into its neighbour while a directive lies in its inbox.

use std::time::Duration;

use congvan::sample;
use congvan_tests::{Actor, World};
use http::Method;
use jiff::SignedDuration;
use mail_parser::MessageParser;
use serde_json::{Value, json};

use crate::issuing::signed;

const PASSWORD: &str = "lúa nương chín vàng trên sườn đồi";

/// Prepared by one administrator, reviewed by another, applied: the first ward ends tomorrow, the second takes over.
pub(crate) async fn merged(world: &World, ends: &Value, heir: &Value) {
    let administrator = world.actor(sample::ADMINISTRATOR).await;
    let unit = world.actor("canbo.snv").await.unit_id().to_owned();
    let second = json!({
        "signInName": "quantri.hai", "fullName": "Cầm Thị Hai",
        "appointments": [{ "unitId": unit, "position": "Quản trị", "roles": ["ROLE_ADMINISTRATOR"] }],
    });
    administrator.post("/v1/users", &json!({ "user": second, "password": PASSWORD })).await.ok();
    let second = world.sign_in("quantri.hai", PASSWORD).await;

    let plan = json!({
        "title": "Nhập phường", "basis": "Nghị quyết 1681/NQ-UBTVQH15", "effectiveDate": "2026-11-24",
        "changes": [{ "predecessorIds": [ends["id"]], "successors": [{ "unitId": heir["id"] }] }],
    });
    let prepared = administrator.post("/v1/reorganisations", &json!({ "reorganisation": plan })).await.ok();
    let prepared = &prepared["reorganisation"];
    let path = format!("/v1/reorganisations/{}", prepared["id"].as_str().unwrap());
    let preview = second.get(&format!("{path}/preview")).await.ok()["preview"].clone();
    assert_eq!(preview["problems"], json!([]));
    let outcomes = preview["outcomes"].as_array().unwrap();
    let outcome = outcomes.iter().find(|outcome| outcome["unitId"] == ends["id"]).unwrap();
    assert_eq!((&outcome["fate"], &outcome["heirId"]), (&json!("UNIT_FATE_ENDS"), &heir["id"]), "{outcome}");
    let review = json!({ "revision": prepared["revision"], "fingerprint": preview["fingerprint"] });
    let reviewed = second.post(&format!("{path}:review"), &review).await.ok();
    let command = json!({ "revision": reviewed["reorganisation"]["revision"] });
    administrator.post(&format!("{path}:apply"), &command).await.ok();
}

/// A ward with people and an undecided document is not simply closed. The directory hears of documents within a second.
async fn cannot_close(world: &World, ward: &Value) {
    let administrator = world.actor(sample::ADMINISTRATOR).await;
    let path = format!("/v1/units/{}:close", ward["id"].as_str().unwrap());
    let command = json!({ "revision": ward["revision"], "endDate": "2026-11-24" });
    let mut told = Value::Null;
    for _ in 0..200 {
        let refused = administrator.post(&path, &command).await;
        assert_eq!(refused.status, 409);
        told = refused.json();
        if told["metadata"]["undecided_deliveries"] == "1" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(
        (&told["reason"], &told["metadata"]["undecided_deliveries"]),
        (&json!("UNIT_IN_USE"), &json!("1")),
        "{told}"
    );
}

/// What has arrived and waits to be accepted.
async fn arrived(clerk: &Actor<'_>) -> Vec<Value> {
    clerk.get("/v1/deliveries?status=DELIVERY_STATUS_ARRIVED").await.ok()["deliveries"]
        .as_array()
        .unwrap()
        .clone()
}

#[tokio::test]
async fn what_lies_in_the_inbox_of_a_merged_ward_is_accepted_by_its_heir() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let ward = |code: &str| communes.iter().find(|ward| ward["code"] == format!("H52.{code}")).unwrap();
        let (ends, heir) = (ward("03646"), ward("03664"));
        let document = signed(&world, std::slice::from_ref(ends)).await;
        let issued = world.actor("vanthu.snv").await.does(&document, "issue").await;
        cannot_close(&world, ends).await;
        merged(&world, ends, heir).await;
        assert_eq!(arrived(&world.actor("vanthu.03664").await).await, Vec::<Value>::new(), "not yet");
        let last = arrived(&world.actor("vanthu.03646").await).await;
        assert_eq!(last.len(), 1, "until midnight the ward is there");

        world.clock.advance(SignedDuration::from_hours(24));
        let clerk = world.actor("vanthu.03664").await;
        let inbox = arrived(&clerk).await;
        assert_eq!(inbox.len(), 1);
        assert_eq!(inbox[0]["recipientId"], ends["id"], "it was sent to the ward that ended, and stays so");
        let read = clerk.reads(&issued).await;
        assert_eq!(read["issuance"]["notation"], "01/SNV-VP");
        let accepted = clerk.accepts(&inbox[0]).await;
        assert_eq!(accepted["arrivalNumber"], 1);
        let register =
            format!("/v1/agencies/{}/register?direction=REGISTER_DIRECTION_INCOMING", clerk.agency_id());
        let entries = clerk.get(&register).await.ok()["entries"].clone();
        assert_eq!(entries[0]["notation"], "01/SNV-VP", "in the register of the heir: {entries}");
        let board = world.actor("canbo.snv").await.board(&issued).await;
        assert_eq!(board["counts"][0]["status"], "DELIVERY_STATUS_ACCEPTED", "{board}");

        let former = json!({ "signInName": "vanthu.03646", "password": sample::PASSWORD });
        let former = world.call(Method::POST, "/v1/sessions", None, Some(&former)).await.ok();
        let refused = world.call(Method::GET, "/v1/deliveries", former["token"].as_str(), None).await;
        assert_eq!(refused.refused().0, 403, "without a post there is no inbox");
        world.end().await;
    }
}

#[tokio::test]
async fn a_refusal_to_an_agency_that_ended_is_told_to_its_heir() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let document = signed(&world, &communes[..1]).await;
        world.actor("vanthu.snv").await.does(&document, "issue").await;
        let departments =
            world.actor("canbo.snv").await.get("/v1/units?kinds=UNIT_KIND_PROVINCIAL_DEPARTMENT").await;
        let departments = departments.ok()["units"].as_array().unwrap().clone();
        let department = |abbreviation: &str| {
            departments.iter().find(|unit| unit["abbreviation"] == abbreviation).unwrap()
        };
        merged(&world, department("SNV"), department("STC")).await;
        world.settle().await;
        let before = world.mails();

        world.clock.advance(SignedDuration::from_hours(24));
        let code = communes[0]["code"].as_str().unwrap().trim_start_matches("H52.").to_owned();
        let clerk = world.actor(&format!("vanthu.{code}")).await;
        clerk.refuses(&clerk.inbox().await[0], "Gửi nhầm địa chỉ").await.ok();
        world.settle().await;
        let new: Vec<_> = world.mails().into_iter().filter(|mail| !before.contains(mail)).collect();
        assert_eq!(new.len(), 1);
        let mail = std::fs::read(&new[0]).unwrap();
        let mail = MessageParser::default().parse(&mail).unwrap();
        let to = mail.to().unwrap().first().unwrap().address().unwrap().to_owned();
        assert!(to.contains("stc"), "{to} works for the department that took over");
        world.end().await;
    }
}
