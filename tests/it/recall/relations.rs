//! Documents that correct, amend and replace earlier ones.

use congvan_tests::{Actor, World};
use serde_json::{Value, json};

use super::story::{decision, drafted, issued, relating, signed};

/// What of a document's chain somebody sees: kind and notation, the latest first.
fn chain(document: &Value, direction: &str) -> Vec<String> {
    let related = document[direction].as_array().unwrap().iter();
    let line = |one: &Value| {
        let kind = one["kind"].as_str().unwrap().replace("RELATION_KIND_", "");
        format!("{kind} {}", one["notation"].as_str().unwrap())
    };
    related.map(line).collect()
}

/// A decision that replaces or amends an earlier one.
fn deciding(kind: &str, earlier: &Value) -> impl Fn(&mut Value) + use<> {
    let relate = relating(kind, earlier);
    move |document| {
        decision(document);
        relate(document);
    }
}

async fn office<'w>(world: &'w World, commune: &Value) -> Actor<'w> {
    let (_, handle) = commune["code"].as_str().unwrap().rsplit_once('.').unwrap();
    world.actor(&format!("vanthu.{handle}")).await
}

#[tokio::test]
async fn a_chain_of_replacements_is_shown_to_whoever_may_read_it() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let first = issued(&world, &communes[..2], decision).await;
        issued(&world, &communes[..2], relating("CORRECTS", &first)).await;
        world.clock.advance(jiff::SignedDuration::from_mins(1));
        let second = issued(&world, &communes[..1], deciding("REPLACES", &first)).await;
        world.clock.advance(jiff::SignedDuration::from_mins(1));
        let third = issued(&world, &communes[..1], deciding("REPLACES", &second)).await;

        let clerk = world.actor("vanthu.snv").await;
        let both = office(&world, &communes[0]).await;
        for reader in [&clerk, &both] {
            let read = reader.reads(&first).await;
            let later = ["REPLACES 04/QĐ-SNV", "REPLACES 03/QĐ-SNV", "CORRECTS 02/SNV-VP"];
            assert_eq!(chain(&read, "laterDocuments"), later);
            let marks = json!(["DOCUMENT_MARK_REPLACED", "DOCUMENT_MARK_CORRECTED"]);
            assert_eq!(read["marks"], marks);
            let read = reader.reads(&third).await;
            assert_eq!(chain(&read, "earlierDocuments"), ["REPLACES 03/QĐ-SNV", "REPLACES 01/QĐ-SNV"]);
            assert_eq!((chain(&read, "laterDocuments").len(), &read["marks"]), (0, &json!([])));
        }
        let one = office(&world, &communes[1]).await;
        let read = one.reads(&first).await;
        assert_eq!(chain(&read, "laterDocuments"), ["CORRECTS 02/SNV-VP"], "the others did not go there");
        let listed = one.inbox().await;
        let listed = listed.iter().find(|delivery| delivery["documentId"] == first["id"]).unwrap();
        assert_eq!(listed["documentMarks"], read["marks"], "but that it was replaced is told");
        world.end().await;
    }
}

#[tokio::test]
async fn what_the_law_does_not_know_is_refused_with_its_rule() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let to = &communes[..1];
        let officer = world.actor("canbo.snv").await;
        let first = issued(&world, to, decision).await;
        let draft = drafted(&world, to, decision).await;
        let unknown = json!({ "id": "019376ad-0000-7000-8000-000000000001" });
        for (change, rule) in [
            (relating("REPLACES", &first), "the same kind only: Quyết định"),
            (relating("AMENDS", &first), "the same kind only: Quyết định"),
            (relating("CORRECTS", &draft), "is not issued"),
            (relating("CORRECTS", &unknown), "no document of the agency"),
        ] {
            let document = drafted(&world, to, change).await;
            let refused = officer.commands(&document, "submit").await;
            assert_eq!(refused.refused(), (409, "RELATION_NOT_ALLOWED".to_owned()));
            assert_eq!(refused.violated_fields(), ["document.relations[0]"]);
            assert!(refused.json().to_string().contains(rule), "{rule}: {}", refused.json());
        }
        let document = drafted(&world, to, deciding("CORRECTS", &first)).await;
        let refused = officer.commands(&document, "submit").await;
        assert!(refused.json().to_string().contains("by công văn only"), "{}", refused.json());

        let mut letter = officer.letter(to);
        let kind = "RELATION_KIND_ANSWERS";
        letter["relations"] = json!([
            { "kind": kind, "documentId": first["id"] },
            { "kind": kind, "documentId": first["id"] },
            { "kind": kind, "documentId": "x" },
        ]);
        let refused = officer.post("/v1/documents", &letter).await;
        let fields = ["document.relations[1].documentId", "document.relations[2].documentId"];
        assert_eq!(refused.violated_fields(), fields);
        world.end().await;
    }
}

#[tokio::test]
async fn of_two_replacements_of_one_document_the_second_is_refused_when_it_is_issued() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let to = &communes[..1];
        let first = issued(&world, to, decision).await;
        let rivals = [
            signed(&world, to, deciding("REPLACES", &first)).await,
            signed(&world, to, deciding("REPLACES", &first)).await,
        ];
        let clerk = world.actor("vanthu.snv").await;
        clerk.does(&rivals[0], "issue").await;
        let refused = clerk.commands(&rivals[1], "issue").await;
        assert_eq!(refused.refused(), (409, "RELATION_NOT_ALLOWED".to_owned()));
        assert!(refused.json().to_string().contains("was replaced by 02/QĐ-SNV"), "{}", refused.json());
        assert_eq!(world.count("SELECT count(*) AS n FROM document_relation").await, 1);
        world.end().await;
    }
}
