use base::{Date, Timestamp, Uuid};

use crate::{Error, Kind, Result};

/// A parameter of a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// BOOLEAN.
    Bool(Option<bool>),
    /// BIGINT.
    Int(Option<i64>),
    /// TEXT.
    Text(Option<String>),
    /// UUID; text in SQLite, so that people can read it.
    Uuid(Option<Uuid>),
    /// TIMESTAMPTZ in microseconds; text of one fixed width in SQLite, so that it sorts.
    Time(Option<Timestamp>),
    /// DATE; text in SQLite.
    Date(Option<Date>),
    /// BYTEA; BLOB in SQLite.
    Bytes(Option<Vec<u8>>),
    /// For `= ANY($n)`.
    Uuids(Vec<Uuid>),
    /// For `= ANY($n)`.
    Texts(Vec<String>),
    /// A column of a set-based statement on PostgreSQL.
    #[doc(hidden)]
    Column(Array),
}

/// The values of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Array {
    /// BOOLEAN.
    Bools(Vec<Option<bool>>),
    /// BIGINT.
    Ints(Vec<Option<i64>>),
    /// TEXT.
    Texts(Vec<Option<String>>),
    /// UUID.
    Uuids(Vec<Option<Uuid>>),
    /// TIMESTAMPTZ.
    Times(Vec<Option<Timestamp>>),
    /// DATE.
    Dates(Vec<Option<Date>>),
    /// BYTEA.
    Bytes(Vec<Option<Vec<u8>>>),
}

/// Where a list that begins with the newest goes on: before this row, or, on its first page, before an id that is higher than all. As
/// `$1 IS NULL OR id < $1` it would be no bound that an index is searched by, and the way to an old page would lead past all newer rows.
pub fn before(id: Option<Uuid>) -> Value {
    Value::from(id.unwrap_or(Uuid::max()))
}

impl Array {
    /// One without values yet, with room for so many.
    pub(crate) fn new(kind: Kind, rows: usize) -> Self {
        match kind {
            Kind::Bool => Self::Bools(Vec::with_capacity(rows)),
            Kind::Int => Self::Ints(Vec::with_capacity(rows)),
            Kind::Text => Self::Texts(Vec::with_capacity(rows)),
            Kind::Uuid => Self::Uuids(Vec::with_capacity(rows)),
            Kind::Time => Self::Times(Vec::with_capacity(rows)),
            Kind::Date => Self::Dates(Vec::with_capacity(rows)),
            Kind::Bytes => Self::Bytes(Vec::with_capacity(rows)),
        }
    }

    /// Adds a value of the column's kind; anything else is a mistake of the statement.
    pub(crate) fn push(&mut self, value: Value) -> Result<()> {
        match (self, value) {
            (Self::Bools(array), Value::Bool(value)) => array.push(value),
            (Self::Ints(array), Value::Int(value)) => array.push(value),
            (Self::Texts(array), Value::Text(value)) => array.push(value),
            (Self::Uuids(array), Value::Uuid(value)) => array.push(value),
            (Self::Times(array), Value::Time(value)) => array.push(value),
            (Self::Dates(array), Value::Date(value)) => array.push(value),
            (Self::Bytes(array), Value::Bytes(value)) => array.push(value),
            (_, value) => return Err(Error::Inconsistent(format!("{value:?} in a column of another kind"))),
        }
        Ok(())
    }
}

macro_rules! from {
    ($($type:ty => $variant:ident, $convert:expr;)+) => {
        $(impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(Some($convert(value)))
            }
        }
        impl From<Option<$type>> for Value {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map($convert))
            }
        })+
    };
}

from! {
    bool => Bool, std::convert::identity;
    i64 => Int, std::convert::identity;
    i32 => Int, i64::from;
    i16 => Int, i64::from;
    u16 => Int, i64::from;
    u32 => Int, i64::from;
    String => Text, std::convert::identity;
    &str => Text, str::to_owned;
    Uuid => Uuid, std::convert::identity;
    Timestamp => Time, std::convert::identity;
    Date => Date, std::convert::identity;
    Vec<u8> => Bytes, std::convert::identity;
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(Some(value.clone()))
    }
}

impl From<Vec<Uuid>> for Value {
    fn from(value: Vec<Uuid>) -> Self {
        Self::Uuids(value)
    }
}

impl From<Vec<String>> for Value {
    fn from(value: Vec<String>) -> Self {
        Self::Texts(value)
    }
}

/// Six digits after the second, always: such texts sort as the times do.
pub(crate) fn time_text(time: Timestamp) -> String {
    format!("{time:.6}")
}
