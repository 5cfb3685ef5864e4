//! The tables of the service as plain functions. Whoever changes units or people calls [`lock`] first; nothing else is locked.

pub(crate) mod absence;
pub(crate) mod api_key;
pub(crate) mod audit;
pub(crate) mod chart;
pub(crate) mod codes;
pub(crate) mod credential;
pub(crate) mod device;
pub(crate) mod ending;
pub(crate) mod external_agency;
pub(crate) mod failure;
pub(crate) mod group;
pub(crate) mod group_member;
pub(crate) mod headship;
pub(crate) mod history;
pub(crate) mod identifier;
pub(crate) mod identity;
pub(crate) mod import_job;
pub(crate) mod import_row;
pub(crate) mod oidc_attempt;
pub(crate) mod people;
pub(crate) mod person_word;
pub(crate) mod position;
pub(crate) mod recipient;
pub(crate) mod reorganisation;
pub(crate) mod session;
pub(crate) mod signing;
pub(crate) mod situation;
pub(crate) mod stand_in;
pub(crate) mod stand_in_rule;
pub(crate) mod succession;
pub(crate) mod totp;
pub(crate) mod unit;
pub(crate) mod user;
pub(crate) mod work;

use sql::{Queries, Result, Statement, Write, params};

sql::statements! {
    LOCK = "SELECT one FROM directory_lock WHERE one = 1 FOR UPDATE";
}

/// Waits until no other transaction changes units or people, and keeps others from it until this one ends.
pub(crate) async fn lock(tx: &mut Write) -> Result<()> {
    tx.one(&LOCK, params![]).await.map(drop)
}

/// Every statement of the service, for the test that prepares each.
pub fn statements() -> impl Iterator<Item = &'static Statement> {
    [
        STATEMENTS,
        absence::STATEMENTS,
        api_key::STATEMENTS,
        audit::STATEMENTS,
        chart::STATEMENTS,
        codes::STATEMENTS,
        credential::STATEMENTS,
        device::STATEMENTS,
        external_agency::STATEMENTS,
        failure::STATEMENTS,
        group::STATEMENTS,
        group_member::STATEMENTS,
        ending::STATEMENTS,
        headship::STATEMENTS,
        history::STATEMENTS,
        identifier::STATEMENTS,
        import_job::STATEMENTS,
        import_row::STATEMENTS,
        people::STATEMENTS,
        person_word::STATEMENTS,
        position::STATEMENTS,
        recipient::STATEMENTS,
        identity::STATEMENTS,
        oidc_attempt::STATEMENTS,
        reorganisation::STATEMENTS,
        session::STATEMENTS,
        signing::STATEMENTS,
        situation::STATEMENTS,
        stand_in::STATEMENTS,
        stand_in_rule::STATEMENTS,
        succession::STATEMENTS,
        totp::STATEMENTS,
        unit::STATEMENTS,
        user::STATEMENTS,
        work::STATEMENTS,
    ]
    .into_iter()
    .flatten()
    .copied()
    .chain(events::publisher_statements())
    .chain(sql::answers::statements().iter().copied())
}

/// The pattern of `LIKE … ESCAPE '\'` that finds this text anywhere; everything when it is empty.
fn like(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    if !text.is_empty() {
        pattern.push('%');
    }
    pattern
}
