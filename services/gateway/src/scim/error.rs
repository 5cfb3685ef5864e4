//! Refusals as RFC 7644, 3.12, tells them.

use axum::{body::Body, response::Response};
use http::{HeaderName, HeaderValue, StatusCode};
use kit::{Call, Text};
use serde_json::json;
use tonic::Code;
use tonic_types::StatusExt;

use super::answer;
use crate::{failure::Failure, problem};

const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// What sort of mistake it is, where the standard has a word for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    InvalidFilter,
    TooMany,
    Uniqueness,
    Mutability,
    InvalidSyntax,
    InvalidPath,
    NoTarget,
    InvalidValue,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
        }
    }
}

/// A refused call.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) kind: Option<Kind>,
    detail: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

pub(super) type Result<T> = std::result::Result<T, Refusal>;

impl Refusal {
    /// The caller's mistake.
    pub(super) fn new(kind: Kind, text: &Text) -> Self {
        let status = if kind == Kind::Uniqueness { StatusCode::CONFLICT } else { StatusCode::BAD_REQUEST };
        Self::with_status(status, Some(kind), text)
    }

    /// A refusal with its own status.
    pub(super) fn with_status(status: StatusCode, kind: Option<Kind>, text: &Text) -> Self {
        let detail = text.in_language(Call::current().language).to_owned();
        Self { status, kind, detail, headers: Vec::new() }
    }

    /// Nothing is there, or it is not for the eyes of other software any more.
    pub(super) fn not_found() -> Self {
        let text = Text::new("Không tìm thấy tài nguyên này.", "There is no such resource.");
        Self::with_status(StatusCode::NOT_FOUND, None, &text)
    }

    /// The resource is not at the version that the caller knows.
    pub(super) fn changed() -> Self {
        let text = Text::new(
            "Tài nguyên đã được thay đổi từ lần đọc trước. Hãy đọc lại rồi làm lại.",
            "The resource has changed since it was read. Read it again and repeat.",
        );
        Self::with_status(StatusCode::PRECONDITION_FAILED, None, &text)
    }

    /// Adds a header to the answer.
    pub(super) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(super) fn answer(self) -> Response {
        let mut body = json!({"schemas": [SCHEMA], "status": self.status.as_str()});
        if let Some(kind) = self.kind {
            body["scimType"] = kind.word().into();
        }
        body["detail"] = self.detail.into();
        let mut response: Response<Body> = answer::json(self.status, &body);
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"scim\"");
            response.headers_mut().insert(http::header::WWW_AUTHENTICATE, challenge);
        }
        response.headers_mut().extend(self.headers);
        response
    }
}

impl From<Failure> for Refusal {
    /// What a service said, in the words of the standard: a name that is taken is a matter of uniqueness, a field that is wrong
    /// a value that is, each violation told.
    fn from(failure: Failure) -> Self {
        let details = failure.status.get_error_details();
        let reason = details.error_info().map_or("INTERNAL", |info| info.reason.as_str());
        let code = failure.status.code();
        let status = failure.http.unwrap_or_else(|| problem::status(code, reason));
        let kind = match code {
            Code::AlreadyExists => Some(Kind::Uniqueness),
            Code::InvalidArgument => Some(Kind::InvalidValue),
            _ => None,
        };
        let sentence = details.localized_message().map_or(failure.status.message(), |told| &told.message);
        let violations = details.bad_request().map(|request| &*request.field_violations).unwrap_or_default();
        let told = violations.iter().map(|told| format!("{}: {}.", told.field, told.description));
        let detail = std::iter::once(sentence.to_owned()).chain(told).collect::<Vec<_>>().join(" ");
        Self { status, kind, detail, headers: failure.headers }
    }
}

impl From<kit::Fault> for Refusal {
    fn from(fault: kit::Fault) -> Self {
        Failure::from(fault).into()
    }
}

#[cfg(test)]
mod tests {
    use kit::{Fault, Violations};

    use super::*;

    #[test]
    fn what_services_say_gets_the_words_of_the_standard() {
        let mut violations = Violations::default();
        violations.missing("user.fullName");
        let refusal = Refusal::from(violations.check().unwrap_err());
        assert_eq!((refusal.status.as_u16(), refusal.kind), (400, Some(Kind::InvalidValue)));
        assert!(refusal.detail.contains("user.fullName: bắt buộc phải có"), "{}", refusal.detail);
        let taken =
            Fault::new(Code::AlreadyExists, "directory.congvan", "SIGN_IN_NAME_TAKEN", Text::new("", ""));
        assert_eq!(Refusal::from(taken).kind, Some(Kind::Uniqueness));
        let refusal = Refusal::from(Fault::not_signed_in());
        assert_eq!((refusal.status.as_u16(), refusal.kind), (401, None));
    }
}
