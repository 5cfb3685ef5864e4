//! What a list is asked for, in the address or in the body of a search (RFC 7644, 3.4.2 and 3.4.3).

use http::Uri;
use kit::Text;
use serde_json::Value as Json;

use super::{
    body::{Object, no_object},
    error::{Kind, Refusal, Result},
    projection::Projection,
};
use crate::rest::percent;

/// Resources on a page, unless said otherwise, and at most.
const DEFAULT: usize = 1000;
const MOST: usize = 1000;

/// What a list is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) filter: Option<String>,
    /// The first resource wanted, counted from 0.
    pub(super) start: usize,
    /// How many at most; 0 asks for the total alone.
    pub(super) count: usize,
    pub(super) sort_by: Option<String>,
    pub(super) descending: bool,
    pub(super) projection: Projection,
}

impl Query {
    /// As the address says. Parameters that the standard has not are read over.
    pub(super) fn of_address(uri: &Uri) -> Result<Self> {
        let mut written = Object::new();
        for pair in uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decoded = percent::decode_form(name).zip(percent::decode_form(value));
            let (name, value) =
                decoded.ok_or_else(|| wrong("query", "UTF-8 mã hóa phần trăm", "percent-encoded UTF-8"))?;
            let list = matches!(name.as_str(), "attributes" | "excludedAttributes");
            let value = if list { value.split(',').map(str::trim).collect() } else { value.into() };
            written.insert(name, value);
        }
        Self::read(&written)
    }

    /// As the body of a search says.
    pub(super) fn of_body(body: &Json) -> Result<Self> {
        Self::read(body.as_object().ok_or_else(|| no_object("search"))?)
    }

    fn read(written: &Object) -> Result<Self> {
        let start = number(written, "startIndex")?.unwrap_or(1);
        let count = number(written, "count")?;
        let descending = match text(written, "sortOrder")?.as_deref() {
            None | Some("ascending") => false,
            Some("descending") => true,
            Some(_) => {
                return Err(wrong("sortOrder", "ascending hoặc descending", "ascending or descending"));
            }
        };
        Ok(Self {
            filter: text(written, "filter")?.filter(|filter| !filter.trim().is_empty()),
            start: usize::try_from(start - 1).unwrap_or(0), // what is less than 1 means 1
            count: count.map_or(DEFAULT, |count| usize::try_from(count).unwrap_or(0).min(MOST)),
            sort_by: text(written, "sortBy")?,
            descending,
            projection: Projection::new(
                names(written, "attributes")?,
                names(written, "excludedAttributes")?,
            )?,
        })
    }
}

fn number(written: &Object, name: &str) -> Result<Option<i64>> {
    let number = match written.get(name) {
        None | Some(Json::Null) => return Ok(None),
        Some(Json::String(text)) => text.parse().ok(),
        Some(value) => value.as_i64(),
    };
    let number = number.filter(|number| i32::try_from(*number).is_ok());
    number.map(Some).ok_or_else(|| wrong(name, "một số nguyên", "a whole number"))
}

fn text(written: &Object, name: &str) -> Result<Option<String>> {
    match written.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong(name, "một chuỗi", "a text")),
    }
}

fn names(written: &Object, name: &str) -> Result<Vec<String>> {
    let Some(names) = written.get(name).filter(|names| !names.is_null()) else { return Ok(Vec::new()) };
    let read = names
        .as_array()
        .and_then(|names| names.iter().map(|name| name.as_str().map(str::to_owned)).collect());
    let read: Vec<String> = read.ok_or_else(|| wrong(name, "danh sách chuỗi", "a list of texts"))?;
    Ok(read.into_iter().filter(|name| !name.is_empty()).collect())
}

fn wrong(name: &str, vi: &str, en: &str) -> Refusal {
    Refusal::new(
        Kind::InvalidValue,
        &Text::new(format!("{name} phải là {vi}."), format!("{name} must be {en}.")),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_address_and_a_body_ask_alike() {
        let uri: Uri =
            "/Users?filter=id%20pr&startIndex=11&count=5000&attributes=id,%20name&sortOrder=descending&x=y"
                .parse()
                .unwrap();
        let body = json!({
            "filter": "id pr", "startIndex": 11, "count": 5000, "attributes": ["id", "name"], "sortOrder": "descending",
        });
        let query = Query::of_address(&uri).unwrap();
        assert_eq!(query, Query::of_body(&body).unwrap());
        assert_eq!((query.start, query.count, query.descending), (10, 1000, true));
        let query = Query::of_body(&json!({"startIndex": -3, "count": -1})).unwrap();
        assert_eq!((query.start, query.count), (0, 0));
        for wrong in [
            json!([]),
            json!({"count": "x"}),
            json!({"sortOrder": "up"}),
            json!({"attributes": "id"}),
            json!({"filter": 7}),
            json!({"startIndex": i64::MAX}),
        ] {
            assert!(Query::of_body(&wrong).is_err(), "{wrong}");
        }
    }
}
