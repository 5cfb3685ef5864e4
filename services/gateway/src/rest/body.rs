//! The JSON body of a request.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ACCEPT, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use kit::{Fault, Text, faults::Violation};
use serde_json::Value as Json;

use crate::failure::{self, Failure};

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What a JSON body may be like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// At most so many bytes.
    pub(crate) bytes: usize,
    /// In at most so much time.
    pub(crate) time: Duration,
    /// Written in one of these media types; the first is the one to tell.
    pub(crate) media_types: &'static [&'static str],
}

/// Reads the body; nothing at all counts as `{}`, so that the caller is told which fields are missing.
pub(crate) async fn read(headers: &HeaderMap, body: Body, limits: Limits) -> Result<Json, Failure> {
    refuse_encoding(headers)?;
    let too_large = || failure::too_large(u64::try_from(limits.bytes).unwrap_or(u64::MAX));
    if content_length(headers)
        .is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limits.bytes))
    {
        return Err(too_large().into());
    }
    let reading = Limited::new(body, limits.bytes).collect();
    let bytes = match tokio::time::timeout(limits.time, reading).await {
        Err(_) => return Err(Failure::from(failure::too_slow()).answering(StatusCode::REQUEST_TIMEOUT)),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return Err(too_large().into()),
        Ok(Err(_)) => return Err(failure::broken_body().into()),
        Ok(Ok(body)) => body.to_bytes(),
    };
    if bytes.is_empty() {
        return Ok(Json::Object(serde_json::Map::new()));
    }
    expect_type(headers, limits.media_types)?;
    parse(&bytes).map_err(|text| invalid("body", text))
}

/// The length that the client announced.
pub(super) fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Compressed bodies are not taken.
pub(super) fn refuse_encoding(headers: &HeaderMap) -> Result<(), Failure> {
    let plain = headers.get(CONTENT_ENCODING).is_none_or(|encoding| encoding == "identity");
    let text = Text::new("không nhận nội dung nén", "compressed bodies are not taken");
    if plain { Ok(()) } else { Err(unsupported("Content-Encoding", text)) }
}

/// A problem with status 415.
pub(super) fn unsupported(header: &str, text: Text) -> Failure {
    invalid(header, text).answering(StatusCode::UNSUPPORTED_MEDIA_TYPE)
}

fn expect_type(headers: &HeaderMap, wanted: &'static [&'static str]) -> Result<(), Failure> {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if wanted.iter().any(|wanted| media_type.eq_ignore_ascii_case(wanted)) {
        return Ok(());
    }
    let first = wanted.first().copied().unwrap_or_default();
    let text = Text::new(format!("phải là {first}"), format!("must be {first}"));
    Err(unsupported("Content-Type", text).with(ACCEPT, HeaderValue::from_static(first)))
}

fn invalid(field: &str, text: Text) -> Failure {
    Fault::invalid(vec![Violation { field: field.to_owned(), text }]).into()
}

fn parse(bytes: &Bytes) -> Result<Json, Text> {
    if bytes.starts_with(BYTE_ORDER_MARK) {
        return Err(Text::new(
            "bắt đầu bằng dấu thứ tự byte (BOM); JSON phải là UTF-8 không có BOM",
            "starts with a byte order mark; JSON must be UTF-8 without one",
        ));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        // The library's own sentence could repeat what the body says.
        let (line, column) = (error.line(), error.column());
        let deep = error.to_string().starts_with("recursion limit");
        match (deep, error.is_eof()) {
            (true, _) => {
                Text::new("lồng quá sâu (hơn 127 tầng)", "is nested too deeply (more than 127 levels)")
            }
            (_, true) => {
                Text::new("kết thúc giữa chừng, không phải JSON trọn vẹn", "ends in the middle of the JSON")
            }
            _ => Text::new(
                format!("không phải JSON hợp lệ ở dòng {line}, cột {column}"),
                format!("is not valid JSON at line {line}, column {column}"),
            ),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_is_told_without_repeating_it() {
        let deep = "[".repeat(200);
        for (body, expected) in [
            ("\u{feff}{}", "starts with a byte order mark; JSON must be UTF-8 without one"),
            ("{\"password\": hunter2}", "is not valid JSON at line 1, column 14"),
            ("{\"a\": 1", "ends in the middle of the JSON"),
            ("{} {}", "is not valid JSON at line 1, column 4"),
            ("{\"a\": \"\\ud800\"}", "is not valid JSON at line 1, column 14"),
            (&deep, "is nested too deeply (more than 127 levels)"),
        ] {
            assert_eq!(parse(&Bytes::copy_from_slice(body.as_bytes())).unwrap_err().en, expected, "{body}");
        }
        assert_eq!(
            parse(&Bytes::from_static(b"\"\xff\"")).unwrap_err().en,
            "is not valid JSON at line 1, column 2"
        );
    }
}
