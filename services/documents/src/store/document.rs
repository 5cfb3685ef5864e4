use base::Uuid;
use documents_domain::{Document, Fields, Issuance, Kind, Scope, Signature, Stage, StageName, Urgency};
use sql::{Queries, Result, Row, Value, Write, params};

use super::{act, inconsistent, mandate, recipient, signatory};

sql::statements! {
    INSERT = "INSERT INTO document (id, revision, agency_id, agency_name, drafting_unit_id, drafter_id, drafter_name,
            drafter_position, kind, summary, matter, urgency, language, pages, note, reply_due, has_main_file, stage,
            created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";
    FIND = "SELECT * FROM document WHERE id = $1";
    LOCK = "SELECT * FROM document WHERE id = $1 FOR UPDATE";
    SAVE_FIELDS = "UPDATE document SET kind = $2, summary = $3, urgency = $4, language = $5, pages = $6, note = $7,
        reply_due = $8, matter = $9 WHERE id = $1";
    SAVE_STAGE = "UPDATE document SET revision = $2, updated_at = $3, has_main_file = $4, stage = $5, return_reason = $6,
            approver_id = $7, approver_name = $8, approver_position = $9, approved_at = $10,
            signer_id = $11, signer_name = $12, signer_position = $13, signed_at = $14,
            signing_form = $15, signing_lines = $16, signing_authority_ids = $17
        WHERE id = $1";
    SAVE_ISSUANCE = "UPDATE document SET number = $2, symbol = $3, issued_on = $4, issued_at = $5, issuer_id = $6,
        issuer_name = $7, issuer_position = $8 WHERE id = $1";
    LIST = "SELECT * FROM document
        WHERE (agency_id = ANY($1) OR drafting_unit_id = ANY($2))
            AND ($3::text IS NULL OR stage = $3::text) AND ($4::uuid IS NULL OR id < $4::uuid)
        ORDER BY id DESC LIMIT $5";
}

/// Stores a new document with its recipients.
pub(crate) async fn insert(tx: &mut Write, document: &Document) -> Result<()> {
    let Document { fields, drafter, .. } = document;
    let values = params![
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
    tx.execute(&INSERT, values).await?;
    recipient::replace(tx, document).await
}

/// The document with its recipients.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<Document>> {
    let Some(row) = db.optional(&FIND, params![id]).await? else { return Ok(None) };
    let recipients = recipient::of(db, id).await?;
    read(&row, recipients).map(Some)
}

/// The document with its recipients, locked until the transaction ends.
pub(crate) async fn lock(tx: &mut Write, id: Uuid) -> Result<Option<Document>> {
    let Some(row) = tx.optional(&LOCK, params![id]).await? else { return Ok(None) };
    let recipients = recipient::of(tx, id).await?;
    read(&row, recipients).map(Some)
}

/// Stores rewritten fields and recipients.
pub(crate) async fn save_fields(tx: &mut Write, document: &Document) -> Result<()> {
    let fields = &document.fields;
    let values = params![
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
    tx.execute(&SAVE_FIELDS, values).await?;
    recipient::replace(tx, document).await
}

/// Stores the stage with its facts, the revision and the time of the change.
pub(crate) async fn save_stage(tx: &mut Write, document: &Document) -> Result<()> {
    let (approval, signature) = match &document.stage {
        Stage::Draft { .. } | Stage::InReview => (None, None),
        Stage::Approved { approval } => (Some(approval), None),
        Stage::Signed { approval, signature } | Stage::Issued { approval, signature, .. } => {
            (Some(approval), Some(signature))
        }
    };
    let returned = match &document.stage {
        Stage::Draft { returned } => returned.clone(),
        _ => None,
    };
    let mut values = params![
        document.id,
        document.revision,
        document.updated_at,
        document.has_main_file,
        document.stage.name().code(),
        returned,
    ];
    for act in [approval, signature.map(|signature| &signature.act)] {
        values.extend(params![
            act.map(|act| act.by.user_id),
            act.map(|act| act.by.full_name.clone()),
            act.map(|act| act.by.position.clone()),
            act.map(|act| act.at),
        ]);
    }
    values.extend(mandate::values(signature.map(|signature| &signature.mandate)));
    tx.execute(&SAVE_STAGE, values).await?;
    let Some(issuance) = document.stage.issuance() else { return Ok(()) };
    tx.execute(&SAVE_ISSUANCE, issuance_values(document.id, issuance)).await.map(drop)
}

fn issuance_values(id: Uuid, issuance: &Issuance) -> Vec<Value> {
    params![
        id,
        issuance.number,
        &issuance.symbol,
        issuance.on,
        issuance.at,
        issuance.by.user_id,
        &issuance.by.full_name,
        &issuance.by.position,
    ]
}

/// The documents in a scope, newest first, without recipients.
pub(crate) async fn list(
    db: &mut impl Queries,
    scope: Scope,
    stage: Option<StageName>,
    before: Option<Uuid>,
    size: u16,
) -> Result<Vec<Document>> {
    let values =
        params![scope.agencies, scope.units, stage.map(|stage| stage.code().to_owned()), before, size];
    db.all(&LIST, values).await?.iter().map(|row| read(row, Vec::new())).collect()
}

fn read(row: &Row, recipients: Vec<documents_domain::Recipient>) -> Result<Document> {
    let fields = Fields {
        kind: inconsistent(Kind::numbered(row.get("kind")?), "kind")?,
        summary: row.get("summary")?,
        matter: row.get("matter")?,
        urgency: inconsistent(Urgency::numbered(row.get("urgency")?), "urgency")?,
        language: row.get("language")?,
        pages: row.get("pages")?,
        note: row.get("note")?,
        reply_due: row.get("reply_due")?,
        recipients,
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
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

fn read_stage(row: &Row) -> Result<Stage> {
    let approval = || inconsistent(act(row, "approver", "approved_at")?, "approval");
    let signature = || {
        let act = inconsistent(act(row, "signer", "signed_at")?, "signature")?;
        Ok::<_, sql::Error>(Signature { mandate: mandate::read(row, &act.by.position)?, act })
    };
    Ok(match inconsistent(StageName::coded(&row.get::<String>("stage")?), "stage")? {
        StageName::Draft => Stage::Draft { returned: row.get("return_reason")? },
        StageName::InReview => Stage::InReview,
        StageName::Approved => Stage::Approved { approval: approval()? },
        StageName::Signed => Stage::Signed { approval: approval()?, signature: signature()? },
        StageName::Issued => {
            let issued = inconsistent(act(row, "issuer", "issued_at")?, "issuer")?;
            let issuance = Issuance {
                number: row.get("number")?,
                symbol: row.get("symbol")?,
                on: row.get("issued_on")?,
                at: issued.at,
                by: issued.by,
            };
            Stage::Issued { approval: approval()?, signature: signature()?, issuance }
        }
    })
}
