use std::future::Future;

use sqlx::{
    AssertSqlSafe, Execute, Executor, PgConnection, Postgres, Sqlite, SqliteConnection,
    postgres::{PgArguments, PgRow},
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};

use crate::{
    Error, Read, Result, Row, Statement, Value, Write,
    db::{ReadConnection, WriteTransaction},
    dialect,
    row::Inner,
    testing::Faults,
    value::{Array, time_text},
};

/// What both [`Read`] and [`Write`] can do.
pub trait Queries: Send {
    /// All rows.
    fn all(
        &mut self,
        statement: &Statement,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<Row>>> + Send;

    /// The only row, if there is one.
    fn optional(
        &mut self,
        statement: &Statement,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<Option<Row>>> + Send {
        let name = statement.name;
        let all = self.all(statement, values);
        async move {
            let mut rows = all.await?;
            let row = rows.pop();
            if rows.is_empty() {
                Ok(row)
            } else {
                Err(Error::Inconsistent(format!("{name} found several rows")))
            }
        }
    }

    /// The only row, which must be there.
    fn one(&mut self, statement: &Statement, values: Vec<Value>) -> impl Future<Output = Result<Row>> + Send {
        let name = statement.name;
        let row = self.optional(statement, values);
        async move { row.await?.ok_or_else(|| Error::Inconsistent(format!("{name} found no row"))) }
    }
}

impl Queries for Read {
    async fn all(&mut self, statement: &Statement, values: Vec<Value>) -> Result<Vec<Row>> {
        self.faults.strike(self.name, statement.name)?;
        match &mut self.connection {
            ReadConnection::Postgres(connection) => postgres_rows(connection, statement, values).await,
            ReadConnection::Sqlite(connection) => sqlite_rows(connection, statement, values).await,
        }
    }
}

impl Queries for Write {
    async fn all(&mut self, statement: &Statement, values: Vec<Value>) -> Result<Vec<Row>> {
        self.faults.strike(self.name, statement.name)?;
        match &mut self.transaction {
            WriteTransaction::Postgres(connection) => postgres_rows(connection, statement, values).await,
            WriteTransaction::Sqlite(connection) => sqlite_rows(connection, statement, values).await,
        }
    }
}

impl Write {
    /// Changes something; how many rows it touched.
    pub async fn execute(&mut self, statement: &Statement, values: Vec<Value>) -> Result<u64> {
        self.faults.strike(self.name, statement.name)?;
        let failed = |error| Error::from_driver(statement.name, error);
        match &mut self.transaction {
            WriteTransaction::Postgres(connection) => {
                let done = postgres(statement, values).execute(&mut **connection).await;
                done.map(|done| done.rows_affected()).map_err(failed)
            }
            WriteTransaction::Sqlite(connection) => {
                let done = sqlite(statement, values).execute(&mut **connection).await;
                done.map(|done| done.rows_affected()).map_err(failed)
            }
        }
    }

    /// Runs a text that the program built, with values; for [`crate::Column`] inserts and migrations.
    pub(crate) async fn execute_built(
        &mut self,
        name: &str,
        text: String,
        values: Vec<Value>,
    ) -> Result<u64> {
        self.faults.strike(self.name, name)?;
        let failed = |error| Error::from_driver(name, error);
        match &mut self.transaction {
            WriteTransaction::Postgres(connection) => {
                let query = values.into_iter().fold(sqlx::query(AssertSqlSafe(text)), bind_postgres);
                query.execute(&mut **connection).await.map(|done| done.rows_affected()).map_err(failed)
            }
            WriteTransaction::Sqlite(connection) => {
                let query = values.into_iter().fold(sqlx::query(AssertSqlSafe(text)), bind_sqlite);
                query.execute(&mut **connection).await.map(|done| done.rows_affected()).map_err(failed)
            }
        }
    }

    /// Runs several statements without parameters.
    pub(crate) async fn script(&mut self, name: &str, text: String) -> Result<()> {
        let failed = |error| Error::from_driver(name, error);
        match &mut self.transaction {
            WriteTransaction::Postgres(connection) => {
                sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut **connection).await.map_err(failed)?;
            }
            WriteTransaction::Sqlite(connection) => {
                sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut **connection).await.map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Asks the engine to prepare a statement, without running it.
    pub(crate) async fn prepare(&mut self, statement: &Statement) -> Result<()> {
        let failed = |error| Error::from_driver(statement.name, error);
        match &mut self.transaction {
            WriteTransaction::Postgres(connection) => {
                let text = sqlx::query::<Postgres>(statement.postgres).sql();
                connection.prepare(text).await.map_err(failed)?;
            }
            WriteTransaction::Sqlite(connection) => {
                let text = dialect::for_sqlite(statement.sqlite).into_owned();
                let text = sqlx::query::<Sqlite>(AssertSqlSafe(text)).sql();
                connection.prepare(text).await.map_err(failed)?;
            }
        }
        Ok(())
    }
}

async fn postgres_rows(
    connection: &mut PgConnection,
    statement: &Statement,
    values: Vec<Value>,
) -> Result<Vec<Row>> {
    let rows: std::result::Result<Vec<PgRow>, _> = postgres(statement, values).fetch_all(connection).await;
    let rows = rows.map_err(|error| Error::from_driver(statement.name, error))?;
    Ok(rows.into_iter().map(|row| Row(Inner::Postgres(row))).collect())
}

async fn sqlite_rows(
    connection: &mut SqliteConnection,
    statement: &Statement,
    values: Vec<Value>,
) -> Result<Vec<Row>> {
    let rows: std::result::Result<Vec<SqliteRow>, _> = sqlite(statement, values).fetch_all(connection).await;
    let rows = rows.map_err(|error| Error::from_driver(statement.name, error))?;
    Ok(rows.into_iter().map(|row| Row(Inner::Sqlite(row))).collect())
}

type PgQuery = Query<'static, Postgres, PgArguments>;
type SqliteQuery = Query<'static, Sqlite, SqliteArguments>;

fn postgres(statement: &Statement, values: Vec<Value>) -> PgQuery {
    values.into_iter().fold(sqlx::query(statement.postgres), bind_postgres)
}

fn sqlite(statement: &Statement, values: Vec<Value>) -> SqliteQuery {
    let text = dialect::for_sqlite(statement.sqlite).into_owned();
    values.into_iter().fold(sqlx::query(AssertSqlSafe(text)), bind_sqlite)
}

fn bind_postgres(query: PgQuery, value: Value) -> PgQuery {
    match value {
        Value::Bool(value) => query.bind(value),
        Value::Int(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::Uuid(value) => query.bind(value),
        Value::Time(value) => query.bind(value.map(postgres_time)),
        Value::Date(value) => query.bind(value.map(postgres_date)),
        Value::Bytes(value) => query.bind(value),
        Value::Uuids(value) => query.bind(value),
        Value::Texts(value) => query.bind(value),
        Value::Column(column) => bind_column(query, column),
    }
}

fn bind_column(query: PgQuery, column: Array) -> PgQuery {
    match column {
        Array::Bools(values) => query.bind(values),
        Array::Ints(values) => query.bind(values),
        Array::Texts(values) => query.bind(values),
        Array::Uuids(values) => query.bind(values),
        Array::Times(values) => {
            query.bind(values.into_iter().map(|value| value.map(postgres_time)).collect::<Vec<_>>())
        }
        Array::Dates(values) => {
            query.bind(values.into_iter().map(|value| value.map(postgres_date)).collect::<Vec<_>>())
        }
        Array::Bytes(values) => query.bind(values),
    }
}

fn bind_sqlite(query: SqliteQuery, value: Value) -> SqliteQuery {
    match value {
        Value::Bool(value) => query.bind(value),
        Value::Int(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::Uuid(value) => query.bind(value.map(|id| id.to_string())),
        Value::Time(value) => query.bind(value.map(time_text)),
        Value::Date(value) => query.bind(value.map(|date| date.to_string())),
        Value::Bytes(value) => query.bind(value),
        Value::Uuids(value) => query.bind(serde_json::json!(value).to_string()),
        Value::Texts(value) => query.bind(serde_json::json!(value).to_string()),
        Value::Column(_) => unreachable!("rows are listed on SQLite"),
    }
}

pub(crate) fn postgres_time(time: base::Timestamp) -> time::OffsetDateTime {
    time::OffsetDateTime::from_unix_timestamp_nanos(time.as_nanosecond()).expect("both reach the year 9999")
}

pub(crate) fn postgres_date(date: base::Date) -> time::Date {
    let month = u8::try_from(date.month()).ok().and_then(|month| time::Month::try_from(month).ok());
    let day = u8::try_from(date.day()).expect("1 to 31");
    time::Date::from_calendar_date(i32::from(date.year()), month.expect("1 to 12"), day)
        .expect("was a date before")
}

/// Statements are counted on every path, so that tests can make the n-th one fail.
impl Faults {
    pub(crate) fn strike(&self, transaction: &str, what: &str) -> Result<()> {
        if self.next(transaction) {
            return Err(Error::Unavailable { what: what.to_owned(), source: sqlx::Error::PoolClosed });
        }
        Ok(())
    }
}
