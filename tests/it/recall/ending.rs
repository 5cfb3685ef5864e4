//! Some refuse, some are silent, some answer while others accept; and a recall that was a mistake.

use congvan_tests::World;
use serde_json::{Value, json};

use super::story::{ABSTRACT, Story, misfits};

/// Waits until the worker has ended the recall.
async fn expired(story: &Story<'_>, recall: &Value) -> Value {
    for _ in 0..300 {
        let seen = story.sees(recall).await;
        if seen["state"] != "RECALL_STATE_UNDER_WAY" {
            return seen;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("nobody ended the recall")
}

#[tokio::test]
async fn who_refuses_or_is_silent_keeps_everything_and_may_be_asked_again() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let story = Story::new(&world, 3).await;
        story.offices[0].accepts(&story.delivery(0).await).await;
        let recall = story.asks(&story.order()).await.ok()["recall"].clone();
        let refused = story.answers(0, "refuseRecall").await.ok()["delivery"].clone();
        assert_eq!(refused["history"][3]["reason"], "Đã giải quyết xong", "{refused}");
        story.answers(1, "agreeRecall").await.ok();

        world.clock.set("2026-11-23T10:00:01Z".parse().unwrap());
        let over = expired(&story, &recall).await;
        assert_eq!(over["state"], "RECALL_STATE_INCOMPLETE");
        assert_eq!(story.stands(&recall).await, ["REFUSED", "AGREED", "EXPIRED"]);
        assert_eq!(over["parties"][0]["reason"], "Đã giải quyết xong");
        for (office, marked) in [(0, "REFUSED"), (2, "EXPIRED")] {
            let kept = story.delivery(office).await;
            assert_eq!(
                (&kept["abstract"], &kept["recallState"]),
                (&json!(ABSTRACT), &json!(format!("RECALL_PARTY_STATE_{marked}")))
            );
            assert_eq!(story.offices[office].reads(&story.decision).await["abstract"], ABSTRACT);
        }
        assert_eq!(story.answers(2, "agreeRecall").await.refused(), (409, "RECALL_ANSWERED".to_owned()));
        let accepted = story.offices[2].accepts(&story.delivery(2).await).await;
        assert_eq!(accepted["arrivalNumber"], 1, "as if nothing had been asked");

        let mut order = story.order();
        order["deadline"] = "2026-11-24T10:00:00Z".into();
        let again = story.asks(&order).await.ok()["recall"].clone();
        assert_eq!(
            story.stands(&again).await,
            ["REQUESTED", "REQUESTED"],
            "not whoever has nothing any more"
        );
        story.answers(0, "agreeRecall").await.ok();
        story.answers(2, "agreeRecall").await.ok();
        assert_eq!(story.sees(&again).await["state"], "RECALL_STATE_COMPLETE");
        assert_eq!(
            story.stands(&recall).await,
            ["REFUSED", "AGREED", "EXPIRED"],
            "what was, stays on record"
        );
        assert_eq!(misfits(&world).await, Vec::<String>::new());
        world.end().await;
    }
}

#[tokio::test]
async fn a_recall_by_mistake_is_taken_back_before_anybody_agreed() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let story = Story::new(&world, 2).await;
        let recall = story.asks(&story.order()).await.ok()["recall"].clone();
        let path = format!("/v1/recalls/{}:cancel", recall["id"].as_str().unwrap());
        let cancel = |revision: &Value| json!({ "revision": revision, "reason": "Nhầm văn bản" });
        let refused = story.offices[0].post(&path, &cancel(&recall["revision"])).await;
        assert_eq!(refused.refused(), (403, "NOT_ALLOWED".to_owned()));
        story.answers(0, "refuseRecall").await.ok();
        let stale = story.clerk.post(&path, &cancel(&recall["revision"])).await;
        assert_eq!(stale.refused(), (409, "STALE_REVISION".to_owned()));
        let now = story.sees(&recall).await;
        let cancelled = story.clerk.post(&path, &cancel(&now["revision"])).await.ok()["recall"].clone();
        assert_eq!(
            (&cancelled["state"], &cancelled["cancelReason"]),
            (&json!("RECALL_STATE_CANCELLED"), &json!("Nhầm văn bản"))
        );
        for office in [0, 1] {
            let delivery = story.delivery(office).await;
            assert_eq!(delivery["recallState"], "RECALL_PARTY_STATE_UNSPECIFIED");
            story.offices[office].accepts(&delivery).await;
        }
        assert_eq!(story.answers(1, "agreeRecall").await.refused(), (409, "RECALL_NOT_ASKED".to_owned()));
        assert_eq!(story.clerk.reads(&story.decision).await["marks"], json!([]));

        let again = story.asks(&story.order()).await.ok()["recall"].clone();
        story.answers(0, "agreeRecall").await.ok();
        let path = format!("/v1/recalls/{}:cancel", again["id"].as_str().unwrap());
        let now = story.sees(&again).await;
        let late = story.clerk.post(&path, &cancel(&now["revision"])).await;
        assert_eq!(late.refused(), (409, "RECALL_AGREED".to_owned()));
        world.end().await;
    }
}

#[tokio::test]
async fn a_recall_that_races_acceptance_comes_before_or_after() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let story = Story::new(&world, 8).await;
        let mut accepting = Vec::new();
        for office in 0..8 {
            accepting.push((office, story.delivery(office).await));
        }
        let accepts = accepting.iter().map(|(office, delivery)| {
            let path = format!("/v1/deliveries/{}:accept", delivery["id"].as_str().unwrap());
            let request = json!({ "revision": delivery["revision"] });
            let office = &story.offices[*office];
            async move { office.post(&path, &request).await }
        });
        let order = story.order();
        let (accepted, recall) = tokio::join!(futures::future::join_all(accepts), story.asks(&order));
        let recall = recall.ok()["recall"].clone();
        for (office, answer) in accepted.iter().enumerate() {
            let delivery = story.delivery(office).await;
            assert_eq!(delivery["recallState"], "RECALL_PARTY_STATE_REQUESTED");
            let registered = delivery["status"] == "DELIVERY_STATUS_ACCEPTED";
            assert_eq!(answer.status.is_success(), registered, "{delivery}");
            if !registered {
                let (_, reason) = answer.refused();
                assert_eq!(reason, "RECALL_AWAITS_ANSWER");
            }
            story.answers(office, "agreeRecall").await.ok();
        }
        assert_eq!(story.sees(&recall).await["state"], "RECALL_STATE_COMPLETE");
        assert_eq!(misfits(&world).await, Vec::<String>::new());
        world.end().await;
    }
}

#[tokio::test]
async fn a_copy_that_was_forwarded_is_asked_for_and_none_is_made_meanwhile() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let story = Story::new(&world, 2).await;
        let communes = world.communes().await;
        let (_, handle) = communes[2]["code"].as_str().unwrap().rsplit_once('.').unwrap();
        let third = world.actor(&format!("vanthu.{handle}")).await;
        let forwards = async |office: usize| {
            let delivery = story.delivery(office).await;
            let request = json!({
                "revision": delivery["revision"], "recipients": [{ "unitId": communes[2]["id"] }],
            });
            let path = format!("/v1/deliveries/{}:forward", delivery["id"].as_str().unwrap());
            story.offices[office].post(&path, &request).await
        };
        for office in [0, 1] {
            story.offices[office].accepts(&story.delivery(office).await).await;
        }
        forwards(0).await.ok();
        let recall = story.asks(&story.order()).await.ok()["recall"].clone();
        assert_eq!(story.stands(&recall).await, ["REQUESTED"; 3]);
        let copy = story.sees(&recall).await["parties"][2].clone();
        assert_eq!(copy["forwardedFromId"], story.delivery(0).await["id"], "{copy}");
        assert_eq!(forwards(0).await.refused(), (409, "RECALL_AWAITS_ANSWER".to_owned()));
        story.answers(1, "refuseRecall").await.ok();
        assert_eq!(forwards(1).await.refused(), (409, "DOCUMENT_RECALLED".to_owned()), "it is frozen");

        let received = third.inbox().await;
        let received = received.iter().find(|one| one["documentId"] == story.decision["id"]).unwrap();
        let path = format!("/v1/deliveries/{}:agreeRecall", received["id"].as_str().unwrap());
        third.post(&path, &json!({ "revision": received["revision"] })).await.ok();
        let read = format!("/v1/documents/{}", story.decision["id"].as_str().unwrap());
        assert_eq!(third.get(&read).await.refused(), (404, "DOCUMENT_NOT_FOUND".to_owned()));
        story.answers(0, "agreeRecall").await.ok();
        assert_eq!(story.stands(&recall).await, ["AGREED", "REFUSED", "AGREED"]);
        assert_eq!(story.sees(&recall).await["state"], "RECALL_STATE_INCOMPLETE");
        assert_eq!(misfits(&world).await, Vec::<String>::new());
        world.end().await;
    }
}
