use congvan_proto::documents::v1 as pb;
use documents_domain::{Issuance, Numbering, Release, Voiding, notation};

use super::{act, officer, time};

pub(super) fn numbering(numbering: &Numbering) -> pb::Numbering {
    pb::Numbering {
        number: numbering.number,
        symbol: numbering.symbol.clone(),
        notation: numbering.notation(),
        issued_date: numbering.on.to_string(),
        act: Some(act(&numbering.act)),
    }
}

pub(super) fn order(release: &Release) -> pb::Release {
    pb::Release { act: Some(act(&release.ordered)), due_time: Some(time(release.due)) }
}

pub(super) fn voiding(voiding: &Voiding) -> pb::Voiding {
    pb::Voiding { act: Some(act(&voiding.act)), reason: voiding.reason.clone() }
}

pub(super) fn issuance(issuance: Issuance<'_>) -> pb::Issuance {
    pb::Issuance {
        number: issuance.number,
        symbol: issuance.symbol.to_owned(),
        notation: notation(issuance.number, issuance.symbol),
        issued_date: issuance.on.to_string(),
        act: Some(pb::Act { officer: Some(officer(issuance.by)), time: Some(time(issuance.at)) }),
    }
}
