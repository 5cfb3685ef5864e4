//! A document goes to agencies, inner units, people and whoever a group or a rule stands for on its day.

use std::collections::BTreeMap;

use congvan::sample;
use congvan_tests::{Actor, World};
use http::Method;
use serde_json::{Value, json};

use crate::issuing::signed_letter;

/// A group of the whole directory with these units.
async fn group(world: &World, units: &[Value]) -> String {
    let administrator = world.actor(sample::ADMINISTRATOR).await;
    let members: Vec<_> =
        units.iter().map(|unit| json!({ "kind": "MEMBER_KIND_UNIT", "id": unit["id"] })).collect();
    let group = json!({ "name": "Các phường thí điểm", "kind": "GROUP_KIND_RECIPIENTS", "members": members });
    let created = administrator.post("/v1/groups", &group).await.ok();
    created["group"]["id"].as_str().unwrap().to_owned()
}

/// Brings a draft to recipients to the point where it can be issued.
async fn signed(world: &World, recipients: Value) -> Value {
    let officer = world.actor("canbo.snv").await;
    let mut letter = officer.letter(&[]);
    letter["recipients"] = recipients;
    signed_letter(world, &letter).await
}

async fn preview(actor: &Actor<'_>, document: &Value) -> Value {
    actor.get(&format!("/v1/documents/{}/recipients:preview", document["id"].as_str().unwrap())).await.ok()
}

#[tokio::test]
async fn a_group_a_rule_an_inner_unit_and_a_person_get_one_delivery_each() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let (officer, deputy) = (world.actor("canbo.snv").await, world.actor("pho.snv").await);
        let group = group(&world, &communes[..3]).await;
        let rule = json!({ "units": { "unitIds": [communes[2]["id"], communes[3]["id"]] } });
        let recipients = json!([
            { "groupId": group, "purpose": "RECIPIENT_PURPOSE_FOR_INFORMATION" },
            { "unitId": communes[0]["id"], "purpose": "RECIPIENT_PURPOSE_EXECUTE" },
            { "expression": rule, "purpose": "RECIPIENT_PURPOSE_COORDINATE" },
            { "unitId": officer.unit_id(), "purpose": "RECIPIENT_PURPOSE_FILE" },
            { "userId": deputy.session["user"]["id"], "purpose": "RECIPIENT_PURPOSE_REPORT" },
        ]);
        let document = signed(&world, recipients).await;
        assert_eq!(document["recipients"][0]["name"], "Các phường thí điểm");
        let shown = preview(&officer, &document).await;
        assert_eq!(shown["total"], 6, "four communes, the office and the deputy: {shown}");
        let folded: BTreeMap<_, _> = shown["folded"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["recipient"]["unitId"].to_string(), one["purposes"][0].clone()))
            .collect();
        assert_eq!(folded.len(), 2, "the strongest purpose wins: {shown}");
        assert_eq!(folded[&communes[0]["id"].to_string()], "RECIPIENT_PURPOSE_EXECUTE");
        assert_eq!(folded[&communes[2]["id"].to_string()], "RECIPIENT_PURPOSE_COORDINATE");

        let clerk = world.actor("vanthu.snv").await;
        let issued = clerk.commands(&document, "issue").await.ok();
        assert_eq!(issued["deliveryCount"], 6);
        let board = officer.board(&issued["document"]).await;
        let purposes: Vec<_> =
            board["purposeCounts"].as_array().unwrap().iter().map(|one| one["count"].clone()).collect();
        assert_eq!(purposes, [1, 1, 2, 1, 1], "execute, report, coordinate, for information, file: {board}");

        // The deputy receives in person, the office by any of its members; neither takes a number.
        let own = deputy.inbox().await;
        let own = own.iter().find(|one| one["recipientKind"] == "RECIPIENT_KIND_PERSON").unwrap();
        let accepted = deputy.accepts(own).await;
        assert_eq!(
            (&accepted["status"], &accepted["arrivalNumber"]),
            (&json!("DELIVERY_STATUS_ACCEPTED"), &json!(0))
        );
        let inner = officer.inbox().await;
        assert_eq!((inner.len(), &inner[0]["recipientKind"]), (1, &json!("RECIPIENT_KIND_UNIT")));
        officer.accepts(&inner[0]).await;
        assert_eq!(world.count("SELECT count(*) AS n FROM register WHERE direction = 'INCOMING'").await, 0);
        let outsider = world.actor("canbo.03646").await;
        let path = format!("/v1/deliveries/{}", inner[0]["id"].as_str().unwrap());
        assert_eq!(outsider.get(&path).await.status, 404);
        world.end().await;
    }
}

#[tokio::test]
async fn who_joins_a_group_before_the_issue_gets_it_too() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let group = group(&world, &communes[..1]).await;
        let document = signed(&world, json!([{ "groupId": group }])).await;
        let officer = world.actor("canbo.snv").await;
        assert_eq!(preview(&officer, &document).await["total"], 1);
        let administrator = world.actor(sample::ADMINISTRATOR).await;
        let path = format!("/v1/groups/{group}");
        let mut changed = administrator.get(&path).await.ok()["group"].clone();
        changed["members"]
            .as_array_mut()
            .unwrap()
            .push(json!({ "kind": "MEMBER_KIND_UNIT", "id": communes[1]["id"] }));
        let fields = ["id", "name", "kind", "members", "revision"];
        let wanted: serde_json::Map<_, _> =
            fields.iter().map(|field| ((*field).to_owned(), changed[*field].clone())).collect();
        administrator.call(Method::PATCH, &path, Some(&Value::from(wanted))).await.ok();
        assert_eq!(preview(&officer, &document).await["total"], 2);
        let issued = world.actor("vanthu.snv").await.commands(&document, "issue").await.ok();
        assert_eq!(issued["deliveryCount"], 2);
        assert_eq!(world.actor("vanthu.03664").await.inbox().await.len(), 1);
        world.end().await;
    }
}

#[tokio::test]
async fn nobody_is_addressed_who_cannot_be_reached() {
    let world = World::new(World::engines()[0]).await;
    let communes = world.communes().await;
    let officer = world.actor("canbo.snv").await;
    let elsewhere = world.actor("canbo.03646").await;
    let mut letter = officer.letter(&communes[..1]);
    letter["recipients"] = json!([
        { "unitId": elsewhere.unit_id() },
        { "userId": elsewhere.session["user"]["id"] },
        { "groupId": "019376ad-0000-7000-8000-000000000001" },
        { "externalAgencyId": "019376ad-0000-7000-8000-000000000002" },
    ]);
    let refused = officer.post("/v1/documents", &letter).await;
    assert_eq!(refused.refused(), (400, "UNKNOWN_RECIPIENT".to_owned()));
    let fields = ["unitId", "userId", "groupId", "externalAgencyId"];
    let fields: Vec<_> =
        fields.iter().enumerate().map(|(at, field)| format!("document.recipients[{at}].{field}")).collect();
    assert_eq!(refused.violated_fields(), fields, "all at once, each with its reason");
    letter["recipients"] = json!([{ "unitId": communes[0]["id"], "userId": officer.session["user"]["id"] }]);
    assert_eq!(officer.post("/v1/documents", &letter).await.violated_fields(), ["document.recipients[0]"]);
    world.end().await;
}
