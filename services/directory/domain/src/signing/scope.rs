use crate::DocumentKind;

/// What an authority to sign is limited to: kinds of documents, and matters in the words of the agency ("VX", "đất đai").
/// Nothing named means no limit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    kinds: Vec<DocumentKind>,
    matters: Vec<String>,
}

impl Scope {
    /// A scope of these kinds and matters, each once.
    pub fn new(mut kinds: Vec<DocumentKind>, matters: Vec<String>) -> Self {
        kinds.sort_unstable();
        kinds.dedup();
        let mut once: Vec<String> = Vec::with_capacity(matters.len());
        for matter in matters {
            if !once.iter().any(|other| same(other, &matter)) {
                once.push(matter);
            }
        }
        Self { kinds, matters: once }
    }

    /// The kinds named.
    pub fn kinds(&self) -> &[DocumentKind] {
        &self.kinds
    }

    /// The matters named.
    pub fn matters(&self) -> &[String] {
        &self.matters
    }

    /// Whether it names a kind or a matter.
    pub fn is_limited(&self) -> bool {
        !self.kinds.is_empty() || !self.matters.is_empty()
    }

    /// Whether documents of this kind lie in it.
    pub fn covers_kind(&self, kind: DocumentKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    /// Whether this matter lies in it. A matter that is not stated (empty) lies only in a scope without limit of matters: who may
    /// sign for one field must not sign what belongs to no field.
    pub fn covers_matter(&self, matter: &str) -> bool {
        self.matters.is_empty() || self.matters.iter().any(|own| same(own, matter))
    }

    /// Whether a document can lie in both.
    pub fn meets(&self, other: &Self) -> bool {
        let kinds = self.kinds.is_empty()
            || other.kinds.is_empty()
            || self.kinds.iter().any(|kind| other.kinds.contains(kind));
        let matters = self.matters.is_empty()
            || other.matters.is_empty()
            || self.matters.iter().any(|matter| other.covers_matter(matter));
        kinds && matters
    }
}

/// Whether two texts name one matter: capitals do not count, accents do.
fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(kinds: &[&str], matters: &[&str]) -> Scope {
        let kinds = kinds.iter().map(|name| DocumentKind::named(name).expect("a kind")).collect();
        Scope::new(kinds, matters.iter().map(|matter| (*matter).to_owned()).collect())
    }

    #[test]
    fn nothing_named_is_no_limit() {
        let notice = DocumentKind::named("NOTICE").expect("a kind");
        let all = scope(&[], &[]);
        assert!(all.covers_kind(notice) && all.covers_matter("VX") && all.covers_matter(""));
        assert!(!all.is_limited());
        let one = scope(&["DECISION"], &["VX", "vx"]);
        assert_eq!(one.matters(), ["VX"], "each once");
        assert!(!one.covers_kind(notice) && one.covers_matter("vx"));
        assert!(!one.covers_matter("") && !one.covers_matter("KT") && one.is_limited());
    }

    #[test]
    fn scopes_meet_where_a_document_lies_in_both() {
        for (one, other, meet) in [
            (scope(&[], &[]), scope(&["NOTICE"], &["VX"]), true),
            (scope(&["NOTICE"], &[]), scope(&["DECISION"], &[]), false),
            (scope(&["NOTICE"], &["VX"]), scope(&["NOTICE"], &["KT"]), false),
            (scope(&["NOTICE"], &[]), scope(&[], &["KT"]), true),
            (scope(&["NOTICE", "PLAN"], &["VX"]), scope(&["PLAN"], &["kt", "vx"]), true),
        ] {
            assert_eq!((one.meets(&other), other.meets(&one)), (meet, meet), "{one:?} {other:?}");
        }
    }
}
