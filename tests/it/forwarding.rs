//! A recipient hands a document on, as far as its circulation mark lets it, and the sender sees where it went.

use base::Uuid;
use congvan_tests::World;
use serde_json::{Value, json};
use sql::{params, statement};

use crate::{
    handling::{commands, issued},
    issuing::signed_letter,
};

#[tokio::test]
async fn what_is_forwarded_is_traced_apart_and_told_as_a_duplicate() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let document = issued(&world, &communes[..2]).await;
        let (first, second) = (world.actor("vanthu.03646").await, world.actor("vanthu.03664").await);
        let to = json!({ "recipients": [{ "unitId": communes[1]["id"] }], "note": "Chuyển để phối hợp" });
        let arrived = first.inbox().await[0].clone();
        let early = commands(&first, &arrived, "forward", to.clone()).await;
        assert_eq!(early["reason"], "WRONG_DELIVERY_STATUS", "what is not accepted is not handed on");
        let accepted = first.accepts(&arrived).await;
        let traced = commands(&first, &accepted, "forward", to).await;
        assert_eq!(traced["trail"]["forwarded"][0]["recipientId"], communes[1]["id"]);

        let inbox = second.inbox().await;
        assert_eq!(inbox.len(), 2, "from the sender, and from the neighbour");
        let (newer, older) = (&inbox[0], &inbox[1]);
        assert_eq!(newer["duplicates"][0]["cause"], "DUPLICATE_CAUSE_DOCUMENT");
        assert_eq!(newer["duplicates"][0]["deliveryId"], older["id"]);
        assert_eq!(older["duplicates"], json!([]), "what came first repeats nothing");
        let number = second.accepts(older).await["arrivalNumber"].clone();
        let again = second.accepts(newer).await;
        assert_eq!(
            again["arrivalNumber"], number,
            "an alert and no ban; one document, one line of the register"
        );
        assert_eq!(again["trail"]["forwarding"]["note"], "Chuyển để phối hợp");

        let board = world.actor("canbo.snv").await.board(&document).await;
        assert_eq!((&board["total"], &board["forwardedCount"]), (&json!(2), &json!(1)));
        assert_eq!(board["forwarded"][0]["trail"]["forwarding"]["forwarderId"], communes[0]["id"]);
        world.end().await;
    }
}

#[tokio::test]
async fn a_document_with_number_symbol_and_issuer_of_another_is_told_as_its_duplicate() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let first = issued(&world, &communes[..1]).await;
        let second = issued(&world, &communes[..1]).await;
        let ward = world.actor("vanthu.03646").await;
        assert!(ward.inbox().await.iter().all(|delivery| delivery["duplicates"] == json!([])));

        // Registers give no number twice. It is what comes from elsewhere that does.
        let (number, id) = (first["issuance"]["number"].as_i64().unwrap(), second["id"].as_str().unwrap());
        let mut tx = world.documents().write("test").await.unwrap();
        let again = statement("AGAIN", "UPDATE document SET number = $2 WHERE id = $1");
        tx.execute(&again, params![id.parse::<Uuid>().unwrap(), number]).await.unwrap();
        tx.commit().await.unwrap();

        let inbox = ward.inbox().await;
        let (newer, older) = (&inbox[0], &inbox[1]);
        assert_eq!(newer["notation"], older["notation"]);
        assert_eq!(older["duplicates"], json!([]), "what came first repeats nothing");
        let alert = &newer["duplicates"][0];
        assert_eq!(
            (&alert["cause"], &alert["deliveryId"]),
            (&json!("DUPLICATE_CAUSE_NOTATION"), &older["id"])
        );
        let numbers = [ward.accepts(older).await, ward.accepts(newer).await];
        let numbers = numbers.map(|accepted| accepted["arrivalNumber"].clone());
        assert_eq!(numbers, [json!(1), json!(2)], "an alert and no ban; two documents, two lines");
        world.end().await;
    }
}

/// A letter with a circulation mark, signed and ready to be issued.
async fn marked(world: &World, recipients: &[Value], mark: &str) -> Value {
    let officer = world.actor("canbo.snv").await;
    let mut letter = officer.letter(recipients);
    letter["circulationMark"] = format!("CIRCULATION_MARK_{mark}").into();
    signed_letter(world, &letter).await
}

#[tokio::test]
async fn circulation_marks_are_kept() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let clerk = world.actor("vanthu.snv").await;
        let document = marked(&world, &communes[..1], "RETURN_AFTER_READING").await;
        let issued = clerk.does(&document, "issue").await;
        assert_eq!(issued["circulationMark"], "CIRCULATION_MARK_RETURN_AFTER_READING");
        let ward = world.actor("vanthu.03646").await;
        let accepted = ward.accepts(&ward.inbox().await[0]).await;
        let to = json!({ "recipients": [{ "unitId": communes[1]["id"] }] });
        let refused = commands(&ward, &accepted, "forward", to).await;
        assert_eq!(refused["metadata"]["circulation_mark"], "RETURN_AFTER_READING", "{refused}");

        let inside = marked(&world, &communes[..1], "INTERNAL").await;
        let refused = clerk.commands(&inside, "issue").await;
        assert_eq!(refused.refused(), (409, "NOT_TO_CIRCULATE".to_owned()), "no other agency receives it");
        let own = json!({ "id": clerk.unit_id() });
        let inside = marked(&world, &[own], "INTERNAL").await;
        let issued = clerk.does(&inside, "issue").await;
        assert_eq!(issued["issuance"]["number"], 2, "what was refused took no number");
        world.end().await;
    }
}
