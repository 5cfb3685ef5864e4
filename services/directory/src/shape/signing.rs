//! Signing authorities and signers in the messages of the contracts.

use base::{Date, Uuid};
use congvan_proto::directory::v1 as pb;
use directory_domain::{Authority, Gap, Signer};
use kit::Call;

use super::{end, time};
use crate::signing_text;

pub(crate) fn authority(authority: &Authority) -> pb::SigningAuthority {
    pb::SigningAuthority {
        id: authority.id.to_string(),
        agency_id: authority.agency_id.to_string(),
        form: authority.form.number(),
        grantor_position_id: authority.grantor_position_id.to_string(),
        grantee_position_id: authority.grantee_position_id.to_string(),
        document_kinds: authority.scope.kinds().iter().map(|kind| kind.name().to_owned()).collect(),
        matters: authority.scope.matters().to_vec(),
        start_date: authority.period.from.to_string(),
        end_date: end(authority.period),
        basis: authority.basis.clone(),
        revoke_date: authority.revoked_from.as_ref().map(Date::to_string).unwrap_or_default(),
        revision: authority.revision,
        create_time: Some(time(authority.created_at)),
        update_time: Some(time(authority.updated_at)),
    }
}

pub(crate) fn signer(signer: &Signer) -> pb::Signer {
    pb::Signer {
        user_id: signer.person_id.to_string(),
        full_name: signer.full_name.clone(),
        position_id: signer.position_id.to_string(),
        position: signer.position.clone(),
        form: signer.form.number(),
        lines: signer.lines.clone(),
        signing_authority_ids: signer.authority_ids.iter().map(Uuid::to_string).collect(),
    }
}

/// What is missing, in the language of the call.
pub(crate) fn gap(gap: Gap) -> pb::SigningGap {
    use pb::SigningGapReason as Reason;
    let (reason, authority_id, date) = match gap {
        Gap::NoPosition => (Reason::NoPosition, None, None),
        Gap::NeverSigns => (Reason::NeverSigns, None, None),
        Gap::InChargeOnly => (Reason::InChargeOnly, None, None),
        Gap::NoAuthority(_) => (Reason::NoAuthority, None, None),
        Gap::NotYet { authority_id, from } => (Reason::NotYet, Some(authority_id), Some(from)),
        Gap::Over { authority_id, until } => (Reason::Over, Some(authority_id), Some(until)),
        Gap::Revoked { authority_id, from } => (Reason::Revoked, Some(authority_id), Some(from)),
        Gap::OtherKind { authority_id } => (Reason::OtherKind, Some(authority_id), None),
        Gap::OtherMatter { authority_id } => (Reason::OtherMatter, Some(authority_id), None),
        Gap::NoOrderAbove { authority_id } => (Reason::NoOrderAbove, Some(authority_id), None),
        Gap::NotPassedOn { authority_id } => (Reason::NotPassedOn, Some(authority_id), None),
        Gap::NobodyGives { authority_id } => (Reason::NobodyGives, Some(authority_id), None),
    };
    let explanation = signing_text::gap(gap);
    pb::SigningGap {
        reason: reason.into(),
        signing_authority_id: authority_id.as_ref().map(Uuid::to_string).unwrap_or_default(),
        date: date.as_ref().map(Date::to_string).unwrap_or_default(),
        explanation: explanation.in_language(Call::current().language).to_owned(),
    }
}
