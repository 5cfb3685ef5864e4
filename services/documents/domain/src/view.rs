use base::{Timestamp, Uuid};

use crate::{Document, Officer, Post, Scope, Signatory};

/// How long repeated views of the same by the same person in the same post are one, in seconds: counted from the beginning of the
/// epoch, so that every process cuts time at the same moments.
const SPAN_SECONDS: i64 = 600;

/// What of a document was seen.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sight {
    /// Its full record.
    Record,
    /// One of its versions.
    Version(i32),
    /// One of its files, which was downloaded whole or in part.
    File(Uuid),
}

/// Somebody saw something of a document (Appendix VI, F5.a and F6.l).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The document.
    pub document_id: Uuid,
    /// What of it.
    pub sight: Sight,
    /// Who, in which post then.
    pub by: Signatory,
    /// The agency of that post.
    pub agency_id: Uuid,
    /// When.
    pub at: Timestamp,
}

impl View {
    /// A view of a document in this post.
    pub fn new(document_id: Uuid, sight: Sight, by: &Officer, post: &Post, at: Timestamp) -> Self {
        let by = by.acting(|held| held == post).expect("the post is one of theirs");
        Self { document_id, sight, by, agency_id: post.agency_id, at }
    }

    /// The beginning of the span in which views are one.
    pub fn span(&self) -> Timestamp {
        let second = self.at.as_second();
        Timestamp::from_second(second - second.rem_euclid(SPAN_SECONDS))
            .expect("it is no later than the view")
    }
}

/// The post in which an officer reads a document at the sender: the first that gives the right to; none if none does.
pub fn reading_post<'a>(officer: &'a Officer, document: &Document) -> Option<&'a Post> {
    officer.posts.iter().find(|post| Scope::of(&officer.in_post(post)).reads(document))
}

impl Officer {
    /// The same person with this post alone.
    #[must_use]
    pub fn in_post(&self, post: &Post) -> Self {
        Self { posts: vec![post.clone()], ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_span_holds_its_views_and_no_other(second in -10_000_000_000_i64..10_000_000_000, after in 0..600_i64) {
            let view = |second| View {
                document_id: Uuid::nil(),
                sight: Sight::Record,
                by: Signatory { user_id: Uuid::nil(), full_name: String::new(), position: String::new() },
                agency_id: Uuid::nil(),
                at: Timestamp::from_second(second).unwrap(),
            };
            let begun = view(second).span();
            prop_assert!(begun.as_second() <= second && second < begun.as_second() + 600);
            prop_assert_eq!(view(begun.as_second() + after).span(), begun);
        }
    }
}
