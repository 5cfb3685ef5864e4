//! Filters (RFC 7644, 3.4.2.2): the whole grammar, read against a schema, so that a name that does not exist or a comparison that
//! makes no sense is told at once, with its position.

mod evaluate;
mod lexer;
mod parser;
mod scope;

use base::Timestamp;
use kit::Text;

use super::{
    error::{Kind, Refusal},
    schema::Attribute,
};

pub(super) use evaluate::matches;
pub(super) use parser::{Path, parse, parse_for_any, parse_path};

/// What a resource must be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filter {
    /// A value compares so.
    Compare {
        target: Target,
        operator: Operator,
        value: Literal,
    },
    /// There is a value.
    Present(Target),
    /// One value of a complex attribute is like this: `emails[type eq "work" and value co "@sonla"]`.
    Element {
        attribute: &'static Attribute,
        inner: Box<Self>,
    },
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// Never: an attribute that this kind of resource has not, in a search over all kinds.
    Never,
}

/// An attribute, or one of its sub-attributes. Within a value path the attribute is itself a sub-attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) attribute: &'static Attribute,
    pub(super) sub: Option<&'static Attribute>,
}

impl Target {
    /// The attribute whose values are compared.
    pub(super) fn leaf(self) -> &'static Attribute {
        self.sub.unwrap_or(self.attribute)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    /// No value equals; also when there is none.
    NotEqual,
    Contains,
    StartsWith,
    EndsWith,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Literal {
    /// Stands for: no value.
    Null,
    Bool(bool),
    /// As it is compared: NFC, small unless case counts.
    Text(String),
    Time(Timestamp),
}

/// Where a filter or path goes wrong: the character, counted from 1, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) at: usize,
    pub(super) text: Text,
}

impl Mistake {
    fn new(at: usize, vi: impl std::fmt::Display, en: impl std::fmt::Display) -> Self {
        Self { at, text: Text::new(vi, en) }
    }

    /// The refusal of a filter.
    pub(super) fn in_filter(self) -> Refusal {
        self.refusal(Kind::InvalidFilter, "Bộ lọc", "The filter")
    }

    /// The refusal of the path of a change.
    pub(super) fn in_path(self) -> Refusal {
        self.refusal(Kind::InvalidPath, "Đường dẫn", "The path")
    }

    fn refusal(self, kind: Kind, vi: &str, en: &str) -> Refusal {
        let Self { at, text } = self;
        let text = Text::new(
            format!("{vi} sai ở ký tự thứ {at}: {}.", text.vi),
            format!("{en} is wrong at character {at}: {}.", text.en),
        );
        Refusal::new(kind, &text)
    }
}
