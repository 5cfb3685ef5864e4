//! A directive goes to all communes.

use std::collections::HashSet;

use congvan::sample;
use congvan_tests::World;
use http::Method;
use mail_parser::MessageParser;
use serde_json::{Value, json};

#[tokio::test]
async fn a_directive_reaches_all_75_communes() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        assert_eq!(communes.len(), 75);

        let (officer, head) = (world.actor("canbo.snv").await, world.actor("lanhdao.snv").await);
        let draft = officer.drafts(&communes).await;
        assert_eq!((draft["stage"].as_str(), draft["revision"].as_str()), (Some("STAGE_DRAFT"), Some("1")));
        let attached = officer.attaches(&draft, sample::LETTER.to_vec()).await;
        assert_eq!(attached["attachment"]["mediaType"], "application/pdf");
        let document = officer.reads(&draft).await;
        let document = officer.does(&document, "submit").await;
        let document = world.checked(&document, "snv").await;
        let document = head.does(&document, "approve").await;
        let document = head.does(&document, "sign").await;
        assert_eq!(document["signature"]["officer"]["position"], "Giám đốc");

        let clerk = world.actor("vanthu.snv").await;
        let issued = clerk.commands(&document, "issue").await.ok();
        assert_eq!(issued["deliveryCount"], 75);
        let issued = &issued["document"];
        assert_eq!(issued["issuance"]["notation"], "01/SNV-VP");
        assert_eq!(issued["issuance"]["issuedDate"], "2026-11-23");

        let register = clerk.get(&format!("/v1/agencies/{}/register", clerk.agency_id())).await.ok();
        let entry = &register["entries"][0];
        assert_eq!((entry["number"].as_i64(), &entry["notation"]), (Some(1), &json!("01/SNV-VP")));

        // Two communes act; the board tells.
        let (first, second) = (world.actor("vanthu.03646").await, world.actor("vanthu.03664").await);
        let accepted = first.accepts(&first.inbox().await[0]).await;
        assert_eq!(
            (accepted["status"].as_str(), accepted["arrivalNumber"].as_i64()),
            (Some("DELIVERY_STATUS_ACCEPTED"), Some(1))
        );
        second.refuses(&second.inbox().await[0], "Gửi nhầm địa chỉ").await.ok();
        let board = officer.board(issued).await;
        assert_eq!(
            counts(&board),
            [("ACCEPTED".to_owned(), 1), ("ARRIVED".to_owned(), 73), ("REFUSED".to_owned(), 1)]
        );
        assert_eq!(board["exceptions"][0]["refusalReason"], "Gửi nhầm địa chỉ");
        assert_eq!(board["exceptions"][0]["recipientName"], "Ủy ban nhân dân phường Chiềng An");

        // One mail for each commune's clerk, one that tells the sender of the refusal.
        world.settle().await;
        let mails = world.mails();
        assert_eq!(mails.len(), 76);
        let texts: Vec<_> = mails.iter().map(|file| std::fs::read(file).unwrap()).collect();
        let parsed: Vec<_> = texts.iter().map(|text| MessageParser::default().parse(text).unwrap()).collect();
        let to: HashSet<_> =
            parsed.iter().map(|mail| mail.to().unwrap().first().unwrap().address().unwrap()).collect();
        assert_eq!(to.len(), 76, "each clerk has one");
        assert!(to.contains("vanthu.03646@sonla.example") && to.contains("vanthu.snv@sonla.example"));
        let subject = parsed.iter().filter(|mail| mail.subject().unwrap().contains("01/SNV-VP")).count();
        assert_eq!(subject, 76);
        world.end().await;
    }
}

fn counts(board: &Value) -> Vec<(String, i64)> {
    let counts = board["counts"].as_array().unwrap().iter().map(|count| {
        let status = count["status"].as_str().unwrap().strip_prefix("DELIVERY_STATUS_").unwrap();
        (status.to_owned(), count["count"].as_i64().unwrap())
    });
    let mut counts: Vec<_> = counts.collect();
    counts.sort();
    counts
}

/// A document signed and ready to be issued to these communes.
pub(crate) async fn signed(world: &World, recipients: &[Value]) -> Value {
    let officer = world.actor("canbo.snv").await;
    signed_letter(world, &officer.letter(recipients)).await
}

/// A letter of the same officer, signed and ready to be issued.
pub(crate) async fn signed_letter(world: &World, letter: &Value) -> Value {
    let (officer, head) = (world.actor("canbo.snv").await, world.actor("lanhdao.snv").await);
    let draft = officer.post("/v1/documents", letter).await.ok()["document"].clone();
    officer.attaches(&draft, sample::LETTER.to_vec()).await;
    let document = officer.reads(&draft).await;
    let document = officer.does(&document, "submit").await;
    let document = world.checked(&document, "snv").await;
    let document = head.does(&document, "approve").await;
    head.does(&document, "sign").await
}

#[tokio::test]
async fn issuing_twice_gives_one_number() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let clerk = world.actor("vanthu.snv").await;
        let document = signed(&world, &communes[..3]).await;
        let path = format!("/v1/documents/{}:issue", document["id"].as_str().unwrap());
        let request =
            json!({ "revision": document["revision"], "requestId": "019376ad-0000-7000-8000-000000000001" });
        let first = clerk.post(&path, &request).await.ok();
        let repeat = clerk.post(&path, &request).await.ok();
        assert_eq!(first, repeat, "the same request id, the same answer");

        let other =
            json!({ "revision": document["revision"], "requestId": "019376ad-0000-7000-8000-000000000002" });
        let refused = clerk.post(&path, &other).await;
        assert_eq!(refused.refused(), (409, "ALREADY_ISSUED".to_owned()));
        assert_eq!(refused.json()["metadata"], json!({ "number": "01", "symbol": "SNV-VP" }));

        let different = json!({ "revision": "77", "requestId": "019376ad-0000-7000-8000-000000000001" });
        assert_eq!(clerk.post(&path, &different).await.refused(), (409, "REQUEST_ID_REUSED".to_owned()));
        assert_eq!(world.count("SELECT count(*) AS n FROM register_entry").await, 1);
        assert_eq!(world.count("SELECT count(*) AS n FROM delivery").await, 3);
        world.end().await;
    }
}

#[tokio::test]
async fn many_issue_at_once_and_the_numbers_have_no_gap() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let mut ready = Vec::new();
        for _ in 0..12 {
            ready.push(signed(&world, &communes[..2]).await);
        }
        let clerk = world.actor("vanthu.snv").await;
        let issuing = ready.iter().map(|document| clerk.does(document, "issue"));
        let issued = futures::future::join_all(issuing).await;
        let mut numbers: Vec<_> =
            issued.iter().map(|document| document["issuance"]["number"].as_i64().unwrap()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
        world.end().await;
    }
}

#[tokio::test]
async fn the_first_number_after_new_years_midnight_in_vietnam_is_01() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        world.clock.set("2026-12-31T16:59:59.999Z".parse().unwrap());
        let ready = [signed(&world, &communes[..1]).await, signed(&world, &communes[..1]).await];
        let clerk = world.actor("vanthu.snv").await;
        let old = clerk.does(&ready[0], "issue").await;
        world.clock.set("2026-12-31T17:00:00Z".parse().unwrap());
        let new = clerk.does(&ready[1], "issue").await;
        let told = |document: &Value| {
            let issuance = &document["issuance"];
            (
                issuance["notation"].as_str().unwrap().to_owned(),
                issuance["issuedDate"].as_str().unwrap().to_owned(),
            )
        };
        assert_eq!(told(&old), ("01/SNV-VP".to_owned(), "2026-12-31".to_owned()));
        assert_eq!(told(&new), ("01/SNV-VP".to_owned(), "2027-01-01".to_owned()));

        // A clock that goes back must not put an earlier date behind a later one.
        let late = signed(&world, &communes[..1]).await;
        let another = signed(&world, &communes[..1]).await;
        world.clock.set("2027-01-05T03:00:00Z".parse().unwrap());
        let clerk = world.actor("vanthu.snv").await;
        clerk.does(&late, "issue").await;
        world.clock.set("2027-01-04T20:00:00Z".parse().unwrap());
        let clerk = world.actor("vanthu.snv").await;
        let third = clerk.does(&another, "issue").await;
        assert_eq!(
            told(&third),
            ("03/SNV-VP".to_owned(), "2027-01-05".to_owned()),
            "still the fifth in Vietnam"
        );
        let fourth = signed(&world, &communes[..1]).await;
        world.clock.set("2027-01-04T16:00:00Z".parse().unwrap());
        let clerk = world.actor("vanthu.snv").await;
        let refused = clerk.commands(&fourth, "issue").await;
        assert_eq!(refused.refused(), (409, "DATE_BEFORE_LAST_NUMBER".to_owned()));
        world.end().await;
    }
}

#[tokio::test]
async fn a_returned_draft_loses_its_approval() {
    let world = World::new(World::engines()[0]).await;
    let communes = world.communes().await;
    let (officer, head) = (world.actor("canbo.snv").await, world.actor("lanhdao.snv").await);
    let document = signed(&world, &communes[..1]).await;
    let path = format!("/v1/documents/{}:return", document["id"].as_str().unwrap());
    let body = json!({ "revision": document["revision"], "reason": "Sai thể thức nơi nhận" });
    let returned = head.post(&path, &body).await.ok()["document"].clone();
    assert_eq!(returned["stage"], "STAGE_DRAFT");
    assert_eq!(returned["returnReason"], "Sai thể thức nơi nhận");
    assert_eq!(returned["approval"], Value::Null);
    let mut rewritten = officer.letter(&communes[..2]);
    rewritten["id"] = returned["id"].clone();
    rewritten["revision"] = returned["revision"].clone();
    let path = format!("/v1/documents/{}", document["id"].as_str().unwrap());
    let updated = officer.call(Method::PATCH, &path, Some(&rewritten)).await.ok()["document"].clone();
    assert_eq!(updated["recipients"].as_array().unwrap().len(), 2);
    assert_eq!(officer.does(&updated, "submit").await["stage"], "STAGE_IN_REVIEW");
    world.end().await;
}
