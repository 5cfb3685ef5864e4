//! Recipients in the messages of the contracts.

use congvan_proto::{directory::v1::UnitExpression, documents::v1 as pb};
use documents_domain::{Address, Recipient};
use prost::Message;

/// A recipient in the message of the contracts.
pub(crate) fn recipient(recipient: &Recipient) -> pb::Recipient {
    let id = recipient.unit_id.to_string();
    let mut told = pb::Recipient {
        purpose: recipient.purpose.number(),
        name: recipient.name.clone(),
        ..pb::Recipient::default()
    };
    match &recipient.address {
        Address::Agency | Address::Unit => told.unit_id = id,
        Address::Person => told.user_id = id,
        Address::Position => told.position_id = id,
        Address::Group => told.group_id = id,
        Address::External => told.external_agency_id = id,
        Address::Rule(rule) => told.expression = UnitExpression::decode(rule.as_slice()).ok(),
    }
    told
}
