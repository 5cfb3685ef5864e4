//! Who may call what. Reading needs only a verified caller, which every call has that gets this far.

use base::Uuid;
use kit::{
    Fault, Text,
    caller::{Caller, GATEWAY, Person},
};

/// Who signs for the documents service.
const DOCUMENTS: &str = "documents";

/// Only administrators; the person calling.
pub(crate) fn administrator(caller: &Caller) -> Result<&Person, Fault> {
    match &caller.person {
        Some(person) if caller.is_administrator() => Ok(person),
        _ => Err(Fault::not_allowed(&Text::new("quản trị hệ thống", "the administrators"))),
    }
}

/// Only a person in a session of its own; no API key manages keys or credentials.
pub(crate) fn in_session(caller: &Caller) -> Result<&Person, Fault> {
    let person = caller.person()?;
    if person.scopes.is_none() { Ok(person) } else { Err(Fault::no_key_may()) }
}

/// Only the person itself, or an administrator.
pub(crate) fn own(caller: &Caller, user_id: Uuid) -> Result<(), Fault> {
    if caller.person()?.user_id == user_id { Ok(()) } else { administrator(caller).map(drop) }
}

/// Only the documents service of its own accord.
pub(crate) fn documents(caller: &Caller) -> Result<(), Fault> {
    if caller.is_service() && caller.issuer == DOCUMENTS {
        return Ok(());
    }
    Err(Fault::not_allowed(&Text::new("dịch vụ văn bản của hệ thống", "the documents service of the system")))
}

/// Only what comes through the gateway, whoever is behind it.
pub(crate) fn through_gateway(caller: &Caller) -> Result<(), Fault> {
    if caller.issuer == GATEWAY { Ok(()) } else { Err(only_gateway()) }
}

/// Only the gateway of its own accord.
pub(crate) fn gateway_itself(caller: &Caller) -> Result<(), Fault> {
    through_gateway(caller)?;
    if caller.is_service() { Ok(()) } else { Err(only_gateway()) }
}

fn only_gateway() -> Fault {
    Fault::not_allowed(&Text::new("cổng kết nối của hệ thống", "the gateway of the system"))
}
