use base::{Date, Timestamp, Uuid};

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
    /// A column of a set-based insert on PostgreSQL.
    #[doc(hidden)]
    OptionalTexts(Vec<Option<String>>),
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
