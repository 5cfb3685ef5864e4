//! Addresses as `google.api.http` writes them. axum's own router cannot match custom verbs such as `{id}:issue`.

use super::percent;

/// A pattern of addresses: `/v1/documents/{id}:issue`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    text: String,
    segments: Vec<Segment>,
    verb: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(String),
    /// One segment, bound to the field with this path: `id`, `document.id`.
    Variable(String),
}

/// The pattern uses what is not supported: wildcards, or nothing sensible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("address {0} is not made of /literal and /{{field}} segments with an optional :verb")]
pub(crate) struct BadTemplate(String);

/// Fields bound by the address, with their decoded values.
pub(crate) type Variables = Vec<(String, String)>;

impl Template {
    /// Reads a pattern.
    pub(crate) fn parse(text: &str) -> Result<Self, BadTemplate> {
        let bad = || BadTemplate(text.to_owned());
        let path = text.strip_prefix('/').ok_or_else(bad)?;
        let (path, verb) = match path.rsplit_once(':') {
            Some((path, verb)) => (path, Some(verb.to_owned())),
            None => (path, None),
        };
        let segments = path.split('/').map(Segment::parse).collect::<Option<_>>().ok_or_else(bad)?;
        if verb.as_deref().is_some_and(|verb| !is_name(verb)) {
            return Err(bad());
        }
        Ok(Self { text: text.to_owned(), segments, verb })
    }

    /// The pattern as written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The pattern as it is shown to people, each variable by its plain name: `/v1/documents/{id}` for `{document.id}` too,
    /// which is the same address.
    pub(crate) fn shown(&self) -> String {
        let mut shown = String::new();
        for segment in &self.segments {
            shown.push('/');
            match segment {
                Segment::Literal(literal) => shown.push_str(literal),
                Segment::Variable(name) => {
                    shown.push('{');
                    shown.push_str(&plain_name(name));
                    shown.push('}');
                }
            }
        }
        if let Some(verb) = &self.verb {
            shown.push(':');
            shown.push_str(verb);
        }
        shown
    }

    /// The fields that an address binds.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Variable(name) => Some(name.as_str()),
            Segment::Literal(_) => None,
        })
    }

    /// The values that `path` gives the variables; none if it is another address.
    pub(crate) fn matches(&self, path: &str) -> Option<Variables> {
        let path = path.strip_prefix('/')?;
        let last = path.rfind('/').map_or(0, |slash| slash + 1);
        let (path, verb) = match path[last..].rfind(':') {
            Some(colon) => (&path[..last + colon], Some(&path[last + colon + 1..])),
            None => (path, None),
        };
        if verb != self.verb.as_deref() || path.split('/').count() != self.segments.len() {
            return None;
        }
        let mut variables = Vec::new();
        for (segment, found) in self.segments.iter().zip(path.split('/')) {
            let found = percent::decode(found)?;
            match segment {
                Segment::Literal(literal) if *literal == found => {}
                Segment::Variable(name) if !found.is_empty() => variables.push((name.clone(), found)),
                _ => return None,
            }
        }
        Some(variables)
    }

    /// Which of two matching patterns fits better: `/v1/sessions/current` before `/v1/sessions/{id}`.
    pub(crate) fn generality(&self) -> Vec<bool> {
        self.segments.iter().map(|segment| matches!(segment, Segment::Variable(_))).collect()
    }
}

impl Segment {
    fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix('{') {
            Some(variable) => {
                let name = variable.strip_suffix('}')?;
                name.split('.').all(is_name).then(|| Self::Variable(name.to_owned()))
            }
            None => is_name(text).then(|| Self::Literal(text.to_owned())),
        }
    }
}

/// The name under which a variable is shown: `id` for `document.id`, `documentId` for `document_id`.
pub(crate) fn plain_name(variable: &str) -> String {
    json_name(variable.rsplit('.').next().unwrap_or(variable))
}

/// A name of the protos as JSON has it: `documentId` for `document_id`.
pub(crate) fn json_name(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut name, word| {
        let mut letters = word.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.push_str(letters.as_str());
        name
    })
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(template: &str, path: &str) -> Option<String> {
        let variables = Template::parse(template).unwrap().matches(path)?;
        Some(variables.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(","))
    }

    #[test]
    fn addresses_are_matched_segment_by_segment() {
        let table: &[(&str, &str, Option<&str>)] = &[
            ("/v1/units", "/v1/units", Some("")),
            ("/v1/units", "/v1/units/", None),
            ("/v1/units", "/v1//units", None),
            ("/v1/units", "/v1/Units", None),
            ("/v1/units", "/v1/units:batchGet", None),
            ("/v1/units:batchGet", "/v1/units:batchGet", Some("")),
            ("/v1/units:batchGet", "/v1/units", None),
            ("/v1/units/{id}", "/v1/units/7", Some("id=7")),
            ("/v1/units/{id}", "/v1/units/", None),
            ("/v1/units/{id}", "/v1/units/7/8", None),
            ("/v1/units/{id}", "/v1/units/a%2Fb", Some("id=a/b")),
            ("/v1/units/{id}", "/v1/units/a%3Ab", Some("id=a:b")),
            ("/v1/units/{id}", "/v1/units/%C4%91", Some("id=đ")),
            ("/v1/units/{id}", "/v1/units/%ff", None),
            ("/v1/units/{unit.id}", "/v1/units/7", Some("unit.id=7")),
            ("/v1/documents/{id}:issue", "/v1/documents/7:issue", Some("id=7")),
            ("/v1/documents/{id}:issue", "/v1/documents/7:sign", None),
            ("/v1/documents/{id}:issue", "/v1/documents/:issue", None),
            ("/v1/documents/{id}:issue", "/v1/documents/7:8:issue", Some("id=7:8")),
            ("/v1/documents/{id}", "/v1/documents/7:issue", None),
            ("/v1/documents/{document_id}/board", "/v1/documents/7/board", Some("document_id=7")),
        ];
        for (template, path, expected) in table {
            assert_eq!(bound(template, path).as_deref(), *expected, "{template} against {path}");
        }
    }

    #[test]
    fn addresses_are_shown_with_plain_names() {
        for (template, expected) in [
            ("/v1/documents/{document.id}", "/v1/documents/{id}"),
            ("/v1/documents/{document_id}/board", "/v1/documents/{documentId}/board"),
            ("/v1/documents/{id}:issue", "/v1/documents/{id}:issue"),
        ] {
            assert_eq!(Template::parse(template).unwrap().shown(), expected);
        }
    }

    #[test]
    fn what_is_not_supported_is_refused_when_the_table_is_built() {
        for text in ["v1", "/v1/{name=units/*}", "/v1/*", "/v1/{id", "/v1/{}", "/v1/units:", "/v1//units"] {
            assert_eq!(Template::parse(text), Err(BadTemplate(text.to_owned())));
        }
    }
}
