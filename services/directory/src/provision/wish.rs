//! What the rows of a file want, as it is kept until it is committed.

use base::Date;
use directory_domain::{Capacity, Roles, UnitKind};
use serde::{Deserialize, Serialize};

use super::mistake::Mistake;

/// A unit or a person of a file.
#[derive(Debug, Clone)]
pub(crate) struct Thing<W> {
    /// The row where it first stands.
    pub(crate) row: u32,
    /// What is wanted; of what could not be read, something harmless.
    pub(crate) wish: W,
    /// What is wrong with its rows themselves.
    pub(crate) mistakes: Vec<Mistake>,
}

/// A file as far as it could be read.
#[derive(Debug, Clone)]
pub(crate) struct Wishes<W> {
    /// Rows below the header.
    pub(crate) rows: u32,
    /// What is wrong with the header.
    pub(crate) mistakes: Vec<Mistake>,
    /// What it wants.
    pub(crate) things: Vec<Thing<W>>,
}

/// A unit as a file wants it. What the file does not say stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UnitWish {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) abbreviation: String,
    #[serde(with = "kind")]
    pub(crate) kind: UnitKind,
    /// Empty for a root.
    pub(crate) parent_code: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) address: Option<String>,
    #[serde(with = "day")]
    pub(crate) start: Option<Date>,
    pub(crate) old_code: Option<String>,
    pub(crate) statistical_code: Option<String>,
    pub(crate) synthetic: Option<bool>,
}

/// A person as a file wants it. What the file does not say stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PersonWish {
    pub(crate) sign_in_name: String,
    pub(crate) full_name: String,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    /// All posts, in order; none leaves the person's as they are.
    pub(crate) posts: Vec<PostWish>,
}

/// A post as a file wants it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PostWish {
    pub(crate) row: u32,
    pub(crate) unit_code: String,
    pub(crate) title: String,
    #[serde(with = "roles")]
    pub(crate) roles: Roles,
    #[serde(with = "capacity")]
    pub(crate) capacity: Capacity,
    pub(crate) primary: Option<bool>,
    #[serde(with = "day")]
    pub(crate) start: Option<Date>,
}

/// Makes a module that writes a type of the domain as another one.
macro_rules! written {
    ($name:ident: $type:ty as $stored:ty, $write:expr, $read:expr) => {
        mod $name {
            use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

            use super::*;

            pub(super) fn serialize<S: Serializer>(value: &$type, serializer: S) -> Result<S::Ok, S::Error> {
                let write: fn(&$type) -> $stored = $write;
                write(value).serialize(serializer)
            }

            pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                let read: fn($stored) -> Option<$type> = $read;
                read(<$stored>::deserialize(deserializer)?)
                    .ok_or_else(|| D::Error::custom(concat!("no ", stringify!($name))))
            }
        }
    };
}

written!(kind: UnitKind as String, |kind| kind.name().to_owned(), |name| UnitKind::named(&name));
written!(capacity: Capacity as String, |one| one.name().to_owned(), |name| Capacity::named(&name));
written!(roles: Roles as i64, |roles| roles.bits(), |bits| Some(Roles::from_bits(bits)));
written!(day: Option<Date> as Option<String>, |day| day.map(|day| day.to_string()), |text| match text {
    Some(text) => text.parse().ok().map(Some),
    None => Some(None),
});
