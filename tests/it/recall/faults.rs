//! Whatever goes wrong, a recall and an answer are whole or not at all; and what is refused.

use congvan_tests::World;
use serde_json::json;

use super::story::{Story, issued, misfits, relating};

/// What a recall and its answers write.
async fn written(world: &World) -> [i64; 6] {
    [
        world.count("SELECT count(*) AS n FROM recall").await,
        world.count("SELECT count(*) AS n FROM recall_party WHERE state = 'AGREED'").await,
        world.count("SELECT count(*) AS n FROM delivery WHERE recall_state IS NOT NULL").await,
        world.count("SELECT count(*) AS n FROM delivery_status WHERE recall_state IS NOT NULL").await,
        world.count("SELECT count(*) AS n FROM register_entry WHERE recall_id IS NOT NULL").await,
        world.count("SELECT count(*) AS n FROM event WHERE type LIKE 'congvan.documents.recall.%'").await,
    ]
}

#[tokio::test]
async fn a_recall_and_an_answer_are_all_or_nothing_whichever_statement_fails() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let story = Story::new(&world, 2).await;
        story.offices[0].accepts(&story.delivery(0).await).await;
        let mut statement = 0;
        loop {
            world.documents().faults().fail_in("request_recall", statement);
            let answer = story.asks(&story.order()).await;
            if !world.documents().faults().clear() {
                answer.ok();
                break;
            }
            assert_eq!(answer.refused(), (503, "UNAVAILABLE".to_owned()), "statement {statement}");
            assert_eq!(written(&world).await, [0; 6], "statement {statement}");
            statement += 1;
        }
        assert!(statement > 10, "a recall has more statements than {statement}");
        let requested = [1, 0, 2, 2, 0, 1];
        assert_eq!(written(&world).await, requested);
        statement = 0;
        loop {
            world.documents().faults().fail_in("answer_recall", statement);
            let answer = story.answers(0, "agreeRecall").await;
            if !world.documents().faults().clear() {
                answer.ok();
                break;
            }
            assert_eq!(answer.refused(), (503, "UNAVAILABLE".to_owned()), "statement {statement}");
            assert_eq!(written(&world).await, requested, "statement {statement}");
            statement += 1;
        }
        assert!(statement > 10, "an answer has more statements than {statement}");
        assert_eq!(written(&world).await, [1, 1, 2, 3, 1, 2]);
        assert_eq!(misfits(&world).await, Vec::<String>::new());
        world.end().await;
    }
}

#[tokio::test]
async fn a_recall_needs_its_notice_and_tells_everything_that_is_wrong_at_once() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let story = Story::new(&world, 1).await;
        let wrong = story.asks(&json!({ "noticeDocumentId": "7", "deadline": "2026-11-22T00:00:00Z" })).await;
        assert_eq!(wrong.violated_fields(), ["revision", "noticeDocumentId", "reason", "deadline"]);
        let notice = |id: &serde_json::Value| {
            let mut order = story.order();
            order["noticeDocumentId"] = id.clone();
            order
        };
        let communes = world.communes().await;
        let other = issued(&world, &communes[..1], relating("RECALL_NOTICE", &story.notice)).await;
        for (id, flaw) in [
            (json!("019376ad-0000-7000-8000-000000000001"), "UNKNOWN"),
            (story.decision["id"].clone(), "KIND"),
            (other["id"].clone(), "OTHER_DOCUMENT"),
        ] {
            let refused = story.asks(&notice(&id)).await;
            assert_eq!(refused.refused(), (409, "NO_RECALL_NOTICE".to_owned()));
            assert_eq!(refused.json()["metadata"]["flaw"], flaw);
        }
        let officer = world.actor("canbo.snv").await;
        let path = format!("/v1/documents/{}:recall", story.decision["id"].as_str().unwrap());
        assert_eq!(officer.post(&path, &story.order()).await.refused(), (403, "NOT_ALLOWED".to_owned()));
        let hidden = story.offices[0].post(&path, &story.order()).await;
        assert_eq!(hidden.refused(), (404, "DOCUMENT_NOT_FOUND".to_owned()));
        assert_eq!(world.count("SELECT count(*) AS n FROM recall").await, 0);
        world.end().await;
    }
}
