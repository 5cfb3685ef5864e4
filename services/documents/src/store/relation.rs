//! What documents do to earlier ones.

use std::collections::HashMap;

use base::{Date, Uuid};
use documents_domain::{Document, Inbox, RecallState, Relation, RelationKind, Scope, Target, notation};
use sql::{Column, Kind, Queries, Result, Row, Write, params};

use super::{document, inconsistent};

sql::statements! {
    WRITE = "UPDATE document SET relations = $2 WHERE id = $1";
    TARGETS = "SELECT document.*, later.id AS later_id, later.number AS later_number, later.symbol AS later_symbol,
            (SELECT recall.state FROM recall WHERE recall.document_id = document.id AND recall.state <> 'CANCELLED'
                ORDER BY recall.id DESC LIMIT 1) AS recall_state,
            EXISTS (SELECT 1 FROM delivery WHERE delivery.document_id = document.id AND delivery.recipient_id = $2
                AND (delivery.recall_state IS NULL OR delivery.recall_state NOT IN ('AGREED', 'NOT_NEEDED'))) AS received
        FROM document
            LEFT JOIN document_relation AS relation ON relation.target_id = document.id AND relation.kind = 'REPLACES'
            LEFT JOIN document AS later ON later.id = relation.document_id
        WHERE document.id = ANY($1)";
    LATER = "WITH RECURSIVE chain (document_id, target_id, kind, depth) AS (
            SELECT document_id, target_id, kind, 1 FROM document_relation WHERE target_id = $1
            UNION
            SELECT next.document_id, next.target_id, next.kind, chain.depth + 1
            FROM document_relation AS next JOIN chain ON next.target_id = chain.document_id
            WHERE chain.kind = 'REPLACES' AND next.kind <> 'ANSWERS' AND chain.depth < 100)
        SELECT chain.kind AS relation_kind, chain.target_id AS other_id, document.id, document.number, document.symbol,
            document.issued_on, document.summary
        FROM chain JOIN document ON document.id = chain.document_id AND document.stage = 'ISSUED'
        WHERE document.agency_id = ANY($2) OR document.drafting_unit_id = ANY($3)
            OR EXISTS (SELECT 1 FROM delivery WHERE delivery.document_id = document.id
                AND (delivery.recipient_id = ANY($4) OR delivery.assigned_unit_id = ANY($5))
                AND (delivery.recall_state IS NULL OR delivery.recall_state NOT IN ('AGREED', 'NOT_NEEDED')))
        ORDER BY document.issued_at DESC, document.id DESC LIMIT 200";
    EARLIER = "WITH RECURSIVE chain (document_id, target_id, kind, depth) AS (
            SELECT document_id, target_id, kind, 1 FROM document_relation WHERE document_id = $1
            UNION
            SELECT next.document_id, next.target_id, next.kind, chain.depth + 1
            FROM document_relation AS next JOIN chain ON next.document_id = chain.target_id
            WHERE chain.kind = 'REPLACES' AND next.kind = 'REPLACES' AND chain.depth < 100)
        SELECT chain.kind AS relation_kind, chain.document_id AS other_id, document.id, document.number, document.symbol,
            document.issued_on, document.summary
        FROM chain JOIN document ON document.id = chain.target_id
        WHERE document.agency_id = ANY($2) OR document.drafting_unit_id = ANY($3)
            OR EXISTS (SELECT 1 FROM delivery WHERE delivery.document_id = document.id
                AND (delivery.recipient_id = ANY($4) OR delivery.assigned_unit_id = ANY($5))
                AND (delivery.recall_state IS NULL OR delivery.recall_state NOT IN ('AGREED', 'NOT_NEEDED')))
        ORDER BY document.issued_at DESC, document.id DESC LIMIT 200";
    MARKS = "SELECT relation.target_id AS id, relation.kind FROM document_relation AS relation
                JOIN document AS later ON later.id = relation.document_id AND later.stage = 'ISSUED'
            WHERE relation.target_id = ANY($1) AND relation.kind IN ('REPLACES', 'AMENDS', 'CORRECTS')
        UNION SELECT document_id AS id, 'RECALL_NOTICE' AS kind FROM recall
            WHERE document_id = ANY($1) AND state <> 'CANCELLED'
        ORDER BY id, kind";
    WITHDRAW = "DELETE FROM document_relation WHERE document_id = $1";
}

const COLUMNS: [Column; 3] = [
    Column::new("document_id", Kind::Uuid),
    Column::new("target_id", Kind::Uuid),
    Column::new("kind", Kind::Text),
];

/// A document at the end of a relation.
#[derive(Debug, Clone)]
pub(crate) struct Related {
    pub(crate) kind: RelationKind,
    pub(crate) id: Uuid,
    pub(crate) other_id: Uuid,
    pub(crate) notation: String,
    pub(crate) issued_on: Date,
    pub(crate) summary: String,
}

/// Stores what the drafter wrote down.
pub(super) async fn write(tx: &mut Write, document: &Document) -> Result<()> {
    let line = |relation: &Relation| format!("{} {}", relation.kind.code(), relation.document_id);
    let lines: Vec<_> = document.fields.relations.iter().map(line).collect();
    tx.execute(&WRITE, params![document.id, lines.join("\n")]).await.map(drop)
}

/// What the drafter wrote down.
pub(super) fn read(row: &Row) -> Result<Vec<Relation>> {
    let text: String = row.get("relations")?;
    let relations = text.lines().map(|line| {
        let relation = line.split_once(' ').and_then(|(code, id)| {
            Some(Relation { kind: RelationKind::coded(code)?, document_id: id.parse().ok()? })
        });
        inconsistent(relation, "relation")
    });
    relations.collect()
}

/// The documents that this one names, as they stand now.
pub(crate) async fn targets(db: &mut impl Queries, later: &Document) -> Result<HashMap<Uuid, Target>> {
    let ids: Vec<_> = later.fields.relations.iter().map(|relation| relation.document_id).collect();
    let rows = db.all(&TARGETS, params![ids, later.agency_id]).await?;
    let targets = rows.iter().map(|row| {
        let recall: Option<String> = row.get("recall_state")?;
        let later_id: Option<Uuid> = row.get("later_id")?;
        let number = row.get::<Option<i64>>("later_number")?.and_then(|number| i32::try_from(number).ok());
        let numbered = number.zip(row.get::<Option<String>>("later_symbol")?);
        let numbered = numbered.map(|(number, symbol)| notation(number, &symbol));
        let target = Target {
            document: document::read(row, Vec::new(), None)?,
            recall: recall.map(|code| inconsistent(RecallState::coded(&code), "state")).transpose()?,
            replaced_by: later_id.filter(|id| *id != later.id).map(|_| numbered.unwrap_or_default()),
            received: row.get("received")?,
        };
        Ok((target.document.id, target))
    });
    targets.collect()
}

/// Lets what a document does take effect, in the transaction that orders its release: it is shown once the document is issued. Fails with
/// a conflict if another one replaced the same document meanwhile.
pub(crate) async fn put_in_force(tx: &mut Write, document: &Document) -> Result<()> {
    let rows = document.fields.relations.iter();
    let rows = rows.map(|relation| params![document.id, relation.document_id, relation.kind.code()]);
    tx.insert("document_relation", &COLUMNS, rows.collect()).await.map(drop)
}

/// What a document was to do is free for others again, in the transaction that takes its release back.
pub(crate) async fn withdraw(tx: &mut Write, document_id: Uuid) -> Result<()> {
    tx.execute(&WITHDRAW, params![document_id]).await.map(drop)
}

/// The earlier documents of a document, or the later ones, as far as somebody with this scope and inbox may read them; the latest
/// first.
pub(crate) async fn related(
    db: &mut impl Queries,
    document_id: Uuid,
    later: bool,
    (scope, inbox): (&Scope, &Inbox),
) -> Result<Vec<Related>> {
    let statement = if later { &LATER } else { &EARLIER };
    let mut values = params![document_id, scope.agencies.clone(), scope.units.clone()];
    values.extend(params![inbox.recipients.clone(), inbox.units.clone()]);
    db.all(statement, values).await?.iter().map(related_of).collect()
}

/// What became of documents: by what kind of relation each is marked, those that are recalled by that of the notice.
pub(crate) async fn marks(db: &mut impl Queries, ids: Vec<Uuid>) -> Result<Vec<(Uuid, RelationKind)>> {
    let rows = db.all(&MARKS, params![ids]).await?;
    let marks = rows.iter().map(|row| {
        let kind = RelationKind::coded(&row.get::<String>("kind")?);
        Ok((row.get("id")?, inconsistent(kind, "kind of relation")?))
    });
    marks.collect()
}

fn related_of(row: &Row) -> Result<Related> {
    let kind = RelationKind::coded(&row.get::<String>("relation_kind")?);
    Ok(Related {
        kind: inconsistent(kind, "kind of relation")?,
        id: row.get("id")?,
        other_id: row.get("other_id")?,
        notation: notation(row.get("number")?, &row.get::<String>("symbol")?),
        issued_on: row.get("issued_on")?,
        summary: row.get("summary")?,
    })
}
