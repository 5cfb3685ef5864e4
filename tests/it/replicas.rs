//! Several systems on the same databases, as replicas of a service are.

use congvan_tests::World;
use documents::{Selection, verify};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::json;

use crate::{
    crowd::register,
    heirs::merged,
    issuing::signed,
    series::{lays_down, signed_as},
};

/// How many documents of each series are issued at the same moment.
const EACH: usize = 6;

#[tokio::test]
async fn replicas_issue_in_several_series_without_gap() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let replica = world.replica().await;
        let decisions = json!({
            "code": "QD", "name": "Quyết định", "sort": "NUMBER_SERIES_SORT_ORDINARY", "kinds": ["DOCUMENT_KIND_DECISION"],
        });
        lays_down(&world.actor("vanthu.snv").await, &decisions).await;
        let (mut letters, mut decisions) = (Vec::new(), Vec::new());
        for _ in 0..EACH {
            letters.push(signed_as(&world, &json!({})).await);
            decisions.push(signed_as(&world, &json!({ "kind": "DOCUMENT_KIND_DECISION" })).await);
        }
        let clerks = [world.actor("vanthu.snv").await, replica.actor("vanthu.snv").await];
        let documents = letters.iter().zip(&decisions).flat_map(|(letter, decision)| [letter, decision]);
        // Both are asked for every document, so that each is asked for twice at the same moment.
        let asked =
            documents.flat_map(|document| clerks.iter().map(move |clerk| clerk.commands(document, "issue")));
        let answers = join_all(asked).await;
        let (issued, refused): (Vec<_>, Vec<_>) =
            answers.iter().partition(|answer| answer.status.is_success());
        assert_eq!((issued.len(), refused.len()), (2 * EACH, 2 * EACH), "each once");
        for answer in refused {
            let (status, reason) = answer.refused();
            assert!(status == 409 && ["ALREADY_ISSUED", "STALE_REVISION"].contains(&&*reason), "{reason}");
        }

        for (series, documents) in [("", &letters), ("QD", &decisions)] {
            let lines = register(&clerks[1], series).await;
            let numbers: Vec<_> = lines.iter().map(|(number, _)| *number).collect();
            assert_eq!(numbers, (1..=i64::try_from(EACH).unwrap()).collect::<Vec<_>>(), "{series}");
            let mut written: Vec<_> = lines.into_iter().map(|(_, document)| document).collect();
            let mut asked: Vec<_> =
                documents.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
            written.sort();
            asked.sort();
            assert_eq!(written, asked, "{series}");
        }
        let mut read = replica.documents().read("test").await.unwrap();
        assert!(verify(&mut read, Selection::default(), |_| ()).await.unwrap(), "the lines are one chain");
        drop(read);
        replica.end().await;
        world.end().await;
    }
}

#[tokio::test]
async fn a_recipient_that_was_merged_at_midnight_is_refused_by_every_replica() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let replica = world.replica().await;
        let communes = world.communes().await;
        let ward = |code: &str| communes.iter().find(|ward| ward["code"] == format!("H52.{code}")).unwrap();
        let (ends, heir) = (ward("03646"), ward("03664"));
        let mut waiting = Vec::new();
        for to in [ends, ends, ends, heir] {
            waiting.push(signed(&world, std::slice::from_ref(to)).await);
        }
        merged(&world, ends, heir).await;
        let clerks = [world.actor("vanthu.snv").await, replica.actor("vanthu.snv").await];
        let last = clerks[1].does(&waiting[0], "issue").await;
        assert_eq!(last["issuance"]["notation"], "01/SNV-VP", "until midnight the ward is there");

        world.clock.advance(SignedDuration::from_hours(24));
        let clerks = [world.actor("vanthu.snv").await, replica.actor("vanthu.snv").await];
        for (clerk, document) in clerks.iter().zip(&waiting[1..3]) {
            let refused = clerk.commands(document, "issue").await;
            assert_eq!(refused.refused(), (400, "UNKNOWN_RECIPIENT".to_owned()));
            assert!(refused.json().to_string().contains(ends["id"].as_str().unwrap()), "it says which");
        }
        let next = clerks[1].does(&waiting[3], "issue").await;
        assert_eq!(next["issuance"]["notation"], "02/SNV-VP", "what was refused took no number");
        replica.end().await;
        world.end().await;
    }
}
