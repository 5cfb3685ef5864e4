use std::collections::HashMap;

use base::{Timestamp, Uuid};
use documents_domain::{
    Act, CirculationMark, Document, Fields, Numbered, Numbering, Release, Review, Scope, Sealed, Signature,
    Signed, Stage, StageName, Urgency, Voiding,
};
use sql::{Column, Kind, Queries, Result, Row, Value, Write, params};

use super::{
    act, act_values, inconsistent, issuer, mandate, recipient, relation, review, signatory, signatory_values,
};

sql::statements! {
    INSERT = "INSERT INTO document (id, revision, agency_id, agency_name, drafting_unit_id, drafter_id, drafter_name,
            drafter_position, kind, summary, matter, urgency, language, pages, note, reply_due, has_main_file, stage,
            created_at, updated_at, other_kind_id, other_kind_agency_id, other_kind_name, other_kind_abbreviation,
            other_kind_nature, issuing_body_id, issuing_body_name, circulation)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
            $25, $26, $27, $28)";
    FIND = "SELECT * FROM document WHERE id = $1";
    LOCK = "SELECT * FROM document WHERE id = $1 FOR UPDATE";
    FIND_ALL = "SELECT * FROM document WHERE id = ANY($1)";
    LOCK_ALL = "SELECT * FROM document WHERE id = ANY($1) ORDER BY id FOR UPDATE";
    SAVE_FIELDS = "UPDATE document SET kind = $2, summary = $3, urgency = $4, language = $5, pages = $6, note = $7,
        reply_due = $8, matter = $9, other_kind_id = $10, other_kind_agency_id = $11, other_kind_name = $12,
        other_kind_abbreviation = $13, other_kind_nature = $14, issuing_body_id = $15, issuing_body_name = $16,
        circulation = $17 WHERE id = $1";
    SAVE_STAGE = "UPDATE document SET revision = $2, updated_at = $3, has_main_file = $4, stage = $5, return_reason = $6,
            approver_id = $7, approver_name = $8, approver_position = $9, approved_at = $10,
            signer_id = $11, signer_name = $12, signer_position = $13, signed_at = $14,
            signing_form = $15, signing_lines = $16, signing_authority_ids = $17
        WHERE id = $1";
    SAVE_RELEASE = "UPDATE document SET number = $2, symbol = $3, issued_on = $4,
            numberer_id = $5, numberer_name = $6, numberer_position = $7, numbered_at = $8,
            sealer_id = $9, sealer_name = $10, sealer_position = $11, sealed_at = $12,
            issuer_id = $13, issuer_name = $14, issuer_position = $15, issued_at = $16,
            release_ordered_at = $17, release_due_at = $18,
            voider_id = $19, voider_name = $20, voider_position = $21, voided_at = $22, void_reason = $23
        WHERE id = $1";
    SAVE_REVIEW = "UPDATE document SET review_version = $2, review_approval_first = $3 WHERE id = $1";
    LIST = "SELECT * FROM document WHERE id IN (
            SELECT id FROM (SELECT id FROM document WHERE agency_id = ANY($1)
                    AND ($4::text IS NULL OR stage = $4::text) AND id < $5
                ORDER BY id DESC LIMIT $6) AS overseen
            UNION SELECT id FROM (SELECT id FROM document WHERE drafting_unit_id = ANY($2)
                    AND ($4::text IS NULL OR stage = $4::text) AND id < $5
                ORDER BY id DESC LIMIT $6) AS drafted
            UNION SELECT id FROM (SELECT DISTINCT document.id FROM document_check AS asked
                    JOIN document ON document.id = asked.document_id
                WHERE asked.asked = ANY($3)
                    AND ($4::text IS NULL OR document.stage = $4::text) AND document.id < $5
                ORDER BY document.id DESC LIMIT $6) AS asked_of)
        ORDER BY id DESC LIMIT $6";
    DUE = "SELECT id FROM document WHERE stage = 'RELEASING' AND release_due_at <= $1 ORDER BY release_due_at LIMIT $2";
}

/// What releasing changes of a document, in the order of [`release_values`] after the first four.
const RELEASE_COLUMNS: [Column; 26] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("updated_at", Kind::Time),
    Column::new("stage", Kind::Text),
    Column::new("number", Kind::Int),
    Column::new("symbol", Kind::Text),
    Column::new("issued_on", Kind::Date),
    Column::new("numberer_id", Kind::Uuid),
    Column::new("numberer_name", Kind::Text),
    Column::new("numberer_position", Kind::Text),
    Column::new("numbered_at", Kind::Time),
    Column::new("sealer_id", Kind::Uuid),
    Column::new("sealer_name", Kind::Text),
    Column::new("sealer_position", Kind::Text),
    Column::new("sealed_at", Kind::Time),
    Column::new("issuer_id", Kind::Uuid),
    Column::new("issuer_name", Kind::Text),
    Column::new("issuer_position", Kind::Text),
    Column::new("issued_at", Kind::Time),
    Column::new("release_ordered_at", Kind::Time),
    Column::new("release_due_at", Kind::Time),
    Column::new("voider_id", Kind::Uuid),
    Column::new("voider_name", Kind::Text),
    Column::new("voider_position", Kind::Text),
    Column::new("voided_at", Kind::Time),
    Column::new("void_reason", Kind::Text),
];

/// Stores a new document with its recipients.
pub(crate) async fn insert(tx: &mut Write, document: &Document) -> Result<()> {
    let Document { fields, drafter, .. } = document;
    let mut values = params![
        document.id,
        document.revision,
        document.agency_id,
        &document.agency_name,
        document.drafting_unit_id,
        drafter.user_id,
        &drafter.full_name,
        &drafter.position,
        fields.kind.number(),
        &fields.summary,
        &fields.matter,
        fields.urgency.number(),
        &fields.language,
        fields.pages,
        &fields.note,
        fields.reply_due,
        document.has_main_file,
        document.stage.name().code(),
        document.created_at,
        document.updated_at,
    ];
    values.extend(issuer::values(fields));
    values.extend(params![fields.circulation.map(CirculationMark::code)]);
    tx.execute(&INSERT, values).await?;
    relation::write(tx, document).await?;
    recipient::replace(tx, document).await
}

/// The document with its recipients.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<Document>> {
    let Some(row) = db.optional(&FIND, params![id]).await? else { return Ok(None) };
    let recipients = recipient::of(db, id).await?;
    let review = review::of(db, std::slice::from_ref(&row)).await?.remove(&id);
    read(&row, recipients, review).map(Some)
}

/// The document without its recipients, of whom there may be thousands.
pub(crate) async fn outline(db: &mut impl Queries, id: Uuid) -> Result<Option<Document>> {
    let Some(row) = db.optional(&FIND, params![id]).await? else { return Ok(None) };
    let review = review::of(db, std::slice::from_ref(&row)).await?.remove(&id);
    read(&row, Vec::new(), review).map(Some)
}

/// The document with its recipients, locked until the transaction ends.
pub(crate) async fn lock(tx: &mut Write, id: Uuid) -> Result<Option<Document>> {
    let Some(row) = tx.optional(&LOCK, params![id]).await? else { return Ok(None) };
    let recipients = recipient::of(tx, id).await?;
    let review = review::of(tx, std::slice::from_ref(&row)).await?.remove(&id);
    read(&row, recipients, review).map(Some)
}

/// Some documents with their recipients by their ids, all locked until the transaction ends, in the order of their ids.
pub(crate) async fn lock_all(tx: &mut Write, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Document>> {
    let rows = tx.all(&LOCK_ALL, params![ids.clone()]).await?;
    read_all(tx, &rows, ids).await
}

/// Some documents with their recipients by their ids.
pub(crate) async fn find_all(db: &mut impl Queries, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Document>> {
    let rows = db.all(&FIND_ALL, params![ids.clone()]).await?;
    read_all(db, &rows, ids).await
}

async fn read_all(db: &mut impl Queries, rows: &[Row], ids: Vec<Uuid>) -> Result<HashMap<Uuid, Document>> {
    let mut recipients = recipient::of_all(db, ids).await?;
    let mut reviews = review::of(db, rows).await?;
    let documents = rows.iter().map(|row| {
        let id = row.get("id")?;
        Ok((id, read(row, recipients.remove(&id).unwrap_or_default(), reviews.remove(&id))?))
    });
    documents.collect()
}

/// Stores rewritten fields and recipients.
pub(crate) async fn save_fields(tx: &mut Write, document: &Document) -> Result<()> {
    let fields = &document.fields;
    let mut values = params![
        document.id,
        fields.kind.number(),
        &fields.summary,
        fields.urgency.number(),
        &fields.language,
        fields.pages,
        &fields.note,
        fields.reply_due,
        &fields.matter,
    ];
    values.extend(issuer::values(fields));
    values.extend(params![fields.circulation.map(CirculationMark::code)]);
    tx.execute(&SAVE_FIELDS, values).await?;
    relation::write(tx, document).await?;
    recipient::replace(tx, document).await
}

/// Stores the stage with its facts, the revision and the time of the change.
pub(crate) async fn save_stage(tx: &mut Write, document: &Document) -> Result<()> {
    let stage = &document.stage;
    let returned = match stage {
        Stage::Draft { returned } => returned.clone(),
        _ => document.review.as_ref().and_then(|review| review.returned.clone()),
    };
    let mut values = params![
        document.id,
        document.revision,
        document.updated_at,
        document.has_main_file,
        stage.name().code(),
        returned,
    ];
    values.extend(act_values(stage.approval()));
    values.extend(act_values(stage.signature().map(|signature| &signature.act)));
    values.extend(mandate::values(stage.signature().map(|signature| &signature.mandate)));
    tx.execute(&SAVE_STAGE, values).await?;
    let Some(numbering) = stage.numbering() else { return Ok(()) };
    let values = params![document.id].into_iter().chain(release_values(stage, numbering));
    tx.execute(&SAVE_RELEASE, values.collect()).await.map(drop)
}

/// Stores documents that were numbered and released together, with one statement.
pub(crate) async fn save_releases(tx: &mut Write, documents: &[&Document]) -> Result<()> {
    let rows = documents.iter().map(|document| {
        let stage = &document.stage;
        let mut values = params![document.id, document.revision, document.updated_at, stage.name().code()];
        values.extend(release_values(stage, stage.numbering().expect("what is released has a number")));
        values
    });
    tx.update("document", &RELEASE_COLUMNS, rows.collect()).await.map(drop)
}

fn release_values(stage: &Stage, numbering: &Numbering) -> Vec<Value> {
    let mut values = params![numbering.number, &numbering.symbol, numbering.on];
    values.extend(act_values(Some(&numbering.act)));
    values.extend(act_values(stage.sealing()));
    let (release, issued) = (stage.release(), stage.issued());
    let released_by = issued.or(release.map(|release| &release.ordered)).map(|act| &act.by);
    values.extend(signatory_values(released_by));
    values.extend(params![
        issued.map(|act| act.at),
        release.map(|release| release.ordered.at),
        release.map(|release| release.due),
    ]);
    let voiding = stage.voiding();
    values.extend(act_values(voiding.map(|voiding| &voiding.act)));
    values.extend(params![voiding.map(|voiding| voiding.reason.clone())]);
    values
}

/// Stores how far the document has come in the process of its agency.
pub(crate) async fn save_review(tx: &mut Write, document: &Document) -> Result<()> {
    let Some(Review { version, approval_first, .. }) = document.review else { return Ok(()) };
    tx.execute(&SAVE_REVIEW, params![document.id, version, approval_first]).await?;
    review::replace(tx, document).await
}

/// The documents whose time of release has come, the longest waiting first.
pub(crate) async fn due(db: &mut impl Queries, at: Timestamp, size: u16) -> Result<Vec<Uuid>> {
    db.all(&DUE, params![at, size]).await?.iter().map(|row| row.get("id")).collect()
}

/// The documents in a scope, newest first, without recipients.
pub(crate) async fn list(
    db: &mut impl Queries,
    scope: Scope,
    stage: Option<StageName>,
    before: Option<Uuid>,
    size: u16,
) -> Result<Vec<Document>> {
    let values = params![
        scope.agencies,
        scope.units,
        scope.asked,
        stage.map(|stage| stage.code().to_owned()),
        sql::before(before),
        size
    ];
    let rows = db.all(&LIST, values).await?;
    let mut reviews = review::of(db, &rows).await?;
    rows.iter().map(|row| read(row, Vec::new(), reviews.remove(&row.get("id")?))).collect()
}

/// The document in a row.
pub(super) fn read(
    row: &Row,
    recipients: Vec<documents_domain::Recipient>,
    review: Option<Review>,
) -> Result<Document> {
    let fields = Fields {
        kind: inconsistent(documents_domain::Kind::numbered(row.get("kind")?), "kind")?,
        other_kind: issuer::other_kind(row)?,
        issuing_body: issuer::body(row)?,
        summary: row.get("summary")?,
        matter: row.get("matter")?,
        urgency: inconsistent(Urgency::numbered(row.get("urgency")?), "urgency")?,
        language: row.get("language")?,
        pages: row.get("pages")?,
        note: row.get("note")?,
        reply_due: row.get("reply_due")?,
        recipients,
        relations: relation::read(row)?,
        circulation: row.get::<Option<String>>("circulation")?.as_deref().and_then(CirculationMark::coded),
    };
    Ok(Document {
        id: row.get("id")?,
        revision: row.get("revision")?,
        agency_id: row.get("agency_id")?,
        agency_name: row.get("agency_name")?,
        drafting_unit_id: row.get("drafting_unit_id")?,
        drafter: inconsistent(signatory(row, "drafter")?, "drafter")?,
        fields,
        has_main_file: row.get("has_main_file")?,
        stage: read_stage(row)?,
        review,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

fn read_stage(row: &Row) -> Result<Stage> {
    Ok(match inconsistent(StageName::coded(&row.get::<String>("stage")?), "stage")? {
        StageName::Draft => Stage::Draft { returned: row.get("return_reason")? },
        StageName::InReview => Stage::InReview,
        StageName::Approved => Stage::Approved { approval: read_approval(row)? },
        StageName::Signed => Stage::Signed(read_signed(row)?),
        StageName::Numbered => Stage::Numbered(read_numbered(row)?),
        StageName::Sealed => Stage::Sealed(read_sealed(row)?),
        StageName::Releasing => {
            let ordered = inconsistent(act(row, "issuer", "release_ordered_at")?, "order to release")?;
            let release = Release { ordered, due: row.get("release_due_at")? };
            Stage::Releasing { sealed: read_sealed(row)?, release }
        }
        StageName::Issued => {
            let issued = inconsistent(act(row, "issuer", "issued_at")?, "issuer")?;
            Stage::Issued { sealed: read_sealed(row)?, issued }
        }
        StageName::Voided => {
            let act_of = inconsistent(act(row, "voider", "voided_at")?, "voiding")?;
            let voiding = Voiding { act: act_of, reason: row.get("void_reason")? };
            let sealing = act(row, "sealer", "sealed_at")?;
            Stage::Voided { numbered: read_numbered(row)?, sealing, voiding }
        }
    })
}

fn read_approval(row: &Row) -> Result<Act> {
    inconsistent(act(row, "approver", "approved_at")?, "approval")
}

fn read_signed(row: &Row) -> Result<Signed> {
    let act = inconsistent(act(row, "signer", "signed_at")?, "signature")?;
    let signature = Signature { mandate: mandate::read(row, &act.by.position)?, act };
    Ok(Signed { approval: read_approval(row)?, signature })
}

fn read_numbered(row: &Row) -> Result<Numbered> {
    let numbering = Numbering {
        number: row.get("number")?,
        symbol: row.get("symbol")?,
        on: row.get("issued_on")?,
        act: inconsistent(act(row, "numberer", "numbered_at")?, "numbering")?,
    };
    Ok(Numbered { signed: read_signed(row)?, numbering })
}

fn read_sealed(row: &Row) -> Result<Sealed> {
    let sealing = inconsistent(act(row, "sealer", "sealed_at")?, "seal")?;
    Ok(Sealed { numbered: read_numbered(row)?, sealing })
}
