//! Many issue at once: they share transactions, and nothing else.

use congvan_tests::{Actor, Answer, World};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::issuing::signed;

/// How many documents of one agency are issued at the same moment.
const CROWD: usize = 24;

/// So many signed documents of one agency.
async fn stock(world: &World, count: usize) -> Vec<Value> {
    let communes = world.communes().await;
    let mut documents = Vec::new();
    for _ in 0..count {
        documents.push(signed(world, &communes[..3]).await);
    }
    documents
}

fn notation(answer: &Value) -> String {
    answer["document"]["issuance"]["notation"].as_str().expect("it is issued").to_owned()
}

/// Number and document of each line of a series of the clerk's outgoing register; the common series has no code.
pub(crate) async fn register(clerk: &Actor<'_>, series: &str) -> Vec<(i64, String)> {
    let path = format!("/v1/agencies/{}/register?series={series}&pageSize=1000", clerk.agency_id());
    let register = clerk.get(&path).await.ok();
    let entries = register["entries"].as_array().cloned().unwrap_or_default();
    let line =
        |entry: &Value| (entry["number"].as_i64().unwrap(), entry["documentId"].as_str().unwrap().to_owned());
    entries.iter().map(line).collect()
}

#[tokio::test]
async fn a_crowd_gets_the_next_numbers_and_each_refusal_is_ones_own() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let documents = stock(&world, CROWD).await;
        let (clerk, officer) = (world.actor("vanthu.snv").await, world.actor("canbo.snv").await);
        let outsider = world.actor("vanthu.stc").await;

        let issue = documents.iter().map(|document| clerk.commands(document, "issue"));
        let strange = documents[..4].iter().map(|document| outsider.commands(document, "issue"));
        let forbidden = documents[4..8].iter().map(|document| officer.commands(document, "issue"));
        let stale = documents[8..12].iter().map(|document| {
            let path = format!("/v1/documents/{}:issue", document["id"].as_str().unwrap());
            let clerk = &clerk;
            async move { clerk.post(&path, &json!({ "revision": 1 })).await }
        });
        let (issued, strange, forbidden, stale) =
            tokio::join!(join_all(issue), join_all(strange), join_all(forbidden), join_all(stale));

        let refusals =
            |answers: Vec<Answer>| answers.into_iter().map(|answer| answer.refused()).collect::<Vec<_>>();
        assert_eq!(refusals(strange), vec![(404, "DOCUMENT_NOT_FOUND".to_owned()); 4]);
        assert_eq!(refusals(forbidden), vec![(403, "NOT_ALLOWED".to_owned()); 4]);
        for (_, reason) in refusals(stale) {
            assert!(reason == "STALE_REVISION" || reason == "ALREADY_ISSUED", "{reason}");
        }
        let mut written: Vec<_> = issued.into_iter().map(|answer| notation(&answer.ok())).collect();
        written.sort();
        let all: Vec<_> = (1..=CROWD).map(|number| format!("{number:02}/SNV-VP")).collect();
        assert_eq!(written, all, "every number once");
        let lines = register(&clerk, "").await;
        assert_eq!(lines.iter().map(|(number, _)| *number).collect::<Vec<_>>(), (1..=24).collect::<Vec<_>>());
        for document in &documents {
            let id = document["id"].as_str().unwrap();
            assert_eq!(lines.iter().filter(|(_, of)| of == id).count(), 1, "entered once");
            assert_eq!(clerk.board(document).await["total"], 3, "delivered once");
        }
        world.settle().await;
        world.end().await;
    }
}

#[tokio::test]
async fn the_same_call_made_twice_at_once_is_done_once() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let documents = stock(&world, 6).await;
        let clerk = world.actor("vanthu.snv").await;
        let calls = documents.iter().enumerate().flat_map(|(place, document)| {
            let path = format!("/v1/documents/{}:issue", document["id"].as_str().unwrap());
            let request_id = format!("019376ad-0000-7000-8000-{place:012}");
            let request = json!({ "revision": document["revision"], "requestId": request_id });
            let clerk = &clerk;
            [1, 2, 3].map(|_| {
                let (path, request) = (path.clone(), request.clone());
                async move { clerk.post(&path, &request).await.ok() }
            })
        });
        let answers = join_all(calls).await;
        for same in answers.chunks(3) {
            assert!(same.iter().all(|answer| answer == &same[0]), "the first answer is everybody's");
        }
        assert_eq!(register(&clerk, "").await.len(), 6);
        world.settle().await;
        world.end().await;
    }
}

#[tokio::test]
async fn a_fault_that_strikes_a_crowd_loses_nobody() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let documents = stock(&world, 8).await;
        let clerk = world.actor("vanthu.snv").await;
        for (turn, some) in (0_u32..).zip(documents.chunks(4)) {
            world.documents().faults().fail_in("issue_document", 7 + turn);
            let calls = some.iter().enumerate().map(|(place, document)| {
                let path = format!("/v1/documents/{}:issue", document["id"].as_str().unwrap());
                let request_id = format!("019376ad-0000-7000-8000-{turn:06}{place:06}");
                let request = json!({ "revision": document["revision"], "requestId": request_id });
                let clerk = &clerk;
                async move { clerk.post(&path, &request).await.ok() }
            });
            join_all(calls).await;
            assert!(world.documents().faults().clear(), "the fault was struck");
        }
        let numbers: Vec<_> = register(&clerk, "").await.into_iter().map(|(number, _)| number).collect();
        assert_eq!(numbers, (1..=8).collect::<Vec<_>>());
        assert_eq!(world.count("SELECT count(*) AS n FROM delivery").await, 24);
        world.settle().await;
        world.end().await;
    }
}
