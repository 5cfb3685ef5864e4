//! Errors as RFC 9457 tells them.

use std::collections::HashMap;

use axum::{body::Body, response::Response};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE},
};
use kit::{Call, Fault, Language, faults::COMMON};
use serde::Serialize;
use tonic::Code;
use tonic_types::{ErrorDetails, ErrorInfo, StatusExt};

use crate::{failure::Failure, rest::matcher::json_name};

/// After so many seconds a caller should try again when a part of the system is away.
const RETRY_AFTER_SECONDS: &str = "2";

/// The body of an error answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    detail: String,
    instance: String,
    reason: String,
    domain: String,
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    metadata: serde_json::Map<String, serde_json::Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    violations: Vec<Violation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    incident_id: Option<String>,
}

#[derive(Debug, Serialize)]
struct Violation {
    field: String,
    description: String,
}

/// The answer to a failed REST call, in the language of the call.
pub(crate) fn answer(failure: Failure) -> Response {
    let call = Call::current();
    let details = failure.status.get_error_details();
    let reason = details.error_info().map_or("INTERNAL", |info| info.reason.as_str());
    let status = failure.http.unwrap_or_else(|| status(failure.status.code(), reason));
    let retry_after = retry_after(status, &details);
    let language = language(&details).unwrap_or(call.language);
    let problem = problem(&failure, &details, status, &call);
    let body = serde_json::to_vec(&problem).expect("texts and numbers are JSON");
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    headers.append(VARY, HeaderValue::from_static("accept-language"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = retry_after {
        headers.insert(RETRY_AFTER, seconds);
    }
    headers.extend(failure.headers);
    response
}

fn problem(failure: &Failure, details: &ErrorDetails, status: StatusCode, call: &Call) -> Problem {
    let info = details.error_info().cloned();
    let info = info.unwrap_or_else(|| ErrorInfo::new("INTERNAL", COMMON, HashMap::new()));
    let mut metadata: Vec<_> = info.metadata.into_iter().collect();
    metadata.sort();
    let violations = details.bad_request().map(|request| request.field_violations.as_slice());
    let sentence = details.localized_message().map_or(failure.status.message(), |told| told.message.as_str());
    Problem {
        kind: format!("/problems/{}", info.reason),
        title: title(status).in_language(call.language),
        status: status.as_u16(),
        detail: sentence.to_owned(),
        instance: format!("urn:uuid:{}", call.id),
        incident_id: metadata.iter().find(|(key, _)| key == "incident_id").map(|(_, id)| id.clone()),
        reason: info.reason,
        domain: info.domain,
        metadata: metadata
            .into_iter()
            .filter(|(key, _)| key != "incident_id")
            .map(|(key, value)| (key, value.into()))
            .collect(),
        violations: violations
            .unwrap_or_default()
            .iter()
            // Services name fields as the protos do: `recipients[3].unit_id`.
            .map(|told| Violation { field: json_name(&told.field), description: told.description.clone() })
            .collect(),
    }
}

/// The HTTP status of a failure. Conflicts with what is stored are 409, not the 400 of Google's table: the request is
/// well made, it only comes at the wrong moment.
pub(crate) fn status(code: Code, reason: &str) -> StatusCode {
    match (code, reason) {
        (_, "BODY_TOO_LARGE" | "FILE_TOO_LARGE") => StatusCode::PAYLOAD_TOO_LARGE,
        (_, "NO_SUCH_METHOD") | (Code::NotFound, _) => StatusCode::NOT_FOUND,
        (Code::InvalidArgument | Code::OutOfRange, _) => StatusCode::BAD_REQUEST,
        (Code::Unauthenticated, _) => StatusCode::UNAUTHORIZED,
        (Code::PermissionDenied, _) => StatusCode::FORBIDDEN,
        (Code::Aborted | Code::AlreadyExists | Code::FailedPrecondition, _) => StatusCode::CONFLICT,
        (Code::ResourceExhausted, _) => StatusCode::TOO_MANY_REQUESTS,
        (Code::Unavailable | Code::Cancelled, _) => StatusCode::SERVICE_UNAVAILABLE,
        (Code::DeadlineExceeded, _) => StatusCode::GATEWAY_TIMEOUT,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn retry_after(status: StatusCode, details: &ErrorDetails) -> Option<HeaderValue> {
    let told = details.error_info().and_then(|info| info.metadata.get("retry_after_seconds"));
    match told {
        Some(seconds) => HeaderValue::from_str(seconds).ok(),
        None if status == StatusCode::SERVICE_UNAVAILABLE => {
            Some(HeaderValue::from_static(RETRY_AFTER_SECONDS))
        }
        None => None,
    }
}

/// The language that the sentence really has.
fn language(details: &ErrorDetails) -> Option<Language> {
    details.localized_message().map(|told| Language::preferred(&told.locale))
}

/// What is wrong in a few words, the same for every problem with this status.
struct Title(&'static str, &'static str);

impl Title {
    fn in_language(&self, language: Language) -> &'static str {
        match language {
            Language::Vi => self.0,
            Language::En => self.1,
        }
    }
}

fn title(status: StatusCode) -> Title {
    match status.as_u16() {
        400 => Title("Yêu cầu chưa hợp lệ", "The request is not valid"),
        401 => Title("Chưa đăng nhập", "Not signed in"),
        403 => Title("Không có quyền", "Not allowed"),
        404 => Title("Không tìm thấy", "Not found"),
        405 => Title("Phương thức không được hỗ trợ", "Method not allowed"),
        408 => Title("Gửi quá chậm", "Too slow"),
        409 => Title("Xung đột với trạng thái hiện tại", "Conflict with the present state"),
        413 => Title("Nội dung quá lớn", "Content too large"),
        415 => Title("Kiểu nội dung không được hỗ trợ", "Unsupported media type"),
        416 => Title("Khoảng byte không có", "Range not satisfiable"),
        429 => Title("Quá nhiều lần thử", "Too many attempts"),
        503 => Title("Tạm thời không hoạt động", "Away for the moment"),
        504 => Title("Hết thời hạn", "Out of time"),
        _ => Title("Hệ thống gặp lỗi", "The system failed"),
    }
}

/// What a handler that panicked answers.
pub(crate) fn after_panic() -> Response {
    answer(Fault::internal("a handler panicked").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_named_as_json_names_them() {
        for (path, expected) in [
            ("document.recipients[3].unit_id", "document.recipients[3].unitId"),
            ("page_size", "pageSize"),
            ("abstract", "abstract"),
            ("documentId", "documentId"),
        ] {
            assert_eq!(json_name(path), expected);
        }
    }

    #[test]
    fn codes_become_statuses() {
        for (code, reason, expected) in [
            (Code::InvalidArgument, "INVALID_FIELDS", 400),
            (Code::Unauthenticated, "NOT_SIGNED_IN", 401),
            (Code::PermissionDenied, "NOT_ALLOWED", 403),
            (Code::NotFound, "DOCUMENT_NOT_FOUND", 404),
            (Code::Unimplemented, "NO_SUCH_METHOD", 404),
            (Code::Aborted, "STALE_REVISION", 409),
            (Code::FailedPrecondition, "WRONG_STAGE", 409),
            (Code::AlreadyExists, "REQUEST_ID_REUSED", 409),
            (Code::InvalidArgument, "FILE_TOO_LARGE", 413),
            (Code::ResourceExhausted, "TOO_MANY_ATTEMPTS", 429),
            (Code::Unavailable, "UNAVAILABLE", 503),
            (Code::DeadlineExceeded, "DEADLINE_EXCEEDED", 504),
            (Code::Internal, "INTERNAL", 500),
        ] {
            assert_eq!(status(code, reason).as_u16(), expected, "{reason}");
        }
    }
}
