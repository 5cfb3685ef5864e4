//! What went wrong, with two faces: a reason and a sentence for the caller, a cause for the operators.

use std::{collections::HashMap, error::Error, fmt::Display};

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

use crate::{Call, Text};

/// Domain of the reasons that are common to all services.
pub const COMMON: &str = "congvan";

/// How much is told of violations, in bytes: clients take 16 KiB of HTTP/2 headers, in which the details travel as base64. A
/// longer answer would reach nobody. The sentence tells how many there are.
const TOLD_BYTES: usize = 10 << 10;

/// A failed call. What the caller may see is apart from the cause, which is only logged.
#[derive(Debug)]
pub struct Fault {
    code: Code,
    reason: &'static str,
    domain: &'static str,
    text: Text,
    metadata: HashMap<String, String>,
    violations: Vec<Violation>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

/// One field that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field as the caller writes it: `document.recipients[3].unitId`.
    pub field: String,
    /// What is wrong with it and what would be right.
    pub text: Text,
}

/// Collects all violations of a request, to be told at once.
#[derive(Debug, Default)]
pub struct Violations(Vec<Violation>);

impl Fault {
    /// A fault with the reason and sentence of a service's table.
    pub fn new(code: Code, domain: &'static str, reason: &'static str, text: Text) -> Self {
        Self { code, reason, domain, text, metadata: HashMap::new(), violations: Vec::new(), cause: None }
    }

    /// Adds a fact that programs may need; it is shown to the caller.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Display) -> Self {
        self.metadata.insert(key.to_owned(), value.to_string());
        self
    }

    /// Adds the cause; it is logged and never shown.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Adds the fields that are at fault.
    #[must_use]
    pub fn at_fields(mut self, violations: Violations) -> Self {
        self.violations = violations.0;
        self
    }

    /// Fields are missing or wrong.
    pub fn invalid(violations: Vec<Violation>) -> Self {
        let count = violations.len();
        let text = Text::new(
            format!("Yêu cầu có {count} chỗ chưa đúng; xem từng trường bên dưới."),
            format!("The request has {count} mistake(s); see each field below."),
        );
        Self { violations, ..Self::new(Code::InvalidArgument, COMMON, "INVALID_FIELDS", text) }
    }

    /// The call carries no valid session.
    pub fn not_signed_in() -> Self {
        let text = Text::new(
            "Phiên làm việc không có, đã hết hạn hoặc đã kết thúc. Hãy đăng nhập lại.",
            "There is no session, or it has expired or ended. Sign in again.",
        );
        Self::new(Code::Unauthenticated, COMMON, "NOT_SIGNED_IN", text)
    }

    /// The caller is known but may not do this. `who` says who may, in both languages.
    pub fn not_allowed(who: &Text) -> Self {
        let text = Text::new(
            format!("Bạn không có quyền làm việc này. Người có quyền: {}.", who.vi),
            format!("You may not do this. Those who may: {}.", who.en),
        );
        Self::new(Code::PermissionDenied, COMMON, "NOT_ALLOWED", text)
    }

    /// The API key was not given the scope that the call needs.
    pub fn scope_missing(scope: &str) -> Self {
        let text = Text::new(
            format!(
                "Khóa API này không có phạm vi {scope} mà yêu cầu cần. Hãy dùng khóa được cấp phạm vi đó."
            ),
            format!("This API key lacks the scope {scope} that the call needs. Use a key that was given it."),
        );
        Self::new(Code::PermissionDenied, COMMON, "SCOPE_MISSING", text).with("scope", scope)
    }

    /// The call is open to people only, and an API key makes it.
    pub fn no_key_may() -> Self {
        Self::not_allowed(&Text::new(
            "người dùng trong phiên đăng nhập, không qua khóa API",
            "a person with a session, not an API key",
        ))
    }

    /// Somebody changed the thing since the caller read it.
    pub fn stale(current: i64) -> Self {
        let text = Text::new(
            "Dữ liệu đã được người khác thay đổi. Hãy tải lại rồi làm lại.",
            "Somebody else has changed this since you read it. Read it again and repeat.",
        );
        Self::new(Code::Aborted, COMMON, "STALE_REVISION", text).with("current_revision", current)
    }

    /// A part of the system is away.
    pub fn unavailable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let text = Text::new(
            "Một phần của hệ thống tạm thời không hoạt động. Hãy thử lại sau ít phút.",
            "A part of the system is away for the moment. Try again in a few minutes.",
        );
        Self::new(Code::Unavailable, COMMON, "UNAVAILABLE", text).caused_by(cause)
    }

    /// The deadline passed.
    pub fn too_slow() -> Self {
        let text = Text::new(
            "Hệ thống không kịp trả lời trong thời hạn của yêu cầu. Hãy thử lại.",
            "The answer was not ready before the deadline of the call. Try again.",
        );
        Self::new(Code::DeadlineExceeded, COMMON, "DEADLINE_EXCEEDED", text)
    }

    /// The system failed.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let text = Text::new(
            "Hệ thống gặp lỗi. Hãy báo mã sự cố cho bộ phận vận hành.",
            "The system failed. Tell the operators the incident id.",
        );
        Self::new(Code::Internal, COMMON, "INTERNAL", text).caused_by(cause)
    }

    /// The request id was used for another call.
    pub fn request_id_reused() -> Self {
        let text = Text::new(
            "Mã yêu cầu (request_id) này đã dùng cho một yêu cầu khác. Hãy chọn mã mới.",
            "This request_id was used for a different call. Choose a new one.",
        );
        Self::new(Code::AlreadyExists, COMMON, "REQUEST_ID_REUSED", text)
    }

    /// The page token is not one of this list.
    pub fn bad_page_token() -> Self {
        let text = Text::new(
            "page_token không thuộc danh sách và bộ lọc này. Hãy bắt đầu lại từ trang đầu.",
            "The page_token does not belong to this list and filter. Start again from the first page.",
        );
        Self::new(Code::InvalidArgument, COMMON, "BAD_PAGE_TOKEN", text)
    }

    /// What another service answered, to pass on: UNAVAILABLE and DEADLINE_EXCEEDED as they are, a connection that broke during the answer
    /// as UNAVAILABLE, anything else is our failure.
    pub fn upstream(status: Status) -> Self {
        match status.code() {
            Code::Unavailable => Self::unavailable(status),
            Code::DeadlineExceeded => Self::too_slow().caused_by(status),
            // Only what was made at this end has a source.
            _ if status.source().is_some() => Self::unavailable(status),
            _ => Self::internal(status),
        }
    }

    /// The gRPC code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The reason, as in `error.proto` without prefix.
    pub fn reason(&self) -> &'static str {
        self.reason
    }

    /// The sentence for the caller.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// The violations, if fields are wrong.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Why it happened, with every cause below; for logs.
    pub fn cause_chain(&self) -> String {
        let mut causes = Vec::new();
        let mut cause = self.cause.as_deref().map(|cause| cause as &dyn Error);
        while let Some(error) = cause {
            causes.push(error.to_string());
            cause = error.source();
        }
        causes.join(": ")
    }

    /// Whether trying again later may help.
    pub fn is_temporary(&self) -> bool {
        matches!(self.code, Code::Unavailable | Code::DeadlineExceeded | Code::Aborted)
    }
}

impl From<Fault> for Status {
    /// The caller's face of the fault, in the language of the call. The place where failures of the system are logged.
    fn from(mut fault: Fault) -> Self {
        let call = Call::current();
        match fault.code {
            Code::Internal => {
                tracing::error!(
                    reason = fault.reason,
                    cause = fault.cause_chain(),
                    incident = call.id,
                    "call failed"
                );
                fault.metadata.insert("incident_id".to_owned(), call.id);
            }
            Code::Unavailable => {
                tracing::warn!(
                    reason = fault.reason,
                    cause = fault.cause_chain(),
                    "part of the system is away"
                );
            }
            _ => {}
        }
        let mut details = ErrorDetails::new();
        details.set_error_info(fault.reason, fault.domain, fault.metadata);
        details.set_localized_message(call.language.tag(), fault.text.in_language(call.language));
        if !fault.violations.is_empty() {
            let violations = fault.violations.iter().map(|violation| FieldViolation {
                field: violation.field.clone(),
                description: violation.text.in_language(call.language).to_owned(),
                ..FieldViolation::default()
            });
            let mut bytes = 0;
            let told = violations.take_while(|told| {
                bytes += told.field.len() + told.description.len() + 8; // and their tags and lengths
                bytes <= TOLD_BYTES
            });
            details.set_bad_request(told.collect::<Vec<_>>());
        }
        Self::with_error_details(fault.code, fault.text.in_language(call.language), details)
    }
}

impl Violations {
    /// Adds a violation.
    pub fn add(&mut self, field: impl Into<String>, vi: impl Display, en: impl Display) {
        self.0.push(Violation { field: field.into(), text: Text::new(vi, en) });
    }

    /// Adds the violation that a required field is missing.
    pub fn missing(&mut self, field: impl Into<String>) {
        self.add(field, "bắt buộc phải có", "is required");
    }

    /// A text field: cleaned; a violation if it is empty though required, or longer than `limit` characters.
    pub fn text(&mut self, field: &str, value: &str, required: bool, limit: usize) -> String {
        let value = base::clean(value);
        let length = base::characters(&value);
        if required && value.is_empty() {
            self.missing(field);
        } else if length > limit {
            self.add(
                field,
                format!("dài {length} ký tự, tối đa {limit}"),
                format!("has {length} characters, at most {limit} are allowed"),
            );
        } else if value
            .chars()
            .any(|character| character.is_control() && character != '\n' && character != '\t')
        {
            self.add(field, "có ký tự điều khiển", "holds control characters");
        }
        value
    }

    /// A UUID field; a violation if it is not one.
    pub fn id(&mut self, field: &str, value: &str) -> uuid::Uuid {
        if value.is_empty() {
            self.missing(field);
        } else if let Ok(id) = value.parse() {
            return id;
        } else {
            self.add(field, "phải là UUID", "must be a UUID");
        }
        uuid::Uuid::nil()
    }

    /// A UUID field that may be empty.
    pub fn optional_id(&mut self, field: &str, value: &str) -> Option<uuid::Uuid> {
        (!value.is_empty()).then(|| self.id(field, value))
    }

    /// The size of a page: `default` when zero; a violation when negative or over `limit`.
    pub fn page_size(&mut self, value: i32, default: u16, limit: u16) -> u16 {
        match u16::try_from(value) {
            Ok(0) => default,
            Ok(size) if size <= limit => size,
            _ => {
                self.add("pageSize", format!("từ 1 đến {limit}"), format!("must be 1 to {limit}"));
                default
            }
        }
    }

    /// Takes over the violations of a part that stands at `field`; the first name of theirs is the part itself: "unit.code" of
    /// the part at "changes[0].newUnit" becomes "changes[0].newUnit.code".
    pub fn within(&mut self, field: &str, part: Self) {
        for Violation { field: inner, text } in part.0 {
            let rest = inner.split_once('.').map_or(inner.as_str(), |(_, rest)| rest);
            self.0.push(Violation { field: format!("{field}.{rest}"), text });
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Fails if there are any.
    pub fn check(self) -> Result<(), Fault> {
        if self.0.is_empty() { Ok(()) } else { Err(Fault::invalid(self.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    #[tokio::test]
    async fn the_cause_is_never_shown() {
        let call = Call { language: Language::En, id: "incident-7".to_owned(), client: String::new() };
        let status: Status = call.scope(async { Fault::internal("password of the database").into() }).await;
        assert!(!format!("{status:?}").contains("password"));
        let info = status.get_error_details().error_info().cloned().unwrap();
        assert_eq!((info.reason.as_str(), info.metadata["incident_id"].as_str()), ("INTERNAL", "incident-7"));
    }

    #[tokio::test]
    async fn all_violations_are_told_in_the_callers_language() {
        let mut violations = Violations::default();
        violations.text("abstract", &"á".repeat(501), true, 500);
        violations.text("note", "", true, 10);
        violations.id("id", "7");
        let fault = violations.check().unwrap_err();
        let call = Call { language: Language::En, id: String::new(), client: String::new() };
        let status: Status = call.scope(async { fault.into() }).await;
        let told: Vec<_> = status.get_details_bad_request().unwrap().field_violations;
        let told: Vec<_> = told.iter().map(|told| (told.field.as_str(), told.description.as_str())).collect();
        assert_eq!(
            told,
            [
                ("abstract", "has 501 characters, at most 500 are allowed"),
                ("note", "is required"),
                ("id", "must be a UUID"),
            ]
        );
    }

    #[test]
    fn ten_thousand_violations_still_fit_into_an_answer() {
        let mut violations = Violations::default();
        for row in 0..10_000 {
            violations.add(format!("units[{row}].code"), "bắt buộc phải có", "is required");
        }
        let status = Status::from(violations.check().unwrap_err());
        assert!(status.details().len() < 11 << 10, "{} bytes", status.details().len());
        assert!(status.message().contains("10000"));
        let told = status.get_details_bad_request().unwrap().field_violations;
        assert!(told.len() > 100);
        assert_eq!(told[99].field, "units[99].code");
    }
}
