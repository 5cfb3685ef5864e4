//! The tables of the service as plain functions. Rows are locked in one order: document or delivery, then register.

pub(crate) mod attachment;
pub(crate) mod board;
pub(crate) mod calendar;
pub(crate) mod certified_copy;
pub(crate) mod check;
pub(crate) mod comment;
pub(crate) mod delivery;
pub(crate) mod delivery_history;
pub(crate) mod destruction;
pub(crate) mod document;
pub(crate) mod document_kind;
pub(crate) mod drafting;
pub(crate) mod duplicate;
pub(crate) mod history;
pub(crate) mod inbox;
mod issuer;
pub(crate) mod ledger;
mod mandate;
pub(crate) mod number_reservation;
pub(crate) mod number_series;
pub(crate) mod process;
pub(crate) mod recall;
pub(crate) mod recall_party;
pub(crate) mod recipient;
pub(crate) mod register;
pub(crate) mod relation;
mod review;
pub(crate) mod seal;
pub(crate) mod secret_refusal;
pub(crate) mod urging;
pub(crate) mod version;
pub(crate) mod view;
pub(crate) mod work;

use documents_domain::{Act, Signatory};
use sql::{Error, Result, Row, Statement, Value, params};

/// Every statement of the service, for the test that prepares each.
pub fn statements() -> impl Iterator<Item = &'static Statement> {
    [
        attachment::STATEMENTS,
        board::STATEMENTS,
        calendar::STATEMENTS,
        certified_copy::STATEMENTS,
        check::STATEMENTS,
        comment::STATEMENTS,
        delivery::STATEMENTS,
        delivery_history::STATEMENTS,
        destruction::STATEMENTS,
        document::STATEMENTS,
        drafting::STATEMENTS,
        duplicate::STATEMENTS,
        document_kind::STATEMENTS,
        history::STATEMENTS,
        inbox::STATEMENTS,
        ledger::STATEMENTS,
        number_reservation::STATEMENTS,
        number_series::STATEMENTS,
        process::STATEMENTS,
        recall::STATEMENTS,
        recall_party::STATEMENTS,
        recipient::STATEMENTS,
        register::STATEMENTS,
        relation::STATEMENTS,
        review::STATEMENTS,
        seal::STATEMENTS,
        secret_refusal::STATEMENTS,
        version::STATEMENTS,
        urging::STATEMENTS,
        view::STATEMENTS,
        work::STATEMENTS,
    ]
    .into_iter()
    .flatten()
    .copied()
    .chain(events::publisher_statements())
    .chain(sql::answers::statements().iter().copied())
}

/// The person in the columns `{prefix}_id`, `{prefix}_name`, `{prefix}_position`; none if they are empty.
fn signatory(row: &Row, prefix: &str) -> Result<Option<Signatory>> {
    let Some(user_id) = row.get(&format!("{prefix}_id"))? else { return Ok(None) };
    let full_name = row.get(&format!("{prefix}_name"))?;
    let position = row.get(&format!("{prefix}_position"))?;
    Ok(Some(Signatory { user_id, full_name, position }))
}

/// The act of the person in `{prefix}_…` at the time in `at`.
fn act(row: &Row, prefix: &str, at: &str) -> Result<Option<Act>> {
    let Some(by) = signatory(row, prefix)? else { return Ok(None) };
    Ok(Some(Act { by, at: row.get(at)? }))
}

/// The values of `{prefix}_id`, `{prefix}_name` and `{prefix}_position`.
fn signatory_values(by: Option<&Signatory>) -> Vec<Value> {
    params![by.map(|by| by.user_id), by.map(|by| by.full_name.clone()), by.map(|by| by.position.clone())]
}

/// The same, and the value of the time of the act.
fn act_values(act: Option<&Act>) -> Vec<Value> {
    let mut values = signatory_values(act.map(|act| &act.by));
    values.extend(params![act.map(|act| act.at)]);
    values
}

/// What a row must hold but does not.
fn inconsistent<T>(found: Option<T>, what: &str) -> Result<T> {
    found.ok_or_else(|| Error::Inconsistent(format!("the row holds no {what}")))
}
