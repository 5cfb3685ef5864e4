use base::Uuid;
use documents_domain::{Deed, HistoryLine, SigningForm, StageName};
use sql::{Column, Kind, Queries, Result, Row, Value, Write, params};

use super::{inconsistent, signatory};

sql::statements! {
    PLACE = "SELECT coalesce(max(place), 0) + 1 AS place FROM document_history WHERE document_id = $1 AND revision = $2";
    OF = "SELECT line.*, attachment.file_name, attachment.sha256, document_comment.remark,
            document_version.version
        FROM (SELECT document_history.*, lag(stage) OVER (ORDER BY revision, place) AS stage_before FROM document_history
            WHERE document_id = $1) AS line
        LEFT JOIN attachment ON attachment.id = line.attachment_id
        LEFT JOIN document_comment ON document_comment.document_id = line.document_id
            AND document_comment.number = line.comment
        LEFT JOIN document_version ON document_version.document_id = line.document_id
            AND document_version.revision = line.revision AND line.place = 0
        WHERE (line.revision, line.place) > ($2, $3)
        ORDER BY line.revision, line.place LIMIT $4";
}

const COLUMNS: [Column; 16] = [
    Column::new("document_id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("place", Kind::Int),
    Column::new("occurred_at", Kind::Time),
    Column::new("officer_id", Kind::Uuid),
    Column::new("officer_name", Kind::Text),
    Column::new("officer_position", Kind::Text),
    Column::new("deed", Kind::Text),
    Column::new("stage", Kind::Text),
    Column::new("reason", Kind::Text),
    Column::new("fields", Kind::Text),
    Column::new("attachment_id", Kind::Uuid),
    Column::new("replaced_id", Kind::Uuid),
    Column::new("signing_form", Kind::Int),
    Column::new("notation", Kind::Text),
    Column::new("comment", Kind::Int),
];

/// A line as it is shown, with what stands elsewhere.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) line: HistoryLine,
    /// Which fields were rewritten.
    pub(crate) fields: Vec<String>,
    /// Its place among the lines of the same revision.
    pub(crate) place: i64,
    /// The stage before it; none at the beginning.
    pub(crate) stage_before: Option<StageName>,
    /// Name and SHA-256 of the file.
    pub(crate) file: Option<(String, String)>,
    /// What the comment says.
    pub(crate) remark: Option<String>,
    /// The version that was frozen.
    pub(crate) version: Option<i32>,
}

/// Writes the lines of changes, each of another revision: one statement, whatever their number.
pub(crate) async fn append(tx: &mut Write, lines: &[HistoryLine]) -> Result<()> {
    let rows = lines.iter().map(|line| row(line, 0)).collect();
    tx.insert("document_history", &COLUMNS, rows).await.map(drop)
}

/// Writes the line of what changes no document, which is locked.
pub(crate) async fn append_beside(tx: &mut Write, line: &HistoryLine) -> Result<()> {
    let place = tx.one(&PLACE, params![line.document_id, line.revision]).await?.get("place")?;
    tx.insert("document_history", &COLUMNS, vec![row(line, place)]).await.map(drop)
}

fn row(line: &HistoryLine, place: i64) -> Vec<Value> {
    params![
        line.document_id,
        line.revision,
        place,
        line.at,
        line.by.user_id,
        &line.by.full_name,
        &line.by.position,
        line.deed.code(),
        line.stage.code(),
        line.reason.clone(),
        (!line.fields.is_empty()).then(|| line.fields.join("\n")),
        line.attachment_id,
        line.replaced_id,
        line.form.map(SigningForm::number),
        line.notation.clone(),
        line.comment,
    ]
}

/// The lines of a document behind a revision and place, in order.
pub(crate) async fn of(
    db: &mut impl Queries,
    document_id: Uuid,
    (revision, place): (i64, i64),
    size: u16,
) -> Result<Vec<Shown>> {
    let values = params![document_id, revision, place, size];
    db.all(&OF, values).await?.iter().map(shown).collect()
}

fn shown(row: &Row) -> Result<Shown> {
    let form = narrow(row.get("signing_form")?).and_then(SigningForm::numbered);
    let line = HistoryLine {
        document_id: row.get("document_id")?,
        revision: row.get("revision")?,
        at: row.get("occurred_at")?,
        by: inconsistent(signatory(row, "officer")?, "officer")?,
        deed: inconsistent(Deed::coded(&row.get::<String>("deed")?), "deed")?,
        stage: inconsistent(StageName::coded(&row.get::<String>("stage")?), "stage")?,
        reason: row.get("reason")?,
        fields: Vec::new(),
        attachment_id: row.get("attachment_id")?,
        replaced_id: row.get("replaced_id")?,
        comment: narrow(row.get("comment")?),
        form,
        notation: row.get("notation")?,
    };
    let fields = row.get::<Option<String>>("fields")?.unwrap_or_default();
    let before = row.get::<Option<String>>("stage_before")?;
    Ok(Shown {
        fields: fields.lines().map(str::to_owned).collect(),
        place: row.get("place")?,
        stage_before: before.as_deref().and_then(StageName::coded),
        file: row.get::<Option<String>>("file_name")?.zip(row.get("sha256")?),
        remark: row.get("remark")?,
        version: narrow(row.get("version")?),
        line,
    })
}

/// A number of the contracts, where there is one.
fn narrow(number: Option<i64>) -> Option<i32> {
    number.and_then(|number| i32::try_from(number).ok())
}
