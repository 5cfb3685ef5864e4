//! Everything that is wrong with a request, collected to be told at once. Never holds what the request said, only where.

use std::fmt::{self, Display};

use kit::{Fault, Text, faults::Violation};
use prost_reflect::Kind;

use crate::failure::Failure;

/// So many are told; the rest is counted.
const LIMIT: usize = 100;

/// So much is told of the name of an unknown field.
const NAME_LIMIT: usize = 60;

/// Where in a request we are: `document.recipients[3].unitId`.
#[derive(Debug, Clone, Default)]
pub(super) struct Place(Vec<Step>);

#[derive(Debug, Clone)]
enum Step {
    Field(String),
    Index(usize),
}

/// What is wrong so far.
#[derive(Debug, Default)]
pub(super) struct Mistakes {
    told: Vec<Violation>,
    untold: usize,
}

impl Place {
    /// Steps into a field.
    pub(super) fn enter_field(&mut self, name: &str) {
        self.0.push(Step::Field(name.chars().take(NAME_LIMIT).collect()));
    }

    /// Steps into an element of a list.
    pub(super) fn enter_element(&mut self, index: usize) {
        self.0.push(Step::Index(index));
    }

    /// Steps back.
    pub(super) fn leave(&mut self) {
        self.0.pop();
    }
}

impl Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return formatter.write_str("body");
        }
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Field(name) if position == 0 => formatter.write_str(name)?,
                Step::Field(name) => write!(formatter, ".{name}")?,
                Step::Index(index) => write!(formatter, "[{index}]")?,
            }
        }
        Ok(())
    }
}

impl Mistakes {
    /// Notes what is wrong at `place`.
    pub(super) fn add(&mut self, place: impl Display, text: Text) {
        if self.told.len() < LIMIT {
            self.told.push(Violation { field: place.to_string(), text });
        } else {
            self.untold += 1;
        }
    }

    /// Whether nothing is wrong so far.
    pub(super) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// Whether something is wrong at this very place, below it, or with what holds it.
    pub(super) fn cover(&self, place: &Place) -> bool {
        let place = place.to_string();
        self.told.iter().any(|told| is_within(&told.field, &place) || is_within(&place, &told.field))
    }

    /// Fails if anything is wrong.
    pub(super) fn check(mut self) -> Result<(), Failure> {
        if self.untold > 0 {
            let count = self.untold;
            let text = Text::new(format!("và {count} chỗ khác"), format!("and {count} more"));
            self.told.push(Violation { field: "…".to_owned(), text });
        }
        if self.told.is_empty() { Ok(()) } else { Err(Fault::invalid(self.told).into()) }
    }
}

/// Whether a place is another one, or lies below it.
fn is_within(place: &str, outer: &str) -> bool {
    place.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// The field is required.
pub(super) fn missing() -> Text {
    Text::new("bắt buộc phải có", "is required")
}

/// The message has no such field.
pub(super) fn unknown() -> Text {
    Text::new("không có trường này", "is no field of this message")
}

/// The address takes no such parameter.
pub(super) fn unknown_parameter() -> Text {
    Text::new("địa chỉ này không nhận tham số này", "is no parameter of this address")
}

/// The field came more than once.
pub(super) fn repeated() -> Text {
    Text::new("xuất hiện nhiều lần", "is given more than once")
}

/// The field came in the address and differs here.
pub(super) fn differs() -> Text {
    Text::new("khác với giá trị trong địa chỉ", "differs from the value in the address")
}

/// Another field of the same choice came too.
pub(super) fn exclusive() -> Text {
    Text::new("không đi cùng trường khác trong cùng nhóm lựa chọn", "excludes another field that is given")
}

/// A JSON object belongs here.
pub(super) fn object() -> Text {
    Text::new("phải là đối tượng JSON", "must be a JSON object")
}

/// A JSON list belongs here.
pub(super) fn list() -> Text {
    Text::new("phải là danh sách JSON", "must be a JSON list")
}

/// Something else belongs here.
pub(super) fn expected(kind: &Kind) -> Text {
    let whole = |from: &dyn Display, to: &dyn Display| {
        Text::new(
            format!("phải là số nguyên từ {from} đến {to}"),
            format!("must be a whole number from {from} to {to}"),
        )
    };
    match kind {
        Kind::String => Text::new("phải là chuỗi ký tự", "must be a string"),
        Kind::Bool => Text::new("phải là true hoặc false", "must be true or false"),
        Kind::Bytes => Text::new("phải là chuỗi base64", "must be a base64 string"),
        Kind::Float | Kind::Double => Text::new("phải là số", "must be a number"),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => whole(&i32::MIN, &i32::MAX),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => whole(&i64::MIN, &i64::MAX),
        Kind::Uint32 | Kind::Fixed32 => whole(&u32::MIN, &u32::MAX),
        Kind::Uint64 | Kind::Fixed64 => whole(&u64::MIN, &u64::MAX),
        Kind::Enum(choices) => {
            // Zero means "not given": nobody needs to be told to write it.
            let names: Vec<_> = choices.values().filter(|value| value.number() != 0).collect();
            let names =
                names.iter().map(prost_reflect::EnumValueDescriptor::name).collect::<Vec<_>>().join(", ");
            Text::new(format!("phải là một trong: {names}"), format!("must be one of: {names}"))
        }
        Kind::Message(message) => match message.full_name() {
            "google.protobuf.Timestamp" => Text::new(
                "phải là thời điểm theo RFC 3339, ví dụ 2026-11-23T08:00:00Z",
                "must be a time as in RFC 3339, for example 2026-11-23T08:00:00Z",
            ),
            "google.protobuf.Duration" => Text::new(
                "phải là khoảng thời gian tính bằng giây, ví dụ 1.5s",
                "must be seconds, for example 1.5s",
            ),
            "google.protobuf.FieldMask" => Text::new(
                "phải là danh sách tên trường, ví dụ name,email",
                "must be field names, for example name,email",
            ),
            _ => object(),
        },
    }
}
