//! Who may sign: the directory's answer about one officer and one document, today.

use base::{Date, legal_date};
use congvan_proto::{directory::v1 as pb, documents::v1::DocumentKind};
use documents_domain::{Clearance, Document, Gap, Kind, Mandate, Officer, SigningForm};
use kit::Fault;
use tonic::Code;

use crate::Documents;

impl Documents {
    /// Asks the directory; never inside a transaction.
    pub(crate) async fn clearance(&self, officer: &Officer, document: &Document) -> Result<Clearance, Fault> {
        let on = legal_date(self.clock.now());
        let answer = self.signing.clone().check_signer(question(officer, document, on)?).await;
        let answer = match answer {
            Ok(answer) => told(answer.into_inner())?,
            // The agency was merged or closed meanwhile: nobody signs for it.
            Err(status) if status.code() == Code::NotFound => Err(Vec::new()),
            Err(status) => return Err(Fault::upstream(status)),
        };
        Ok(Clearance { revision: document.revision, on, answer })
    }
}

fn question(officer: &Officer, document: &Document, on: Date) -> Result<pb::CheckSignerRequest, Fault> {
    Ok(pb::CheckSignerRequest {
        agency_id: document.agency_id.to_string(),
        user_id: officer.user_id.to_string(),
        document_kind: name(document.fields.kind)?.to_owned(),
        matter: document.fields.matter.clone(),
        as_of_date: on.to_string(),
    })
}

/// A kind as the directory names it.
fn name(kind: Kind) -> Result<&'static str, Fault> {
    let named = DocumentKind::try_from(kind.number()).map_err(Fault::internal)?.as_str_name();
    Ok(named.trim_start_matches("DOCUMENT_KIND_"))
}

/// The first of the forms in which the officer may sign, which is by office where there is one; or what is missing.
fn told(answer: pb::CheckSignerResponse) -> Result<Result<(String, Mandate), Vec<Gap>>, Fault> {
    let Some(signer) = answer.signers.into_iter().next() else {
        return Ok(Err(answer.gaps.into_iter().map(gap).collect()));
    };
    let form = SigningForm::numbered(signer.form);
    let form = form.ok_or_else(|| Fault::internal(format!("the directory told form {}", signer.form)))?;
    let ids = signer.signing_authority_ids.iter().map(|id| id.parse());
    let authority_ids = ids.collect::<Result<_, _>>().map_err(Fault::internal)?;
    Ok(Ok((signer.position, Mandate { form, lines: signer.lines, authority_ids })))
}

fn gap(gap: pb::SigningGap) -> Gap {
    let reason = gap.reason().as_str_name().trim_start_matches("SIGNING_GAP_REASON_").to_owned();
    Gap { reason, explanation: gap.explanation }
}
