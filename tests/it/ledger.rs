//! Registers as ledgers: what is changed behind the service's back is found, and where.

use congvan_tests::{
    World,
    process::{Congvan, run},
};
use documents::{Selection, Verdict, verify};
use jiff::SignedDuration;
use serde_json::Value;
use sql::{Queries, statement};

use crate::issuing::signed;

/// How many letters the department issues in these stories.
const LETTERS: i64 = 4;

/// A department has issued some letters, and a ward has accepted them.
async fn written(world: &World) -> (String, String) {
    let communes = world.communes().await;
    let ward = communes.iter().find(|unit| unit["code"].as_str().unwrap().ends_with("03646")).unwrap();
    let (clerk, ward_clerk) = (world.actor("vanthu.snv").await, world.actor("vanthu.03646").await);
    for _ in 0..LETTERS {
        let document = signed(world, std::slice::from_ref(ward)).await;
        clerk.does(&document, "issue").await;
        let inbox = ward_clerk.inbox().await;
        let arrived = inbox.iter().find(|delivery| delivery["status"] == "DELIVERY_STATUS_ARRIVED");
        ward_clerk.accepts(arrived.unwrap()).await;
    }
    signed(world, std::slice::from_ref(ward)).await; // another is not issued yet
    (clerk.agency_id().to_owned(), ward_clerk.agency_id().to_owned())
}

async fn verdicts(db: &mut impl Queries) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    let fits = verify(db, Selection::default(), |verdict| verdicts.push(verdict.clone())).await.unwrap();
    assert_eq!(fits, verdicts.iter().all(|verdict| verdict.misfit.is_none()));
    verdicts
}

/// What is wrong after these changes, which are undone again: registers, lines and why, as an operator reads them.
async fn after(world: &World, changes: &[&'static str]) -> Vec<String> {
    let mut tx = world.documents().write("tampering").await.unwrap();
    for change in changes {
        let touched = tx.execute(&statement("TAMPER", change), Vec::new()).await.unwrap();
        assert!(touched > 0, "{change}");
    }
    let verdicts = verdicts(&mut tx).await;
    verdicts.iter().filter(|verdict| verdict.misfit.is_some()).map(ToString::to_string).collect()
}

/// Waits until so many seals are there.
async fn sealed(world: &World, seals: i64) {
    for _ in 0..600 {
        if world.count("SELECT count(*) AS n FROM register_seal").await == seals {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{seals} seals expected");
}

/// Each change, the line that it must be found at, and a word of why.
const OUTGOING: &[(&[&str], i64, &str)] = &[
    (
        &["UPDATE register_entry SET document_id = (SELECT id FROM document WHERE stage <> 'ISSUED')
        WHERE direction = 'OUTGOING' AND number = 2"],
        2,
        "hash",
    ),
    (&["UPDATE register_entry SET notation = '02/X' WHERE direction = 'OUTGOING' AND number = 2"], 2, "hash"),
    (
        &["UPDATE register_entry SET issued_on = '2026-11-22' WHERE direction = 'OUTGOING' AND number = 3"],
        3,
        "hash",
    ),
    (
        &["UPDATE register_entry SET summary = 'V/v khác' WHERE direction = 'OUTGOING' AND number = 1"],
        1,
        "hash",
    ),
    (&["UPDATE register_entry SET salt = 'X' WHERE direction = 'OUTGOING' AND number = 3"], 3, "hash"),
    (
        &[
            "UPDATE register_entry SET notation = NULL, description_hash = 'X' WHERE direction = 'OUTGOING' AND number = 3",
        ],
        3,
        "hash",
    ),
    (
        &["UPDATE register_entry SET notation = NULL WHERE direction = 'OUTGOING' AND number = 3"],
        3,
        "unreadable",
    ),
    (
        &["UPDATE register_entry SET signer_name = 'Người khác' WHERE direction = 'OUTGOING' AND number = 4"],
        4,
        "hash",
    ),
    (
        &["UPDATE register_entry SET counterpart_name = 'X' WHERE direction = 'OUTGOING' AND number = 2"],
        2,
        "hash",
    ),
    (
        &["UPDATE register_entry SET created_at = '2026-11-23T00:59:59.999999Z'
        WHERE direction = 'OUTGOING' AND number = 2"],
        2,
        "hash",
    ),
    (
        &["UPDATE register_entry SET previous_hash = hash WHERE direction = 'OUTGOING' AND number = 2"],
        2,
        "previous hash",
    ),
    (
        &["UPDATE register_entry SET hash = previous_hash WHERE direction = 'OUTGOING' AND number = 2"],
        2,
        "hash",
    ),
    (&["UPDATE register_entry SET hash = NULL WHERE direction = 'OUTGOING' AND number = 4"], 4, "hash"),
    (&["UPDATE document SET summary = 'V/v khác' WHERE number = 3"], 3, "its abstract"),
    (&["UPDATE document SET signer_name = 'Người khác' WHERE number = 2"], 2, "its signer"),
    (&["UPDATE document SET symbol = 'X' WHERE number = 2"], 2, "its notation"),
    (&["UPDATE document SET issued_on = '2026-11-22' WHERE number = 2"], 2, "its date"),
    (&["UPDATE register_entry SET number = 9 WHERE direction = 'OUTGOING' AND number = 2"], 2, "hash"),
    (&["UPDATE register_entry SET act = 'VOIDED' WHERE direction = 'OUTGOING' AND number = 2"], 2, "hash"),
    (&["UPDATE register_entry SET reason = 'X' WHERE direction = 'OUTGOING' AND number = 2"], 2, "hash"),
    (
        &["UPDATE register_entry SET officer_name = 'X' WHERE direction = 'OUTGOING' AND number = 2"],
        2,
        "hash",
    ),
    (&["DELETE FROM register_entry WHERE direction = 'OUTGOING' AND number = 2"], 2, "gap"),
    (&["DELETE FROM register_entry WHERE direction = 'OUTGOING' AND number = 4"], 4, "gap"),
    (&["UPDATE register_entry SET line = 9 WHERE direction = 'OUTGOING' AND number = 3"], 3, "gap"),
    (&["UPDATE register_entry SET line = 5 WHERE direction = 'OUTGOING' AND number = 4"], 4, "gap"),
    (
        &[
            "UPDATE register_entry SET line = 9 WHERE direction = 'OUTGOING' AND number = 2",
            "UPDATE register_entry SET line = 2 WHERE direction = 'OUTGOING' AND line = 3",
            "UPDATE register_entry SET line = 3 WHERE direction = 'OUTGOING' AND line = 9",
        ],
        2,
        "previous hash",
    ),
    (&["UPDATE register SET last_line = 3 WHERE direction = 'OUTGOING'"], 4, "beyond"),
    (&["UPDATE register SET last_line = 5 WHERE direction = 'OUTGOING'"], 5, "gap"),
    (&["UPDATE register SET last_number = 3 WHERE direction = 'OUTGOING'"], 4, "last number"),
    (&["UPDATE register SET last_number = 5 WHERE direction = 'OUTGOING'"], 4, "last number"),
    (&["UPDATE register SET last_hash = 'x' WHERE direction = 'OUTGOING'"], 4, "head"),
    (&["DELETE FROM register WHERE direction = 'OUTGOING'"], 1, "beyond"),
];

#[tokio::test]
async fn the_first_line_that_was_tampered_with_is_named() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let (sender, receiver) = written(&world).await;
        let lines: Vec<_> = verdicts(&mut world.documents().read("test").await.unwrap()).await;
        assert_eq!(lines.iter().map(|verdict| verdict.lines).collect::<Vec<_>>(), [LETTERS; 2]);
        assert_eq!(after(&world, &[]).await, Vec::<String>::new());

        let name = format!("{sender} OUTGOING 2026: ");
        for (changes, number, why) in OUTGOING {
            let told = after(&world, changes).await;
            let told =
                told.iter().find(|told| told.starts_with(&name)).unwrap_or_else(|| panic!("{changes:?}"));
            let expected = format!("{name}LINE {number} DOES NOT FIT: ");
            assert!(told.starts_with(&expected) && told.contains(why), "{changes:?}: {told}");
        }
        // A line that was moved to another register is missing in one and has no place in the other.
        let told = after(
            &world,
            &["UPDATE register_entry SET year = 2027 WHERE direction = 'INCOMING' AND number = 4"],
        );
        let gap = |year: i16, number: i32, before: i32| {
            format!(
                "{receiver} INCOMING {year}: LINE {number} DOES NOT FIT: gap: there is no such line; \
                 {before} lines before it do, not sealed yet"
            )
        };
        assert_eq!(told.await, [gap(2026, 4, 3), gap(2027, 1, 0)]);
        world.end().await;
    }
}

/// Changes of seals, each with the line at whose seal it must be found.
const SEALS: &[(&str, i64)] = &[
    ("UPDATE register_seal SET line_hash = hash WHERE direction = 'OUTGOING' AND last_line = 5", 5),
    ("UPDATE register_seal SET day = '2026-11-22' WHERE direction = 'OUTGOING' AND last_line = 5", 5),
    ("UPDATE register_seal SET last_line = 4 WHERE direction = 'OUTGOING' AND last_line = 5", 4),
    (
        "UPDATE register_seal SET sealed_at = created_at FROM register_entry AS entry
        WHERE register_seal.direction = 'OUTGOING' AND last_line = 6 AND entry.number = 1",
        6,
    ),
    ("DELETE FROM register_seal WHERE direction = 'OUTGOING' AND last_line = 5", 6),
];

/// Who cuts off the end of a register, and has it say so.
const CUT_OFF: [&str; 2] = [
    "DELETE FROM register_entry WHERE direction = 'OUTGOING' AND number > 4",
    "UPDATE register SET last_number = 4, last_line = 4, last_hash = (SELECT hash FROM register_entry AS entry
        WHERE entry.direction = 'OUTGOING' AND entry.number = 4) WHERE direction = 'OUTGOING'",
];

/// Seals of a register with six lines, of which the fifth and the sixth are sealed.
async fn tampered_seals(world: &World, sender: &str) {
    for (change, number) in SEALS {
        let told = after(world, &[change]).await;
        let expected = format!("{sender} OUTGOING 2026: LINE {number} DOES NOT FIT: seal");
        assert!(told.len() == 1 && told[0].starts_with(&expected), "{change}: {told:?}");
    }
    let told = after(world, &CUT_OFF).await;
    assert!(told.len() == 1 && told[0].contains("LINE 5 DOES NOT FIT: gap"), "{told:?}");
}

#[tokio::test]
async fn every_legal_day_is_sealed_once_and_what_was_sealed_stays() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let (sender, receiver) = written(&world).await;
        world.clock.set("2026-11-23T16:59:59.999999Z".parse().unwrap());
        let communes = world.communes().await;
        let late = signed(&world, &communes[..1]).await;
        let next = signed(&world, &communes[..1]).await;
        world.actor("vanthu.snv").await.does(&late, "issue").await;
        assert_eq!(world.count("SELECT count(*) AS n FROM register_seal").await, 0, "the day is not over");

        world.clock.set("2026-11-23T17:00:00Z".parse().unwrap());
        sealed(&world, 2).await;
        world.actor("vanthu.snv").await.does(&next, "issue").await;
        let count = |query| world.count(query);
        let last = count("SELECT last_line AS n FROM register_seal WHERE direction = 'OUTGOING'").await;
        assert_eq!(last, LETTERS + 1, "the lines of the day, up to its last moment");
        for _ in 0..20 {
            world.clock.advance(SignedDuration::from_mins(6)); // the sealer looks again and finds nothing to do
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert_eq!(count("SELECT count(*) AS n FROM register_seal").await, 2);

        world.clock.set("2026-11-26T01:00:00Z".parse().unwrap());
        sealed(&world, 3).await; // only one register has a new line
        let told = verdicts(&mut world.documents().read("test").await.unwrap()).await;
        let mut told: Vec<_> = told.iter().map(ToString::to_string).collect();
        told.sort();
        let mut expected = [
            format!("{sender} OUTGOING 2026: 6 lines, last number 6, no gaps, sealed until 2026-11-25"),
            format!("{receiver} INCOMING 2026: 4 lines, last number 4, no gaps, sealed until 2026-11-23"),
        ];
        expected.sort();
        assert_eq!(told, expected);

        tampered_seals(&world, &sender).await;
        world.end().await;
    }
}

#[tokio::test]
async fn the_program_verifies_while_the_system_runs_and_fails_when_a_line_does_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    let up = Congvan::up(folder.path(), 0).await;
    let (played, story) = run(&["demo", "--at", &up.address]).await;
    assert!(played, "{story}");
    let url = format!("sqlite:{}", folder.path().join("documents.db").display());
    let verify = ["register", "verify", "--database", &url];
    let (fits, printed) = run(&verify).await;
    assert!(
        fits && printed.ends_with("73 registers, every one fits\n"),
        "one sender, 72 receivers: {printed}"
    );
    assert_eq!(printed.matches(": 1 lines, last number 1, no gaps, not sealed yet").count(), 73, "{printed}");

    let clerk = up.client().sign_in("vanthu.snv").await.unwrap();
    let session = clerk.get("/v1/sessions/current").await;
    let agency = session["session"]["user"]["appointments"][0]["agencyId"].as_str().unwrap().to_owned();
    let entry = clerk.get(&format!("/v1/agencies/{agency}/register")).await["entries"][0].clone();
    let long = |hash: &Value| hash.as_str().is_some_and(|hash| hash.len() == 64);
    assert!(long(&entry["hash"]) && long(&entry["previousHash"]), "{entry}");
    let (fits, printed) = run(&[&verify[..], &["--agency", &agency, "--year", "2025"]].concat()).await;
    assert!(fits && printed == "0 registers, every one fits\n", "none of that year: {printed}");

    let db = sql::Db::open(&url).unwrap();
    let mut tx = db.write("tampering").await.unwrap();
    let tamper = statement("TAMPER", "UPDATE document SET summary = 'V/v khác' WHERE number = 1");
    assert_eq!(tx.execute(&tamper, Vec::new()).await.unwrap(), 1);
    tx.commit().await.unwrap();
    db.close().await;
    let (fits, printed) = run(&[&verify[..], &["--agency", &agency]].concat()).await;
    let misfit = format!("{agency} OUTGOING ");
    assert!(!fits && printed.starts_with(&misfit), "{printed}");
    assert!(printed.contains("LINE 1 DOES NOT FIT: document: its abstract"), "{printed}");
    assert!(printed.ends_with("1 of 1 registers DO NOT FIT\n"), "{printed}");
    assert_eq!(up.stop().await.0, Some(0));

    let (ran, printed) = run(&["register", "verify", "--database", "sqlite:/nowhere.db"]).await;
    assert!(!ran && printed.contains("there is no file /nowhere.db"), "{printed}");
}
