//! From the signature to the recipients: number, seal, release, and the seconds in which a release can be undone.

use std::time::Duration;

use congvan::sample;
use congvan_tests::{
    Actor, World,
    process::{Client, Congvan, free_port, run},
};
use documents::{Selection, verify};
use http::Method;
use serde_json::{Value, json};

use crate::issuing::signed;

/// How long a story waits for deliveries that are due.
const PATIENCE: Duration = Duration::from_secs(30);

/// Releases, to be delivered after ten seconds.
async fn held(clerk: &Actor<'_>, document: &Value, command: &str) -> Value {
    clerk.asks(document, command, json!({ "undoSeconds": 10 })).await.ok()["document"].clone()
}

/// Reads the document until it is issued.
async fn issued(clerk: &Actor<'_>, document: &Value) -> Value {
    let wait = async {
        loop {
            let document = clerk.reads(document).await;
            if document["stage"] == "STAGE_ISSUED" {
                return document;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("delivered when it is due")
}

fn officer(act: &Value) -> &str {
    act["officer"]["position"].as_str().unwrap()
}

#[tokio::test]
async fn a_clerk_numbers_seals_and_releases_step_by_step() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let clerk = world.actor("vanthu.snv").await;
        let document = signed(&world, &communes[..2]).await;
        assert_eq!(document["numbering"], Value::Null);
        let early = clerk.commands(&document, "seal").await;
        assert_eq!(early.refused(), (409, "WRONG_STAGE".to_owned()));
        assert_eq!(early.json()["metadata"], json!({ "stage": "SIGNED", "needed": "NUMBERED" }));
        assert!(early.json()["detail"].as_str().unwrap().contains("The document office numbers it."));

        let document = clerk.does(&document, "number").await;
        let numbering = &document["numbering"];
        assert_eq!(
            (&document["stage"], &numbering["notation"]),
            (&json!("STAGE_NUMBERED"), &json!("01/SNV-VP"))
        );
        assert_eq!(
            (numbering["issuedDate"].as_str(), officer(&numbering["act"])),
            (Some("2026-11-23"), "Văn thư")
        );
        assert_eq!(document["issuance"], Value::Null, "nothing is issued yet");
        let register = clerk.get(&format!("/v1/agencies/{}/register", clerk.agency_id())).await.ok();
        assert_eq!(register["entries"][0]["documentId"], document["id"]);
        let refused = clerk.commands(&document, "release").await;
        assert_eq!(refused.json()["metadata"], json!({ "stage": "NUMBERED", "needed": "SEALED" }));

        let document = clerk.does(&document, "seal").await;
        assert_eq!((&document["stage"], officer(&document["sealing"])), (&json!("STAGE_SEALED"), "Văn thư"));
        let released = clerk.commands(&document, "release").await.ok();
        assert_eq!(released["deliveryCount"], 2);
        let document = &released["document"];
        assert_eq!((&document["stage"], &document["release"]), (&json!("STAGE_ISSUED"), &Value::Null));
        assert_eq!(document["issuance"]["notation"], "01/SNV-VP");
        assert_eq!(world.actor("vanthu.03646").await.inbox().await.len(), 1);
        let events = "SELECT count(*) AS n FROM event WHERE type IN ('congvan.documents.document.numbered',
            'congvan.documents.document.sealed', 'congvan.documents.document.issued')";
        assert_eq!(world.count(events).await, 3, "each step is one event");
        world.end().await;
    }
}

#[tokio::test]
async fn what_is_missing_is_issued_in_one_click_from_any_step() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let clerk = world.actor("vanthu.snv").await;
        for steps in [&[][..], &["number"], &["number", "seal"]] {
            let mut document = signed(&world, &communes[..1]).await;
            for step in steps {
                document = clerk.does(&document, step).await;
            }
            let answer = clerk.commands(&document, "issue").await.ok();
            assert_eq!(answer["deliveryCount"], 1, "{steps:?}");
            let issued = &answer["document"];
            assert_eq!(issued["stage"], "STAGE_ISSUED");
            assert_eq!(issued["issuance"]["number"], issued["numbering"]["number"]);
            assert_eq!(officer(&issued["sealing"]), "Văn thư");
        }
        let numbers = "SELECT count(DISTINCT number) AS n FROM register_entry";
        assert_eq!(
            (world.count(numbers).await, world.count("SELECT count(*) AS n FROM delivery").await),
            (3, 3)
        );
        world.end().await;
    }
}

#[tokio::test]
async fn the_day_of_the_number_is_the_date_of_the_document() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        world.clock.set("2026-12-31T16:59:50Z".parse().unwrap());
        let (late, later) = (signed(&world, &communes[..1]).await, signed(&world, &communes[..1]).await);
        let clerk = world.actor("vanthu.snv").await;
        let numbered = clerk.does(&late, "number").await;
        world.clock.set("2026-12-31T17:00:00Z".parse().unwrap());
        let numbered = clerk.does(&numbered, "issue").await;
        let issuance = |document: &Value| {
            let Value::Object(facts) = &document["issuance"] else { panic!("issued") };
            (facts["notation"].as_str().unwrap().to_owned(), facts["issuedDate"].as_str().unwrap().to_owned())
        };
        assert_eq!(issuance(&numbered), ("01/SNV-VP".to_owned(), "2026-12-31".to_owned()));
        assert_eq!(numbered["issuance"]["act"]["time"], "2026-12-31T17:00:00Z", "delivered in the new year");
        let signed_before = clerk.does(&later, "issue").await;
        assert_eq!(issuance(&signed_before), ("01/SNV-VP".to_owned(), "2027-01-01".to_owned()));
        world.end().await;
    }
}

#[tokio::test]
async fn of_two_clerks_one_gives_the_number() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let (one, other) = (world.actor("vanthu.snv").await, world.actor("vanthu.snv").await);
        for (command, refusal) in [("number", "WRONG_STAGE"), ("issue", "ALREADY_ISSUED")] {
            let document = signed(&world, &communes[..1]).await;
            let (first, second) =
                tokio::join!(one.commands(&document, command), other.commands(&document, command));
            let (won, lost) = if first.status == 200 { (first, second) } else { (second, first) };
            won.ok();
            assert_eq!(lost.refused(), (409, refusal.to_owned()), "{command}");
        }
        assert_eq!(world.count("SELECT count(*) AS n FROM register_entry").await, 2);
        assert_eq!(world.count("SELECT count(*) AS n FROM delivery").await, 1);
        world.end().await;
    }
}

#[tokio::test]
async fn a_release_is_undone_while_nothing_is_delivered_and_not_after() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let clerk = world.actor("vanthu.snv").await;
        let document = signed(&world, &communes[..3]).await;
        let waiting = held(&clerk, &document, "issue").await;
        assert_eq!(
            (&waiting["stage"], officer(&waiting["release"]["act"])),
            (&json!("STAGE_RELEASING"), "Văn thư")
        );
        assert_eq!(waiting["release"]["dueTime"], "2026-11-23T01:00:10Z");
        assert_eq!(waiting["issuance"], Value::Null);
        assert_eq!(world.count("SELECT count(*) AS n FROM delivery").await, 0, "held");
        let second = clerk.commands(&waiting, "issue").await;
        assert_eq!(second.json()["metadata"], json!({ "stage": "RELEASING", "needed": "SEALED" }));

        let undone = clerk.does(&waiting, "undoRelease").await;
        assert_eq!((&undone["stage"], &undone["release"]), (&json!("STAGE_SEALED"), &Value::Null));
        assert_eq!(undone["numbering"]["notation"], "01/SNV-VP", "the number stays");
        world.clock.set("2026-11-23T01:00:11Z".parse().unwrap());
        let waiting = held(&clerk, &undone, "release").await;
        tokio::time::sleep(Duration::from_millis(600)).await; // the worker has looked since
        assert_eq!(clerk.reads(&undone).await["stage"], "STAGE_RELEASING", "due at 21, not at 10");
        world.clock.set("2026-11-23T01:00:21Z".parse().unwrap());
        let document = issued(&clerk, &waiting).await;
        assert_eq!(document["issuance"]["act"]["time"], "2026-11-23T01:00:21Z");
        let refused = clerk.commands(&document, "undoRelease").await;
        assert_eq!(refused.refused(), (409, "DELIVERED".to_owned()));
        assert!(refused.json()["detail"].as_str().unwrap().contains("Recall it instead"));
        assert_eq!(world.count("SELECT count(*) AS n FROM delivery").await, 3);
        let events = "SELECT count(*) AS n FROM event WHERE type = 'congvan.documents.document.issued'";
        assert_eq!(world.count(events).await, 1);
        world.end().await;
    }
}

#[tokio::test]
async fn what_is_urgent_is_never_held() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let clerk = world.actor("vanthu.snv").await;
        let mut letter = world.actor("canbo.snv").await.letter(&communes[..1]);
        letter["urgency"] = "URGENCY_FLASH".into();
        let document = crate::issuing::signed_letter(&world, &letter).await;
        assert_eq!(held(&clerk, &document, "issue").await["stage"], "STAGE_ISSUED");
        let document = signed(&world, &communes[..1]).await;
        for wrong in [-1, 61] {
            let refused = clerk.asks(&document, "issue", json!({ "undoSeconds": wrong })).await;
            assert_eq!(refused.violated_fields(), ["undoSeconds"]);
        }
        world.end().await;
    }
}

#[tokio::test]
async fn a_voided_number_stays_spent_and_its_document_goes_nowhere() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let (clerk, head) = (world.actor("vanthu.snv").await, world.actor("lanhdao.snv").await);
        let document = held(&clerk, &signed(&world, &communes[..1]).await, "issue").await;
        let reason = json!({ "reason": "Trùng nội dung với văn bản khác" });
        let refused = clerk.asks(&document, "void", reason.clone()).await;
        assert_eq!(refused.json()["metadata"], json!({ "stage": "RELEASING", "needed": "SEALED" }));
        let document = clerk.does(&document, "undoRelease").await;
        let refused = head.asks(&document, "return", json!({ "reason": "Sai" })).await;
        assert_eq!(refused.refused(), (409, "NUMBER_SPENT".to_owned()));
        assert_eq!(clerk.asks(&document, "void", json!({})).await.violated_fields(), ["reason"]);
        assert_eq!(
            head.asks(&document, "void", reason.clone()).await.refused(),
            (403, "NOT_ALLOWED".to_owned())
        );

        let voided = clerk.asks(&document, "void", reason.clone()).await.ok()["document"].clone();
        assert_eq!(
            (&voided["stage"], &voided["voiding"]["reason"]),
            (&json!("STAGE_VOIDED"), &reason["reason"])
        );
        assert_eq!(
            (officer(&voided["voiding"]["act"]), &voided["numbering"]["notation"]),
            ("Văn thư", &json!("01/SNV-VP"))
        );
        for command in ["issue", "number", "seal", "release", "undoRelease"] {
            let refused = clerk.commands(&voided, command).await;
            assert_eq!(refused.refused(), (409, "DOCUMENT_VOIDED".to_owned()), "{command}");
            assert_eq!(refused.json()["metadata"], json!({ "number": "01", "symbol": "SNV-VP" }));
        }
        let next = clerk.does(&signed(&world, &communes[..1]).await, "issue").await;
        assert_eq!(next["issuance"]["notation"], "02/SNV-VP", "01 stays spent");
        let register = clerk.get(&format!("/v1/agencies/{}/register", clerk.agency_id())).await.ok();
        let lines = register["entries"].as_array().unwrap().iter();
        let lines: Vec<_> = lines.map(|line| (line["number"].clone(), line["reason"].clone())).collect();
        assert_eq!(
            lines,
            [(json!(1), json!("")), (json!(1), reason["reason"].clone()), (json!(2), json!(""))]
        );
        assert!(
            verify(&mut world.documents().read("test").await.unwrap(), Selection::default(), |_| ())
                .await
                .unwrap()
        );
        assert_eq!(clerk.asks(&next, "void", reason).await.refused(), (409, "DELIVERED".to_owned()));
        world.end().await;
    }
}

#[tokio::test]
async fn a_lost_answer_is_given_again() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let clerk = world.actor("vanthu.snv").await;
        let mut document = signed(&world, &communes[..1]).await;
        let steps = [
            ("number", json!({})),
            ("seal", json!({})),
            ("release", json!({ "undoSeconds": 60 })),
            ("undoRelease", json!({})),
            ("void", json!({ "reason": "Không còn cần" })),
        ];
        for (place, (command, mut request)) in steps.into_iter().enumerate() {
            request["requestId"] = format!("019376ad-0000-7000-8000-00000000000{place}").into();
            let first = clerk.asks(&document, command, request.clone()).await.ok();
            assert_eq!(clerk.asks(&document, command, request).await.ok(), first, "{command}");
            document = first["document"].clone();
        }
        assert_eq!(world.count("SELECT max(last_number) AS n FROM register").await, 1);
        world.end().await;
    }
}

#[tokio::test]
async fn the_seal_is_put_on_in_person() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let clerk = world.actor("vanthu.snv").await;
        let wanted = json!({ "apiKey": {
            "name": "Một cửa", "scopes": ["SCOPE_DOCUMENTS_WRITE"], "expireTime": "2027-01-01T00:00:00Z",
        }});
        let key = clerk.post("/v1/apiKeys", &wanted).await.ok()["key"].as_str().unwrap().to_owned();
        let document = signed(&world, &communes[..1]).await;
        let path = |command: &str| format!("/v1/documents/{}:{command}", document["id"].as_str().unwrap());
        let by_key = async |command: &str, document: &Value| {
            let request = json!({ "revision": document["revision"] });
            world.call(Method::POST, &path(command), Some(&key), Some(&request)).await
        };
        assert_eq!(by_key("issue", &document).await.refused(), (403, "NOT_ALLOWED".to_owned()));
        let document = by_key("number", &document).await.ok()["document"].clone();
        assert_eq!(by_key("seal", &document).await.status.as_u16(), 403);
        let document = clerk.does(&document, "seal").await;
        assert_eq!(by_key("issue", &document).await.ok()["document"]["stage"], "STAGE_ISSUED");
        world.end().await;
    }
}

#[tokio::test]
async fn held_deliveries_are_made_once_whichever_statement_fails() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let mut statement = 0;
        loop {
            let clerk = world.actor("vanthu.snv").await;
            let document = held(&clerk, &signed(&world, &communes[..3]).await, "issue").await;
            world.documents().faults().fail_in("deliver_document", statement);
            world.clock.advance(jiff::SignedDuration::from_secs(10));
            issued(&clerk, &document).await;
            statement += 1;
            let delivered = world.count("SELECT count(*) AS n FROM delivery").await;
            assert_eq!(delivered, i64::from(statement) * 3, "statement {statement}");
            if !world.documents().faults().clear() {
                break;
            }
        }
        assert!(statement > 5, "a delivery has more statements than {statement}");
        world.end().await;
    }
}

#[tokio::test]
async fn a_release_that_fell_due_while_the_server_was_down_is_made_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let congvan = Congvan::up(folder.path(), port).await;
    let (loaded, printed) = run(&["demo", "--at", &congvan.address, "--load-only"]).await;
    assert!(loaded, "{printed}");
    let [officer, chief, head, clerk] = actors(&congvan).await;
    let session = officer.get("/v1/sessions/current").await;
    let communes = officer.get("/v1/units?kinds=UNIT_KIND_WARD&pageSize=2").await["units"].clone();
    let recipients: Vec<_> =
        communes.as_array().unwrap().iter().map(|unit| json!({ "unitId": unit["id"] })).collect();
    let draft = json!({
        "draftingUnitId": session["session"]["user"]["appointments"][0]["unitId"],
        "kind": "DOCUMENT_KIND_OFFICIAL_LETTER", "abstract": "V/v khởi động lại", "recipients": recipients,
    });
    let draft = asked(&officer, "/v1/documents", &draft).await;
    let path = format!("/v1/documents/{}", draft["id"].as_str().unwrap());
    let upload = format!("{path}/attachments?fileName=cv.pdf&revision=1");
    officer.send(Method::POST, &upload, sample::LETTER.into()).await.unwrap().ok();
    asked(&officer, &format!("{path}:submit"), &json!({ "revision": 2 })).await;
    for (revision, who) in [(3, &chief), (4, &clerk)] {
        asked(who, &format!("{path}:check"), &json!({ "revision": revision, "check": revision - 2 })).await;
    }
    for (revision, command) in [(5, "approve"), (6, "sign")] {
        asked(&head, &format!("{path}:{command}"), &json!({ "revision": revision })).await;
    }
    let ordered = asked(&clerk, &format!("{path}:issue"), &json!({ "revision": 7, "undoSeconds": 2 })).await;
    assert_eq!(ordered["stage"], "STAGE_RELEASING");
    congvan.kill().await;
    tokio::time::sleep(Duration::from_secs(2)).await;

    let congvan = Congvan::up(folder.path(), port).await;
    let [.., clerk] = actors(&congvan).await;
    let wait = async {
        while clerk.get(&path).await["document"]["stage"] != "STAGE_ISSUED" {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("it is made at the start");
    let board = clerk.get(&format!("{path}/board")).await;
    assert_eq!(board["board"]["counts"][0]["count"], 2);
    assert_eq!(congvan.stop().await.0, Some(0));
}

/// Drafter, head of the unit, head of the agency and document office.
async fn actors(congvan: &Congvan) -> [Client; 4] {
    let nobody = Client::at(&congvan.address);
    let mut actors = Vec::new();
    for name in ["canbo.snv", "truong.vp.snv", "lanhdao.snv", "vanthu.snv"] {
        actors.push(nobody.sign_in(name).await.expect("the process is up"));
    }
    actors.try_into().unwrap_or_else(|_| panic!("four"))
}

/// A POST that must succeed; the document that it answers.
async fn asked(client: &Client, path: &str, body: &Value) -> Value {
    client.call(Method::POST, path, Some(body)).await.expect("the process is up").ok()["document"].clone()
}
