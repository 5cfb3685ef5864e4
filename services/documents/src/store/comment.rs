use base::Uuid;
use documents_domain::{Comment, Remark};
use sql::{Queries, Result, Row, Write, params};

use super::{act, inconsistent};

sql::statements! {
    COUNT = "SELECT count(*) AS n FROM document_comment WHERE document_id = $1";
    FIND = "SELECT * FROM document_comment WHERE document_id = $1 AND number = $2";
    OF = "SELECT * FROM document_comment WHERE document_id = $1 AND number > $2 AND (NOT $3 OR resolved_at IS NULL)
        ORDER BY number LIMIT $4";
    INSERT = "INSERT INTO document_comment (document_id, number, revision, attachment_id, page, answers, remark, author_id,
            author_name, author_position, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    RESOLVE = "UPDATE document_comment SET resolver_id = $3, resolver_name = $4, resolver_position = $5, resolved_at = $6
        WHERE document_id = $1 AND number = $2";
}

/// How many comments there are on a document, which is the number of the last.
pub(crate) async fn count(db: &mut impl Queries, document_id: Uuid) -> Result<i32> {
    db.one(&COUNT, params![document_id]).await?.get("n")
}

/// One comment.
pub(crate) async fn find(db: &mut impl Queries, document_id: Uuid, number: i32) -> Result<Option<Comment>> {
    db.optional(&FIND, params![document_id, number]).await?.as_ref().map(read).transpose()
}

/// The comments on a document behind a number, in order.
pub(crate) async fn of(
    db: &mut impl Queries,
    document_id: Uuid,
    after: i64,
    unresolved_only: bool,
    size: u16,
) -> Result<Vec<Comment>> {
    let values = params![document_id, after, unresolved_only, size];
    db.all(&OF, values).await?.iter().map(read).collect()
}

/// Stores a new comment.
pub(crate) async fn insert(tx: &mut Write, comment: &Comment) -> Result<()> {
    let Comment { remark, written, .. } = comment;
    let values = params![
        comment.document_id,
        comment.number,
        comment.revision,
        remark.attachment_id,
        remark.page,
        remark.answers,
        &remark.text,
        written.by.user_id,
        &written.by.full_name,
        &written.by.position,
        written.at,
    ];
    tx.execute(&INSERT, values).await.map(drop)
}

/// Stores that a comment is resolved.
pub(crate) async fn resolve(tx: &mut Write, comment: &Comment) -> Result<()> {
    let resolved = comment.resolved.as_ref();
    let by = resolved.map(|act| &act.by);
    let values = params![
        comment.document_id,
        comment.number,
        by.map(|by| by.user_id),
        by.map(|by| by.full_name.clone()),
        by.map(|by| by.position.clone()),
        resolved.map(|act| act.at),
    ];
    tx.execute(&RESOLVE, values).await.map(drop)
}

fn read(row: &Row) -> Result<Comment> {
    let narrow = |number: Option<i64>| number.and_then(|number| i32::try_from(number).ok());
    Ok(Comment {
        document_id: row.get("document_id")?,
        number: row.get("number")?,
        revision: row.get("revision")?,
        remark: Remark {
            text: row.get("remark")?,
            attachment_id: row.get("attachment_id")?,
            page: narrow(row.get("page")?),
            answers: narrow(row.get("answers")?),
        },
        written: inconsistent(act(row, "author", "created_at")?, "author")?,
        resolved: act(row, "resolver", "resolved_at")?,
    })
}
