use base::{Date, Timestamp, Uuid};
use serde_json::json;

use crate::{Engine, Result, Value, Write, value::time_text};

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
    /// Inserts all rows with one statement, whatever their number: `UNNEST` on PostgreSQL, `json_each` on SQLite. A loop of
    /// inserts is 40 to 80 times slower. Each row has a value for each column, in order.
    pub async fn insert(
        &mut self,
        table: &'static str,
        columns: &[Column],
        rows: Vec<Vec<Value>>,
    ) -> Result<u64> {
        if rows.is_empty() {
            return Ok(0);
        }
        let names = names(columns, str::to_owned);
        let (source, values) = self.source(columns, rows);
        self.execute_built(table, format!("INSERT INTO {table} ({names}) {source}"), values).await
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
        if rows.is_empty() {
            return Ok(0);
        }
        let names = names(columns, str::to_owned);
        let (source, values) = self.source(columns, rows);
        // WHERE true: SQLite would take ON for that of a join.
        let text = format!("INSERT INTO {table} ({names}) {source} WHERE true ON CONFLICT {conflict}");
        self.execute_built(table, text, values).await
    }

    /// Rewrites all rows with one statement, in the same way. The first column says which row is meant; a key that no row has changes
    /// nothing.
    pub async fn update(
        &mut self,
        table: &'static str,
        columns: &[Column],
        rows: Vec<Vec<Value>>,
    ) -> Result<u64> {
        if rows.is_empty() {
            return Ok(0);
        }
        let (key, written) = columns.split_first().expect("a key");
        let (key, written) = (key.name, names(written, |name| format!("{name} = given.{name}")));
        let (source, values) = self.source(columns, rows);
        let text = format!(
            "UPDATE {table} SET {written} FROM ({source}) AS given WHERE {table}.{key} = given.{key}"
        );
        self.execute_built(table, text, values).await
    }

    /// The rows as a query of its own, with its parameters.
    fn source(&self, columns: &[Column], rows: Vec<Vec<Value>>) -> (String, Vec<Value>) {
        match self.engine() {
            Engine::Sqlite => in_json(columns, rows),
            Engine::Postgres => in_arrays(columns, rows),
        }
    }
}

fn names(columns: &[Column], shown: impl Fn(&str) -> String) -> String {
    columns.iter().map(|column| shown(column.name)).collect::<Vec<_>>().join(", ")
}

fn in_json(columns: &[Column], rows: Vec<Vec<Value>>) -> (String, Vec<Value>) {
    let picks = columns.iter().enumerate().map(|(index, Column { name, kind })| match kind {
        Kind::Bytes => format!("unhex(value->>{index}) AS {name}"),
        _ => format!("value->>{index} AS {name}"),
    });
    let text = format!("SELECT {} FROM json_each($1)", picks.collect::<Vec<_>>().join(", "));
    let rows: Vec<Vec<_>> = rows.into_iter().map(|row| row.into_iter().map(to_json).collect()).collect();
    (text, vec![Value::from(json!(rows).to_string())])
}

/// Text arrays, cast by the server: one parameter type for every column.
fn in_arrays(columns: &[Column], rows: Vec<Vec<Value>>) -> (String, Vec<Value>) {
    let arrays = columns.iter().enumerate().map(|(index, column)| {
        let kind = postgres_type(column.kind);
        format!("${}::text[]::{kind}[]", index + 1)
    });
    let arrays = arrays.collect::<Vec<_>>().join(", ");
    let text = format!("SELECT * FROM UNNEST({arrays}) AS given ({})", names(columns, str::to_owned));
    let mut turned: Vec<Vec<Option<String>>> = vec![Vec::with_capacity(rows.len()); columns.len()];
    for row in rows {
        for (column, value) in turned.iter_mut().zip(row) {
            column.push(to_text(value));
        }
    }
    (text, turned.into_iter().map(Value::OptionalTexts).collect())
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

fn to_json(value: Value) -> serde_json::Value {
    match value {
        Value::Bool(value) => json!(value),
        Value::Int(value) => json!(value),
        Value::Bytes(value) => json!(value.map(|bytes| hex::encode(&bytes))),
        other => json!(to_text(other)),
    }
}

fn to_text(value: Value) -> Option<String> {
    match value {
        Value::Bool(value) => value.map(|value| value.to_string()),
        Value::Int(value) => value.map(|value| value.to_string()),
        Value::Text(value) => value,
        Value::Uuid(value) => value.as_ref().map(Uuid::to_string),
        Value::Time(value) => value.map(|value: Timestamp| time_text(value)),
        Value::Date(value) => value.map(|value: Date| value.to_string()),
        Value::Bytes(value) => value.map(|value| format!("\\x{}", hex::encode(&value))),
        Value::Uuids(_) | Value::Texts(_) | Value::OptionalTexts(_) => {
            unreachable!("no column holds an array")
        }
    }
}
