//! Somebody competent has a document drafted, somebody of the unit takes it, and the draft that is submitted ends it.

use congvan::sample;
use congvan_tests::{Actor, Answer, World};
use serde_json::{Value, json};

async fn assigns(by: &Actor<'_>, unit: &str, user: &str, directive: &str) -> Answer {
    let wanted = json!({
        "unitId": unit, "userId": user, "directive": directive,
        "kind": "DOCUMENT_KIND_OFFICIAL_LETTER", "dueDate": "2026-11-27",
    });
    by.post("/v1/draftingAssignments", &wanted).await
}

/// What is left of an answer: the assignment.
fn told(answer: &Value) -> &Value {
    &answer["draftingAssignment"]
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap()
}

/// Gives a command to an assignment as it was read.
async fn commands(by: &Actor<'_>, assignment: &Value, command: &str, rest: Value) -> Answer {
    let mut request = rest;
    request["revision"] = assignment["revision"].clone();
    by.post(&format!("/v1/draftingAssignments/{}:{command}", text(assignment, "id")), &request).await
}

async fn reads(by: &Actor<'_>, assignment: &Value) -> Value {
    told(&by.get(&format!("/v1/draftingAssignments/{}", text(assignment, "id"))).await.ok()).clone()
}

/// Begins the draft of an assignment.
async fn begins(by: &Actor<'_>, assignment: &Value, communes: &[Value]) -> Answer {
    let path = format!("/v1/documents?draftingAssignmentId={}", text(assignment, "id"));
    by.post(&path, &by.letter(communes)).await
}

async fn events(world: &World) -> i64 {
    world
        .count("SELECT count(*) AS n FROM event WHERE type LIKE 'congvan.documents.drafting_assignment.%'")
        .await
}

#[tokio::test]
async fn a_unit_takes_what_its_agency_wants_drafted() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let (head, officer) = (world.actor("lanhdao.snv").await, world.actor("canbo.snv").await);
        let assigned = assigns(&head, officer.unit_id(), "", "Soạn công văn đôn đốc").await.ok();
        let assigned = told(&assigned).clone();
        assert_eq!(text(&assigned, "state"), "DRAFTING_STATE_OPEN");
        assert_eq!(assigned["assigned"]["officer"]["position"], "Giám đốc");
        for reader in ["canbo.snv", "vanthu.snv", "pho.snv"] {
            let list =
                world.actor(reader).await.get("/v1/draftingAssignments?state=DRAFTING_STATE_OPEN").await;
            assert_eq!(list.ok()["draftingAssignments"][0]["id"], assigned["id"], "{reader}");
        }
        let stranger = world.actor("canbo.stc").await;
        let path = format!("/v1/draftingAssignments/{}", text(&assigned, "id"));
        let hidden = stranger.get(&path).await;
        assert_eq!(hidden.refused(), (404, "DRAFTING_ASSIGNMENT_NOT_FOUND".to_owned()));
        assert_eq!(stranger.get("/v1/draftingAssignments").await.ok()["draftingAssignments"], json!([]));

        let taken = told(&commands(&officer, &assigned, "take", json!({})).await.ok()).clone();
        assert_eq!(taken["taker"]["position"], "Chuyên viên");
        let clerk = world.actor("vanthu.snv").await;
        let late = commands(&clerk, &taken, "take", json!({})).await;
        assert_eq!(late.refused(), (409, "DRAFTING_CLOSED".to_owned()));
        let late = begins(&clerk, &taken, &communes[..1]).await;
        assert_eq!(late.refused(), (409, "DRAFTING_CLOSED".to_owned()), "somebody else drafts it");

        let draft = begins(&officer, &taken, &communes[..1]).await.ok()["document"].clone();
        assert_eq!(reads(&head, &assigned).await["documentId"], draft["id"]);
        let again = begins(&officer, &taken, &communes[..1]).await;
        assert_eq!(again.refused(), (409, "DRAFT_BEGUN".to_owned()));
        officer.attaches(&draft, sample::LETTER.to_vec()).await;
        let document = officer.does(&officer.reads(&draft).await, "submit").await;
        assert_eq!(text(&reads(&head, &assigned).await, "state"), "DRAFTING_STATE_DONE");
        let reason = json!({ "revision": document["revision"], "reason": "Sửa lại" });
        head.post(&format!("/v1/documents/{}:return", text(&draft, "id")), &reason).await.ok();
        officer.does(&officer.reads(&draft).await, "submit").await;
        let done = reads(&head, &assigned).await;
        assert_eq!(text(&done, "state"), "DRAFTING_STATE_DONE", "once");
        let over = commands(&head, &done, "withdraw", json!({ "reason": "Thôi" })).await;
        assert_eq!(over.refused(), (409, "DRAFTING_CLOSED".to_owned()));
        assert_eq!(events(&world).await, 4, "assigned, taken, begun, done");
        world.end().await;
    }
}

#[tokio::test]
async fn who_is_named_drafts_and_nobody_else() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let (head, officer) = (world.actor("lanhdao.snv").await, world.actor("canbo.snv").await);
        let clerk = world.actor("vanthu.snv").await;
        let user = text(&officer.session["user"], "id").to_owned();
        let assigned = assigns(&head, officer.unit_id(), &user, "Soạn tờ trình").await.ok();
        let assigned = told(&assigned).clone();
        assert_eq!(assigned["userName"], officer.session["user"]["fullName"]);
        let refused = commands(&clerk, &assigned, "take", json!({})).await;
        assert_eq!(refused.refused(), (403, "NOT_ALLOWED".to_owned()));
        let mut other = assigned.clone();
        other["userId"] = clerk.session["user"]["id"].clone();
        let path = format!("/v1/draftingAssignments/{}:reassign", text(&assigned, "id"));
        assert_eq!(officer.post(&path, &other).await.refused(), (403, "NOT_ALLOWED".to_owned()));
        let moved = told(&head.post(&path, &other).await.ok()).clone();
        assert_eq!((text(&moved, "state"), text(&moved, "revision")), ("DRAFTING_STATE_OPEN", "2"));
        let draft = begins(&clerk, &moved, &[]).await.ok()["document"].clone();
        let taken = reads(&head, &moved).await;
        assert_eq!(taken["taker"]["userId"], clerk.session["user"]["id"], "who begins it takes it");
        let mut back = taken.clone();
        back["userId"] = json!("");
        assert_eq!(head.post(&path, &back).await.refused(), (409, "DRAFT_BEGUN".to_owned()));
        let withdrawn =
            commands(&head, &taken, "withdraw", json!({ "reason": "Đã có văn bản khác" })).await.ok();
        assert_eq!(told(&withdrawn)["withdrawalReason"], "Đã có văn bản khác");
        assert_eq!(clerk.reads(&draft).await["stage"], "STAGE_DRAFT", "the draft goes on");
        world.end().await;
    }
}

#[tokio::test]
async fn drafting_is_assigned_within_the_agency_by_its_leaders() {
    let world = World::new(World::engines()[0]).await;
    let (head, officer) = (world.actor("lanhdao.snv").await, world.actor("canbo.snv").await);
    let other = world.actor("canbo.stc").await;
    let own = officer.unit_id();
    let refused = assigns(&officer, own, "", "Soạn").await;
    assert_eq!(refused.refused(), (403, "NOT_ALLOWED".to_owned()), "an officer assigns nothing");
    let refused = assigns(&head, other.unit_id(), "", "Soạn").await;
    assert_eq!(refused.refused(), (403, "NOT_ALLOWED".to_owned()), "another agency's unit");
    let foreign = text(&other.session["user"], "id");
    let refused = assigns(&head, own, foreign, "Soạn").await;
    assert_eq!(refused.refused(), (400, "UNKNOWN_ASSIGNEE".to_owned()), "nobody of the unit");
    let nowhere = "019376ad-0000-7000-8000-000000000007";
    let refused = assigns(&head, nowhere, "", "Soạn").await;
    assert_eq!(
        refused.refused(),
        (403, "NOT_ALLOWED".to_owned()),
        "a unit that is not there is as one of others"
    );
    let wrong = json!({ "unitId": "7", "dueDate": "2026-11-22", "directive": "á".repeat(2001) });
    let fields = head.post("/v1/draftingAssignments", &wrong).await.violated_fields();
    let expected = ["unitId", "directive", "dueDate"].map(|field| format!("draftingAssignment.{field}"));
    assert_eq!(fields, expected, "all at once");
    assert_eq!(events(&world).await, 0);
    let assigned = told(&assigns(&head, head.unit_id(), "", "Soạn").await.ok()).clone();
    let elsewhere = begins(&officer, &assigned, &[]).await;
    assert_eq!(elsewhere.refused().0, 404, "whoever is not of the unit knows nothing of it");
    world.end().await;
}

#[tokio::test]
async fn the_head_of_a_unit_has_its_own_people_draft() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let (head, unit_head) = (world.actor("lanhdao.snv").await, world.actor("truong.vp.snv").await);
        let officer = world.actor("canbo.snv").await;
        let assigned = told(&assigns(&head, officer.unit_id(), "", "Soạn báo cáo").await.ok()).clone();
        let mut passed = assigned.clone();
        passed["userId"] = officer.session["user"]["id"].clone();
        let path = format!("/v1/draftingAssignments/{}:reassign", text(&assigned, "id"));
        let passed = told(&unit_head.post(&path, &passed).await.ok()).clone();
        assert_eq!(passed["assigned"]["officer"]["userId"], unit_head.session["user"]["id"]);
        let mut outside = passed.clone();
        outside["unitId"] = json!(head.unit_id());
        outside["userId"] = json!("");
        assert_eq!(unit_head.post(&path, &outside).await.refused(), (403, "NOT_ALLOWED".to_owned()));
        assigns(&unit_head, officer.unit_id(), "", "Việc của đơn vị").await.ok();
        let refused = assigns(&unit_head, head.unit_id(), "", "Việc ngoài đơn vị").await;
        assert_eq!(refused.refused(), (403, "NOT_ALLOWED".to_owned()));
        world.end().await;
    }
}
