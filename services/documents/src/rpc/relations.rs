//! What documents do to earlier ones: as drafters write it down, as it is checked, takes effect and is shown.

use std::collections::{HashMap, HashSet};

use base::Uuid;
use congvan_proto::documents::v1 as pb;
use documents_domain::{
    Action, Document, Inbox, Officer, Rejection, Relation, RelationKind, Scope, limits, may,
};
use kit::{Fault, Violations};
use sql::{Queries, Write};

use super::command::Command;
use crate::{Documents, faults, shape, store};

/// The relations that a drafter writes down; every violation is noted.
pub(super) fn parse(written: &[pb::DocumentRelation], violations: &mut Violations) -> Vec<Relation> {
    if written.len() > limits::RELATIONS {
        let (limit, count) = (limits::RELATIONS, written.len());
        violations.add(
            "document.relations",
            format!("nêu {count} văn bản, tối đa {limit}"),
            format!("names {count} documents, at most {limit} are allowed"),
        );
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let parsed = written.iter().enumerate().map(|(index, relation)| {
        let field = format!("document.relations[{index}]");
        let document_id = violations.id(&format!("{field}.documentId"), &relation.document_id);
        if !document_id.is_nil() && !seen.insert(document_id) {
            violations.add(format!("{field}.documentId"), "văn bản này đã có ở trên", "is named twice");
        }
        let kind = RelationKind::numbered(relation.kind).unwrap_or_else(|| {
            violations.missing(format!("{field}.kind"));
            RelationKind::Answers
        });
        Relation { kind, document_id }
    });
    parsed.collect()
}

/// Refuses a submission whose relations the law does not know. Issuing asks again, under lock; so here nothing is locked, and whoever may
/// not submit is told that by the command itself.
pub(super) async fn check(service: &Documents, command: &Command) -> Result<(), Fault> {
    let mut read = service.db.read("check_relations").await?;
    if command.once.is_answered(&mut read).await? {
        return Ok(());
    }
    match store::document::find(&mut read, command.id).await? {
        Some(document) if may(&command.officer, Action::Draft, &document).is_ok() => {
            fits(&mut read, &document).await?.map_err(faults::rejected)
        }
        _ => Ok(()),
    }
}

/// Checks the relations of a document whose release is being ordered and lets them take effect; refused are those that the law does not
/// know, and nothing is written then.
pub(super) async fn put_in_force(tx: &mut Write, document: &Document) -> sql::Result<Result<(), Rejection>> {
    if document.fields.relations.is_empty() {
        return Ok(Ok(()));
    }
    let fits = fits(tx, document).await?;
    if fits.is_ok() {
        store::relation::put_in_force(tx, document).await?;
    }
    Ok(fits)
}

async fn fits(db: &mut impl Queries, document: &Document) -> sql::Result<Result<(), Rejection>> {
    if document.fields.relations.is_empty() {
        return Ok(Ok(()));
    }
    let targets = store::relation::targets(db, document).await?;
    Ok(document.relates(|id| targets.get(&id).cloned()))
}

/// Adds to a document what it has to do with others, as far as the officer may read them.
pub(super) async fn tell(
    db: &mut impl Queries,
    officer: &Officer,
    document: &mut pb::Document,
) -> Result<(), Fault> {
    mark(db, std::slice::from_mut(document)).await?;
    let id = document.id.parse().map_err(Fault::internal)?;
    let reader = (&Scope::of(officer), &Inbox::of(officer));
    let earlier = store::relation::related(db, id, false, reader).await?;
    let later = store::relation::related(db, id, true, reader).await?;
    document.earlier_documents = earlier.iter().map(shape::relation::related).collect();
    document.later_documents = later.iter().map(shape::relation::related).collect();
    Ok(())
}

/// Marks documents that were recalled, replaced, amended or corrected.
pub(super) async fn mark(db: &mut impl Queries, documents: &mut [pb::Document]) -> Result<(), Fault> {
    let marks = marks(db, documents.iter().map(|document| &document.id)).await?;
    for document in documents {
        document.marks = marks.get(&document.id).cloned().unwrap_or_default();
    }
    Ok(())
}

/// The same for documents at a recipient, as long as they are there.
pub(super) async fn mark_deliveries(
    db: &mut impl Queries,
    deliveries: &mut [pb::Delivery],
) -> Result<(), Fault> {
    let kept = |delivery: &&mut pb::Delivery| !shape::recall::is_destroyed(delivery);
    let marks = marks(db, deliveries.iter().map(|delivery| &delivery.document_id)).await?;
    for delivery in deliveries.iter_mut().filter(kept) {
        delivery.document_marks = marks.get(&delivery.document_id).cloned().unwrap_or_default();
    }
    Ok(())
}

async fn marks(
    db: &mut impl Queries,
    ids: impl Iterator<Item = &String>,
) -> Result<HashMap<String, Vec<i32>>, Fault> {
    let ids = ids.map(|id| id.parse()).collect::<Result<Vec<Uuid>, _>>().map_err(Fault::internal)?;
    let mut marks: HashMap<_, Vec<_>> = HashMap::new();
    if ids.is_empty() {
        return Ok(marks);
    }
    for (id, kind) in store::relation::marks(db, ids).await? {
        marks.entry(id.to_string()).or_default().extend(shape::relation::mark(kind));
    }
    for marks in marks.values_mut() {
        marks.sort_unstable();
    }
    Ok(marks)
}
