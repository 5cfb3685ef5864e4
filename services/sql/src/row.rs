use base::{Date, Timestamp, Uuid};
use sqlx::{Row as _, postgres::PgRow, sqlite::SqliteRow};

use crate::{Error, Result};

/// A row of an answer.
#[derive(Debug)]
pub struct Row(pub(crate) Inner);

#[derive(Debug)]
pub(crate) enum Inner {
    Postgres(PgRow),
    Sqlite(SqliteRow),
}

impl Row {
    /// The value of a column.
    pub fn get<T: FromColumn>(&self, column: &str) -> Result<T> {
        let value = match &self.0 {
            Inner::Postgres(row) => T::from_postgres(row, column),
            Inner::Sqlite(row) => T::from_sqlite(row, column),
        };
        value.map_err(|error| Error::Inconsistent(format!("column {column}: {error}")))
    }
}

/// A type that a column can hold.
pub trait FromColumn: Sized {
    /// Reads it from PostgreSQL.
    fn from_postgres(row: &PgRow, column: &str) -> std::result::Result<Self, sqlx::Error>;
    /// Reads it from SQLite.
    fn from_sqlite(row: &SqliteRow, column: &str) -> std::result::Result<Self, sqlx::Error>;
}

macro_rules! same_on_both {
    ($($type:ty),+) => {
        $(impl FromColumn for $type {
            fn from_postgres(row: &PgRow, column: &str) -> std::result::Result<Self, sqlx::Error> {
                row.try_get(column)
            }
            fn from_sqlite(row: &SqliteRow, column: &str) -> std::result::Result<Self, sqlx::Error> {
                row.try_get(column)
            }
        })+
    };
}

same_on_both!(bool, Option<bool>, i64, Option<i64>, String, Option<String>, Vec<u8>, Option<Vec<u8>>);

impl FromColumn for i32 {
    fn from_postgres(row: &PgRow, column: &str) -> std::result::Result<Self, sqlx::Error> {
        narrow(row.try_get(column)?)
    }
    fn from_sqlite(row: &SqliteRow, column: &str) -> std::result::Result<Self, sqlx::Error> {
        narrow(row.try_get(column)?)
    }
}

fn narrow(value: i64) -> std::result::Result<i32, sqlx::Error> {
    i32::try_from(value).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// Types that SQLite keeps as text.
macro_rules! text_in_sqlite {
    ($($type:ty, $native:ty, $convert:expr;)+) => {
        $(impl FromColumn for $type {
            fn from_postgres(row: &PgRow, column: &str) -> std::result::Result<Self, sqlx::Error> {
                row.try_get::<$native, _>(column).and_then($convert)
            }
            fn from_sqlite(row: &SqliteRow, column: &str) -> std::result::Result<Self, sqlx::Error> {
                parse(&row.try_get::<String, _>(column)?)
            }
        }
        impl FromColumn for Option<$type> {
            fn from_postgres(row: &PgRow, column: &str) -> std::result::Result<Self, sqlx::Error> {
                row.try_get::<Option<$native>, _>(column)?.map($convert).transpose()
            }
            fn from_sqlite(row: &SqliteRow, column: &str) -> std::result::Result<Self, sqlx::Error> {
                row.try_get::<Option<String>, _>(column)?.as_deref().map(parse).transpose()
            }
        })+
    };
}

text_in_sqlite! {
    Uuid, Uuid, Ok;
    Timestamp, time::OffsetDateTime, timestamp;
    Date, time::Date, date;
}

fn parse<T: std::str::FromStr>(text: &str) -> std::result::Result<T, sqlx::Error>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().map_err(|error: T::Err| sqlx::Error::Decode(error.into()))
}

fn timestamp(time: time::OffsetDateTime) -> std::result::Result<Timestamp, sqlx::Error> {
    Timestamp::from_nanosecond(time.unix_timestamp_nanos()).map_err(|error| sqlx::Error::Decode(error.into()))
}

fn date(date: time::Date) -> std::result::Result<Date, sqlx::Error> {
    let year = i16::try_from(date.year()).map_err(|error| sqlx::Error::Decode(error.into()))?;
    let month = i8::try_from(u8::from(date.month())).expect("1 to 12");
    let day = i8::try_from(date.day()).expect("1 to 31");
    Date::new(year, month, day).map_err(|error| sqlx::Error::Decode(error.into()))
}
