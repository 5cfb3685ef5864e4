use base::{Date, Timestamp, Uuid};
use serde_json::json;

use crate::{Engine, Result, Value, Write, value::time_text};

/// A column of a set-based insert.
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
        let names = columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ");
        match self.engine() {
            Engine::Sqlite => {
                let picks = columns.iter().enumerate().map(|(index, column)| match column.kind {
                    Kind::Bytes => format!("unhex(value->>{index})"),
                    _ => format!("value->>{index}"),
                });
                let picks = picks.collect::<Vec<_>>().join(", ");
                let text = format!("INSERT INTO {table} ({names}) SELECT {picks} FROM json_each($1)");
                let rows: Vec<Vec<_>> =
                    rows.into_iter().map(|row| row.into_iter().map(to_json).collect()).collect();
                self.execute_built(table, text, vec![Value::from(json!(rows).to_string())]).await
            }
            Engine::Postgres => self.insert_unnest(table, columns, &names, rows).await,
        }
    }

    async fn insert_unnest(
        &mut self,
        table: &'static str,
        columns: &[Column],
        names: &str,
        rows: Vec<Vec<Value>>,
    ) -> Result<u64> {
        let kinds = columns.iter().enumerate();
        let arrays = kinds.map(|(index, column)| format!("${}::{}[]", index + 1, postgres_type(column.kind)));
        let arrays = arrays.collect::<Vec<_>>().join(", ");
        let text = format!("INSERT INTO {table} ({names}) SELECT * FROM UNNEST({arrays})");
        let mut turned: Vec<Vec<Option<String>>> = vec![Vec::with_capacity(rows.len()); columns.len()];
        for row in rows {
            for (column, value) in turned.iter_mut().zip(row) {
                column.push(to_text(value));
            }
        }
        // Text arrays, cast by the server: one parameter type for every column.
        let text = text.replace("::", "::text[]::");
        let values = turned.into_iter().map(Value::OptionalTexts).collect();
        self.execute_built(table, text, values).await
    }
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
