//! The same story on both engines.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use base::{Date, Ids, ManualClock, SystemRandom, Timestamp, Uuid};
use sql::{
    Column, Db, Engine, Kind, Migration, Queries, Value,
    answers::{self, Once},
    params, testing,
};

const SCHEMA: Migration = Migration {
    name: "test/0001_start",
    text: "CREATE TABLE thing (
        id UUID PRIMARY KEY, label TEXT NOT NULL, size BIGINT NOT NULL, kept BOOLEAN NOT NULL,
        seen_at TIMESTAMPTZ NOT NULL, due DATE, body BYTEA
    );
    CREATE TABLE counter (name TEXT PRIMARY KEY, last BIGINT NOT NULL);",
};

sql::statements! {
    INSERT = "INSERT INTO thing (id, label, size, kept, seen_at, due, body) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    FIND = "SELECT * FROM thing WHERE id = $1 FOR UPDATE";
    AMONG = "SELECT label FROM thing WHERE id = ANY($1) AND label = ANY($2) ORDER BY seen_at, label";
    COUNT = "SELECT count(*) AS n FROM thing";
    TAKE = "INSERT INTO counter (name, last) VALUES ($1, 1)
        ON CONFLICT (name) DO UPDATE SET last = counter.last + 1 RETURNING last";
}

const BROKEN: &sql::Statement = &sql::statement("BROKEN", "SELECT nothing FROM nowhere");

struct Bench {
    db: Db,
    clock: ManualClock,
    /// Holds the SQLite file for as long as the bench lives.
    #[expect(dead_code, reason = "held, and removed by drop")]
    folder: Option<tempfile::TempDir>,
}

/// Every engine that this run has: SQLite always, PostgreSQL when `make test` started one.
async fn benches() -> Vec<Bench> {
    let clock = ManualClock::at("2026-11-23T01:02:03.000004Z".parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite:{}", folder.path().join("test.db").display());
    let mut benches = vec![bench(&sqlite, &clock, Some(folder)).await];
    if let Some(administrator) = testing::postgres_url() {
        let ids = Ids::new(Arc::new(clock.clone()), Arc::new(SystemRandom));
        let name = format!("sql_{}", ids.next().simple());
        let url = testing::create_postgres(&administrator, &name).await.unwrap();
        benches.push(bench(&url, &clock, None).await);
    }
    benches
}

async fn bench(url: &str, clock: &ManualClock, folder: Option<tempfile::TempDir>) -> Bench {
    let db = Db::open(url).unwrap();
    db.migrate(&[answers::MIGRATION, SCHEMA], clock).await.unwrap();
    assert_eq!(db.engine() == Engine::Sqlite, folder.is_some());
    Bench { db, clock: clock.clone(), folder }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

#[tokio::test]
async fn every_type_comes_back_as_it_went() {
    for Bench { db, .. } in &benches().await {
        let time: Timestamp = "2026-12-31T16:59:59.999999Z".parse().unwrap();
        let date: Date = "2026-12-31".parse().unwrap();
        let mut tx = db.write("test").await.unwrap();
        let values = params![id(1), "Quyết định", 7_i64, true, time, date, vec![0_u8, 255]];
        tx.execute(&INSERT, values).await.unwrap();
        tx.execute(&INSERT, params![id(2), "", -1_i64, false, time, None::<Date>, None::<Vec<u8>>])
            .await
            .unwrap();
        tx.commit().await.unwrap();

        let mut read = db.read("test").await.unwrap();
        let row = read.one(&FIND, params![id(1)]).await.unwrap();
        assert_eq!(row.get::<String>("label").unwrap(), "Quyết định");
        assert_eq!(row.get::<i64>("size").unwrap(), 7);
        assert!(row.get::<bool>("kept").unwrap());
        assert_eq!(row.get::<Timestamp>("seen_at").unwrap(), time);
        assert_eq!(row.get::<Option<Date>>("due").unwrap(), Some(date));
        assert_eq!(row.get::<Vec<u8>>("body").unwrap(), [0, 255]);
        let row = read.one(&FIND, params![id(2)]).await.unwrap();
        assert_eq!(row.get::<Option<Date>>("due").unwrap(), None);
        assert_eq!(row.get::<Option<Vec<u8>>>("body").unwrap(), None);
        assert!(read.optional(&FIND, params![id(3)]).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_thousand_rows_go_in_with_one_statement_and_are_rewritten_with_one() {
    const COLUMNS: [Column; 7] = [
        Column::new("id", Kind::Uuid),
        Column::new("label", Kind::Text),
        Column::new("size", Kind::Int),
        Column::new("kept", Kind::Bool),
        Column::new("seen_at", Kind::Time),
        Column::new("due", Kind::Date),
        Column::new("body", Kind::Bytes),
    ];
    for Bench { db, clock, .. } in &benches().await {
        use base::Clock;
        let now = clock.now();
        let due: Date = "2026-11-24".parse().unwrap();
        let rows = (0..1000_u32).map(|n| {
            let body = (n % 2 == 0).then(|| vec![1_u8, 2]);
            params![id(u128::from(n)), format!("Xã \"{n}\", 'q' {{}}"), n, n % 2 == 0, now, Some(due), body]
        });
        let mut tx = db.write("test").await.unwrap();
        assert_eq!(tx.insert("thing", &COLUMNS, rows.collect()).await.unwrap(), 1000);
        assert_eq!(tx.insert("thing", &COLUMNS, vec![]).await.unwrap(), 0);
        let row = tx.one(&FIND, params![id(6)]).await.unwrap();
        assert_eq!(row.get::<String>("label").unwrap(), "Xã \"6\", 'q' {}");
        assert_eq!(row.get::<Timestamp>("seen_at").unwrap(), now);
        assert_eq!(row.get::<Option<Date>>("due").unwrap(), Some(due));
        assert_eq!(row.get::<Option<Vec<u8>>>("body").unwrap(), Some(vec![1, 2]));
        let row = tx.one(&FIND, params![id(7)]).await.unwrap();
        assert!(!row.get::<bool>("kept").unwrap());
        assert_eq!(row.get::<Option<Vec<u8>>>("body").unwrap(), None);
        let labels = vec!["Xã \"6\", 'q' {}".to_owned(), "Xã \"8\", 'q' {}".to_owned()];
        let found = tx.all(&AMONG, params![vec![id(5), id(6)], labels]).await.unwrap();
        assert_eq!(found.len(), 1);

        let rewritten =
            (0..3_u32).map(|n| params![id(u128::from(n) + 6), format!("Phường {n}"), 70_i64 + i64::from(n)]);
        let rows = rewritten.chain([params![id(5000), "nobody's", 0_i64]]).collect();
        assert_eq!(tx.update("thing", &COLUMNS[..3], rows).await.unwrap(), 3);
        assert_eq!(tx.update("thing", &COLUMNS[..3], vec![]).await.unwrap(), 0);
        for (thing, label, size) in [(6, "Phường 0", 70), (8, "Phường 2", 72), (9, "Xã \"9\", 'q' {}", 9)]
        {
            let row = tx.one(&FIND, params![id(thing)]).await.unwrap();
            assert_eq!(row.get::<String>("label").unwrap(), label);
            assert_eq!(row.get::<i64>("size").unwrap(), size, "{thing}");
        }
        let row = tx.one(&FIND, params![id(6)]).await.unwrap();
        assert_eq!(row.get::<Option<Vec<u8>>>("body").unwrap(), Some(vec![1, 2]), "the rest is as it was");

        let row = |n: u128, size: i64| params![id(n), "x", size, true, now, None::<Date>, None::<Vec<u8>>];
        let add = "(id) DO UPDATE SET size = thing.size + excluded.size";
        let rows = vec![row(6, 5), row(6000, 1)];
        assert_eq!(tx.insert_or("thing", &COLUMNS, rows, add).await.unwrap(), 2);
        assert_eq!(tx.insert_or("thing", &COLUMNS, vec![], add).await.unwrap(), 0);
        for (thing, size) in [(6, 75), (6000, 1)] {
            let row = tx.one(&FIND, params![id(thing)]).await.unwrap();
            assert_eq!(row.get::<i64>("size").unwrap(), size);
        }
    }
}

#[tokio::test]
async fn what_is_not_committed_never_was() {
    for Bench { db, clock, .. } in &benches().await {
        use base::Clock;
        let values: Vec<Value> = params![id(1), "x", 1_i64, true, clock.now(), None::<Date>, None::<Vec<u8>>];
        let mut tx = db.write("test").await.unwrap();
        tx.execute(&INSERT, values.clone()).await.unwrap();
        drop(tx);
        for statement in 0..3 {
            db.faults().fail_after(statement);
            let done = async {
                let mut tx = db.write("test").await?;
                tx.execute(&INSERT, values.clone()).await?;
                tx.execute(
                    &INSERT,
                    params![id(2), "y", 1_i64, true, clock.now(), None::<Date>, None::<Vec<u8>>],
                )
                .await?;
                tx.commit().await
            };
            assert!(done.await.is_err());
            assert!(db.faults().clear(), "the fault was struck");
        }
        let mut read = db.read("test").await.unwrap();
        assert_eq!(read.one(&COUNT, vec![]).await.unwrap().get::<i64>("n").unwrap(), 0);
    }
}

#[tokio::test]
async fn twenty_at_once_take_twenty_numbers() {
    for Bench { db, .. } in &benches().await {
        let takers = (0..20).map(|_| async {
            let mut tx = db.write("take").await.unwrap();
            let number = tx.one(&TAKE, params!["r"]).await.unwrap().get::<i64>("last").unwrap();
            tx.commit().await.unwrap();
            number
        });
        let mut numbers = futures::future::join_all(takers).await;
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=20).collect::<Vec<_>>(), "{:?}", db.engine());
    }
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_and_another_call_is_refused() {
    for Bench { db, clock, .. } in &benches().await {
        use base::Clock;
        let request =
            answers::Request { id: id(9), caller_id: id(1), method: "Issue", fingerprint: "a".to_owned() };
        let mut tx = db.write("test").await.unwrap();
        assert_eq!(answers::claim(&mut tx, &request, clock.now()).await.unwrap(), None);
        answers::remember(&mut tx, &request, b"01/SNV-VP".to_vec()).await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = db.write("test").await.unwrap();
        let repeat = answers::claim(&mut tx, &request, clock.now()).await.unwrap();
        assert_eq!(repeat.as_deref(), Some(b"01/SNV-VP".as_slice()));
        let other = answers::Request { fingerprint: "b".to_owned(), ..request.clone() };
        let fault = answers::claim(&mut tx, &other, clock.now()).await.unwrap_err();
        assert_eq!(fault.reason(), "REQUEST_ID_REUSED");
        assert_eq!(answers::forget(&mut tx, clock.now()).await.unwrap(), 0, "not older");
        clock.advance(jiff::SignedDuration::from_secs(1));
        assert_eq!(answers::forget(&mut tx, clock.now()).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn calls_done_together_find_their_answers_together() {
    let call = |request_id: &str, asked: &str| {
        let mut violations = kit::Violations::default();
        let once = Once::new("Issue", id(1), request_id, &asked.to_owned(), &mut violations);
        violations.check().unwrap();
        once
    };
    let (first, second) = (id(9).to_string(), id(10).to_string());
    let (letter, plan, nameless) = (call(&first, "letter"), call(&second, "plan"), call("", "letter"));
    let other = call(&first, "another letter");
    for Bench { db, clock, .. } in &benches().await {
        use base::Clock;
        let mut tx = db.write("test").await.unwrap();
        let none = answers::recall_all::<String>(&mut tx, &[&letter, &nameless]).await.unwrap();
        assert!(none.iter().all(Option::is_none), "asked for the first time");
        let (one, two) = ("01/SNV-VP".to_owned(), "02/SNV-VP".to_owned());
        answers::keep_all(&mut tx, [(&letter, &one), (&nameless, &two)], clock.now()).await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = db.write("test").await.unwrap();
        let calls = [&plan, &letter, &other, &nameless];
        let [plan, letter, other, nameless] = answers::recall_all::<String>(&mut tx, &calls)
            .await
            .unwrap()
            .try_into()
            .expect("an answer for each");
        assert!(plan.is_none() && nameless.is_none());
        assert_eq!(letter.unwrap().unwrap(), one);
        assert_eq!(other.unwrap().unwrap_err().reason(), "REQUEST_ID_REUSED");
        let again = answers::keep_all(&mut tx, [(calls[1], &two)], clock.now()).await.unwrap_err();
        assert!(again.is_conflict(), "{again}");
    }
}

#[tokio::test]
async fn migrations_run_once_and_may_not_be_edited() {
    for Bench { db, clock, .. } in &benches().await {
        db.migrate(&[answers::MIGRATION, SCHEMA], clock).await.unwrap();
        let edited = Migration { text: "CREATE TABLE other (id UUID)", ..SCHEMA };
        let error = db.migrate(&[answers::MIGRATION, edited], clock).await.unwrap_err();
        assert_eq!(error.to_string(), "migration test/0001_start was edited after it ran");
        let error = db.migrate(&[SCHEMA], clock).await.unwrap_err();
        assert_eq!(error.to_string(), "the database belongs to a newer version of this program");
    }
}

#[tokio::test]
async fn every_statement_is_understood() {
    for Bench { db, .. } in &benches().await {
        let all = STATEMENTS.iter().chain(answers::statements()).copied();
        assert_eq!(db.prepare_all(all).await.unwrap(), Vec::<String>::new(), "{:?}", db.engine());
        assert_eq!(db.prepare_all([BROKEN]).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_database_that_is_away_is_told_from_a_mistake() {
    let db = Db::open("postgres://nobody@127.0.0.1:1/none").unwrap();
    assert_eq!(db.engine(), Engine::Postgres);
    let fault = kit::Fault::from(db.read("test").await.unwrap_err());
    assert_eq!(fault.reason(), "UNAVAILABLE");
}
