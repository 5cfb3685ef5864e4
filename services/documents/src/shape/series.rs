//! Kinds and number series in the messages of the contracts.

use base::{Timestamp, Uuid};
use congvan_proto::documents::v1 as pb;
use documents_domain::{CertifiedCopy, Kind, KindKey, NumberSeries, SeriesCode, SeriesSort, notation};

use super::{act, mandate, officer, time};
use crate::store::{document_kind::Catalogued, number_reservation::Reservation};

/// One of the 29 kinds.
pub(crate) fn decreed(kind: Kind) -> pb::DocumentKindInfo {
    pb::DocumentKindInfo {
        kind: kind.number(),
        name: kind.name().to_owned(),
        abbreviation: kind.abbreviation().unwrap_or_default().to_owned(),
        is_administrative_nd30: true,
        ..pb::DocumentKindInfo::default()
    }
}

/// A kind of the catalogue.
pub(crate) fn catalogued(Catalogued { kind, created_at }: &Catalogued) -> pb::DocumentKindInfo {
    pb::DocumentKindInfo {
        kind: Kind::Other.number(),
        id: kind.id.to_string(),
        name: kind.name.clone(),
        abbreviation: kind.abbreviation.clone(),
        is_administrative_nd30: false,
        nature: kind.nature.number(),
        agency_id: kind.agency_id.map(|id| id.to_string()).unwrap_or_default(),
        create_time: Some(time(*created_at)),
    }
}

/// A series that an agency laid down.
pub(crate) fn series(series: &NumberSeries) -> pb::NumberSeries {
    let decreed = |kind: &KindKey| match kind {
        KindKey::Decreed(kind) => Some(kind.number()),
        KindKey::Other(_) => None,
    };
    let other = |kind: &KindKey| match kind {
        KindKey::Decreed(_) => None,
        KindKey::Other(id) => Some(id.to_string()),
    };
    pb::NumberSeries {
        id: series.id.to_string(),
        revision: series.revision,
        agency_id: series.agency_id.to_string(),
        code: series.code.to_string(),
        since_year: i32::from(series.since_year),
        name: series.name.clone(),
        sort: series.sort.number(),
        kinds: series.kinds.iter().filter_map(decreed).collect(),
        other_kind_ids: series.kinds.iter().filter_map(other).collect(),
        issuing_body_id: series.body_id.map(|id| id.to_string()).unwrap_or_default(),
        basis: series.basis.clone(),
        allows_reservation: series.reservable,
    }
}

/// A series that every agency has.
pub(crate) fn given(agency_id: Uuid, sort: SeriesSort, code: SeriesCode, name: &str) -> pb::NumberSeries {
    pb::NumberSeries {
        agency_id: agency_id.to_string(),
        code: code.to_string(),
        name: name.to_owned(),
        sort: sort.number(),
        ..pb::NumberSeries::default()
    }
}

/// A number that is kept, and when that ended.
pub(crate) fn reservation(reservation: &Reservation, ended: Option<Timestamp>) -> pb::NumberReservation {
    let Reservation { register, number, document_id, act: by, until, reason } = reservation;
    pb::NumberReservation {
        document_id: document_id.to_string(),
        agency_id: register.agency_id.to_string(),
        series: register.series.to_string(),
        year: i32::from(register.year),
        number: *number,
        act: Some(act(by)),
        until_date: until.to_string(),
        reason: reason.clone(),
        end_time: ended.map(time),
    }
}

/// A copy as it was certified.
pub(crate) fn copy(copy: &CertifiedCopy) -> pb::CertifiedCopy {
    let numbering = copy.numbering.as_ref();
    pb::CertifiedCopy {
        id: copy.id.to_string(),
        document_id: copy.document_id.to_string(),
        agency_id: copy.agency_id.to_string(),
        form: copy.form.number(),
        source_medium: copy.from.number(),
        medium: copy.to.number(),
        source_copy_id: copy.source_copy_id.map(|id| id.to_string()).unwrap_or_default(),
        extract: copy.extract.clone(),
        number: numbering.map_or(0, |(number, _)| *number),
        notation: numbering.map(|(number, symbol)| notation(*number, symbol)).unwrap_or_default(),
        copy_date: copy.on.to_string(),
        signature: Some(pb::Act { officer: Some(officer(&copy.signer)), time: Some(time(copy.at)) }),
        signing_mandate: Some(mandate(&copy.mandate)),
        create_time: Some(time(copy.at)),
    }
}
