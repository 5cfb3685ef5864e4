//! The files of a draft are replaced, taken off and put in order until it is submitted; what was there once stays where it was.

use congvan::sample;
use congvan_tests::{Actor, Answer, World};
use gateway::GatewayConfig;
use serde_json::{Value, json};

fn pdf(marker: &str, size: usize) -> Vec<u8> {
    let mut bytes = format!("%PDF-1.7\n{marker}\n").into_bytes();
    bytes.resize(size.max(bytes.len()), b'.');
    bytes
}

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap()
}

/// Sends a file for a draft as it is now; `rest` is what follows in the query.
async fn sends(by: &Actor<'_>, draft: &Value, name: &str, rest: &str, bytes: Vec<u8>) -> Answer {
    let revision = by.reads(draft).await["revision"].as_str().unwrap().to_owned();
    let path = format!("/v1/documents/{}/attachments?fileName={name}&revision={revision}{rest}", id(draft));
    by.sends_file(&path, bytes).await
}

async fn appends(by: &Actor<'_>, draft: &Value, name: &str) -> Value {
    let sent = sends(by, draft, name, "&role=ATTACHMENT_ROLE_APPENDIX", pdf(name, 0)).await;
    sent.ok()["attachment"].clone()
}

async fn removes(by: &Actor<'_>, draft: &Value, file: &Value) -> Answer {
    let revision = by.reads(draft).await["revision"].clone();
    by.post(&format!("/v1/attachments/{}:remove", id(file)), &json!({ "revision": revision })).await
}

async fn arranges(by: &Actor<'_>, draft: &Value, files: &[&Value]) -> Answer {
    let revision = by.reads(draft).await["revision"].clone();
    let ids: Vec<_> = files.iter().map(|file| id(file)).collect();
    let path = format!("/v1/documents/{}:arrangeAttachments", id(draft));
    by.post(&path, &json!({ "revision": revision, "attachmentIds": ids })).await
}

/// The names of the files in their order.
async fn names(by: &Actor<'_>, draft: &Value) -> Vec<String> {
    let files = by.reads(draft).await["attachments"].clone();
    let name = |file: &Value| file["fileName"].as_str().unwrap().to_owned();
    files.as_array().unwrap().iter().map(name).collect()
}

#[tokio::test]
async fn files_are_replaced_removed_and_put_in_order() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let officer = world.actor("canbo.snv").await;
        let draft = officer.drafts(&[]).await;
        let first = appends(&officer, &draft, "pl-1.pdf").await;
        let second = appends(&officer, &draft, "pl-2.pdf").await;
        let main = officer.attaches(&officer.reads(&draft).await, pdf("main", 0)).await["attachment"].clone();
        assert_eq!(names(&officer, &draft).await, ["cong-van.pdf", "pl-1.pdf", "pl-2.pdf"]);

        arranges(&officer, &draft, &[&second, &first]).await.ok();
        let place = format!("&replacedAttachmentId={}", id(&second));
        let better = sends(&officer, &draft, "pl-2-sua.pdf", &place, pdf("better", 0)).await.ok();
        assert_eq!(better["attachment"]["role"], "ATTACHMENT_ROLE_APPENDIX", "the role of the one before");
        assert_eq!(names(&officer, &draft).await, ["cong-van.pdf", "pl-2-sua.pdf", "pl-1.pdf"]);
        let again = sends(&officer, &draft, "pl-2-lai.pdf", &place, pdf("again", 0)).await;
        assert_eq!(again.refused(), (409, "ATTACHMENT_REMOVED".to_owned()));
        let place = format!("&replacedAttachmentId={}&role=ATTACHMENT_ROLE_APPENDIX", id(&main));
        let other = sends(&officer, &draft, "khac.pdf", &place, pdf("other", 0)).await;
        assert_eq!((other.refused().0, other.violated_fields()), (400, vec!["role".to_owned()]));

        removes(&officer, &draft, &first).await.ok();
        removes(&officer, &draft, &main).await.ok();
        assert_eq!(removes(&officer, &draft, &first).await.refused(), (409, "ATTACHMENT_REMOVED".to_owned()));
        assert_eq!(names(&officer, &draft).await, ["pl-2-sua.pdf"]);
        let bare = officer.commands(&officer.reads(&draft).await, "submit").await;
        assert_eq!(bare.refused(), (409, "NO_MAIN_FILE".to_owned()));
        officer.attaches(&officer.reads(&draft).await, sample::LETTER.to_vec()).await;
        world.end().await;
    }
}

#[tokio::test]
async fn an_order_names_every_appendix_once() {
    let world = World::new(World::engines()[0]).await;
    let officer = world.actor("canbo.snv").await;
    let draft = officer.drafts(&[]).await;
    let (first, second) =
        (appends(&officer, &draft, "a.pdf").await, appends(&officer, &draft, "b.pdf").await);
    let main = officer.attaches(&officer.reads(&draft).await, pdf("main", 0)).await["attachment"].clone();
    let twice = arranges(&officer, &draft, &[&first, &first]).await;
    assert_eq!(twice.violated_fields(), ["attachmentIds[1]"]);
    let short = arranges(&officer, &draft, &[&main, &second]).await;
    assert_eq!(short.violated_fields(), ["attachmentIds[0]", "attachmentIds"], "all at once");
    assert_eq!(names(&officer, &draft).await, ["cong-van.pdf", "a.pdf", "b.pdf"]);
    world.end().await;
}

#[tokio::test]
async fn what_was_submitted_keeps_its_files_and_nobody_changes_them() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let (officer, head) = (world.actor("canbo.snv").await, world.actor("lanhdao.snv").await);
        let draft = officer.drafts(&communes[..1]).await;
        let old = officer.attaches(&draft, pdf("old", 5000)).await["attachment"].clone();
        let first = officer.does(&officer.reads(&draft).await, "submit").await;
        for refused in [
            removes(&officer, &draft, &old).await,
            sends(&officer, &draft, "moi.pdf", "&role=ATTACHMENT_ROLE_APPENDIX", pdf("new", 0)).await,
            sends(&officer, &draft, "moi.pdf", &format!("&replacedAttachmentId={}", id(&old)), pdf("new", 0))
                .await,
            arranges(&officer, &draft, &[&old]).await,
        ] {
            assert_eq!(refused.refused(), (409, "WRONG_STAGE".to_owned()));
        }
        let reason = json!({ "revision": first["revision"], "reason": "Thay tệp" });
        head.post(&format!("/v1/documents/{}:return", id(&draft)), &reason).await.ok();
        let place = format!("&replacedAttachmentId={}", id(&old));
        let new =
            sends(&officer, &draft, "moi.pdf", &place, pdf("new", 6000)).await.ok()["attachment"].clone();
        officer.does(&officer.reads(&draft).await, "submit").await;

        let of = |version: u32| format!("/v1/documents/{}/versions/{version}", id(&draft));
        for (version, file, bytes) in [(1, &old, pdf("old", 5000)), (2, &new, pdf("new", 6000))] {
            let whole = head.get(&of(version)).await.ok();
            let files = &whole["version"]["document"]["attachments"];
            assert_eq!(files.as_array().unwrap().len(), 1);
            assert_eq!((&files[0]["id"], &files[0]["sha256"]), (&file["id"], &file["sha256"]));
            let sent = head.get(&format!("/v1/attachments/{}:download", id(file))).await;
            assert!(sent.body == bytes, "bit by bit");
            assert_eq!(sent.header("etag"), format!("\"{}\"", file["sha256"].as_str().unwrap()));
        }
        let gone = head.get(&format!("/v1/attachments/{}", id(&old))).await.ok();
        assert!(gone["attachment"]["removeTime"].is_string());
        world.end().await;
    }
}

#[tokio::test]
async fn a_recipient_gets_no_file_that_was_taken_off() {
    let world = World::new(World::engines()[0]).await;
    let communes = world.communes().await;
    let officer = world.actor("canbo.snv").await;
    let draft = officer.drafts(&communes[..1]).await;
    let wrong = appends(&officer, &draft, "nham.pdf").await;
    removes(&officer, &draft, &wrong).await.ok();
    officer.attaches(&officer.reads(&draft).await, sample::LETTER.to_vec()).await;
    let head = world.actor("lanhdao.snv").await;
    let document = officer.does(&officer.reads(&draft).await, "submit").await;
    let mut document = world.checked(&document, "snv").await;
    for step in ["approve", "sign"] {
        document = head.does(&document, step).await;
    }
    let issued = world.actor("vanthu.snv").await.does(&document, "issue").await;
    let clerk = world.actor("vanthu.03646").await;
    clerk.get(&format!("/v1/attachments/{}:download", id(&issued["attachments"][0]))).await;
    for path in ["", ":download"] {
        let refused = clerk.get(&format!("/v1/attachments/{}{path}", id(&wrong))).await;
        assert_eq!(refused.refused(), (404, "ATTACHMENT_NOT_FOUND".to_owned()));
    }
    let kept = head.get(&format!("/v1/attachments/{}:download", id(&wrong))).await;
    assert!(kept.body == pdf("nham.pdf", 0), "the sender keeps its history");
    world.end().await;
}

#[tokio::test]
async fn all_files_together_have_a_limit() {
    let limits = GatewayConfig { file_limit_bytes: 1 << 20, ..GatewayConfig::default() };
    let world = World::with_limits(World::engines()[0], limits).await;
    let officer = world.actor("canbo.snv").await;
    let draft = officer.drafts(&[]).await;
    let role = "&role=ATTACHMENT_ROLE_APPENDIX";
    let mut last = Value::Null;
    for number in 0..4 {
        let name = format!("pl-{number}.pdf");
        last = sends(&officer, &draft, &name, role, pdf(&name, 1 << 20)).await.ok()["attachment"].clone();
    }
    let fifth = sends(&officer, &draft, "pl-4.pdf", role, pdf("fifth", 10)).await;
    assert_eq!(fifth.refused(), (409, "ATTACHMENTS_TOO_LARGE".to_owned()));
    let place = format!("&replacedAttachmentId={}", id(&last));
    sends(&officer, &draft, "pl-3.pdf", &place, pdf("instead", 1 << 20)).await.ok();
    world.end().await;
}
