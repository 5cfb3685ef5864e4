use std::time::Duration;

use http::{HeaderName, HeaderValue, StatusCode};
use kit::{Fault, Text, faults::COMMON};
use tonic::{Code, Status};
use tonic_types::StatusExt;

/// A failed call on its way to the caller: a gRPC status, and what only HTTP knows.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What went wrong, with `google.rpc` details in the caller's language.
    pub(crate) status: Status,
    /// The HTTP status, where the code does not say it.
    pub(crate) http: Option<StatusCode>,
    /// Headers that the answer needs.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

impl Failure {
    /// Answers with this HTTP status.
    pub(crate) fn answering(mut self, http: StatusCode) -> Self {
        self.http = Some(http);
        self
    }

    /// Answers with this header.
    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self { status: fault.into(), http: None, headers: Vec::new() }
    }
}

impl From<Status> for Failure {
    /// What a service answered. A status without a reason did not come from the service itself, but from what lies between.
    fn from(status: Status) -> Self {
        let explained = status.get_details_error_info().is_some();
        let status = if explained { status } else { explain(status) };
        Self { status, http: None, headers: Vec::new() }
    }
}

fn explain(status: Status) -> Status {
    match status.code() {
        Code::Unauthenticated => Fault::not_signed_in(),
        Code::Unimplemented => no_such_method(),
        _ => Fault::upstream(status),
    }
    .into()
}

/// What a service answers, if it does so in time. The services keep deadlines themselves; this one also holds when a
/// service hangs.
pub(crate) async fn in_time<T>(
    limit: Duration,
    answer: impl Future<Output = Result<T, Status>>,
) -> Result<T, Failure> {
    match tokio::time::timeout(limit, answer).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(Fault::too_slow().into()),
    }
}

/// Nothing is served at this address, or under this name.
pub(crate) fn no_such_method() -> Fault {
    let text = Text::new(
        "Ở địa chỉ này không có gì. Danh sách địa chỉ: /docs.",
        "Nothing is served at this address. All addresses: /docs.",
    );
    Fault::new(Code::Unimplemented, COMMON, "NO_SUCH_METHOD", text)
}

/// The address is right, the HTTP method is not.
pub(crate) fn wrong_method(allowed: &str) -> Fault {
    let text = Text::new(
        format!("Địa chỉ này chỉ nhận: {allowed}."),
        format!("This address takes only: {allowed}."),
    );
    Fault::new(Code::Unimplemented, COMMON, "NO_SUCH_METHOD", text)
}

/// The body, or the file, is larger than the limit.
pub(crate) fn too_large(limit_bytes: u64) -> Fault {
    let text = Text::new(
        format!("Nội dung gửi lên vượt quá giới hạn {limit_bytes} byte."),
        format!("What was sent is larger than the limit of {limit_bytes} bytes."),
    );
    Fault::new(Code::ResourceExhausted, COMMON, "BODY_TOO_LARGE", text).with("limit_bytes", limit_bytes)
}

/// The body stood still for too long.
pub(crate) fn too_slow() -> Fault {
    let text = Text::new(
        "Nội dung gửi lên đến quá chậm nên kết nối đã bị dừng. Hãy gửi lại.",
        "The body arrived too slowly and was given up. Send it again.",
    );
    Fault::new(Code::DeadlineExceeded, COMMON, "DEADLINE_EXCEEDED", text)
}

/// The connection broke before the body had come to its end.
pub(crate) fn broken_body() -> Fault {
    let text = Text::new(
        "Kết nối bị đứt trước khi nhận đủ nội dung. Không có gì được lưu; hãy gửi lại.",
        "The connection broke before the body had come to its end. Nothing was stored; send it again.",
    );
    Fault::new(Code::InvalidArgument, COMMON, "INVALID_FIELDS", text)
}
