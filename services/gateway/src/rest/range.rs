//! Which bytes of a file are wanted (RFC 9110, sections 13 and 14).

use http::{
    HeaderMap,
    header::{IF_NONE_MATCH, IF_RANGE, RANGE},
};

/// What a download should answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The whole file.
    Whole,
    /// The bytes from `first` to `last`, both included.
    Part {
        /// First byte.
        first: u64,
        /// Last byte.
        last: u64,
    },
    /// Bytes that the file does not have.
    Unsatisfiable,
    /// Nothing: the client has this very file.
    Unchanged,
}

/// What the headers want of a file of `size` bytes with this entity tag (with its quotes).
pub(super) fn wanted(headers: &HeaderMap, size: u64, tag: &str) -> Wanted {
    if headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|list| names(list, tag))
    {
        return Wanted::Unchanged;
    }
    // A date cannot be compared with anything here, so it asks for the whole file, like a tag of another version.
    let fresh = headers.get(IF_RANGE).is_none_or(|condition| condition == tag);
    let range = headers.get(RANGE).filter(|_| fresh).and_then(|value| value.to_str().ok());
    range.and_then(|range| part(range, size)).unwrap_or(Wanted::Whole)
}

/// Whether a list of entity tags names this one; weakly compared, as `If-None-Match` demands.
fn names(list: &str, tag: &str) -> bool {
    list.split(',')
        .map(str::trim)
        .any(|listed| listed == "*" || listed.strip_prefix("W/").unwrap_or(listed) == tag)
}

/// Reads `bytes=first-last`, `bytes=first-` or `bytes=-suffix`. Several ranges, or what cannot be read, want the whole file.
fn part(range: &str, size: u64) -> Option<Wanted> {
    let (first, last) = range.trim().strip_prefix("bytes=")?.split_once('-')?;
    let (first, last) = (first.trim(), last.trim());
    if first.is_empty() {
        let suffix = number(last)?;
        let first = size.saturating_sub(suffix);
        return Some(if suffix == 0 || size == 0 {
            Wanted::Unsatisfiable
        } else {
            Wanted::Part { first, last: size - 1 }
        });
    }
    let first = number(first)?;
    let last = if last.is_empty() { u64::MAX } else { number(last)? };
    if last < first {
        return None;
    }
    Some(if first >= size { Wanted::Unsatisfiable } else { Wanted::Part { first, last: last.min(size - 1) } })
}

fn number(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use http::HeaderName;

    use super::*;

    const TAG: &str = "\"abc\"";

    fn ask(size: u64, headers: &[(HeaderName, &str)]) -> Wanted {
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        wanted(&headers, size, TAG)
    }

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let part = |first, last| Wanted::Part { first, last };
        for (range, expected) in [
            ("bytes=0-0", part(0, 0)),
            ("bytes=2-5", part(2, 5)),
            ("bytes=2-", part(2, 9)),
            ("bytes=2-99", part(2, 9)),
            ("bytes=-3", part(7, 9)),
            ("bytes=-99", part(0, 9)),
            ("bytes=10-", Wanted::Unsatisfiable),
            ("bytes=-0", Wanted::Unsatisfiable),
            ("bytes=5-2", Wanted::Whole),
            ("bytes=0-1,4-5", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("lines=1-2", Wanted::Whole),
        ] {
            assert_eq!(ask(10, &[(RANGE, range)]), expected, "{range}");
        }
        assert_eq!(ask(0, &[(RANGE, "bytes=-5")]), Wanted::Unsatisfiable);
    }

    #[test]
    fn conditions_go_first() {
        let range = (RANGE, "bytes=0-0");
        assert_eq!(ask(10, &[range.clone(), (IF_RANGE, TAG)]), Wanted::Part { first: 0, last: 0 });
        assert_eq!(ask(10, &[range.clone(), (IF_RANGE, "\"old\"")]), Wanted::Whole);
        assert_eq!(ask(10, &[range.clone(), (IF_RANGE, "W/\"abc\"")]), Wanted::Whole);
        assert_eq!(ask(10, &[range.clone(), (IF_RANGE, "Mon, 23 Nov 2026 08:00:00 GMT")]), Wanted::Whole);
        assert_eq!(ask(10, &[range, (IF_NONE_MATCH, "\"x\", W/\"abc\"")]), Wanted::Unchanged);
        assert_eq!(ask(10, &[(IF_NONE_MATCH, "*")]), Wanted::Unchanged);
        assert_eq!(ask(10, &[(IF_NONE_MATCH, "\"x\"")]), Wanted::Whole);
    }
}
