use congvan_proto::documents::v1 as pb;
use documents_domain::{Relation, RelationKind};

use crate::store::relation::Related;

/// A relation as the drafter wrote it down.
pub(crate) fn written(relation: &Relation) -> pb::DocumentRelation {
    pb::DocumentRelation { kind: relation.kind.number(), document_id: relation.document_id.to_string() }
}

/// A document at the other end.
pub(crate) fn related(related: &Related) -> pb::RelatedDocument {
    pb::RelatedDocument {
        kind: related.kind.number(),
        document_id: related.id.to_string(),
        notation: related.notation.clone(),
        issued_date: related.issued_on.to_string(),
        r#abstract: related.summary.clone(),
        other_document_id: related.other_id.to_string(),
    }
}

/// The mark of a document to which something like this was done; none for an answer.
pub(crate) fn mark(kind: RelationKind) -> Option<i32> {
    let mark = match kind {
        RelationKind::RecallNotice => pb::DocumentMark::Recalled,
        RelationKind::Replaces => pb::DocumentMark::Replaced,
        RelationKind::Amends => pb::DocumentMark::Amended,
        RelationKind::Corrects => pb::DocumentMark::Corrected,
        RelationKind::Answers => return None,
    };
    Some(mark.into())
}
