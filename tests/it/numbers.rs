//! Numbers that are kept, voided or given to copies, and the register that tells of each.

use std::{path::Path, time::Duration};

use congvan_tests::{Actor, World};
use documents::{Selection, verify};
use serde_json::{Value, json};

use crate::{issuing::signed, series::signed_as};

/// The department has a kind of its sector, with numbers that the decision on it lets be kept.
async fn sector(world: &World) -> Value {
    let clerk = world.actor("vanthu.snv").await;
    let kind = json!({
        "agencyId": clerk.agency_id(), "name": "Giấy chứng nhận", "abbreviation": "GCN",
        "nature": "DOCUMENT_KIND_NATURE_SECTOR",
    });
    let kind = clerk.post("/v1/document-kinds", &kind).await.ok()["kind"].clone();
    let series = json!({
        "code": "GCN", "name": "Giấy chứng nhận", "sort": "NUMBER_SERIES_SORT_SECTOR", "otherKindIds": [kind["id"]],
        "basis": "Quyết định số 12/QĐ-BNV ngày 05/01/2026", "allowsReservation": true,
    });
    clerk.post(&format!("/v1/agencies/{}/number-series", clerk.agency_id()), &series).await.ok();
    json!({ "kind": "DOCUMENT_KIND_OTHER", "otherKindId": kind["id"] })
}

fn path(document: &Value, command: &str) -> String {
    format!("/v1/documents/{}:{command}", document["id"].as_str().unwrap())
}

async fn reserves(clerk: &Actor<'_>, document: &Value, until: &str) -> Value {
    let body = json!({ "untilDate": until, "reason": "Phôi in sẵn số" });
    clerk.post(&path(document, "reserveNumber"), &body).await.ok()["reservation"].clone()
}

async fn issues(clerk: &Actor<'_>, document: &Value) -> String {
    clerk.does(&clerk.reads(document).await, "issue").await["issuance"]["notation"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// The lines of a register of the year 2026.
async fn lines(clerk: &Actor<'_>, series: &str) -> Vec<Value> {
    let path = format!("/v1/agencies/{}/register?series={series}&year=2026", clerk.agency_id());
    clerk.get(&path).await.ok()["entries"].as_array().cloned().unwrap_or_default()
}

/// Number, act and reason of each line.
fn told(lines: &[Value]) -> Vec<(i64, &str, &str)> {
    let told = lines.iter().map(|line| {
        let act = line["act"].as_str().unwrap().trim_start_matches("REGISTER_ACT_");
        (line["number"].as_i64().unwrap(), act, line["reason"].as_str().unwrap_or_default())
    });
    told.collect()
}

async fn fits(world: &World) -> usize {
    let mut verdicts = Vec::new();
    let mut read = world.documents().read("test").await.unwrap();
    let fits = verify(&mut read, Selection::default(), |verdict| verdicts.push(verdict.to_string())).await;
    assert!(fits.unwrap(), "{verdicts:?}");
    verdicts.len()
}

/// What the script says that has none of our code: whether all fits, and its words.
async fn script(lines: &[Value]) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("register.jsonl");
    let text: Vec<_> = lines.iter().map(Value::to_string).collect();
    std::fs::write(&file, text.join("\n")).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/verify_register.py");
    let run = tokio::process::Command::new("python3").arg(script).arg(&file).output().await.unwrap();
    assert!(run.stderr.is_empty(), "{}", String::from_utf8_lossy(&run.stderr));
    (run.status.success(), String::from_utf8(run.stdout).unwrap())
}

#[tokio::test]
async fn numbers_are_kept_only_where_the_law_lets_them_be() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let fields = sector(&world).await;
        let clerk = world.actor("vanthu.snv").await;
        let letter = signed(&world, &world.communes().await[..1]).await;
        let body = json!({ "untilDate": "2026-12-01", "reason": "Giữ số đẹp" });
        let refused = clerk.post(&path(&letter, "reserveNumber"), &body).await;
        assert_eq!(refused.refused(), (409, "RESERVATION_NOT_ALLOWED".to_owned()));
        assert!(refused.json()["detail"].as_str().unwrap().contains("Article 15"));

        let [first, second, third] = [
            signed_as(&world, &fields).await,
            signed_as(&world, &fields).await,
            signed_as(&world, &fields).await,
        ];
        let wrong = json!({ "untilDate": "2027-01-01" });
        let refused = clerk.post(&path(&first, "reserveNumber"), &wrong).await.json();
        let violations = refused["violations"].as_array().unwrap();
        assert_eq!(violations.len(), 2, "the day lies in another year, and no reason is given: {refused}");

        let kept = reserves(&clerk, &first, "2026-11-24").await;
        assert_eq!((kept["number"].as_i64(), &kept["series"]), (Some(1), &json!("GCN")));
        let again = json!({ "untilDate": "2026-11-24", "reason": "Phôi in sẵn số" });
        let refused = clerk.post(&path(&first, "reserveNumber"), &again).await;
        assert_eq!(refused.refused(), (409, "RESERVATION_PRESENT".to_owned()));
        assert_eq!(issues(&clerk, &second).await, "02/GCN-SNV");
        assert_eq!(issues(&clerk, &first).await, "01/GCN-SNV", "under its own reservation");

        reserves(&clerk, &third, "2026-11-24").await;
        let cancelled =
            clerk.post(&path(&third, "cancelReservation"), &json!({ "reason": "Phôi hỏng" })).await.ok();
        assert_eq!(cancelled["reservation"]["number"], 3);
        let refused = clerk.post(&path(&third, "cancelReservation"), &json!({ "reason": "Phôi hỏng" })).await;
        assert_eq!(refused.refused(), (409, "NO_RESERVATION".to_owned()));
        reserves(&clerk, &third, "2026-11-23").await;

        // The day is over: the worker voids the number, and says why.
        world.clock.set("2026-11-23T17:00:00Z".parse().unwrap());
        let clerk = world.actor("vanthu.snv").await;
        for _ in 0..600 {
            if lines(&clerk, "GCN").await.len() == 7 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let written = lines(&clerk, "GCN").await;
        let expected = [
            (1, "RESERVED", "Phôi in sẵn số"),
            (2, "ENTERED", ""),
            (1, "ENTERED", ""),
            (3, "RESERVED", "Phôi in sẵn số"),
            (3, "VOIDED", "Phôi hỏng"),
            (4, "RESERVED", "Phôi in sẵn số"),
            (4, "VOIDED", "Hết thời hạn giữ số"),
        ];
        assert_eq!(told(&written), expected);
        assert_eq!(issues(&clerk, &third).await, "05/GCN-SNV", "what is void is given to nobody");
        assert_eq!(fits(&world).await, 2, "the common series was looked at, and has no line yet");
        world.end().await;
    }
}

/// The order of a copy in one medium of what is held in another.
fn order(form: &str, from: &str, to: &str) -> Value {
    json!({
        "form": format!("COPY_FORM_{form}"), "sourceMedium": format!("COPY_MEDIUM_{from}"),
        "medium": format!("COPY_MEDIUM_{to}"),
    })
}

#[tokio::test]
async fn a_copy_has_the_next_number_of_the_agencys_copies() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let clerk = world.actor("vanthu.snv").await;
        let communes = world.communes().await;
        let ward = communes.iter().find(|unit| unit["code"].as_str().unwrap().ends_with("03646")).unwrap();
        let letter = signed(&world, std::slice::from_ref(ward)).await;
        let head = world.actor("lanhdao.snv").await;
        let copies = format!("/v1/documents/{}/copies", letter["id"].as_str().unwrap());
        let true_copy = order("SAO_Y", "ELECTRONIC", "PAPER");
        assert_eq!(
            head.post(&copies, &true_copy).await.refused(),
            (409, "WRONG_STAGE".to_owned()),
            "not issued"
        );
        clerk.does(&letter, "issue").await;
        assert_eq!(clerk.post(&copies, &true_copy).await.refused(), (403, "NO_SIGNING_AUTHORITY".to_owned()));

        let copy = head.post(&copies, &true_copy).await.ok()["copy"].clone();
        assert_eq!((&copy["notation"], &copy["copyDate"]), (&json!("01/SY-SNV"), &json!("2026-11-23")));
        let refused = head.post(&copies, &order("SAO_Y", "ELECTRONIC", "ELECTRONIC")).await;
        assert_eq!(refused.refused(), (409, "COPY_NOT_ALLOWED".to_owned()));
        let mut of_copy = order("SAO_LUC", "PAPER", "PAPER");
        assert_eq!(
            head.post(&copies, &of_copy).await.refused(),
            (400, "INVALID_FIELDS".to_owned()),
            "of which?"
        );
        of_copy["sourceCopyId"] = copy["id"].clone();
        let second = head.post(&copies, &of_copy).await.ok()["copy"].clone();
        assert_eq!(second["notation"], "02/SL-SNV", "one series for all forms");
        of_copy["sourceCopyId"] = second["id"].clone();
        assert_eq!(head.post(&copies, &of_copy).await.refused(), (409, "COPY_NOT_ALLOWED".to_owned()));
        let mut part = order("TRICH_SAO", "ELECTRONIC", "ELECTRONIC");
        part["extract"] = "Mục II".into();
        let part = head.post(&copies, &part).await.ok()["copy"].clone();
        assert_eq!(
            (&part["notation"], &part["number"]),
            (&json!(""), &json!(0)),
            "in electronic form: no number"
        );

        // Who accepted the document certifies copies of it, too, with numbers of its own.
        let mut theirs = true_copy.clone();
        theirs["agencyId"] = ward["id"].clone();
        let chair = world.actor("lanhdao.03646").await;
        assert_eq!(chair.post(&copies, &theirs).await.refused(), (404, "DOCUMENT_NOT_FOUND".to_owned()));
        let ward_clerk = world.actor("vanthu.03646").await;
        ward_clerk.accepts(&ward_clerk.inbox().await[0]).await;
        let theirs = chair.post(&copies, &theirs).await.ok()["copy"].clone();
        assert!(theirs["notation"].as_str().unwrap().starts_with("01/SY-"), "{theirs}");

        let written = lines(&clerk, "SAO").await;
        let notations: Vec<_> = written.iter().map(|line| line["notation"].as_str().unwrap()).collect();
        assert_eq!(notations, ["01/SY-SNV", "02/SL-SNV"]);
        assert_eq!(written[0]["copyId"], copy["id"]);
        assert_eq!(
            fits(&world).await,
            4,
            "letters and copies of the department, arrivals and copies of the ward"
        );
        world.end().await;
    }
}

#[tokio::test]
async fn who_has_none_of_our_code_follows_voids_and_several_series() {
    let world = World::new(World::engines()[0]).await;
    let fields = sector(&world).await;
    let clerk = world.actor("vanthu.snv").await;
    let communes = world.communes().await;
    for place in 0..3 {
        let letter = signed(&world, &communes[..1]).await;
        if place == 1 {
            let numbered = clerk.does(&letter, "number").await;
            let body = json!({ "revision": numbered["revision"], "reason": "Sai nội dung" });
            clerk.post(&path(&letter, "void"), &body).await.ok();
        } else {
            issues(&clerk, &letter).await;
        }
    }
    let [kept, other] = [signed_as(&world, &fields).await, signed_as(&world, &fields).await];
    reserves(&clerk, &kept, "2026-12-31").await;
    issues(&clerk, &other).await;
    issues(&clerk, &kept).await;
    let (common, sector) = (lines(&clerk, "").await, lines(&clerk, "GCN").await);
    let acts = [(1, "ENTERED", ""), (2, "ENTERED", ""), (2, "VOIDED", "Sai nội dung"), (3, "ENTERED", "")];
    assert_eq!(told(&common), acts);

    let all = [&common[..], &sector[..]].concat();
    let (fits, words) = script(&all).await;
    assert!(fits, "{words}");
    assert!(words.contains("OUTGOING 2026: 4 lines, last number 3, 1 void, no gaps"), "{words}");
    assert!(words.contains("OUTGOING GCN 2026: 3 lines, last number 2, 0 void, no gaps"), "{words}");
    for (name, value) in
        [("reason", json!("Khác")), ("number", json!(1)), ("act", json!("REGISTER_ACT_ENTERED"))]
    {
        let mut changed = all.clone();
        changed[2][name] = value;
        let (fits, words) = script(&changed).await;
        assert!(!fits && words.contains("OUTGOING 2026: LINE 3 DOES NOT FIT"), "{name}: {words}");
    }
    let (fits, words) = script(&[&common[..2], &common[3..]].concat()).await;
    assert!(!fits && words.contains("LINE 3 DOES NOT FIT: gap"), "{words}");
    world.end().await;
}
