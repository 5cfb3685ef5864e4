//! The ways of documents through the processes of their agencies: one row for each check.

use std::collections::HashMap;

use base::Uuid;
use documents_domain::{Asked, Check, CheckSort, Document, Duty, Made, Review};
use sql::{Column, Kind, Queries, Result, Row, Write, params};

use super::{act, act_values, inconsistent};

sql::statements! {
    OF = "SELECT * FROM document_check WHERE document_id = ANY($1) ORDER BY document_id, place";
    CLEAR = "DELETE FROM document_check WHERE document_id = $1";
}

const COLUMNS: [Column; 14] = [
    Column::new("document_id", Kind::Uuid),
    Column::new("place", Kind::Int),
    Column::new("level", Kind::Int),
    Column::new("sort", Kind::Int),
    Column::new("name", Kind::Text),
    Column::new("unit_id", Kind::Uuid),
    Column::new("anywhere", Kind::Bool),
    Column::new("duty", Kind::Int),
    Column::new("asked", Kind::Text),
    Column::new("checker_id", Kind::Uuid),
    Column::new("checker_name", Kind::Text),
    Column::new("checker_position", Kind::Text),
    Column::new("made_at", Kind::Time),
    Column::new("opinion", Kind::Text),
];

/// The reviews of the documents in these rows of `document`, by the ids of the documents.
pub(super) async fn of(db: &mut impl Queries, documents: &[Row]) -> Result<HashMap<Uuid, Review>> {
    let mut reviews = HashMap::new();
    for row in documents {
        if row.get::<Option<i64>>("review_version")?.is_none() {
            continue;
        }
        let version = row.get("review_version")?;
        let approval_first = row.get("review_approval_first")?;
        let returned = row.get("return_reason")?;
        reviews.insert(row.get("id")?, Review { version, approval_first, checks: Vec::new(), returned });
    }
    if reviews.is_empty() {
        return Ok(reviews);
    }
    let ids: Vec<Uuid> = reviews.keys().copied().collect();
    for row in db.all(&OF, params![ids]).await? {
        let review = reviews.get_mut(&row.get("document_id")?);
        inconsistent(review, "review of a check")?.checks.push(check(&row)?);
    }
    Ok(reviews)
}

/// Stores the checks of a document in place of those before.
pub(crate) async fn replace(tx: &mut Write, document: &Document) -> Result<()> {
    let Some(review) = &document.review else { return Ok(()) };
    tx.execute(&CLEAR, params![document.id]).await?;
    let rows = (1_i64..).zip(&review.checks).map(|(place, check)| {
        let Asked { unit_id, anywhere, duty } = check.asked;
        let mut values = params![
            document.id,
            place,
            check.level,
            check.sort.number(),
            &check.name,
            unit_id,
            anywhere,
            duty.number(),
            check.asked.key(),
        ];
        values.extend(act_values(check.made.as_ref().map(|made| &made.act)));
        values.extend(params![check.made.as_ref().map(|made| made.opinion.clone())]);
        values
    });
    tx.insert("document_check", &COLUMNS, rows.collect()).await.map(drop)
}

fn check(row: &Row) -> Result<Check> {
    let made = match act(row, "checker", "made_at")? {
        Some(act) => Some(Made { act, opinion: row.get("opinion")? }),
        None => None,
    };
    Ok(Check {
        level: row.get("level")?,
        sort: inconsistent(CheckSort::numbered(row.get("sort")?), "sort of check")?,
        name: row.get("name")?,
        asked: Asked {
            unit_id: row.get("unit_id")?,
            anywhere: row.get("anywhere")?,
            duty: inconsistent(Duty::numbered(row.get("duty")?), "duty")?,
        },
        made,
    })
}
