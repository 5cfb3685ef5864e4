//! What becomes of a document at its recipient, as both sides see it.

use congvan::sample;
use congvan_tests::{Actor, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::issuing::signed;

/// A directive issued to some communes.
pub(crate) async fn issued(world: &World, recipients: &[Value]) -> Value {
    let document = signed(world, recipients).await;
    world.actor("vanthu.snv").await.does(&document, "issue").await
}

/// Gives a delivery a command.
pub(crate) async fn commands(actor: &Actor<'_>, delivery: &Value, command: &str, mut with: Value) -> Value {
    with["revision"] = delivery["revision"].clone();
    let path = format!("/v1/deliveries/{}:{command}", delivery["id"].as_str().unwrap());
    let answer = actor.post(&path, &with).await;
    if answer.status == 200 { answer.ok()["delivery"].clone() } else { answer.json() }
}

/// The statuses of a delivery, oldest first.
fn statuses(delivery: &Value) -> Vec<&str> {
    let entries = delivery["history"].as_array().unwrap().iter();
    entries.map(|entry| entry["status"].as_str().unwrap().trim_start_matches("DELIVERY_STATUS_")).collect()
}

#[tokio::test]
async fn a_document_is_accepted_assigned_handled_and_answered() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let department = json!({ "id": world.actor("vanthu.snv").await.agency_id() });
        // From a commune to the department, whose office handles it.
        let document = signed_by_commune(&world, &[department]).await;
        let sender = world.actor("vanthu.03646").await;
        sender.does(&document, "issue").await;

        let (clerk, officer) = (world.actor("vanthu.snv").await, world.actor("canbo.snv").await);
        let arrived = clerk.inbox().await[0].clone();
        let early = commands(&clerk, &arrived, "assign", json!({ "unitId": officer.unit_id() })).await;
        assert_eq!(early["reason"], "WRONG_DELIVERY_STATUS", "what is not registered is not assigned");
        let path = format!("/v1/deliveries/{}", arrived["id"].as_str().unwrap());
        assert_eq!(officer.get(&path).await.refused(), (404, "DELIVERY_NOT_FOUND".to_owned()));

        world.clock.advance(SignedDuration::from_mins(30));
        let accepted = clerk.accepts(&arrived).await;
        assert_eq!(accepted["arrivalNumber"], 1);
        assert_eq!(accepted["check"]["brokenFileCount"], 0);
        assert_eq!(accepted["check"]["files"][0]["finding"], "FILE_FINDING_SOUND");
        assert_eq!(accepted["decision"]["officer"]["position"], "Văn thư");
        let order = json!({
            "unitId": officer.unit_id(), "userId": officer.session["user"]["id"],
            "directive": "Tham mưu trả lời xã", "dueDate": "2026-11-27",
        });
        let assigned = commands(&clerk, &accepted, "assign", order).await;
        assert_eq!(assigned["assignment"]["userFullName"], officer.session["user"]["fullName"]);

        // The handler finds it, reads it with its files, and answers.
        let mine = officer.get("/v1/deliveries:assigned?ownOnly=true").await.ok()["deliveries"].clone();
        assert_eq!(mine[0]["assignment"]["directive"], "Tham mưu trả lời xã");
        let read = officer.reads(&document).await;
        let file = read["attachments"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(officer.get(&format!("/v1/attachments/{file}:download")).await.body, sample::LETTER);
        let started = commands(&officer, &mine[0], "start", json!({})).await;
        let reply = issued(&world, &world.communes().await[..1]).await;
        let nothing = commands(&officer, &started, "complete", json!({})).await;
        assert_eq!(nothing["reason"], "INVALID_FIELDS", "a result or a reply: {nothing}");
        let done = commands(&officer, &started, "complete", json!({ "replyDocumentId": reply["id"] })).await;
        assert_eq!(done["completion"]["replyNotation"], "01/SNV-VP");
        assert_eq!(statuses(&done), ["ARRIVED", "ACCEPTED", "ASSIGNED", "IN_PROGRESS", "COMPLETED"]);
        let history = done["history"].as_array().unwrap();
        assert_eq!(history[0]["officer"], Value::Null, "the system acknowledged");
        assert!(history[2]["concerned"].as_str().unwrap().ends_with("Văn phòng"), "{}", history[2]);
        assert_eq!(history[4]["concerned"], "01/SNV-VP");

        // The sender sees all of it.
        let told = sender.get(&path).await.ok()["delivery"].clone();
        assert_eq!((&told["history"], &told["completion"]), (&done["history"], &done["completion"]));
        assert_eq!(told["acknowledgement"]["sameDay"], true);
        assert_eq!(told["acknowledgement"]["time"], told["arriveTime"]);
        world.end().await;
    }
}

/// A letter of a commune, signed and ready to be issued.
async fn signed_by_commune(world: &World, recipients: &[Value]) -> Value {
    let (clerk, chairman) = (world.actor("vanthu.03646").await, world.actor("lanhdao.03646").await);
    let draft = clerk.drafts(recipients).await;
    clerk.attaches(&draft, sample::LETTER.to_vec()).await;
    let document = clerk.reads(&draft).await;
    let document = clerk.does(&document, "submit").await;
    let document = world.checked(&document, "03646").await;
    let document = chairman.does(&document, "approve").await;
    chairman.does(&document, "sign").await
}

#[tokio::test]
async fn only_the_unit_and_its_people_are_assigned() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        issued(&world, &communes[..2]).await;
        let (clerk, elsewhere) = (world.actor("vanthu.03646").await, world.actor("canbo.snv").await);
        let accepted = clerk.accepts(&clerk.inbox().await[0]).await;
        for order in [
            json!({ "unitId": elsewhere.unit_id() }),
            json!({ "unitId": clerk.unit_id(), "userId": elsewhere.session["user"]["id"] }),
            json!({ "unitId": clerk.unit_id(), "userId": "019376ad-0000-7000-8000-000000000001" }),
        ] {
            let refused = commands(&clerk, &accepted, "assign", order).await;
            assert_eq!(refused["reason"], "UNKNOWN_ASSIGNEE", "{refused}");
        }
        let wrong = json!({ "unitId": "xã", "userId": "ông Ba", "dueDate": "2026-11-22" });
        let path = format!("/v1/deliveries/{}:assign", accepted["id"].as_str().unwrap());
        let mut fields = clerk.post(&path, &wrong).await.violated_fields();
        fields.sort();
        assert_eq!(fields, ["dueDate", "revision", "unitId", "userId"], "all at once");
        world.end().await;
    }
}

#[tokio::test]
async fn a_refusal_has_a_code_and_what_came_to_the_wrong_place_goes_back_late() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let document = issued(&world, &communes[..2]).await;
        let (first, second) = (world.actor("vanthu.03646").await, world.actor("vanthu.03664").await);
        let arrived = first.inbox().await[0].clone();
        let nothing = commands(&first, &arrived, "refuse", json!({ "code": "REFUSAL_CODE_OTHER" })).await;
        assert_eq!(nothing["reason"], "INVALID_FIELDS", "another reason is told in words");
        let code = json!({ "code": "REFUSAL_CODE_NOT_COMPETENT" });
        let refused = commands(&first, &arrived, "refuse", code).await;
        assert_eq!(refused["status"], "DELIVERY_STATUS_REFUSED");

        let accepted = second.accepts(&second.inbox().await[0]).await;
        let late = commands(&second, &accepted, "refuse", json!({ "reason": "muộn" })).await;
        assert_eq!(late["reason"], "DELIVERY_DECIDED", "only before acceptance");
        let code = json!({ "code": "REFUSAL_CODE_WRONG_RECIPIENT", "reason": "Thuộc xã bên" });
        let returned = commands(&second, &accepted, "return", code).await;
        assert_eq!(returned["status"], "DELIVERY_STATUS_RETURNED");
        assert_eq!(returned["arrivalNumber"], 1, "the number stays in the register");
        let register =
            format!("/v1/agencies/{}/register?direction=REGISTER_DIRECTION_INCOMING", second.agency_id());
        assert_eq!(second.get(&register).await.ok()["entries"][0]["number"], 1);

        let board = world.actor("canbo.snv").await.board(&document).await;
        let exceptions: Vec<_> =
            board["exceptions"].as_array().unwrap().iter().map(|one| &one["refusalCode"]).collect();
        assert_eq!(exceptions, ["REFUSAL_CODE_NOT_COMPETENT", "REFUSAL_CODE_WRONG_RECIPIENT"]);
        world.end().await;
    }
}

#[tokio::test]
async fn a_document_with_a_broken_file_is_not_accepted() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let document = issued(&world, &communes[..1]).await;
        let file = world.body_of(document["attachments"][0]["sha256"].as_str().unwrap());
        let whole = std::fs::read(&file).unwrap();
        std::fs::write(&file, [&whole[..whole.len() - 1], b"?"].concat()).unwrap();

        let clerk = world.actor("vanthu.03646").await;
        let arrived = clerk.inbox().await[0].clone();
        for _ in 0..2 {
            let refused = commands(&clerk, &arrived, "accept", json!({})).await;
            assert_eq!(
                (&refused["reason"], &refused["metadata"]["files"]),
                (&json!("FILES_BROKEN"), &json!("1"))
            );
        }
        let path = format!("/v1/deliveries/{}", arrived["id"].as_str().unwrap());
        let told = world.actor("vanthu.snv").await.get(&path).await.ok()["delivery"].clone();
        assert_eq!(told["check"]["files"][0]["finding"], "FILE_FINDING_DAMAGED", "the sender sees it, too");
        assert_eq!(world.count("SELECT count(*) AS n FROM register WHERE direction = 'INCOMING'").await, 0);

        std::fs::remove_file(&file).unwrap();
        let checked = clerk.post(&format!("{path}:check"), &json!({})).await.ok();
        assert_eq!(checked["delivery"]["check"]["files"][0]["finding"], "FILE_FINDING_MISSING");
        std::fs::write(&file, whole).unwrap();
        let refused = commands(&clerk, &arrived, "accept", json!({})).await;
        assert_eq!(refused["reason"], "FILES_BROKEN", "until somebody looks again");
        clerk.post(&format!("{path}:check"), &json!({})).await.ok();
        assert_eq!(clerk.accepts(&arrived).await["arrivalNumber"], 1);
        world.end().await;
    }
}
