//! Kinds and number series in the messages of the contracts.

use base::Uuid;
use congvan_proto::documents::v1 as pb;
use documents_domain::{Kind, KindKey, NumberSeries, SeriesCode, SeriesSort};

use super::time;
use crate::store::document_kind::Catalogued;

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
