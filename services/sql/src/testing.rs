//! What store tests need: a fresh database on either engine, statements prepared, the n-th one failing.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};

use crate::{Db, Result, Statement};

/// Makes one statement fail. Shared by the clones of a [`Db`] and what it hands out.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Plan>);

#[derive(Debug)]
struct Plan {
    /// How many more statements pass; negative when none is to fail.
    passing: AtomicI64,
    /// Only statements of transactions with this name count; of all when none is given.
    within: Mutex<Option<&'static str>>,
}

impl Default for Plan {
    fn default() -> Self {
        Self { passing: AtomicI64::new(-1), within: Mutex::default() }
    }
}

impl Faults {
    /// Makes the statement after the next `passing` ones fail as if the database had gone away; once.
    pub fn fail_after(&self, passing: u32) {
        self.plan(None, passing);
    }

    /// The same, counting only what happens in the transactions with this name, whatever else goes on beside them.
    pub fn fail_in(&self, transaction: &'static str, passing: u32) {
        self.plan(Some(transaction), passing);
    }

    fn plan(&self, within: Option<&'static str>, passing: u32) {
        *self.0.within.lock().expect("never held across a panic") = within;
        self.0.passing.store(i64::from(passing), Ordering::SeqCst);
    }

    /// Lets all pass again; true if the fault was struck.
    pub fn clear(&self) -> bool {
        self.0.passing.swap(-1, Ordering::SeqCst) < 0
    }

    /// Counts a statement of a transaction; true if it is the one to fail.
    pub(crate) fn next(&self, transaction: &str) -> bool {
        if self.0.passing.load(Ordering::Relaxed) < 0 {
            return false;
        }
        let within = *self.0.within.lock().expect("never held across a panic");
        within.is_none_or(|within| within == transaction)
            && self.0.passing.fetch_sub(1, Ordering::SeqCst) == 0
    }
}

impl Db {
    /// The switch that makes a statement fail.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Prepares every statement; the names and errors of those that the engine does not understand.
    pub async fn prepare_all(
        &self,
        statements: impl IntoIterator<Item = &'static Statement>,
    ) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        for statement in statements {
            // A statement that fails spoils its transaction.
            let mut tx = self.write("prepare").await?;
            if let Err(error) = tx.prepare(statement).await {
                wrong.push(error.to_string());
            }
        }
        Ok(wrong)
    }
}

/// Where the tests find PostgreSQL: the URL of an administrator's connection. Set by `make test`.
#[expect(clippy::disallowed_methods, reason = "tests are told by the environment where their server is")]
pub fn postgres_url() -> Option<String> {
    std::env::var("CONGVAN_TEST_POSTGRES").ok()
}

/// A fresh database on PostgreSQL: its URL. `name` must be unique and made of lower-case letters, digits and underscores.
pub async fn create_postgres(administrator: &str, name: &str) -> Result<String> {
    use sqlx::{AssertSqlSafe, Connection, PgConnection};
    let failed = |error| crate::Error::from_driver("create database", error);
    let mut connection = PgConnection::connect(administrator).await.map_err(failed)?;
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut connection)
        .await
        .map_err(failed)?;
    connection.close().await.map_err(failed)?;
    let (server, _) = administrator.rsplit_once('/').expect("the URL names a database");
    Ok(format!("{server}/{name}"))
}
