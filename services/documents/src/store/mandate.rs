use base::Uuid;
use documents_domain::{Mandate, SigningForm};
use sql::{Error, Result, Row, Value, params};

use super::inconsistent;

/// The values of `signing_form`, `signing_lines` and `signing_authority_ids`; empty before the signature.
pub(super) fn values(mandate: Option<&Mandate>) -> Vec<Value> {
    let ids = |mandate: &Mandate| mandate.authority_ids.iter().map(Uuid::to_string).collect::<Vec<_>>();
    params![
        mandate.map(|mandate| mandate.form.number()),
        mandate.map(|mandate| mandate.lines.join("\n")),
        mandate.map(|mandate| ids(mandate).join("\n")),
    ]
}

/// The mandate in these columns. What was signed before they were there, a head signed directly under the title.
pub(super) fn read(row: &Row, position: &str) -> Result<Mandate> {
    let Some(form) = row.get::<Option<i64>>("signing_form")? else { return Ok(Mandate::direct(position)) };
    let form = i32::try_from(form).ok().and_then(SigningForm::numbered);
    let lines: String = row.get("signing_lines")?;
    let ids: String = row.get("signing_authority_ids")?;
    let ids = ids.lines().map(str::parse).collect::<std::result::Result<_, _>>();
    Ok(Mandate {
        form: inconsistent(form, "form of signature")?,
        lines: lines.lines().map(str::to_owned).collect(),
        authority_ids: ids.map_err(|_| Error::Inconsistent("the row holds ids that are none".to_owned()))?,
    })
}
