//! The database of an earlier version is brought forward with what is in it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use base::{Clock, Ids, SystemClock, SystemRandom, Uuid};
use blobs::Blobs;
use documents::{Documents, DocumentsConfig, Foundation, Selection, verify};
use kit::{lifecycle::Lifecycle, transport::Transport};
use sql::{Column, Db, Kind, Queries, Value, params, statement, testing};

/// Lines of the register before: more than are filled in with one statement.
const LINES: u128 = 1203;

const DOCUMENT: [Column; 19] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("agency_id", Kind::Uuid),
    Column::new("agency_name", Kind::Text),
    Column::new("drafting_unit_id", Kind::Uuid),
    Column::new("drafter_id", Kind::Uuid),
    Column::new("drafter_name", Kind::Text),
    Column::new("drafter_position", Kind::Text),
    Column::new("kind", Kind::Int),
    Column::new("summary", Kind::Text),
    Column::new("urgency", Kind::Int),
    Column::new("language", Kind::Text),
    Column::new("pages", Kind::Int),
    Column::new("note", Kind::Text),
    Column::new("has_main_file", Kind::Bool),
    Column::new("stage", Kind::Text),
    Column::new("signer_name", Kind::Text),
    Column::new("created_at", Kind::Time),
    Column::new("updated_at", Kind::Time),
];

const ENTRY: [Column; 7] = [
    Column::new("agency_id", Kind::Uuid),
    Column::new("direction", Kind::Text),
    Column::new("year", Kind::Int),
    Column::new("number", Kind::Int),
    Column::new("document_id", Kind::Uuid),
    Column::new("counterpart_name", Kind::Text),
    Column::new("created_at", Kind::Time),
];

const AGENCY: Uuid = Uuid::from_u128(7);

/// The schema before registers were ledgers.
async fn schema_before(db: &Db) {
    let ledger = |migration: &sql::Migration| migration.name == "documents/0004_ledger";
    let first = Documents::MIGRATIONS.iter().position(ledger).unwrap();
    db.migrate(&Documents::MIGRATIONS[..first], &SystemClock).await.unwrap();
}

fn document(number: u128) -> Vec<Value> {
    let (id, now) = (Uuid::from_u128(1000 + number), SystemClock.now());
    let (unit, summary) = (Uuid::from_u128(8), format!("V/v việc thứ {number}"));
    params![
        id,
        1_i64,
        AGENCY,
        "Sở",
        unit,
        id,
        "Lò Thị Bình",
        "Chuyên viên",
        1_i64,
        summary,
        1_i64,
        "vi",
        1_i64,
        "",
        true,
        "ISSUED",
        "Đỗ Văn An",
        now,
        now
    ]
}

/// A department has issued letters under a version that kept no hashes, and accepted one of its own.
async fn registers_without_hashes(db: &Db) {
    schema_before(db).await;
    let now = SystemClock.now();
    let mut tx = db.write("before").await.unwrap();
    tx.insert("document", &DOCUMENT, (1..=LINES).map(document).collect()).await.unwrap();
    let day = base::legal_date(now);
    let line = |direction: &str, number: u128, document: u128| {
        let number = i64::try_from(number).unwrap();
        params![AGENCY, direction, 2026_i64, number, Uuid::from_u128(1000 + document), "", now]
    };
    let mut lines: Vec<_> = (1..=LINES).map(|number| line("OUTGOING", number, number)).collect();
    lines.push(line("INCOMING", 1, 12));
    tx.insert("register_entry", &ENTRY, lines).await.unwrap();
    let numbers = "UPDATE document SET issued_on = $1, symbol = 'SNV-VP', number =
        (SELECT entry.number FROM register_entry AS entry WHERE entry.document_id = document.id AND direction = 'OUTGOING')";
    tx.execute(&statement("NUMBERS", numbers), params![day]).await.unwrap();
    let register = "INSERT INTO register (agency_id, direction, year, last_number, last_date) VALUES ($1, $2, 2026, $3, $4)";
    for (direction, last) in [("OUTGOING", LINES), ("INCOMING", 1)] {
        let values = params![AGENCY, direction, i64::try_from(last).unwrap(), day];
        tx.execute(&statement("REGISTER", register), values).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn registers_of_an_earlier_version_become_ledgers() {
    let folder = tempfile::tempdir().unwrap();
    let mut urls = vec![format!("sqlite:{}", folder.path().join("documents.db").display())];
    if let Some(administrator) = testing::postgres_url() {
        let name = format!("documents_upgrade_{}", std::process::id());
        urls.push(testing::create_postgres(&administrator, &name).await.unwrap());
    }
    for url in urls {
        let db = Db::open(&url).unwrap();
        registers_without_hashes(&db).await;
        for _ in 0..2 {
            let clock = Arc::new(SystemClock);
            let foundation = Foundation {
                db: db.clone(),
                blobs: Blobs::local(folder.path().join("files")).await.unwrap(),
                directory: Transport::remote("http://127.0.0.1:9").unwrap(),
                clock: clock.clone(),
                ids: Ids::new(clock, Arc::new(SystemRandom)),
                life: Lifecycle::default(),
            };
            Documents::open(foundation, DocumentsConfig::default()).await.unwrap();
            let mut told = Vec::new();
            let mut read = db.read("test").await.unwrap();
            let fits =
                verify(&mut read, Selection::default(), |verdict| told.push(verdict.to_string())).await;
            assert!(fits.unwrap(), "{told:?}");
            assert_eq!(
                told,
                [("INCOMING", 1), ("OUTGOING", LINES)].map(|(direction, lines)| format!(
                    "{AGENCY} {direction} 2026: {lines} lines, last number {lines}, no gaps, not sealed yet"
                ))
            );
            let facts = "SELECT notation, summary, signer_name FROM register_entry
                WHERE direction = 'OUTGOING' AND line IN (2, 1203) ORDER BY line";
            let rows = read.all(&statement("FACTS", facts), vec![]).await.unwrap();
            let text = |index: usize, column: &str| rows[index].get::<String>(column).unwrap();
            assert_eq!(
                (text(0, "notation"), text(1, "notation")),
                ("02/SNV-VP".into(), "1203/SNV-VP".into())
            );
            assert_eq!(
                (text(1, "summary"), text(1, "signer_name")),
                ("V/v việc thứ 1203".into(), "Đỗ Văn An".into())
            );
        }
    }
}
