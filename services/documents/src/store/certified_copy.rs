use base::Uuid;
use documents_domain::{CertifiedCopy, CopyForm, Medium};
use sql::{Queries, Result, Write, params};

use super::{inconsistent, mandate};

sql::statements! {
    INSERT = "INSERT INTO certified_copy (id, document_id, agency_id, form, source_medium, medium, source_copy_id, extract, number,
            symbol, copied_on, summary, signer_id, signer_name, signer_position, certified_at, signing_form, signing_lines,
            signing_authority_ids)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
    SOURCE = "SELECT form, medium FROM certified_copy WHERE id = $1 AND document_id = $2";
    RECEIVED = "SELECT id FROM delivery
        WHERE document_id = $1 AND (recipient_id = $2 OR recipient_agency_id = $2) AND status NOT IN ('ARRIVED', 'REFUSED')
        LIMIT 1";
}

/// Stores a copy.
pub(crate) async fn insert(tx: &mut Write, copy: &CertifiedCopy) -> Result<()> {
    let (number, symbol) = copy.numbering.clone().unzip();
    let mut values = params![
        copy.id,
        copy.document_id,
        copy.agency_id,
        copy.form.number(),
        copy.from.number(),
        copy.to.number(),
        copy.source_copy_id,
        &copy.extract,
        number,
        symbol,
        copy.on,
        &copy.summary,
        copy.signer.user_id,
        &copy.signer.full_name,
        &copy.signer.position,
        copy.at,
    ];
    values.extend(mandate::values(Some(&copy.mandate)));
    tx.execute(&INSERT, values).await.map(drop)
}

/// What a copy of the document is that another is to be made from.
pub(crate) async fn source(
    db: &mut impl Queries,
    id: Uuid,
    document_id: Uuid,
) -> Result<Option<(CopyForm, Medium)>> {
    let Some(row) = db.optional(&SOURCE, params![id, document_id]).await? else { return Ok(None) };
    let form = inconsistent(CopyForm::numbered(row.get("form")?), "form")?;
    Ok(Some((form, inconsistent(Medium::numbered(row.get("medium")?), "medium")?)))
}

/// Whether an agency has accepted the document.
pub(crate) async fn is_received(db: &mut impl Queries, document_id: Uuid, agency_id: Uuid) -> Result<bool> {
    Ok(db.optional(&RECEIVED, params![document_id, agency_id]).await?.is_some())
}
