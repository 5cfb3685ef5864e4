//! Whatever is wrong with a request is told, all of it, and nothing is lost or stored.

use congvan_proto::documents::v1::{ListDeliveriesRequest, delivery_service_client::DeliveryServiceClient};
use congvan_tests::World;
use http::Method;
use kit::transport::Transport;
use serde_json::{Value, json};

use crate::issuing::signed;

#[tokio::test]
async fn all_violations_are_told_at_once() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let officer = world.actor("canbo.snv").await;
        let wrong = json!({
            "draftingUnitId": officer.unit_id(),
            "abstract": 7,
            "kindd": "DOCUMENT_KIND_PLAN",
            "urgency": "URGENCY_YESTERDAY",
            "pageAmount": "many",
            "recipients": [{ "unitId": 1, "colour": "red" }],
        });
        let refused = officer.post("/v1/documents", &wrong).await;
        assert_eq!(refused.refused(), (400, "INVALID_FIELDS".to_owned()));
        let mut fields = refused.violated_fields();
        fields.sort();
        assert_eq!(
            fields,
            [
                "document.abstract",
                "document.kind",
                "document.kindd",
                "document.pageAmount",
                "document.recipients[0].colour",
                "document.recipients[0].unitId",
                "document.urgency",
            ]
        );

        let wrong = json!({
            "draftingUnitId": "here",
            "kind": "DOCUMENT_KIND_PLAN",
            "abstract": "á".repeat(501),
            "note": "n".repeat(501),
            "replyDueDate": "31/12/2026",
            "pageAmount": -1,
            "recipients": [{ "unitId": "x" }],
        });
        let refused = officer.post("/v1/documents", &wrong).await;
        let mut fields = refused.violated_fields();
        fields.sort();
        assert_eq!(
            fields,
            [
                "document.abstract",
                "document.draftingUnitId",
                "document.note",
                "document.pageAmount",
                "document.recipients[0].unitId",
                "document.replyDueDate",
            ]
        );
        assert_eq!(world.count("SELECT count(*) AS n FROM document").await, 0);
        world.end().await;
    }
}

#[tokio::test]
async fn what_is_missing_is_told_along_with_what_is_wrong_to_whoever_may_ask() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let wrong = json!({
            "code": "h52", "name": "", "abbreviation": "V P", "parentId": "7", "email": "vanthu", "phone": "0".repeat(31),
        });
        let administrator = world.actor("quantri").await;
        let refused = administrator.post("/v1/units?startDate=01/07/2025", &wrong).await;
        assert_eq!(refused.refused(), (400, "INVALID_FIELDS".to_owned()));
        let mut fields = refused.violated_fields();
        fields.sort();
        assert_eq!(
            fields,
            [
                "startDate",
                "unit.abbreviation",
                "unit.code",
                "unit.email",
                "unit.kind",
                "unit.name",
                "unit.parentId",
                "unit.phone",
            ]
        );
        let clerk = world.actor("vanthu.snv").await;
        let refused = clerk.post("/v1/units", &json!({})).await;
        assert_eq!(
            refused.refused(),
            (403, "NOT_ALLOWED".to_owned()),
            "what is missing is not a clerk's to know"
        );
        world.end().await;
    }
}

#[tokio::test]
async fn a_recipient_that_is_no_agency_is_named() {
    let world = World::new(World::engines()[0]).await;
    let officer = world.actor("canbo.snv").await;
    let mut communes = world.communes().await;
    communes.truncate(2);
    let office = json!({ "id": world.actor("canbo.03646").await.unit_id() });
    let nobody = json!({ "id": "019376ad-0000-7000-8000-00000000dead" });
    let recipients = [communes[0].clone(), office, nobody];
    let refused = officer.post("/v1/documents", &officer.letter(&recipients)).await;
    assert_eq!(refused.refused(), (400, "UNKNOWN_RECIPIENT".to_owned()));
    assert_eq!(refused.violated_fields(), ["document.recipients[1].unitId", "document.recipients[2].unitId"]);
    let twice = [communes[0].clone(), communes[0].clone()];
    let refused = officer.post("/v1/documents", &officer.letter(&twice)).await;
    assert_eq!(refused.violated_fields(), ["document.recipients[1].unitId"]);
    world.end().await;
}

#[tokio::test]
async fn nothing_of_a_secret_is_stored() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let officer = world.actor("canbo.snv").await;
        for mark in ["Mật", "TUYỆT MẬT", "toi mat", "A"] {
            let mut secret = officer.letter(&[]);
            secret["confidentiality"] = json!(mark);
            secret["abstract"] = json!("Phương án tác chiến 4711");
            let refused = officer.post("/v1/documents", &secret).await;
            assert_eq!(refused.refused(), (409, "STATE_SECRET".to_owned()), "{mark}");
            assert!(!String::from_utf8_lossy(&refused.body).contains("4711"));
        }
        assert_eq!(world.count("SELECT count(*) AS n FROM document").await, 0);
        assert_eq!(world.count("SELECT count(*) AS n FROM answer").await, 0);
        assert_eq!(world.count("SELECT count(*) AS n FROM event").await, 0);
        assert_eq!(world.count("SELECT count(*) AS n FROM secret_refusal").await, 4, "that they tried is");

        // Nor by rewriting a harmless draft.
        let draft = officer.drafts(&[]).await;
        let mut secret = officer.letter(&[]);
        secret["confidentiality"] = json!("mật");
        secret["revision"] = draft["revision"].clone();
        let path = format!("/v1/documents/{}", draft["id"].as_str().unwrap());
        let refused = officer.call(Method::PATCH, &path, Some(&secret)).await;
        assert_eq!(refused.refused(), (409, "STATE_SECRET".to_owned()));
        assert_eq!(officer.reads(&draft).await["revision"], "1");
        world.end().await;
    }
}

#[tokio::test]
async fn a_stale_revision_changes_nothing() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let officer = world.actor("canbo.snv").await;
        let draft = officer.drafts(&[]).await;
        officer.attaches(&draft, b"%PDF-1.7\n".to_vec()).await;
        let refused = officer.uploads(&draft, "phuluc.pdf", b"%PDF-1.7\n".to_vec()).await;
        assert_eq!(
            refused.refused(),
            (409, "MAIN_FILE_PRESENT".to_owned()),
            "the rules tell more than the revision"
        );
        let path = format!("/v1/documents/{}", draft["id"].as_str().unwrap());
        let mut rewritten = officer.letter(&[]);
        rewritten["revision"] = draft["revision"].clone();
        let refused = officer.call(Method::PATCH, &path, Some(&rewritten)).await;
        assert_eq!(refused.refused(), (409, "STALE_REVISION".to_owned()));
        assert_eq!(refused.json()["metadata"]["current_revision"], "2");
        world.end().await;
    }
}

#[tokio::test]
async fn what_is_incomplete_says_what_is_missing() {
    let world = World::new(World::engines()[0]).await;
    let officer = world.actor("canbo.snv").await;
    let draft = officer.drafts(&[]).await;
    assert_eq!(officer.commands(&draft, "submit").await.refused(), (409, "NO_MAIN_FILE".to_owned()));
    officer.attaches(&draft, b"%PDF-1.7\n".to_vec()).await;
    let draft = officer.reads(&draft).await;
    assert_eq!(officer.commands(&draft, "submit").await.refused(), (409, "NO_RECIPIENTS".to_owned()));
    let head = world.actor("lanhdao.snv").await;
    let refused = head.commands(&draft, "approve").await;
    assert_eq!(refused.refused(), (409, "WRONG_STAGE".to_owned()));
    assert_eq!(refused.json()["metadata"], json!({ "stage": "DRAFT", "needed": "IN_REVIEW" }));
    world.end().await;
}

#[tokio::test]
async fn a_delivery_is_decided_once() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let clerk = world.actor("vanthu.snv").await;
        clerk.does(&signed(&world, &communes[..1]).await, "issue").await;
        let receiver = world.actor("vanthu.03646").await;
        let arrived = receiver.inbox().await.remove(0);
        let refused = receiver.refuses(&arrived, "  ").await;
        assert_eq!(refused.violated_fields(), ["reason"], "a refusal has a reason");
        receiver.accepts(&arrived).await;
        let refused = receiver.refuses(&arrived, "muộn rồi").await;
        assert_eq!(refused.refused(), (409, "DELIVERY_DECIDED".to_owned()));
        let path = format!("/v1/deliveries/{}", arrived["id"].as_str().unwrap());
        let history = clerk.get(&path).await.ok()["delivery"]["history"].clone();
        let told: Vec<_> = history.as_array().unwrap().iter().map(|entry| entry["status"].clone()).collect();
        assert_eq!(told, [json!("DELIVERY_STATUS_ARRIVED"), json!("DELIVERY_STATUS_ACCEPTED")]);
        assert_eq!(history[0]["officer"], Value::Null, "the system delivered");
        world.end().await;
    }
}

#[tokio::test]
async fn a_filter_that_no_contract_has_is_refused_and_not_ignored() {
    let world = World::new(World::engines()[0]).await;
    let clerk = world.actor("vanthu.snv").await;
    let bearer: tonic::metadata::MetadataValue<_> = format!("Bearer {}", clerk.token).parse().unwrap();
    let request = |status| {
        let mut request = tonic::Request::new(ListDeliveriesRequest { status, ..Default::default() });
        request.metadata_mut().insert("authorization", bearer.clone());
        request
    };
    let mut client = DeliveryServiceClient::new(Transport::local(world.router()));
    assert!(client.list_deliveries(request(0)).await.is_ok());
    let refused = client.list_deliveries(request(77)).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::InvalidArgument);
    world.end().await;
}
