use base::{Timestamp, Uuid};

use crate::{Delivery, DeliveryStatus, Document, Officer, RecipientKind, Rejection, Signatory, Who};

/// How far a document may go round (Decree 30/2020/NĐ-CP, Appendix I, Part I.III.2c).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CirculationMark {
    /// XEM XONG TRẢ LẠI: to be given back after reading, so never handed on.
    ReturnAfterReading,
    /// LƯU HÀNH NỘI BỘ: only within the issuing agency.
    Internal,
}

/// A delivery handed on to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forwarding {
    /// The delivery that was handed on.
    pub delivery_id: Uuid,
    /// The agency that did.
    pub agency_id: Uuid,
    /// Who did.
    pub by: Signatory,
    /// When.
    pub at: Timestamp,
}

impl CirculationMark {
    /// Every mark.
    pub const ALL: [Self; 2] = [Self::ReturnAfterReading, Self::Internal];

    /// Its name in the contracts without prefix, and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::ReturnAfterReading => "RETURN_AFTER_READING",
            Self::Internal => "INTERNAL",
        }
    }

    /// The mark with this name.
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.code() == code)
    }

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The mark with this number.
    pub fn numbered(number: i32) -> Option<Self> {
        usize::try_from(number - 1).ok().and_then(|index| Self::ALL.get(index).copied())
    }
}

impl Delivery {
    /// Whether the officer could hand the document on to recipients of these agencies: leaders and document office of the recipient, once
    /// it is accepted, as far as its circulation mark lets it.
    pub fn may_forward(
        &self,
        document: &Document,
        agencies: &[Uuid],
        by: &Officer,
        at: Timestamp,
    ) -> Result<Forwarding, Rejection> {
        let ours = |id: Uuid| self.recipient_kind == RecipientKind::Agency && id == self.recipient_id;
        let mut posts = by.posts.iter().filter(|post| post.leads || post.keeps_registers);
        let post = posts.find(|post| post.agencies().any(ours));
        let post = post.ok_or(Rejection::NotAllowed(Who::RecipientOverseer))?;
        let accepted = matches!(
            self.status,
            DeliveryStatus::Accepted
                | DeliveryStatus::Assigned
                | DeliveryStatus::InProgress
                | DeliveryStatus::Completed
        );
        if !accepted {
            let (status, needed) = (self.status, DeliveryStatus::Accepted);
            return Err(Rejection::WrongDeliveryStatus { status, needed });
        }
        match document.fields.circulation {
            Some(CirculationMark::ReturnAfterReading) => {
                return Err(Rejection::NotToCirculate(CirculationMark::ReturnAfterReading));
            }
            Some(CirculationMark::Internal) if agencies.iter().any(|agency| *agency != post.agency_id) => {
                return Err(Rejection::NotToCirculate(CirculationMark::Internal));
            }
            _ => {}
        }
        Ok(Forwarding { delivery_id: self.id, agency_id: post.agency_id, by: by.as_holder(post), at })
    }
}
