//! What breaks in the middle leaves nothing half done.

use congvan_tests::{Engine, World};
use serde_json::json;

use crate::issuing::signed;

/// Rows that an issue writes.
async fn written(world: &World) -> [i64; 5] {
    [
        world.count("SELECT count(*) AS n FROM register_entry").await,
        world.count("SELECT coalesce(max(last_number), 0) AS n FROM register").await,
        world.count("SELECT count(*) AS n FROM delivery").await,
        world.count("SELECT count(*) AS n FROM delivery_status").await,
        world.count("SELECT count(*) AS n FROM event WHERE type = 'congvan.documents.document.issued'").await,
    ]
}

#[tokio::test]
async fn issuing_is_all_or_nothing_whichever_statement_fails() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let document = signed(&world, &communes[..5]).await;
        let clerk = world.actor("vanthu.snv").await;
        let mut statement = 0;
        loop {
            world.documents().faults().fail_in("issue_document", statement);
            let answer = clerk.commands(&document, "issue").await;
            if !world.documents().faults().clear() {
                assert_eq!(
                    answer.ok()["document"]["issuance"]["notation"],
                    "01/SNV-VP",
                    "no number was lost on the way"
                );
                break;
            }
            assert_eq!(answer.refused(), (503, "UNAVAILABLE".to_owned()), "statement {statement}");
            assert_eq!(written(&world).await, [0; 5], "statement {statement}");
            statement += 1;
        }
        assert!(statement > 10, "an issue has more statements than {statement}");
        assert_eq!(written(&world).await, [1, 1, 5, 5, 1]);
        world.end().await;
    }
}

#[tokio::test]
async fn under_a_request_id_a_fault_is_survived_without_the_caller_noticing() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let document = signed(&world, &communes[..5]).await;
        let clerk = world.actor("vanthu.snv").await;
        let path = format!("/v1/documents/{}:issue", document["id"].as_str().unwrap());
        let request =
            json!({ "revision": document["revision"], "requestId": "019376ad-0000-7000-8000-000000000009" });
        world.documents().faults().fail_in("issue_document", 6);
        let issued = clerk.post(&path, &request).await.ok();
        assert!(world.documents().faults().clear(), "the fault was struck");
        assert_eq!(issued["document"]["issuance"]["notation"], "01/SNV-VP");
        assert_eq!(written(&world).await, [1, 1, 5, 5, 1]);
        world.end().await;
    }
}

#[tokio::test]
async fn a_database_that_goes_away_is_told_and_comes_back_by_itself() {
    if !World::engines().contains(&Engine::Postgres) {
        return; // SQLite has no wire to cut
    }
    let (world, wire) = World::on_a_wire().await;
    let communes = world.communes().await;
    let documents = [signed(&world, &communes[..3]).await, signed(&world, &communes[..3]).await];
    let clerk = world.actor("vanthu.snv").await;
    let issued = clerk.does(&documents[0], "issue").await;
    wire.cut();
    let refused = clerk.commands(&documents[1], "issue").await;
    assert_eq!(refused.refused(), (503, "UNAVAILABLE".to_owned()));
    assert!(!refused.header("retry-after").is_empty());
    let refused = clerk.get("/v1/documents").await;
    assert_eq!(refused.refused().0, 503, "reading is tried again, and then told");
    wire.mend();
    assert_eq!(clerk.does(&documents[1], "issue").await["issuance"]["notation"], "02/SNV-VP");
    assert_eq!(clerk.reads(&issued).await["issuance"]["notation"], "01/SNV-VP");
    world.settle().await;
    assert_eq!(world.mails().len(), 6, "the mails of both went out");
    world.end().await;
}
