//! What a recipient has of a document, and how it is destroyed.
//!
//! Files and fields are kept once, by the sender: a recipient reads them through its delivery, which a recall closes. What it has of its own
//! is what its registers say of the document and of copies, the names of the files that it looked at, what was directed and what came of
//! it, and the answers kept for repeated calls of whoever did that. Who did what when stays.

use base::Uuid;
use sql::{Queries, Result, Write, params};

use super::{ledger::register_of, register};

sql::statements! {
    LINES = "SELECT * FROM register_entry WHERE document_id = $1 AND agency_id = ANY($2) AND notation IS NOT NULL
        AND (direction = 'INCOMING'
            OR copy_id IS NOT NULL AND agency_id <> (SELECT document.agency_id FROM document WHERE document.id = $1))";
    EMPTY = "UPDATE register_entry SET notation = NULL, issued_on = NULL, summary = NULL, signer_name = NULL, salt = NULL,
            description_hash = $6, recall_id = $7
        WHERE agency_id = $1 AND direction = $2 AND series = $3 AND year = $4 AND line = $5";
    FILES = "DELETE FROM delivery_file WHERE delivery_id = $1";
    WORDS = "UPDATE delivery SET directive = substr(directive, 1, 0), result = substr(result, 1, 0),
            forward_note = substr(forward_note, 1, 0)
        WHERE id = $1";
    SAID = "UPDATE delivery_status SET reason = NULL
        WHERE delivery_id = $1 AND refusal_code IS NULL AND recall_state IS NULL";
    COPIES = "UPDATE certified_copy SET summary = '', extract = ''
        WHERE document_id = $1 AND agency_id = ANY($2)
            AND agency_id <> (SELECT document.agency_id FROM document WHERE document.id = $1)";
    FORGET = either(
        "DELETE FROM answer
            WHERE (position(convert_to($2::text, 'UTF8') IN body) > 0 OR position(convert_to($3::text, 'UTF8') IN body) > 0)
                AND caller_id IN (SELECT officer_id FROM delivery_status WHERE delivery_id = $1 AND officer_id IS NOT NULL
                    UNION SELECT signer_id FROM certified_copy WHERE document_id = $4 AND agency_id = ANY($5))",
        "DELETE FROM answer
            WHERE (instr(body, CAST($2 AS BLOB)) > 0 OR instr(body, CAST($3 AS BLOB)) > 0)
                AND caller_id IN (SELECT officer_id FROM delivery_status WHERE delivery_id = $1 AND officer_id IS NOT NULL
                    UNION SELECT signer_id FROM certified_copy WHERE document_id = $4
                        AND agency_id IN (SELECT value FROM json_each($5)))"
    );
}

/// Destroys what a recipient has of a document for a recall. `agencies` are those in whose registers it, or a copy of it, may stand.
/// The lines stay, with their numbers and the hashes of what they said.
pub(crate) async fn destroy(
    tx: &mut Write,
    (document_id, delivery_id): (Uuid, Uuid),
    agencies: &[Uuid],
    recall_id: Uuid,
) -> Result<()> {
    for row in tx.all(&LINES, params![document_id, agencies.to_vec()]).await? {
        let line = register::read(register_of(&row)?, &row)?;
        let Some(description) = line.entry.description else { continue };
        let mut values = register::key(line.register);
        values.extend(params![line.ordinal, description.hash(), recall_id]);
        tx.execute(&EMPTY, values).await?;
    }
    for statement in [&FILES, &WORDS, &SAID] {
        tx.execute(statement, params![delivery_id]).await?;
    }
    tx.execute(&COPIES, params![document_id, agencies.to_vec()]).await?;
    let named = [delivery_id, document_id].map(|id| id.to_string());
    let [delivery, document] = named;
    tx.execute(&FORGET, params![delivery_id, delivery, document, document_id, agencies.to_vec()])
        .await
        .map(drop)
}
