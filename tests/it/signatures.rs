//! Who signs is what the directory says on that day, and the signature shows it.

use congvan::sample;
use congvan_tests::{Actor, Answer, World};
use http::Method;
use serde_json::{Value, json};

/// The matter that is handed to the deputy.
const MATTER: &str = "Cải cách hành chính";

/// The department's position with this title.
async fn position(by: &Actor<'_>, title: &str) -> Value {
    let path = format!("/v1/positions?agencyId={}", by.agency_id());
    let positions = by.get(&path).await.ok()["positions"].clone();
    let found = positions.as_array().unwrap().iter().find(|position| position["title"] == title);
    found.unwrap()["id"].clone()
}

/// The head lets the deputy sign in one matter; the authority.
async fn hands_on(head: &Actor<'_>) -> Value {
    let wanted = json!({ "signingAuthority": {
        "agencyId": head.agency_id(), "form": "GRANT_FORM_FOR_HEAD", "matters": [MATTER],
        "grantorPositionId": position(head, "Giám đốc").await,
        "granteePositionId": position(head, "Phó Giám đốc").await,
    }});
    head.post("/v1/signingAuthorities", &wanted).await.ok()["signingAuthority"].clone()
}

/// A letter about this matter that lies before whoever may sign it.
async fn submitted(world: &World, matter: &str) -> Value {
    let (officer, communes) = (world.actor("canbo.snv").await, world.communes().await);
    let mut letter = officer.letter(&communes[..1]);
    letter["matter"] = matter.into();
    let draft = officer.post("/v1/documents", &letter).await.ok()["document"].clone();
    officer.attaches(&draft, sample::LETTER.to_vec()).await;
    let document = officer.does(&officer.reads(&draft).await, "submit").await;
    world.checked(&document, "snv").await
}

/// What a refusal for want of a right to sign says is missing.
#[track_caller]
fn gaps(answer: &Answer) -> String {
    assert_eq!(answer.refused(), (403, "NO_SIGNING_AUTHORITY".to_owned()));
    answer.json()["metadata"]["gaps"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_deputy_signs_for_the_head_in_the_matter_assigned_and_no_other() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let (head, deputy) = (world.actor("lanhdao.snv").await, world.actor("pho.snv").await);
        let document = submitted(&world, MATTER).await;
        let refused = deputy.commands(&document, "approve").await;
        assert_eq!(gaps(&refused), "NO_AUTHORITY");
        let told = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(told.contains("The head can assign one"), "{told}");

        let authority = hands_on(&head).await;
        let document = deputy.does(&document, "approve").await;
        let document = deputy.does(&document, "sign").await;
        let mandate = json!({
            "form": "SIGNING_FORM_FOR_HEAD", "lines": ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"],
            "signingAuthorityIds": [authority["id"]],
        });
        assert_eq!(document["signingMandate"], mandate);
        assert_eq!(document["signature"]["officer"]["position"], "Phó Giám đốc");
        let issued = world.actor("vanthu.snv").await.does(&document, "issue").await;
        assert_eq!((&issued["signingMandate"], &issued["matter"]), (&mandate, &json!(MATTER)));
        let path = format!("/v1/documents/{}", issued["id"].as_str().unwrap());
        let recipient = world.actor("vanthu.03646").await;
        assert_eq!(
            recipient.get(&path).await.ok()["document"]["signingMandate"],
            mandate,
            "as recipients see it"
        );

        for other in ["Đất đai", ""] {
            let document = submitted(&world, other).await;
            assert_eq!(gaps(&deputy.commands(&document, "approve").await), "OTHER_MATTER", "{other}");
            let document = head.does(&document, "approve").await;
            let document = head.does(&document, "sign").await;
            let direct =
                json!({ "form": "SIGNING_FORM_DIRECT", "lines": ["GIÁM ĐỐC"], "signingAuthorityIds": [] });
            assert_eq!(document["signingMandate"], direct);
        }
        world.end().await;
    }
}

#[tokio::test]
async fn an_authority_revoked_between_approval_and_signature_signs_nothing() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let (head, deputy) = (world.actor("lanhdao.snv").await, world.actor("pho.snv").await);
        let authority = hands_on(&head).await;
        let document = submitted(&world, MATTER).await;
        let document = deputy.does(&document, "approve").await;
        let path = format!("/v1/signingAuthorities/{}:revoke", authority["id"].as_str().unwrap());
        head.post(&path, &json!({ "revision": authority["revision"] })).await.ok();
        assert_eq!(gaps(&deputy.commands(&document, "sign").await), "REVOKED");
        let refused = head.commands(&document, "sign").await;
        assert_eq!(refused.refused(), (403, "NOT_ALLOWED".to_owned()), "who approved the draft signs it");
        assert_eq!(deputy.reads(&document).await, document, "nothing moved");

        // The head takes it back, and signs it in person.
        let path = format!("/v1/documents/{}", document["id"].as_str().unwrap());
        let back = json!({ "revision": document["revision"], "reason": "Trình lại người đứng đầu" });
        let document = head.post(&format!("{path}:return"), &back).await.ok()["document"].clone();
        let document = world.actor("canbo.snv").await.does(&document, "submit").await;
        let document = world.checked(&document, "snv").await;
        let document = head.does(&document, "approve").await;
        let document = head.does(&document, "sign").await;
        assert_eq!(document["signingMandate"]["lines"], json!(["GIÁM ĐỐC"]));
        world.end().await;
    }
}

#[tokio::test]
async fn the_head_of_a_committee_signs_for_it_and_a_unit_head_by_order() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let head = world.actor("lanhdao.snv").await;
        let chief = world.actor("truong.vp.snv").await;
        let document = submitted(&world, "").await;
        assert_eq!(gaps(&chief.commands(&document, "approve").await), "NO_AUTHORITY");
        let order = json!({ "signingAuthority": {
            "agencyId": head.agency_id(), "form": "GRANT_FORM_BY_ORDER",
            "grantorPositionId": position(&head, "Giám đốc").await,
            "granteePositionId": chief.session["user"]["appointments"][0]["positionId"],
            "documentKinds": ["OFFICIAL_LETTER"], "basis": "Quy chế làm việc 12/QĐ-SNV",
        }});
        head.post("/v1/signingAuthorities", &order).await.ok();
        let document = chief.does(&document, "approve").await;
        let document = chief.does(&document, "sign").await;
        assert_eq!(document["signingMandate"]["lines"], json!(["TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"]));

        let (officer, chair) = (world.actor("canbo.03646").await, world.actor("lanhdao.03646").await);
        let draft = officer.drafts(&world.communes().await[1..2]).await;
        officer.attaches(&draft, sample::LETTER.to_vec()).await;
        let document = officer.does(&officer.reads(&draft).await, "submit").await;
        let document = world.checked(&document, "03646").await;
        let document = chair.does(&document, "approve").await;
        let document = chair.does(&document, "sign").await;
        assert_eq!(document["signingMandate"]["form"], "SIGNING_FORM_FOR_COLLECTIVE");
        assert_eq!(document["signingMandate"]["lines"][1], "CHỦ TỊCH");
        world.end().await;
    }
}

#[tokio::test]
async fn a_matter_is_rewritten_with_the_draft() {
    let world = World::new(World::engines()[0]).await;
    let (officer, communes) = (world.actor("canbo.snv").await, world.communes().await);
    let draft = officer.drafts(&communes[..1]).await;
    assert_eq!((&draft["matter"], &draft["signingMandate"]), (&json!(""), &Value::Null));
    let mut letter = officer.letter(&communes[..1]);
    letter["matter"] = MATTER.into();
    letter["revision"] = draft["revision"].clone();
    let path = format!("/v1/documents/{}", draft["id"].as_str().unwrap());
    officer.call(Method::PATCH, &path, Some(&letter)).await.ok();
    assert_eq!(officer.reads(&draft).await["matter"], MATTER);
    world.end().await;
}
