//! The handling history of documents in the messages of the contracts.

use base::Uuid;
use congvan_proto::documents::v1 as pb;
use documents_domain::{Deed, Sight, SigningForm, StageName};

use super::{officer, time};
use crate::store::{history::Shown, version::Version, view};

/// A line of the history.
pub(crate) fn entry(shown: &Shown) -> pb::DocumentHistoryEntry {
    let Shown { line, .. } = shown;
    let (file_name, sha256) = shown.file.clone().unwrap_or_default();
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    pb::DocumentHistoryEntry {
        deed: deed(line.deed).into(),
        officer: Some(officer(&line.by)),
        time: Some(time(line.at)),
        document_revision: line.revision,
        stage_before: shown.stage_before.map(StageName::number).unwrap_or_default(),
        stage: line.stage.number(),
        reason: line.reason.clone().unwrap_or_default(),
        changed_fields: shown.fields.clone(),
        attachment_id: id(line.attachment_id),
        file_name,
        sha256,
        replaced_attachment_id: id(line.replaced_id),
        signing_form: line.form.map(SigningForm::number).unwrap_or_default(),
        notation: line.notation.clone().unwrap_or_default(),
        comment_number: line.comment.unwrap_or_default(),
        comment_text: shown.remark.clone().unwrap_or_default(),
        version: shown.version.unwrap_or_default(),
    }
}

/// A deed has the same name in the contracts.
fn deed(deed: Deed) -> pb::DocumentDeed {
    let name = format!("DOCUMENT_DEED_{}", deed.code());
    pb::DocumentDeed::from_str_name(&name).expect("the contracts name every deed; a test asks for each")
}

/// A version, with its document where one is given.
pub(crate) fn version(version: &Version, document: Option<pb::Document>) -> pb::DocumentVersion {
    pb::DocumentVersion {
        document_id: version.document_id.to_string(),
        version: version.ordinal,
        document_revision: version.revision,
        officer: Some(officer(&version.by)),
        time: Some(time(version.at)),
        r#abstract: version.summary.clone(),
        attachment_count: version.attachments,
        document,
    }
}

/// Views that are one.
pub(crate) fn view(shown: &view::Shown) -> pb::DocumentView {
    let view::Shown { viewed, file_name } = shown;
    let first = &viewed.first;
    let (kind, version, attachment_id) = match first.sight {
        Sight::Record => (pb::DocumentViewKind::Record, 0, String::new()),
        Sight::Version(version) => (pb::DocumentViewKind::Version, version, String::new()),
        Sight::File(id) => (pb::DocumentViewKind::File, 0, id.to_string()),
    };
    pb::DocumentView {
        document_id: first.document_id.to_string(),
        kind: kind.into(),
        version,
        attachment_id,
        file_name: file_name.clone().unwrap_or_default(),
        officer: Some(officer(&first.by)),
        agency_id: first.agency_id.to_string(),
        first_time: Some(time(first.at)),
        last_time: Some(time(viewed.last_at)),
        count: i32::try_from(viewed.times).unwrap_or(i32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_contracts_name_every_deed() {
        let named: BTreeSet<_> = Deed::ALL.iter().map(|one| i32::from(deed(*one))).collect();
        assert_eq!(named.len(), Deed::ALL.len(), "each has a name of its own");
        assert!(!named.contains(&0));
    }
}
