use base::{Date, Timestamp, Uuid};

use crate::{
    Delivery, DeliveryChange, DeliveryEvent, DeliveryStatus, Officer, RecipientKind, Rejection, Signatory,
    Who,
};

/// Who is to handle a document, and what is directed (Decree 30/2020/NĐ-CP, Article 23.2 and 23.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The unit of the recipient's agency that handles it; the agency itself where it has no inner units.
    pub unit_id: Uuid,
    /// Its name then.
    pub unit_name: String,
    /// The person of that unit; none where the unit is to find one.
    pub person: Option<Assignee>,
    /// The directive.
    pub directive: String,
    /// The day by which it is to be handled.
    pub due: Option<Date>,
}

/// A person to whom a document is assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignee {
    /// Id in the directory.
    pub user_id: Uuid,
    /// Full name then.
    pub full_name: String,
}

/// How a document was handled (Article 24; Appendix IV: the follow-up register records number and symbol of the reply).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The result in words; may be empty where there is a reply.
    pub result: String,
    /// The reply, if it was issued here.
    pub reply_document_id: Option<Uuid>,
    /// Number and symbol of the reply; empty where none was due.
    pub reply_notation: String,
}

impl Delivery {
    /// Assigns an accepted document to whoever is to handle it (04). Leaders and document office of the agency; the head of the unit
    /// that received it or to which it is assigned. Only a registered document is assigned (Article 22.1).
    pub fn assign(
        self,
        assignment: Assignment,
        by: &Officer,
        at: Timestamp,
    ) -> Result<DeliveryChange, Rejection> {
        let by = self.may_assign(by)?;
        let delivery = Self { assignment: Some(assignment), ..self };
        Ok(delivery.changed(DeliveryStatus::Assigned, by, DeliveryEvent::Assigned, at))
    }

    /// Whether the officer could assign it now; asked before the directory is.
    pub fn may_assign(&self, by: &Officer) -> Result<Signatory, Rejection> {
        let by = self.director(by).ok_or(Rejection::NotAllowed(Who::RecipientDirector))?;
        self.leads_to(DeliveryStatus::Assigned)?;
        Ok(by)
    }

    /// Notes that somebody handles it (05).
    pub fn start(self, by: &Officer, at: Timestamp) -> Result<DeliveryChange, Rejection> {
        let by = self.handler(by)?;
        self.leads_to(DeliveryStatus::InProgress)?;
        Ok(self.changed(DeliveryStatus::InProgress, by, DeliveryEvent::Started, at))
    }

    /// Notes that it is handled (06): always set by a person.
    pub fn complete(
        self,
        completion: Completion,
        by: &Officer,
        at: Timestamp,
    ) -> Result<DeliveryChange, Rejection> {
        let by = self.handler(by)?;
        self.leads_to(DeliveryStatus::Completed)?;
        let delivery = Self { completion: Some(completion), ..self };
        Ok(delivery.changed(DeliveryStatus::Completed, by, DeliveryEvent::Completed, at))
    }

    /// Who directs what becomes of it.
    fn director(&self, by: &Officer) -> Option<Signatory> {
        let assigned = self.assignment.as_ref().map(|assignment| assignment.unit_id);
        by.acting(|post| {
            let heads = post.heads_unit && assigned == Some(post.unit_id);
            heads
                || match self.recipient_kind {
                    RecipientKind::Agency => {
                        let ours = post.agencies().any(|id| id == self.recipient_id);
                        ours && (post.leads || post.keeps_registers)
                    }
                    RecipientKind::Unit => post.unit_id == self.recipient_id && post.heads_unit,
                    RecipientKind::Person => false,
                }
        })
    }

    /// Who handles it: the person to whom it is assigned, or any member of the unit where none is named; before it is assigned, an
    /// inner recipient; and at all times whoever directs.
    fn handler(&self, by: &Officer) -> Result<Signatory, Rejection> {
        let assigned = self.assignment.as_ref().and_then(|assignment| {
            let person = assignment.person.as_ref();
            let meant = person.is_none_or(|person| person.user_id == by.user_id);
            by.acting(|post| meant && post.drafts && post.unit_id == assignment.unit_id)
        });
        let inner = self.assignment.is_none() && self.recipient_kind != RecipientKind::Agency;
        let handler = assigned
            .or_else(|| self.director(by))
            .or_else(|| inner.then(|| self.receiver(by).ok()).flatten().map(|receiver| receiver.by));
        handler.ok_or(Rejection::NotAllowed(Who::Handler))
    }
}
