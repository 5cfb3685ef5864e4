//! From the draft to the signature: content and format are checked by different people, in the process of the agency.

use congvan::sample;
use congvan_tests::{Actor, World};
use serde_json::{Value, json};

/// A letter of the department that lies before whoever checks it.
async fn submitted(world: &World) -> Value {
    let (officer, communes) = (world.actor("canbo.snv").await, world.communes().await);
    let draft = officer.drafts(&communes[..1]).await;
    officer.attaches(&draft, sample::LETTER.to_vec()).await;
    officer.does(&officer.reads(&draft).await, "submit").await
}

async fn checks(by: &Actor<'_>, document: &Value, check: i32, opinion: &str) -> Value {
    let request = json!({ "check": check, "opinion": opinion });
    by.asks(document, "check", request).await.ok()["document"].clone()
}

async fn returns(by: &Actor<'_>, document: &Value, level: i32) -> Value {
    let request = json!({ "level": level, "reason": "Căn cứ chưa đúng" });
    by.asks(document, "return", request).await.ok()["document"].clone()
}

/// What the document waits for: the kinds, and for checks their places.
fn pending(document: &Value) -> Vec<String> {
    let steps = document["pending"].as_array().unwrap().iter();
    let told = steps.map(|step| {
        let kind = step["kind"].as_str().unwrap().trim_start_matches("PENDING_KIND_");
        if kind == "CHECK" { format!("CHECK {}", step["check"]) } else { kind.to_owned() }
    });
    told.collect()
}

/// The unit of somebody's first post.
async fn unit_of(world: &World, name: &str) -> String {
    world.actor(name).await.unit_id().to_owned()
}

/// Content and an opinion of another unit beside each other, then the format; the approval where it is put.
async fn parallel(world: &World, approval: &str) -> Value {
    let division = unit_of(world, "truong.th.snv").await;
    json!({
        "agencyId": world.actor("lanhdao.snv").await.agency_id(),
        "approval": approval,
        "levels": [
            { "checks": [
                { "sort": "CHECK_SORT_CONTENT", "name": "Nội dung", "place": "CHECK_PLACE_DRAFTING_UNIT",
                  "duty": "CHECK_DUTY_UNIT_HEAD" },
                { "sort": "CHECK_SORT_CONSULTATION", "name": "Ý kiến", "place": "CHECK_PLACE_UNIT",
                  "duty": "CHECK_DUTY_UNIT_HEAD", "unitId": division },
            ] },
            { "checks": [
                { "sort": "CHECK_SORT_FORMAT", "name": "Thể thức", "place": "CHECK_PLACE_AGENCY",
                  "duty": "CHECK_DUTY_FORMAT_CHECKER" },
            ] },
        ],
    })
}

#[tokio::test]
async fn a_draft_is_checked_by_two_people_before_it_is_approved_and_signed() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let (chief, clerk) = (world.actor("truong.vp.snv").await, world.actor("vanthu.snv").await);
        let head = world.actor("lanhdao.snv").await;
        let document = submitted(&world).await;
        assert_eq!(pending(&document), ["CHECK 1"]);
        assert_eq!(document["pending"][0]["asked"]["duty"], "CHECK_DUTY_UNIT_HEAD");
        assert_eq!(
            (&document["reviewVersion"], &document["approvalOrder"]),
            (&json!(0), &json!("APPROVAL_ORDER_AFTER_CHECKS"))
        );
        let refused = head.commands(&document, "approve").await;
        assert_eq!(refused.refused(), (409, "CHECKS_OPEN".to_owned()));
        assert_eq!(refused.json()["metadata"], json!({ "checks": "Kiểm tra nội dung" }));
        let refused = clerk.asks(&document, "check", json!({ "check": 1 })).await;
        assert_eq!(
            refused.refused(),
            (403, "NOT_ALLOWED".to_owned()),
            "the head of the unit answers for the content"
        );
        assert_eq!(chief.asks(&document, "check", json!({})).await.violated_fields(), ["check"]);
        let refused = chief.asks(&document, "check", json!({ "check": 3 })).await;
        assert_eq!(refused.refused(), (404, "CHECK_NOT_FOUND".to_owned()));

        let document = checks(&chief, &document, 1, "Đúng thẩm quyền").await;
        assert_eq!(pending(&document), ["CHECK 2"]);
        let refused = chief.asks(&document, "check", json!({ "check": 1 })).await;
        assert_eq!(refused.refused(), (409, "CHECK_MADE".to_owned()));
        let document = checks(&clerk, &document, 2, "").await;
        assert_eq!(pending(&document), ["APPROVAL"]);
        let made = &document["checks"];
        assert_eq!(
            (&made[0]["opinion"], &made[0]["act"]["officer"]["position"]),
            (&json!("Đúng thẩm quyền"), &json!("Chánh Văn phòng"))
        );
        assert_eq!(made[1]["act"]["officer"]["position"], "Văn thư");
        let document = head.does(&document, "approve").await;
        assert_eq!(
            (pending(&document), &document["pending"][0]["officer"]["position"]),
            (vec!["SIGNATURE".to_owned()], &json!("Giám đốc"))
        );
        let document = head.does(&document, "sign").await;
        assert_eq!(pending(&document), ["NUMBER"]);
        let document = clerk.does(&document, "issue").await;
        assert_eq!(pending(&document), [""; 0]);
        assert_eq!(document["checks"].as_array().unwrap().len(), 2, "what was checked stays known");
        world.end().await;
    }
}

#[tokio::test]
async fn checks_run_beside_each_other_and_whom_they_ask_may_read() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let (head, clerk) = (world.actor("lanhdao.snv").await, world.actor("vanthu.snv").await);
        let consulted = world.actor("truong.th.snv").await;
        let before = submitted(&world).await;
        let path = format!("/v1/documents/{}", before["id"].as_str().unwrap());
        assert_eq!(consulted.get(&path).await.refused(), (404, "DOCUMENT_NOT_FOUND".to_owned()));

        let wanted = parallel(&world, "APPROVAL_ORDER_BEFORE_CHECKS").await;
        let created = clerk.post("/v1/reviewProcesses", &wanted).await.ok();
        assert_eq!(created["reviewProcess"]["version"], 1);
        let document = submitted(&world).await;
        assert_eq!(
            (pending(&document), &document["reviewVersion"]),
            (vec!["APPROVAL".to_owned()], &json!(1))
        );
        let document = head.does(&document, "approve").await;
        assert_eq!(pending(&document), ["CHECK 1", "CHECK 2"]);
        assert_eq!(consulted.reads(&document).await, document);
        let listed = consulted.get("/v1/documents").await.ok();
        assert_eq!(listed["documents"][0]["id"], document["id"]);
        assert_eq!(listed["documents"][0]["pending"], document["pending"], "a list tells what waits for one");
        assert_eq!(listed["documents"].as_array().unwrap().len(), 1, "and nothing that does not ask");
        let document = checks(&consulted, &document, 2, "Nhất trí").await;
        let chief = world.actor("truong.vp.snv").await;
        let document = checks(&chief, &document, 1, "").await;
        let document = checks(&clerk, &document, 3, "").await;
        let document = head.does(&document, "sign").await;

        // The first was submitted before there was a process, and keeps the one that it began with.
        assert_eq!(pending(&chief.reads(&before).await), ["CHECK 1"]);
        let before = world.checked(&before, "snv").await;
        assert_eq!(pending(&before), ["APPROVAL"]);
        let back = returns(&clerk, &document, 0).await;
        let again = world.actor("canbo.snv").await.does(&back, "submit").await;
        assert_eq!(again["reviewVersion"], 1);
        let agency = clerk.agency_id();
        let listed = chief.get(&format!("/v1/reviewProcesses?agencyId={agency}")).await.ok();
        let versions: Vec<_> =
            listed["reviewProcesses"].as_array().unwrap().iter().map(|one| one["version"].clone()).collect();
        assert_eq!(versions, [json!(1), json!(0)]);
        let asked = &listed["reviewProcesses"][0]["levels"][0]["checks"][1];
        assert_eq!(asked["unitId"], wanted["levels"][0]["checks"][1]["unitId"]);
        world.end().await;
    }
}

#[tokio::test]
async fn a_document_is_returned_to_any_earlier_step() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let (chief, clerk) = (world.actor("truong.vp.snv").await, world.actor("vanthu.snv").await);
        let (head, officer) = (world.actor("lanhdao.snv").await, world.actor("canbo.snv").await);
        let document = submitted(&world).await;
        let early = chief.asks(&document, "return", json!({ "level": 1, "reason": "Sai" })).await;
        assert_eq!(early.refused(), (409, "LEVEL_NOT_EARLIER".to_owned()));
        let refused = officer.asks(&document, "return", json!({ "reason": "Sai" })).await;
        assert_eq!(refused.refused(), (403, "NOT_ALLOWED".to_owned()), "it does not wait for the drafter");
        let back = returns(&chief, &document, 0).await;
        assert_eq!(
            (&back["stage"], &back["returnReason"]),
            (&json!("STAGE_DRAFT"), &json!("Căn cứ chưa đúng"))
        );

        let document = officer.does(&back, "submit").await;
        let document = checks(&chief, &document, 1, "").await;
        let back = returns(&clerk, &document, 1).await;
        assert_eq!(
            (pending(&back), &back["returnReason"]),
            (vec!["CHECK 1".to_owned()], &json!("Căn cứ chưa đúng"))
        );
        let document = checks(&clerk, &checks(&chief, &back, 1, "").await, 2, "").await;
        let document = head.does(&head.does(&document, "approve").await, "sign").await;
        let back = returns(&clerk, &document, 2).await;
        assert_eq!((pending(&back), &back["approval"]), (vec!["CHECK 2".to_owned()], &Value::Null));
        assert_eq!(
            back["signature"],
            Value::Null,
            "the approval came after the check, the signature after both"
        );
        let history = officer
            .get(&format!("/v1/documents/{}/history?pageSize=100", back["id"].as_str().unwrap()))
            .await
            .ok();
        let returned = history["entries"].as_array().unwrap().iter();
        assert_eq!(returned.filter(|line| line["deed"] == "DOCUMENT_DEED_RETURNED").count(), 3);
        world.end().await;
    }
}

#[tokio::test]
async fn a_process_has_both_checks_and_everything_wrong_is_told() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let clerk = world.actor("vanthu.snv").await;
        let elsewhere = unit_of(&world, "truong.vp.03646").await;
        let wrong = json!({ "agencyId": clerk.agency_id(), "levels": [
            { "checks": [{ "name": "x".repeat(101), "place": "CHECK_PLACE_UNIT", "unitId": "7" }] }, { "checks": [] },
        ]});
        let refused = clerk.post("/v1/reviewProcesses", &wrong).await;
        let mut fields = refused.violated_fields();
        fields.sort();
        let first = |name: &str| format!("reviewProcess.levels[0].checks[0].{name}");
        assert_eq!(
            fields,
            [
                "reviewProcess.levels".to_owned(),
                "reviewProcess.levels".to_owned(),
                first("duty"),
                first("name"),
                first("sort"),
                first("unitId"),
                "reviewProcess.levels[1].checks".to_owned(),
            ]
        );
        let mut foreign = parallel(&world, "APPROVAL_ORDER_AFTER_CHECKS").await;
        foreign["levels"][0]["checks"][1]["unitId"] = elsewhere.into();
        let refused = clerk.post("/v1/reviewProcesses", &foreign).await;
        assert_eq!(refused.violated_fields(), ["reviewProcess.levels[0].checks[1].unitId"]);
        let officer = world.actor("canbo.snv").await;
        let process = parallel(&world, "APPROVAL_ORDER_AFTER_CHECKS").await;
        assert_eq!(
            officer.post("/v1/reviewProcesses", &process).await.refused(),
            (403, "NOT_ALLOWED".to_owned())
        );

        let path = "/v1/reviewProcesses?requestId=019376ad-0000-7000-8000-000000000021";
        let first = clerk.post(path, &process).await.ok();
        assert_eq!(clerk.post(path, &process).await.ok(), first, "a lost answer is given again");
        assert_eq!(world.count("SELECT count(*) AS n FROM review_process").await, 1);
        world.end().await;
    }
}

#[tokio::test]
async fn a_check_whose_answer_was_lost_is_answered_again() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let document = submitted(&world).await;
        let chief = world.actor("truong.vp.snv").await;
        let request = json!({ "check": 1, "requestId": "019376ad-0000-7000-8000-000000000022" });
        let first = chief.asks(&document, "check", request.clone()).await.ok();
        assert_eq!(chief.asks(&document, "check", request).await.ok(), first);
        let (one, other) = (world.actor("vanthu.snv").await, world.actor("vanthu.snv").await);
        let again = json!({ "check": 2 });
        let document = &first["document"];
        let (left, right) = tokio::join!(
            one.asks(document, "check", again.clone()),
            other.asks(document, "check", again.clone())
        );
        let lost = if left.status == 200 { right } else { left };
        assert_eq!(lost.refused(), (409, "CHECK_MADE".to_owned()), "of two at once one checks");
        world.end().await;
    }
}
