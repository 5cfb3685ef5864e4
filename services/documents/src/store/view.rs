use base::{Timestamp, Uuid};
use documents_domain::{Sight, View};
use sql::{Column, Error, Kind, Queries, Result, Row, Write, params};

use super::{inconsistent, signatory};

sql::statements! {
    OF = "SELECT document_view.*, attachment.file_name FROM document_view
        LEFT JOIN attachment ON attachment.id = document_view.attachment_id
        WHERE document_view.document_id = $1 AND ($2 OR agency_id = ANY($3))
            AND document_view.id < $4
        ORDER BY document_view.id DESC LIMIT $5";
}

const COLUMNS: [Column; 13] = [
    Column::new("id", Kind::Uuid),
    Column::new("document_id", Kind::Uuid),
    Column::new("span_start", Kind::Time),
    Column::new("sight", Kind::Text),
    Column::new("version", Kind::Int),
    Column::new("attachment_id", Kind::Uuid),
    Column::new("viewer_id", Kind::Uuid),
    Column::new("viewer_name", Kind::Text),
    Column::new("viewer_position", Kind::Text),
    Column::new("agency_id", Kind::Uuid),
    Column::new("first_at", Kind::Time),
    Column::new("last_at", Kind::Time),
    Column::new("times", Kind::Int),
];

/// By what a row is known, and how views come to those that were written before.
const FOLD: &str = "(document_id, span_start, sight, version, attachment_id, viewer_id, agency_id, viewer_position)
    DO UPDATE SET times = document_view.times + excluded.times,
        last_at = CASE WHEN excluded.last_at > document_view.last_at THEN excluded.last_at ELSE document_view.last_at END";

/// Views that are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Viewed {
    pub(crate) id: Uuid,
    /// The first of them.
    pub(crate) first: View,
    /// When the last was.
    pub(crate) last_at: Timestamp,
    /// How many they are.
    pub(crate) times: i64,
}

/// A row with the name of the file.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) viewed: Viewed,
    pub(crate) file_name: Option<String>,
}

/// Adds views to those that are written: one statement, whatever their number. They come in an order that all processes keep.
pub(crate) async fn add(tx: &mut Write, views: &[Viewed]) -> Result<()> {
    let rows = views.iter().map(|viewed| {
        let first = &viewed.first;
        let (sight, version, attachment_id) = match first.sight {
            Sight::Record => ("RECORD", 0, Uuid::nil()),
            Sight::Version(version) => ("VERSION", version, Uuid::nil()),
            Sight::File(id) => ("FILE", 0, id),
        };
        params![
            viewed.id,
            first.document_id,
            first.span(),
            sight,
            version,
            attachment_id,
            first.by.user_id,
            &first.by.full_name,
            &first.by.position,
            first.agency_id,
            first.at,
            viewed.last_at,
            viewed.times,
        ]
    });
    tx.insert_or("document_view", &COLUMNS, rows.collect(), FOLD).await.map(drop)
}

/// The views of a document, the latest first: of all agencies, or of these.
pub(crate) async fn of(
    db: &mut impl Queries,
    document_id: Uuid,
    agencies: Option<Vec<Uuid>>,
    before: Option<Uuid>,
    size: u16,
) -> Result<Vec<Shown>> {
    let values =
        params![document_id, agencies.is_none(), agencies.unwrap_or_default(), sql::before(before), size];
    db.all(&OF, values).await?.iter().map(shown).collect()
}

fn shown(row: &Row) -> Result<Shown> {
    let sight = match row.get::<String>("sight")?.as_str() {
        "RECORD" => Sight::Record,
        "VERSION" => Sight::Version(row.get("version")?),
        "FILE" => Sight::File(row.get("attachment_id")?),
        other => return Err(Error::Inconsistent(format!("the row holds the sight {other}"))),
    };
    let first = View {
        document_id: row.get("document_id")?,
        sight,
        by: inconsistent(signatory(row, "viewer")?, "viewer")?,
        agency_id: row.get("agency_id")?,
        at: row.get("first_at")?,
    };
    let (id, last_at, times) = (row.get("id")?, row.get("last_at")?, row.get("times")?);
    Ok(Shown { viewed: Viewed { id, first, last_at, times }, file_name: row.get("file_name")? })
}
