//! Whoever sees a document is written down, without making anybody wait for it.

use std::time::{Duration, Instant};

use congvan::sample;
use congvan_tests::{Actor, World};
use jiff::SignedDuration;
use serde_json::Value;

/// How long the log may be behind.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is told of a view: who, what, how often.
fn told(view: &Value) -> (String, String, i64) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let what = text(&view["kind"]).replace("DOCUMENT_VIEW_KIND_", "") + &text(&view["fileName"]);
    (text(&view["officer"]["position"]), what, view["count"].as_i64().unwrap())
}

/// The views of a document, sorted, as soon as so many are counted.
async fn views(by: &Actor<'_>, document: &Value, count: i64) -> Vec<(String, String, i64)> {
    let path = format!("/v1/documents/{}/views?pageSize=2", document["id"].as_str().unwrap());
    let start = Instant::now();
    loop {
        let (mut found, mut next) = (Vec::new(), String::new());
        loop {
            let page = by.get(&format!("{path}{next}")).await.ok();
            found.extend(page["views"].as_array().unwrap().iter().map(told));
            match page["nextPageToken"].as_str().filter(|token| !token.is_empty()) {
                Some(token) => next = format!("&pageToken={token}"),
                None => break,
            }
        }
        found.sort();
        let sum: i64 = found.iter().map(|(.., times)| times).sum();
        assert!(sum <= count, "{found:?}");
        if sum == count {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "only {found:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn row(who: &str, what: &str, times: i64) -> (String, String, i64) {
    (who.to_owned(), what.to_owned(), times)
}

#[tokio::test]
async fn views_within_ten_minutes_are_one() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let (officer, head) = (world.actor("canbo.snv").await, world.actor("lanhdao.snv").await);
        let draft = officer.drafts(&[]).await;
        let file = officer.attaches(&draft, sample::LETTER.to_vec()).await["attachment"].clone();
        for _ in 0..3 {
            officer.reads(&draft).await;
        }
        head.reads(&draft).await;
        assert_eq!(
            views(&head, &draft, 4).await,
            [row("Chuyên viên", "RECORD", 3), row("Giám đốc", "RECORD", 1)]
        );
        head.get(&format!("/v1/attachments/{}:download", file["id"].as_str().unwrap())).await;
        officer.reads(&draft).await; // joins those that are written
        let all = views(&head, &draft, 6).await;
        assert_eq!(
            all,
            [
                row("Chuyên viên", "RECORD", 4),
                row("Giám đốc", "FILEcong-van.pdf", 1),
                row("Giám đốc", "RECORD", 1)
            ]
        );
        world.clock.advance(SignedDuration::from_mins(10));
        officer.reads(&draft).await;
        let later = views(&head, &draft, 7).await;
        assert_eq!(later[..2], [row("Chuyên viên", "RECORD", 1), row("Chuyên viên", "RECORD", 4)]);
        world.end().await;
    }
}

#[tokio::test]
async fn each_side_sees_what_concerns_it() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let document = crate::issuing::signed(&world, &world.communes().await[..2]).await;
        let office = world.actor("vanthu.snv").await;
        let document = office.does(&document, "issue").await;
        let before = views(&office, &document, 1).await; // the drafter, before submitting
        let (first, second) = (world.actor("vanthu.03646").await, world.actor("vanthu.03664").await);
        first.reads(&document).await;
        second.reads(&document).await;
        second.reads(&document).await;
        assert_eq!(before, [row("Chuyên viên", "RECORD", 1)]);
        let all = views(&office, &document, 4).await;
        assert_eq!(all, [before[0].clone(), row("Văn thư", "RECORD", 1), row("Văn thư", "RECORD", 2)]);
        assert_eq!(views(&first, &document, 1).await, [row("Văn thư", "RECORD", 1)], "their own agency's");
        let path = format!("/v1/documents/{}/views", document["id"].as_str().unwrap());
        let drafter = world.actor("canbo.snv").await;
        assert_eq!(drafter.get(&path).await.refused(), (403, "NOT_ALLOWED".to_owned()));
        let stranger = world.actor("vanthu.stc").await;
        assert_eq!(stranger.get(&path).await.refused(), (404, "DOCUMENT_NOT_FOUND".to_owned()));
        world.end().await;
    }
}

#[tokio::test]
async fn nobody_waits_for_a_log_that_cannot_be_written_and_nothing_is_lost() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let (officer, head) = (world.actor("canbo.snv").await, world.actor("lanhdao.snv").await);
        let draft = officer.drafts(&[]).await;
        world.documents().faults().fail_in("write_views", 0);
        officer.reads(&draft).await;
        officer.reads(&draft).await;
        assert_eq!(views(&head, &draft, 2).await, [row("Chuyên viên", "RECORD", 2)]);
        assert!(world.documents().faults().clear(), "the fault was struck");
        world.end().await;
    }
}
