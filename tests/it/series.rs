//! How agencies number: series, kinds beside the 29, advisory bodies, and the turn of the year.

use congvan::sample;
use congvan_tests::{Actor, World};
use documents::{Selection, verify};
use http::Method;
use serde_json::{Value, json};

/// A document that is signed and ready to be issued, with these fields in place of those of a letter.
pub(crate) async fn signed_as(world: &World, fields: &Value) -> Value {
    let (officer, head) = (world.actor("canbo.snv").await, world.actor("lanhdao.snv").await);
    let communes = world.communes().await;
    let mut draft = officer.letter(&communes[..1]);
    draft.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    let document = officer.post("/v1/documents", &draft).await.ok()["document"].clone();
    officer.attaches(&document, sample::LETTER.to_vec()).await;
    let document = officer.does(&officer.reads(&document).await, "submit").await;
    let document = world.checked(&document, "snv").await;
    let document = head.does(&document, "approve").await;
    head.does(&document, "sign").await
}

/// Number and symbol that a document of this kind gets when it is issued now.
async fn issued(world: &World, fields: Value) -> String {
    let document = signed_as(world, &fields).await;
    let issued = world.actor("vanthu.snv").await.does(&document, "issue").await;
    issued["issuance"]["notation"].as_str().unwrap().to_owned()
}

fn of_kind(kind: &str) -> Value {
    json!({ "kind": format!("DOCUMENT_KIND_{kind}") })
}

/// A series of the department that its document office lays down.
pub(crate) async fn lays_down(clerk: &Actor<'_>, series: &Value) -> Value {
    let path = format!("/v1/agencies/{}/number-series", clerk.agency_id());
    clerk.post(&path, series).await.ok()["series"].clone()
}

/// The numbers of a register, as its lines print them.
async fn notations(clerk: &Actor<'_>, series: &str, year: i16) -> Vec<String> {
    let path = format!("/v1/agencies/{}/register?series={series}&year={year}", clerk.agency_id());
    let entries = clerk.get(&path).await.ok()["entries"].as_array().cloned().unwrap_or_default();
    entries.iter().map(|entry| entry["notation"].as_str().unwrap().to_owned()).collect()
}

/// What verification says of the registers of an agency: the series, the year and how much fits.
async fn verified(world: &World, agency_id: &str) -> Vec<String> {
    let mut told = Vec::new();
    let mut read = world.documents().read("test").await.unwrap();
    let selection = Selection { agency_id: agency_id.parse().ok(), year: None };
    assert!(
        verify(&mut read, selection, |verdict| told.push(verdict.to_string())).await.unwrap(),
        "{told:?}"
    );
    told.iter()
        .map(|told| told.trim_start_matches(agency_id).trim_start_matches(" OUTGOING ").to_owned())
        .collect()
}

#[tokio::test]
async fn kinds_are_numbered_as_the_agency_laid_down_and_every_year_begins_at_01() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let clerk = world.actor("vanthu.snv").await;
        lays_down(&clerk, &json!({
            "code": "QD", "name": "Quyết định", "sort": "NUMBER_SERIES_SORT_ORDINARY", "kinds": ["DOCUMENT_KIND_DECISION"],
        }))
        .await;
        let group = lays_down(
            &clerk,
            &json!({
                "code": "TB-KH", "name": "Thông báo, kế hoạch", "sort": "NUMBER_SERIES_SORT_ORDINARY",
                "kinds": ["DOCUMENT_KIND_NOTICE", "DOCUMENT_KIND_PLAN"],
            }),
        )
        .await;
        world.clock.set("2026-12-31T16:59:59.999Z".parse().unwrap());
        for (kind, notation) in [
            ("OFFICIAL_LETTER", "01/SNV-VP"),
            ("DECISION", "01/QĐ-SNV"),
            ("NOTICE", "01/TB-SNV"),
            ("PLAN", "02/KH-SNV"),
            ("OFFICIAL_LETTER", "02/SNV-VP"),
            ("DECISION", "02/QĐ-SNV"),
        ] {
            assert_eq!(issued(&world, of_kind(kind)).await, notation);
        }
        let clerk = world.actor("vanthu.snv").await;
        assert_eq!(notations(&clerk, "TB-KH", 2026).await, ["01/TB-SNV", "02/KH-SNV"]);

        // What was numbered so stays so for the year; for the next one it may be laid down otherwise.
        let path =
            format!("/v1/agencies/{}/number-series/{}", clerk.agency_id(), group["id"].as_str().unwrap());
        let mut changed = group.clone();
        changed["kinds"] = json!(["DOCUMENT_KIND_NOTICE"]);
        let refused = clerk.call(Method::PATCH, &path, Some(&changed)).await;
        assert_eq!(refused.refused(), (409, "NUMBERS_TAKEN".to_owned()));
        assert_eq!(refused.json()["metadata"], json!({ "series": "", "year": "2026", "last_number": "2" }));
        changed["sinceYear"] = 2027.into();
        clerk.call(Method::PATCH, &path, Some(&changed)).await.ok();

        world.clock.set("2026-12-31T17:00:00Z".parse().unwrap());
        for (kind, notation) in [
            ("DECISION", "01/QĐ-SNV"),
            ("NOTICE", "01/TB-SNV"),
            ("PLAN", "01/KH-SNV"),
            ("OFFICIAL_LETTER", "02/SNV-VP"),
        ] {
            assert_eq!(issued(&world, of_kind(kind)).await, notation, "of 2027");
        }
        let told = verified(&world, world.actor("vanthu.snv").await.agency_id()).await;
        let fits = |of: &str, lines: i32| {
            format!("{of}: {lines} lines, last number {lines}, no gaps, not sealed yet")
        };
        let expected =
            [("2026", 2), ("2027", 2), ("QD 2026", 2), ("QD 2027", 1), ("TB-KH 2026", 2), ("TB-KH 2027", 1)];
        let unsealed: Vec<_> =
            told.iter().map(|told| told.replace("sealed until 2026-12-31", "not sealed yet")).collect();
        assert_eq!(unsealed, expected.map(|(of, lines)| fits(of, lines)));
        world.end().await;
    }
}

#[tokio::test]
async fn an_advisory_body_has_its_own_numbers() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let clerk = world.actor("vanthu.snv").await;
        let body = world.actor("canbo.snv").await.unit_id().to_owned();
        let fields = json!({ "kind": "DOCUMENT_KIND_NOTICE", "issuingBodyId": body });
        let waiting = signed_as(&world, &fields).await;
        assert_eq!(waiting["issuingBodyName"], "Văn phòng");
        let refused = clerk.commands(&waiting, "issue").await;
        assert_eq!(refused.refused(), (409, "NO_NUMBER_SERIES".to_owned()));
        assert_eq!(refused.json()["metadata"], json!({ "issuing_body_id": body }));
        assert_eq!(issued(&world, of_kind("NOTICE")).await, "01/TB-SNV", "the agency itself");

        lays_down(&clerk, &json!({
            "code": "BCD", "name": "Ban chỉ đạo", "sort": "NUMBER_SERIES_SORT_ADVISORY_BODY", "issuingBodyId": body,
        }))
        .await;
        let issued = clerk.does(&waiting, "issue").await;
        assert_eq!(issued["issuance"]["notation"], "01/TB-VP");
        assert_eq!(notations(&clerk, "BCD", 2026).await, ["01/TB-VP"]);

        let path = format!("/v1/agencies/{}/number-series", clerk.agency_id());
        let again = json!({
            "code": "BCD2", "name": "Ban chỉ đạo", "sort": "NUMBER_SERIES_SORT_ADVISORY_BODY", "issuingBodyId": body,
        });
        assert_eq!(clerk.post(&path, &again).await.refused(), (400, "INVALID_FIELDS".to_owned()));
        let outside = json!({ "kind": "DOCUMENT_KIND_NOTICE", "issuingBodyId": clerk.agency_id() });
        let officer = world.actor("canbo.snv").await;
        let mut draft = officer.letter(&world.communes().await[..1]);
        draft.as_object_mut().unwrap().extend(outside.as_object().unwrap().clone());
        let refused = officer.post("/v1/documents", &draft).await;
        assert_eq!(refused.refused(), (400, "INVALID_FIELDS".to_owned()), "the agency is no body of its own");
        world.end().await;
    }
}

/// A kind for the catalogue of the clerk's agency.
fn wanted(clerk: &Actor<'_>, abbreviation: &str, nature: &str) -> Value {
    json!({
        "agencyId": clerk.agency_id(), "name": format!("Loại {abbreviation}"), "abbreviation": abbreviation,
        "nature": format!("DOCUMENT_KIND_NATURE_{nature}"),
    })
}

#[tokio::test]
async fn every_kind_is_written_in_one_way() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let clerk = world.actor("vanthu.snv").await;
        let kinds = clerk.get("/v1/document-kinds").await.ok();
        let listed = kinds["kinds"].as_array().unwrap();
        assert_eq!(listed.len(), 29);
        assert_eq!((&listed[4]["name"], &listed[4]["abbreviation"]), (&json!("Quy định"), &json!("QyĐ")));

        for (abbreviation, right) in [("qyđ", "QyĐ"), ("CTR", "CTr"), ("TO\u{301}", "TÓ")] {
            let refused = clerk.post("/v1/document-kinds", &wanted(&clerk, abbreviation, "SECTOR")).await;
            let told = refused.json()["violations"][0]["description"].as_str().unwrap().to_owned();
            assert!(told.contains(&format!("“{right}”")), "{abbreviation}: {told}");
        }
        let looked = clerk.get("/v1/document-kinds?abbreviation=ttr").await;
        assert!(
            looked.json()["violations"][0]["description"].as_str().unwrap().contains("“TTr”"),
            "{looked:?}"
        );
        let found = clerk.get("/v1/document-kinds?abbreviation=TTr").await.ok();
        assert_eq!(found["kinds"][0]["name"], "Tờ trình");
        world.end().await;
    }
}

#[tokio::test]
async fn kinds_of_the_catalogue_are_printed_and_shown_as_they_are_written() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let clerk = world.actor("vanthu.snv").await;
        let sector =
            clerk.post("/v1/document-kinds", &wanted(&clerk, "GCN", "SECTOR")).await.ok()["kind"].clone();
        let normative =
            clerk.post("/v1/document-kinds", &wanted(&clerk, "QĐ", "NORMATIVE")).await.ok()["kind"].clone();
        let twice = clerk.post("/v1/document-kinds", &wanted(&clerk, "GCN", "SECTOR")).await;
        assert_eq!(twice.refused(), (400, "INVALID_FIELDS".to_owned()));

        let other = |kind: &Value| json!({ "kind": "DOCUMENT_KIND_OTHER", "otherKindId": kind["id"] });
        assert_eq!(issued(&world, other(&sector)).await, "01/GCN-SNV");
        let waiting = signed_as(&world, &other(&normative)).await;
        assert_eq!(waiting["kindName"], "Loại QĐ");
        let refused = clerk.commands(&waiting, "issue").await;
        assert_eq!(refused.refused(), (409, "NO_NUMBER_SERIES".to_owned()));
        let path = format!("/v1/agencies/{}/number-series", clerk.agency_id());
        let series = json!({
            "code": "QPPL", "name": "Quyết định QPPL", "sort": "NUMBER_SERIES_SORT_ORDINARY",
            "otherKindIds": [normative["id"]],
        });
        clerk.post(&path, &series).await.ok();
        let issued = clerk.does(&waiting, "issue").await;
        assert_eq!(issued["issuance"]["notation"], "01/2026/QĐ-SNV", "with the year, in a series of its own");
        let late = json!({
            "code": "GCN", "name": "Giấy chứng nhận", "sort": "NUMBER_SERIES_SORT_SECTOR",
            "otherKindIds": [sector["id"]], "basis": "Quyết định số 12/QĐ-BNV",
        });
        let refused = clerk.post(&path, &late).await;
        assert_eq!(
            refused.refused(),
            (409, "NUMBERS_TAKEN".to_owned()),
            "one of them stands in the common series"
        );

        let inbox = world.actor("vanthu.03646").await.inbox().await;
        let mut names: Vec<_> = inbox.iter().map(|delivery| delivery["kindName"].as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["Loại GCN", "Loại QĐ"], "the recipient reads what kind it is");
        let unknown =
            json!({ "kind": "DOCUMENT_KIND_OTHER", "otherKindId": "019376ad-0000-7000-8000-000000000001" });
        let officer = world.actor("canbo.snv").await;
        let mut draft = officer.letter(&world.communes().await[..1]);
        draft.as_object_mut().unwrap().extend(unknown.as_object().unwrap().clone());
        let refused = officer.post("/v1/documents", &draft).await;
        assert_eq!(refused.refused(), (404, "DOCUMENT_KIND_NOT_FOUND".to_owned()));
        world.end().await;
    }
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_series_is_told_at_once() {
    let world = World::new(World::engines()[0]).await;
    let clerk = world.actor("vanthu.snv").await;
    lays_down(&clerk, &json!({
        "code": "QD", "name": "Quyết định", "sort": "NUMBER_SERIES_SORT_ORDINARY", "kinds": ["DOCUMENT_KIND_DECISION"],
    }))
    .await;
    let path = format!("/v1/agencies/{}/number-series", clerk.agency_id());
    let wrong = json!({
        "code": "QD", "name": "", "sort": "NUMBER_SERIES_SORT_ORDINARY", "sinceYear": 2030, "allowsReservation": true,
        "kinds": ["DOCUMENT_KIND_DECISION", "DOCUMENT_KIND_OFFICIAL_LETTER"],
        "otherKindIds": ["019376ad-0000-7000-8000-000000000001"],
    });
    let refused = clerk.post(&path, &wrong).await;
    let fields: Vec<_> =
        refused.json()["violations"].as_array().unwrap().iter().map(|one| one["field"].clone()).collect();
    for field in [
        "series.name",
        "series.sinceYear",
        "series.code",
        "series.kinds[0]",
        "series.kinds",
        "series.otherKindIds[0]",
        "series.allowsReservation",
    ] {
        assert!(fields.contains(&json!(field)), "{field}: {fields:?}");
    }
    let head = world.actor("lanhdao.03646").await;
    assert_eq!(
        head.post(&path, &wrong).await.refused(),
        (403, "NOT_ALLOWED".to_owned()),
        "of another agency"
    );
    let listed = clerk.get(&path).await.ok();
    let codes: Vec<_> = listed["series"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes, [json!(""), json!("SAO"), json!("QD")]);
    world.end().await;
}
