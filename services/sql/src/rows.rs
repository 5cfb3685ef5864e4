use crate::{
    Engine, Result, Value, Write,
    value::{Array, Value::Column as Turned},
};

/// Most rows that a statement on SQLite carries. Fewer rows go in statements of half as many, a quarter, and so on, so that for each
/// table there are a handful of texts, which stay prepared.
const SQLITE_ROWS: usize = 64;

/// A column of a set-based insert or update.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// BOOLEAN.
    Bool,
    /// BIGINT.
    Int,
    /// TEXT.
    Text,
    /// UUID.
    Uuid,
    /// TIMESTAMPTZ.
    Time,
    /// DATE.
    Date,
    /// BYTEA.
    Bytes,
}

impl Column {
    /// A column.
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind }
    }
}

impl Write {
    /// Inserts all rows, whatever their number: with one statement over `UNNEST` on PostgreSQL, with one for every 64 rows on SQLite. A
    /// loop of inserts is 40 to 80 times slower. Each row has a value for each column, in order.
    pub async fn insert(
        &mut self,
        table: &'static str,
        columns: &[Column],
        rows: Vec<Vec<Value>>,
    ) -> Result<u64> {
        let names = names(columns, str::to_owned);
        self.with_rows(table, columns, rows, |source| format!("INSERT INTO {table} ({names}) {source}")).await
    }

    /// The same for rows of which some may be there: `conflict` says by which columns a row is known, and what becomes of it then.
    /// No two of the rows may be known by the same.
    pub async fn insert_or(
        &mut self,
        table: &'static str,
        columns: &[Column],
        rows: Vec<Vec<Value>>,
        conflict: &'static str,
    ) -> Result<u64> {
        let names = names(columns, str::to_owned);
        // WHERE true: SQLite would take ON for that of a join.
        self.with_rows(table, columns, rows, |source| {
            format!("INSERT INTO {table} ({names}) {source} WHERE true ON CONFLICT {conflict}")
        })
        .await
    }

    /// Rewrites all rows in the same way. The first column says which row is meant; a key that no row has changes nothing.
    pub async fn update(
        &mut self,
        table: &'static str,
        columns: &[Column],
        rows: Vec<Vec<Value>>,
    ) -> Result<u64> {
        let (key, written) = columns.split_first().expect("a key");
        let (key, written) = (key.name, names(written, |name| format!("{name} = given.{name}")));
        self.with_rows(table, columns, rows, |source| {
            format!("UPDATE {table} SET {written} FROM ({source}) AS given WHERE {table}.{key} = given.{key}")
        })
        .await
    }

    /// Runs a text about rows, which is given them as a query, until all rows have been in it; how many it touched.
    async fn with_rows(
        &mut self,
        table: &'static str,
        columns: &[Column],
        rows: Vec<Vec<Value>>,
        text: impl Fn(String) -> String,
    ) -> Result<u64> {
        if rows.is_empty() {
            return Ok(0);
        }
        if self.engine() == Engine::Postgres {
            let arrays = turned(columns, rows)?.into_iter().map(Turned).collect();
            return self.execute_built(table, text(unnested(columns)), arrays).await;
        }
        let (mut touched, mut left, mut rows) = (0, rows.len(), rows.into_iter());
        while left > 0 {
            let size = SQLITE_ROWS.min(1 << left.ilog2());
            let values = rows.by_ref().take(size).flatten().collect();
            touched += self.execute_built(table, text(listed(columns, size)), values).await?;
            left -= size;
        }
        Ok(touched)
    }
}

fn names(columns: &[Column], shown: impl Fn(&str) -> String) -> String {
    columns.iter().map(|column| shown(column.name)).collect::<Vec<_>>().join(", ")
}

/// So many rows as a query with a parameter for each value.
fn listed(columns: &[Column], rows: usize) -> String {
    let picks = columns.iter().zip(1..).map(|(column, place)| format!("column{place} AS {}", column.name));
    let picks = picks.collect::<Vec<_>>().join(", ");
    let row = format!("({})", vec!["?"; columns.len()].join(","));
    format!("SELECT {picks} FROM (VALUES {})", vec![row; rows].join(","))
}

/// Any number of rows as a query with an array for each column.
fn unnested(columns: &[Column]) -> String {
    let arrays = columns.iter().zip(1..).map(|(column, place)| {
        let kind = postgres_type(column.kind);
        format!("${place}::{kind}[]")
    });
    let arrays = arrays.collect::<Vec<_>>().join(", ");
    format!("SELECT * FROM UNNEST({arrays}) AS given ({})", names(columns, str::to_owned))
}

/// The rows as columns.
fn turned(columns: &[Column], rows: Vec<Vec<Value>>) -> Result<Vec<Array>> {
    let mut turned: Vec<_> = columns.iter().map(|column| Array::new(column.kind, rows.len())).collect();
    for row in rows {
        for (array, value) in turned.iter_mut().zip(row) {
            array.push(value)?;
        }
    }
    Ok(turned)
}

fn postgres_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "boolean",
        Kind::Int => "bigint",
        Kind::Text => "text",
        Kind::Uuid => "uuid",
        Kind::Time => "timestamptz",
        Kind::Date => "date",
        Kind::Bytes => "bytea",
    }
}
