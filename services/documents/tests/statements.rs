//! Both engines understand the schema and every statement.

use base::SystemClock;
use documents::Documents;
use sql::{Db, testing};

#[tokio::test]
async fn every_statement_is_understood_on_both_engines() {
    let folder = tempfile::tempdir().unwrap();
    let mut urls = vec![format!("sqlite:{}", folder.path().join("documents.db").display())];
    if let Some(administrator) = testing::postgres_url() {
        let name = format!("documents_{}", std::process::id());
        urls.push(testing::create_postgres(&administrator, &name).await.unwrap());
    }
    for url in urls {
        let db = Db::open(&url).unwrap();
        db.migrate(Documents::MIGRATIONS, &SystemClock).await.unwrap();
        assert_eq!(db.prepare_all(documents::statements()).await.unwrap(), Vec::<String>::new(), "{url}");
    }
}
