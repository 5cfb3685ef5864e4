//! Who agrees has nothing left, and everybody's registers fit.

use std::fmt::Write;

use congvan_tests::{Actor, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::story::{ABSTRACT, REASON, Story, misfits, read};

const REQUEST: &str = "019376ad-0000-7000-8000-0000000000a1";

/// Everything that an office can still ask about the decision, in one text.
async fn told(office: &Actor<'_>, story: &Story<'_>, delivery: &Value) -> String {
    let (document, file) = (&story.decision["id"], &story.decision["attachments"][0]["id"]);
    let mut told = String::new();
    for path in [
        format!("/v1/documents/{}", document.as_str().unwrap()),
        format!("/v1/attachments/{}", file.as_str().unwrap()),
        format!("/v1/attachments/{}:download", file.as_str().unwrap()),
        format!("/v1/deliveries/{}", delivery["id"].as_str().unwrap()),
        "/v1/deliveries".to_owned(),
        "/v1/documents".to_owned(),
        format!("/v1/agencies/{}/register?direction=REGISTER_DIRECTION_INCOMING", office.agency_id()),
        format!("/v1/agencies/{}/recalls", office.agency_id()),
    ] {
        let answer = office.get(&path).await;
        let body = String::from_utf8_lossy(&answer.body);
        writeln!(told, "{path}: {} {body}", answer.status).unwrap();
    }
    told
}

/// The line of the decision in the incoming register of an office.
async fn line(office: &Actor<'_>, story: &Story<'_>) -> Value {
    let path = format!("/v1/agencies/{}/register?direction=REGISTER_DIRECTION_INCOMING", office.agency_id());
    let register = office.get(&path).await.ok();
    let mut lines = register["entries"].as_array().unwrap().iter();
    lines.find(|line| line["documentId"] == story.decision["id"]).cloned().unwrap_or_default()
}

#[tokio::test]
async fn whoever_agrees_keeps_a_tombstone_and_nothing_else() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let story = Story::new(&world, 3).await;
        let office = &story.offices[0];
        let arrived = story.delivery(0).await;
        let accept = format!("/v1/deliveries/{}:accept", arrived["id"].as_str().unwrap());
        let acceptance = json!({ "revision": arrived["revision"], "requestId": REQUEST });
        let accepted = office.post(&accept, &acceptance).await.ok()["delivery"].clone();
        story.offices[2].refuses(&story.delivery(2).await, "Sai nơi nhận").await.ok();
        let before = (line(office, &story).await, story.counts().await);
        let readable = told(office, &story, &arrived).await;
        assert!(readable.contains(ABSTRACT) && !readable.contains(": 404 "), "{readable}");

        let recall = story.asks(&story.order()).await.ok()["recall"].clone();
        assert_eq!(story.stands(&recall).await, ["REQUESTED", "REQUESTED", "NOT_NEEDED"]);
        assert!(
            story.decision["id"] == recall["documentId"] && recall["notation"] == "01/QĐ-SNV",
            "{recall}"
        );
        let late = story.answers(1, "accept").await;
        assert_eq!(late.refused(), (409, "RECALL_AWAITS_ANSWER".to_owned()));

        let tombstone = story.answers(0, "agreeRecall").await.ok()["delivery"].clone();
        assert_eq!(tombstone["arrivalNumber"], accepted["arrivalNumber"]);
        assert_eq!(
            (&tombstone["recallState"], &tombstone["status"]),
            (&json!("RECALL_PARTY_STATE_AGREED"), &json!("DELIVERY_STATUS_ACCEPTED"))
        );
        assert_eq!(
            (&tombstone["abstract"], &tombstone["notation"], &tombstone["issuedDate"]),
            (&json!(""), &json!(""), &json!(""))
        );
        let left = told(office, &story, &arrived).await;
        assert!(!left.contains(ABSTRACT) && !left.contains("01/QĐ-SNV"), "{left}");
        assert_eq!(left.matches(": 404 ").count(), 3, "document and file are not there any more: {left}");
        let again = office.post(&accept, &acceptance).await;
        assert_eq!(again.refused(), (409, "DELIVERY_DESTROYED".to_owned()), "no answer is kept");

        let after = line(office, &story).await;
        for kept in
            ["number", "line", "documentId", "counterpartName", "hash", "previousHash", "descriptionHash"]
        {
            assert_eq!(after[kept], before.0[kept], "{kept}");
        }
        assert_eq!(
            (&after["abstract"], &after["descriptionSalt"], &after["recallId"]),
            (&json!(""), &json!(""), &recall["id"])
        );
        assert_eq!(misfits(&world).await, Vec::<String>::new());
        assert_eq!(story.counts().await, before.1, "the recall leaves the statuses alone");

        let own = read(office, &recall).await.ok()["recall"].clone();
        assert_eq!(own["parties"].as_array().unwrap().len(), 1, "it sees itself alone: {own}");
        assert_eq!(
            (&own["notation"], &own["reason"], &own["noticeNotation"]),
            (&json!(""), &json!(REASON), &story.notice["issuance"]["notation"])
        );
        assert_eq!(own["parties"][0]["answer"]["officer"]["position"], "Văn thư");
        world.end().await;
    }
}

#[tokio::test]
async fn when_everybody_agreed_the_sender_keeps_a_frozen_document() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let story = Story::new(&world, 2).await;
        let recall = story.asks(&story.order()).await.ok()["recall"].clone();
        world.settle().await;
        assert_eq!(world.mails().len(), 2 + 2 + 2, "of the decision, of the notice, of the recall");
        let path = format!("/v1/deliveries/{}:agreeRecall", story.delivery(0).await["id"].as_str().unwrap());
        let answer = json!({ "revision": story.delivery(0).await["revision"], "requestId": REQUEST });
        let first = story.offices[0].post(&path, &answer).await.ok();
        assert_eq!(story.offices[0].post(&path, &answer).await.ok(), first, "a lost answer is given again");
        assert_eq!(story.sees(&recall).await["state"], "RECALL_STATE_UNDER_WAY");
        story.answers(1, "agreeRecall").await.ok();

        let over = story.sees(&recall).await;
        assert_eq!(over["state"], "RECALL_STATE_COMPLETE");
        assert_eq!(over["counts"], json!([{ "state": "RECALL_PARTY_STATE_AGREED", "count": 2 }]));
        let frozen = story.clerk.reads(&story.decision).await;
        assert_eq!(
            (&frozen["abstract"], &frozen["marks"]),
            (&json!(ABSTRACT), &json!(["DOCUMENT_MARK_RECALLED"]))
        );
        assert_eq!(story.asks(&story.order()).await.refused(), (409, "DOCUMENT_RECALLED".to_owned()));
        let cancel = format!("/v1/recalls/{}:cancel", recall["id"].as_str().unwrap());
        let cancelled =
            story.clerk.post(&cancel, &json!({ "revision": over["revision"], "reason": "Nhầm" })).await;
        assert_eq!(cancelled.refused(), (409, "RECALL_CLOSED".to_owned()));
        assert_eq!(story.answers(1, "refuseRecall").await.refused(), (409, "RECALL_ANSWERED".to_owned()));

        // Neither had accepted it. It waits for nobody any more, and the letter that recalled it does.
        world.clock.advance(SignedDuration::from_hours(3));
        for office in &story.offices {
            let waiting = office.get("/v1/deliveries?order=INBOX_ORDER_URGENT").await.ok();
            let waiting: Vec<_> =
                waiting["deliveries"].as_array().unwrap().iter().map(|one| &one["documentId"]).collect();
            assert_eq!(waiting, [&story.notice["id"]]);
        }
        for (document, undecided) in [(&story.decision, 0), (&story.notice, 2)] {
            let path = format!("/v1/documents/{}", document["id"].as_str().unwrap());
            let board = story.clerk.get(&format!("{path}/board?undecidedHours=2")).await.ok();
            assert_eq!(board["board"]["undecidedCount"], undecided);
            let late = story.clerk.get(&format!("{path}/deliveries?undecidedHours=2")).await.ok();
            assert_eq!(late["deliveries"].as_array().unwrap().len(), undecided);
        }
        assert_eq!(misfits(&world).await, Vec::<String>::new());
        world.end().await;
    }
}
