use base::Uuid;

use crate::{Delivery, Officer, Post};

/// What an officer may read of what arrived; list queries bind exactly this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// To whom it was sent: the agencies that the officer leads or is the document office of, the inner units of the officer,
    /// and the officer in person. An agency that is a unit of its own is among them only for its overseers.
    pub recipients: Vec<Uuid>,
    /// The units of the officer: what is assigned to them may be read there.
    pub units: Vec<Uuid>,
}

impl Inbox {
    /// The inbox of an officer. Who holds no post receives nothing.
    pub fn of(officer: &Officer) -> Self {
        let held = || officer.posts.iter().filter(|post| post.drafts);
        let mut recipients = officer.overseen_agencies();
        recipients.extend(held().filter(|post| post.unit_id != post.agency_id).map(|post| post.unit_id));
        recipients.extend(held().next().map(|_| officer.user_id));
        let mut units: Vec<_> = held().map(|post| post.unit_id).collect();
        for ids in [&mut recipients, &mut units] {
            ids.sort_unstable();
            ids.dedup();
        }
        Self { recipients, units }
    }

    /// Whether a delivery lies in it.
    pub fn reads(&self, delivery: &Delivery) -> bool {
        let assigned = delivery.assignment.as_ref().map(|assignment| assignment.unit_id);
        self.recipients.contains(&delivery.recipient_id)
            || assigned.is_some_and(|unit_id| self.units.contains(&unit_id))
    }
}

impl Officer {
    /// Whether the officer receives for both as for one: they are the same, or an agency of the officer took over
    /// from one or both.
    pub fn receives_as_one(&self, one: Uuid, other: Uuid) -> bool {
        let overseen = || self.posts.iter().filter(|post| post.leads || post.keeps_registers);
        let together = |id: Uuid, post: &Post| post.agencies().any(|agency| agency == id);
        one == other || overseen().any(|post| together(one, post) && together(other, post))
    }
}
