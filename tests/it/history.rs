//! Everything that was done to a document stands in one list, and each draft that was submitted is kept as it was.

use congvan::sample;
use congvan_tests::{Actor, World};
use serde_json::{Value, json};

/// A list under a document, on all its pages.
async fn listed(by: &Actor<'_>, document: &Value, list: &str, items: &str, page: u32) -> Vec<Value> {
    let path = format!("/v1/documents/{}/{list}?pageSize={page}", document["id"].as_str().unwrap());
    let (mut found, mut next) = (Vec::new(), String::new());
    loop {
        let page = by.get(&format!("{path}{next}")).await.ok();
        found.extend(page[items].as_array().unwrap().clone());
        match page["nextPageToken"].as_str().filter(|token| !token.is_empty()) {
            Some(token) => next = format!("&pageToken={token}"),
            None => return found,
        }
    }
}

/// What stands in a line: who, under which title, did what, and what for.
fn told(line: &Value) -> String {
    let text =
        |field: &str, prefix: &str| line[field].as_str().unwrap().trim_start_matches(prefix).to_owned();
    let by = &line["officer"];
    let fields = line["changedFields"].as_array().unwrap();
    let fields: Vec<_> = fields.iter().map(|field| field.as_str().unwrap()).collect();
    let version = line["version"].as_i64().filter(|version| *version > 0);
    let parts = [
        text("deed", "DOCUMENT_DEED_"),
        format!("{} -> {}", text("stageBefore", "STAGE_"), text("stage", "STAGE_")),
        by["position"].as_str().unwrap().to_owned(),
        text("reason", ""),
        fields.join(","),
        text("fileName", ""),
        version.map(|version| format!("version {version}")).unwrap_or_default(),
        text("notation", ""),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" | ")
}

/// The draft as the drafter rewrites it.
async fn rewrites(by: &Actor<'_>, document: &Value, summary: &str) -> Value {
    let mut wanted = by.reads(document).await;
    wanted["abstract"] = summary.into();
    wanted["pageAmount"] = 3.into();
    let path = format!("/v1/documents/{}", document["id"].as_str().unwrap());
    by.call(http::Method::PATCH, &path, Some(&wanted)).await.ok()["document"].clone()
}

#[tokio::test]
async fn the_history_tells_everything_in_order() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let (officer, head) = (world.actor("canbo.snv").await, world.actor("lanhdao.snv").await);
        let draft = officer.drafts(&communes[..1]).await;
        officer.attaches(&draft, sample::LETTER.to_vec()).await;
        let document = officer.does(&officer.reads(&draft).await, "submit").await;
        let path = format!("/v1/documents/{}:return", document["id"].as_str().unwrap());
        let reason = json!({ "revision": document["revision"], "reason": "Trích yếu chưa rõ" });
        head.post(&path, &reason).await.ok();
        let document = rewrites(&officer, &draft, "V/v báo cáo văn bản đến quý IV").await;
        let document = officer.does(&document, "submit").await;
        let document = world.checked(&document, "snv").await;
        let document = head.does(&document, "approve").await;
        head.does(&document, "sign").await;

        let lines = listed(&officer, &draft, "history", "entries", 2).await;
        let told: Vec<_> = lines.iter().map(told).collect();
        assert_eq!(
            told,
            [
                "CREATED | UNSPECIFIED -> DRAFT | Chuyên viên",
                "ATTACHED | DRAFT -> DRAFT | Chuyên viên | cong-van.pdf",
                "SUBMITTED | DRAFT -> IN_REVIEW | Chuyên viên | version 1",
                "RETURNED | IN_REVIEW -> DRAFT | Giám đốc | Trích yếu chưa rõ",
                "UPDATED | DRAFT -> DRAFT | Chuyên viên | abstract,page_amount",
                "SUBMITTED | DRAFT -> IN_REVIEW | Chuyên viên | version 2",
                "CHECKED | IN_REVIEW -> IN_REVIEW | Chánh Văn phòng | Kiểm tra nội dung",
                "CHECKED | IN_REVIEW -> IN_REVIEW | Văn thư | Kiểm tra thể thức",
                "APPROVED | IN_REVIEW -> APPROVED | Giám đốc",
                "SIGNED | APPROVED -> SIGNED | Giám đốc",
            ]
        );
        let revisions: Vec<_> = lines.iter().map(|line| line["documentRevision"].as_str().unwrap()).collect();
        assert_eq!(revisions, ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
        assert_eq!(lines[9]["signingForm"], "SIGNING_FORM_DIRECT");
        assert_eq!(lines[1]["sha256"].as_str().unwrap().len(), 64);
        assert_eq!(listed(&head, &draft, "history", "entries", 1000).await, lines, "pages change nothing");
        world.end().await;
    }
}

#[tokio::test]
async fn every_submission_keeps_the_draft_as_it_was() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let (officer, head) = (world.actor("canbo.snv").await, world.actor("lanhdao.snv").await);
        let draft = officer.drafts(&communes[..2]).await;
        let id = draft["id"].as_str().unwrap();
        let none = officer.get(&format!("/v1/documents/{id}/versions/1")).await;
        assert_eq!((none.refused().0, none.violated_fields()), (400, vec!["version".to_owned()]));
        officer.attaches(&draft, sample::LETTER.to_vec()).await;
        let first = officer.does(&officer.reads(&draft).await, "submit").await;
        let reason = json!({ "revision": first["revision"], "reason": "Viết lại" });
        head.post(&format!("/v1/documents/{id}:return"), &reason).await.ok();
        let second = rewrites(&officer, &draft, "V/v viết lại").await;
        officer.does(&second, "submit").await;

        let versions = listed(&head, &draft, "versions", "versions", 1).await;
        let ordinals: Vec<_> = versions.iter().map(|version| version["version"].as_i64().unwrap()).collect();
        assert_eq!(ordinals, [1, 2]);
        assert_eq!(versions[1]["abstract"], "V/v viết lại");
        assert_eq!(versions[0]["attachmentCount"], 1);
        assert!(versions[0]["document"].is_null(), "a list has no documents");
        let whole = head.get(&format!("/v1/documents/{id}/versions/1")).await.ok()["version"].clone();
        assert_eq!(whole["document"], first, "as it was, with recipients and files");
        let latest = head.get(&format!("/v1/documents/{id}/versions/latest")).await.ok();
        assert_eq!(latest["version"]["version"], 2);
        let beyond = head.get(&format!("/v1/documents/{id}/versions/3")).await;
        assert_eq!((beyond.refused().0, beyond.violated_fields()), (400, vec!["version".to_owned()]));
        world.end().await;
    }
}

#[tokio::test]
async fn recipients_see_nothing_of_it() {
    let world = World::new(World::engines()[0]).await;
    let communes = world.communes().await;
    let document = crate::issuing::signed(&world, &communes[..1]).await;
    let document = world.actor("vanthu.snv").await.does(&document, "issue").await;
    let clerk = world.actor("vanthu.03646").await;
    clerk.reads(&document).await;
    for what in ["history", "versions", "versions/1"] {
        let path = format!("/v1/documents/{}/{what}", document["id"].as_str().unwrap());
        let refused = clerk.get(&path).await;
        assert_eq!(refused.refused(), (404, "DOCUMENT_NOT_FOUND".to_owned()), "{what}");
    }
    world.end().await;
}
