//! Versions of resources: `W/"7"` for revision 7, and what callers make depend on them (RFC 7644, 3.14).

use http::{
    HeaderMap, HeaderName,
    header::{IF_MATCH, IF_NONE_MATCH},
};

use super::error::{Refusal, Result};

/// The version of a revision.
pub(super) fn of(revision: i64) -> String {
    format!("W/\"{revision}\"")
}

/// What the caller makes the call depend on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Conditions {
    /// Only if it is one of these.
    pub(super) matching: Option<Vec<String>>,
    /// Only if it is none of these.
    pub(super) none_matching: Option<Vec<String>>,
}

impl Conditions {
    pub(super) fn read(headers: &HeaderMap) -> Self {
        Self { matching: versions(headers, &IF_MATCH), none_matching: versions(headers, &IF_NONE_MATCH) }
    }

    /// Whether the caller knows this revision already.
    pub(super) fn knows(&self, revision: i64) -> bool {
        self.none_matching.as_ref().is_some_and(|known| names(known, revision))
    }

    /// Whether a change may be done again on a newer revision: only if the caller named none.
    pub(super) fn any(&self) -> bool {
        self.matching.is_none() && self.none_matching.is_none()
    }

    /// Refuses a change of a revision that the caller does not mean.
    pub(super) fn check(&self, revision: i64) -> Result<()> {
        let meant = self.matching.as_ref().is_none_or(|meant| names(meant, revision));
        if meant && !self.knows(revision) { Ok(()) } else { Err(Refusal::changed()) }
    }
}

/// Weak and strong versions are one to us: a revision is exact.
fn names(versions: &[String], revision: i64) -> bool {
    let own = format!("\"{revision}\"");
    versions.iter().any(|version| version == "*" || version.strip_prefix("W/").unwrap_or(version) == own)
}

fn versions(headers: &HeaderMap, name: &HeaderName) -> Option<Vec<String>> {
    let written: Vec<_> = headers.get_all(name).iter().collect();
    let listed = written.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    (!written.is_empty()).then(|| listed.map(|version| version.trim().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_of_the_revision_meant() {
        for (matching, none_matching, fits) in [
            (None, None, true),
            (Some("W/\"7\""), None, true),
            (Some("\"7\""), None, true),
            (Some("W/\"6\", W/\"7\""), None, true),
            (Some("*"), None, true),
            (Some("W/\"6\""), None, false),
            (Some("7"), None, false),
            (Some(""), None, false),
            (None, Some("W/\"7\""), false),
            (None, Some("W/\"6\""), true),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [(IF_MATCH, matching), (IF_NONE_MATCH, none_matching)] {
                value.map(|value| headers.insert(name, value.parse().unwrap()));
            }
            assert_eq!(Conditions::read(&headers).check(7).is_ok(), fits, "{matching:?} {none_matching:?}");
        }
    }
}
