//! The database of an earlier version is brought forward with what is in it.

use base::{Clock, SystemClock, Uuid};
use congvan_proto::directory::v1 as pb;
use directory::Directory;
use sql::{Column, Db, Kind, params};

use crate::world::{Who, World};

const PERSON: [Column; 9] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("sign_in_name", Kind::Text),
    Column::new("full_name", Kind::Text),
    Column::new("folded_name", Kind::Text),
    Column::new("email", Kind::Text),
    Column::new("is_administrator", Kind::Bool),
    Column::new("created_at", Kind::Time),
    Column::new("updated_at", Kind::Time),
];

const WORD: [Column; 2] = [Column::new("word", Kind::Text), Column::new("person_id", Kind::Uuid)];

/// The schema before a migration.
async fn schema_before(db: &Db, name: &str) {
    let first = Directory::MIGRATIONS.iter().position(|migration| migration.name == name).unwrap();
    db.migrate(&Directory::MIGRATIONS[..first], &SystemClock).await.unwrap();
}

/// One whose words are there, and one whose words were not filled in yet.
async fn people_with_and_without_words(db: Db) {
    schema_before(&db, "directory/0017_name_words").await;
    let now = SystemClock.now();
    let [an, binh] = [1, 2].map(Uuid::from_u128);
    let mut tx = db.write("people").await.unwrap();
    let person = |id: Uuid, sign_in_name: &str, name: &str, folded: &str| {
        params![id, 1_i64, sign_in_name, name, folded, "", false, now, now]
    };
    let people = vec![person(an, "an", "Đỗ Văn An", "do van an"), person(binh, "binh", "Lò Thị Bình", "")];
    tx.insert("person", &PERSON, people).await.unwrap();
    let words = ["an", "do", "van", "văn", "đỗ"].map(|word| params![word, an]);
    tx.insert("person_word", &WORD, words.into()).await.unwrap();
    tx.commit().await.unwrap();
    db.close().await;
}

#[tokio::test]
async fn people_are_found_by_several_words_of_their_names_as_before() {
    for world in World::after(people_with_and_without_words).await {
        for (query, expected) in [
            ("an", vec!["an"]),
            ("Đỗ Văn An", vec!["an"]),
            ("an d", vec!["an"]),
            ("do thi", vec![]),
            ("thi binh lo", vec!["binh"]),
            ("Bình L", vec!["binh"]),
        ] {
            let request = pb::SearchUsersRequest { query: query.to_owned(), ..Default::default() };
            let answer = world.users().search_users(world.from(&Who::Documents, request)).await.unwrap();
            let users = answer.into_inner().users;
            let found: Vec<_> = users.iter().map(|user| user.sign_in_name.as_str()).collect();
            assert_eq!(found, expected, "{query}");
        }
    }
}
