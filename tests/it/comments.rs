//! Whoever reads a document at the sender comments on it until it is released; a comment is never edited.

use congvan::sample;
use congvan_tests::{Actor, Answer, World};
use serde_json::{Value, json};

async fn comments(by: &Actor<'_>, document: &Value, comment: &Value) -> Answer {
    by.post(&format!("/v1/documents/{}:comment", document["id"].as_str().unwrap()), comment).await
}

async fn resolves(by: &Actor<'_>, document: &Value, number: i32) -> Answer {
    let path = format!("/v1/documents/{}:resolveComment", document["id"].as_str().unwrap());
    by.post(&path, &json!({ "number": number })).await
}

/// Number, text and who resolved each comment in a list.
async fn listed(by: &Actor<'_>, document: &Value, filter: &str) -> Vec<(i64, String, String)> {
    let path = format!("/v1/documents/{}/comments?{filter}", document["id"].as_str().unwrap());
    let page = by.get(&path).await.ok();
    let comments = page["comments"].as_array().unwrap().iter().map(|comment| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let resolved = text(&comment["resolution"]["officer"]["position"]);
        (comment["number"].as_i64().unwrap(), text(&comment["text"]), resolved)
    });
    comments.collect()
}

#[tokio::test]
async fn readers_comment_answer_and_resolve() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let (officer, head) = (world.actor("canbo.snv").await, world.actor("lanhdao.snv").await);
        let draft = officer.drafts(&world.communes().await[..1]).await;
        let file = officer.attaches(&draft, sample::LETTER.to_vec()).await["attachment"]["id"].clone();
        let document = officer.does(&officer.reads(&draft).await, "submit").await;
        let on_page = json!({ "text": "  Sửa căn cứ  ", "attachmentId": file, "page": 1 });
        let first = comments(&head, &document, &on_page).await.ok()["comment"].clone();
        assert_eq!((&first["text"], &first["page"]), (&json!("Sửa căn cứ"), &json!(1)));
        assert_eq!(first["documentRevision"], document["revision"]);
        let answer = json!({ "text": "Đã sửa", "answeredNumber": 1 });
        comments(&officer, &document, &answer).await.ok();
        comments(&head, &document, &json!({ "text": "Thêm nơi nhận" })).await.ok();
        assert_eq!(
            officer.reads(&draft).await["revision"],
            document["revision"],
            "nobody's work is outdated"
        );

        resolves(&officer, &document, 1).await.ok();
        assert_eq!(resolves(&head, &document, 1).await.refused(), (409, "COMMENT_RESOLVED".to_owned()));
        resolves(&head, &document, 3).await.ok();
        let clerk = world.actor("vanthu.snv").await;
        assert_eq!(resolves(&clerk, &document, 2).await.refused(), (403, "NOT_ALLOWED".to_owned()));
        let row = |number: i64, text: &str, by: &str| (number, text.to_owned(), by.to_owned());
        let all = listed(&clerk, &document, "").await;
        assert_eq!(
            all,
            [row(1, "Sửa căn cứ", "Chuyên viên"), row(2, "Đã sửa", ""), row(3, "Thêm nơi nhận", "Giám đốc")]
        );
        assert_eq!(listed(&clerk, &document, "unresolvedOnly=true").await, all[1..2]);

        let path = format!("/v1/documents/{}/history?pageSize=3", draft["id"].as_str().unwrap());
        let page = clerk.get(&path).await.ok();
        let next = format!("{path}&pageToken={}", page["nextPageToken"].as_str().unwrap());
        let lines = clerk.get(&next).await.ok();
        let told = |line: &Value| (line["deed"].as_str().unwrap().to_owned(), line["commentText"].clone());
        let told: Vec<_> = lines["entries"].as_array().unwrap().iter().map(told).collect();
        let commented = |text: &str| ("DOCUMENT_DEED_COMMENTED".to_owned(), json!(text));
        assert_eq!(told, ["Sửa căn cứ", "Đã sửa", "Thêm nơi nhận"].map(commented));
        world.end().await;
    }
}

#[tokio::test]
async fn everything_wrong_with_a_comment_is_told_at_once() {
    let world = World::new(World::engines()[0]).await;
    let officer = world.actor("canbo.snv").await;
    let draft = officer.drafts(&[]).await;
    let wrong = json!({ "text": "á".repeat(2001), "page": 3, "answeredNumber": -1, "requestId": "7" });
    let refused = comments(&officer, &draft, &wrong).await;
    assert_eq!(refused.violated_fields(), ["attachmentId", "answeredNumber", "text", "requestId"]);
    let other = officer.drafts(&[]).await;
    let file = officer.attaches(&other, sample::LETTER.to_vec()).await["attachment"]["id"].clone();
    let elsewhere = json!({ "text": "á".repeat(2000), "attachmentId": file, "answeredNumber": 1 });
    let refused = comments(&officer, &draft, &elsewhere).await;
    assert_eq!(refused.violated_fields(), ["attachmentId", "answeredNumber"]);
    assert_eq!(resolves(&officer, &draft, 1).await.violated_fields(), ["number"]);
    assert_eq!(world.count("SELECT count(*) AS n FROM document_comment").await, 0);
    world.end().await;
}

#[tokio::test]
async fn a_comment_that_comes_twice_is_written_once() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let officer = world.actor("canbo.snv").await;
        let draft = officer.drafts(&[]).await;
        let comment = json!({ "text": "Ý kiến", "requestId": "019376ad-0000-7000-8000-00000000000c" });
        let first = comments(&officer, &draft, &comment).await.ok();
        assert_eq!(comments(&officer, &draft, &comment).await.ok(), first);
        assert_eq!(listed(&officer, &draft, "").await.len(), 1);
        let told = "SELECT count(*) AS n FROM event WHERE type = 'congvan.documents.document.commented'";
        assert_eq!(world.count(told).await, 1, "one event");
        world.end().await;
    }
}

#[tokio::test]
async fn a_released_document_takes_no_comments_and_recipients_see_none() {
    let world = World::new(World::engines()[0]).await;
    let document = crate::issuing::signed(&world, &world.communes().await[..1]).await;
    let head = world.actor("lanhdao.snv").await;
    comments(&head, &document, &json!({ "text": "Chuyển văn thư" })).await.ok();
    let document = world.actor("vanthu.snv").await.does(&document, "issue").await;
    let late = comments(&head, &document, &json!({ "text": "Muộn" })).await;
    assert_eq!(late.refused(), (409, "COMMENTS_CLOSED".to_owned()));
    assert_eq!(resolves(&head, &document, 1).await.refused(), (409, "COMMENTS_CLOSED".to_owned()));
    let clerk = world.actor("vanthu.03646").await;
    let path = format!("/v1/documents/{}/comments", document["id"].as_str().unwrap());
    assert_eq!(clerk.get(&path).await.refused(), (404, "DOCUMENT_NOT_FOUND".to_owned()));
    let told = comments(&clerk, &document, &json!({ "text": "Từ nơi nhận" })).await;
    assert_eq!(told.refused(), (404, "DOCUMENT_NOT_FOUND".to_owned()));
    world.end().await;
}
