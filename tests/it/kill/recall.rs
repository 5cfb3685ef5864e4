//! Power cuts while documents are recalled: what was agreed to stays destroyed, what was asked for is carried through, and the registers
//! fit.

use std::time::Duration;

use base::{Clock, Ids, SeededRandom, SystemClock};
use congvan_tests::process::{Client, Congvan, free_port};
use http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Cast, answered, ask, ids, load, verify};

/// How many documents are recalled.
const RECALLED: usize = 6;

/// How often the process is killed at least.
const KILLS: usize = 3;

/// The longest time between two kills, in milliseconds.
const LONGEST: usize = 250;

/// A call of somebody, word for word, until it is answered.
struct Call {
    who: Client,
    path: String,
    body: Value,
}

/// One recall: the request of the sender, and the consent of every commune.
struct Recall {
    request: Call,
    document: String,
    answers: Vec<Call>,
}

impl Call {
    async fn make(&self) -> Option<Value> {
        ask(&self.who, &self.path, &self.body).await
    }
}

impl Recall {
    /// A letter that all communes have accepted and another that says why it is recalled; nothing is asked for yet.
    async fn prepare(cast: &Cast, ids: &Ids, deadline: &str) -> Option<Self> {
        let document = issued(cast, &cast.letter()).await?;
        let mut notice = cast.letter();
        notice["relations"] = json!([{ "kind": "RELATION_KIND_RECALL_NOTICE", "documentId": document }]);
        let notice = issued(cast, &notice).await?;
        let mut answers = Vec::new();
        for receiver in &cast.receivers {
            let delivery = delivery(receiver, &document).await?;
            let id = delivery["id"].as_str()?;
            ask(
                receiver,
                &format!("/v1/deliveries/{id}:accept"),
                &json!({ "revision": delivery["revision"] }),
            )
            .await?;
            let body = json!({ "requestId": ids.next().to_string() });
            answers.push(Call {
                who: receiver.clone(),
                path: format!("/v1/deliveries/{id}:agreeRecall"),
                body,
            });
        }
        let read = cast.clerk.get(&format!("/v1/documents/{document}")).await;
        let body = json!({
            "revision": read["document"]["revision"], "noticeDocumentId": notice, "reason": "Ban hành nhầm",
            "deadline": deadline, "requestId": ids.next().to_string(),
        });
        let path = format!("/v1/documents/{document}:recall");
        Some(Self { request: Call { who: cast.clerk.clone(), path, body }, document, answers })
    }

    /// Asks for it and has everybody agree, as far as that was not answered before the last power cut.
    async fn carry_through(&mut self) -> Option<()> {
        self.request.make().await?;
        while let Some(answer) = self.answers.last_mut() {
            if answer.body["revision"].is_null() {
                let delivery = delivery(&answer.who, &self.document).await?;
                answer.body["revision"] = delivery["revision"].clone();
            }
            let agreed = answer.make().await?["delivery"].clone();
            assert_eq!(agreed["recallState"], "RECALL_PARTY_STATE_AGREED", "{agreed}");
            self.answers.pop();
        }
        Some(())
    }
}

/// Signs and issues a document: its id.
async fn issued(cast: &Cast, draft: &Value) -> Option<String> {
    let (id, revision) = cast.sign(draft).await?;
    ask(&cast.clerk, &format!("/v1/documents/{id}:issue"), &json!({ "revision": revision })).await?;
    Some(id)
}

/// The delivery of a document at a commune.
async fn delivery(receiver: &Client, document: &str) -> Option<Value> {
    let inbox = answered(receiver.call(Method::GET, "/v1/deliveries?pageSize=100", None).await?)?;
    inbox["deliveries"].as_array()?.iter().find(|delivery| delivery["documentId"] == document).cloned()
}

async fn carry_all_through(recalls: &mut [Recall]) -> Option<()> {
    for recall in recalls.iter_mut().filter(|recall| !recall.answers.is_empty()) {
        recall.carry_through().await?;
    }
    Some(())
}

#[tokio::test]
async fn a_recall_is_carried_through_whenever_the_process_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let (random, ids, port) = (SeededRandom::new(16), ids(16), free_port());
    let database = format!("sqlite:{}", folder.path().join("documents.db").display());
    let mut up = Congvan::up(folder.path(), port).await;
    load(&up).await;
    let cast = Cast::sign_in(&up.client()).await;
    let deadline = (SystemClock.now() + SignedDuration::from_hours(24)).to_string();
    let mut recalls = Vec::new();
    for _ in 0..RECALLED {
        recalls.push(Recall::prepare(&cast, &ids, &deadline).await.expect("nobody is killed yet"));
    }
    let mut kills = 0;
    while recalls.iter().any(|recall| !recall.answers.is_empty()) {
        let time = Duration::from_millis(u64::try_from(random.below(LONGEST)).unwrap());
        let _ = tokio::time::timeout(time, carry_all_through(&mut recalls)).await;
        up.kill().await;
        kills += 1;
        verify(&database).await;
        up = Congvan::up(folder.path(), port).await;
    }
    assert!(kills >= KILLS, "{kills} kills were none in between");

    for recall in &recalls {
        for receiver in &cast.receivers {
            let tombstone =
                delivery(receiver, &recall.document).await.expect("it is told that there was one");
            assert_eq!(tombstone["recallState"], "RECALL_PARTY_STATE_AGREED");
            assert_eq!((&tombstone["abstract"], &tombstone["notation"]), (&json!(""), &json!("")));
            assert_ne!(tombstone["arrivalNumber"], 0, "the number stays");
            let path = format!("/v1/documents/{}", recall.document);
            assert_eq!(receiver.call(Method::GET, &path, None).await.unwrap().status, 404);
        }
        let frozen = cast.clerk.get(&format!("/v1/documents/{}", recall.document)).await;
        assert_eq!(frozen["document"]["marks"], json!(["DOCUMENT_MARK_RECALLED"]), "{frozen}");
    }
    verify(&database).await;
    assert_eq!(up.stop().await.0, Some(0));
}
