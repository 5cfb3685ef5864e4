use base::Uuid;

use super::form::lines;
use crate::{Authority, Capacity, Chart, DocumentKind, Form, GrantForm, Holder, Life, Office, Regime};

/// Somebody who may sign, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// Who.
    pub person_id: Uuid,
    /// Full name, printed below the signature.
    pub full_name: String,
    /// The position whose title is printed.
    pub position_id: Uuid,
    /// Title of that position.
    pub position: String,
    /// In which form.
    pub form: Form,
    /// What is printed above the signature, line by line.
    pub lines: Vec<String>,
    /// The authorities it rests on, from the head down; none for the head and for whoever is in charge in the head's place.
    pub authority_ids: Vec<Uuid>,
}

/// Everybody who may sign a document of this kind and matter for the agency on the day of the chart: the head first, then by form.
/// The matter is empty where none is stated.
pub fn signers(chart: &Chart, kind: DocumentKind, matter: &str) -> Vec<Signer> {
    let mut found = by_office(chart);
    let covering = Covering { chart, kind, matter };
    for authority in &chart.authorities {
        if covering.holds(authority) {
            found.extend(covering.by_authority(authority));
        }
    }
    found.sort_by_key(|signer| signer.form);
    let mut once: Vec<Signer> = Vec::with_capacity(found.len());
    for signer in found {
        let same = |other: &Signer| other.person_id == signer.person_id && other.lines == signer.lines;
        if !once.iter().any(same) {
            once.push(signer);
        }
    }
    once
}

/// Who signs by office: the head, who is acting head, and who is in charge in the head's place. A deputy in charge signs as a
/// deputy does; who is in charge without a deputy's post has no title that the decree would let him sign under.
fn by_office(chart: &Chart) -> Vec<Signer> {
    let mut found = Vec::new();
    for head in chart.offices.iter().filter(|office| office.heads(chart.agency_id)) {
        for holder in &head.holders {
            let collective = chart.regime == Regime::Collective;
            found.extend(match holder.capacity {
                Capacity::Holder if collective => Some(signer(chart, Form::ForCollective, &[], head, holder)),
                Capacity::Holder => Some(signer(chart, Form::Direct, &[], head, holder)),
                Capacity::Acting if collective => {
                    Some(signer(chart, Form::ActingForCollective, &[], head, holder))
                }
                Capacity::Acting => Some(signer(chart, Form::Acting, &[], head, holder)),
                Capacity::InCharge => chart
                    .deputy_post(holder.person_id, head)
                    .map(|(own, holder)| signer(chart, for_head(chart.regime), &[head], own, holder)),
            });
        }
    }
    found
}

fn for_head(regime: Regime) -> Form {
    match regime {
        Regime::SingleHead => Form::ForHead,
        Regime::Collective => Form::ForCollectiveAndHead,
    }
}

fn signer(chart: &Chart, form: Form, above: &[&Office], own: &Office, holder: &Holder) -> Signer {
    Signer {
        person_id: holder.person_id,
        full_name: holder.full_name.clone(),
        position_id: own.position_id,
        position: own.title.clone(),
        form,
        lines: lines(chart, form, above, own, holder),
        authority_ids: Vec::new(),
    }
}

/// The authorities that cover one document.
pub(super) struct Covering<'a> {
    pub(super) chart: &'a Chart,
    pub(super) kind: DocumentKind,
    pub(super) matter: &'a str,
}

impl<'a> Covering<'a> {
    /// Whether the authority lives on the day and covers the document.
    fn holds(&self, authority: &Authority) -> bool {
        authority.agency_id == self.chart.agency_id
            && authority.on(self.chart.date) == Life::Live
            && authority.scope.covers_kind(self.kind)
            && authority.scope.covers_matter(self.matter)
    }

    /// The orders (TL.) to this position that cover the document: what its deputies may sign for it rests on them.
    pub(super) fn orders_to(&self, position_id: Uuid) -> impl Iterator<Item = &'a Authority> {
        let orders = self.chart.authorities.iter();
        orders
            .filter(move |order| order.form == GrantForm::ByOrder && order.grantee_position_id == position_id)
            .filter(|order| self.holds(order))
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Whether the authority comes from a position that is there and does not lead the agency: a unit's head.
    pub(super) fn is_below_head(&self, authority: &Authority) -> bool {
        let grantor = self.chart.office(authority.grantor_position_id);
        grantor.is_some_and(|grantor| !grantor.heads(self.chart.agency_id))
    }

    /// Who signs by an authority that holds.
    fn by_authority(&self, authority: &Authority) -> Vec<Signer> {
        let chart = self.chart;
        let Some(grantor) = chart.office(authority.grantor_position_id) else { return Vec::new() };
        let Some(grantee) = chart.office(authority.grantee_position_id) else { return Vec::new() };
        if grantee.never_signs() {
            return Vec::new();
        }
        if !grantor.heads(chart.agency_id) {
            return match authority.form {
                GrantForm::ForHead => self.by_order_for_head(authority, grantor, grantee),
                // The law lets only the head order and authorise; a grantor who is head no more has nothing to give.
                GrantForm::ByOrder | GrantForm::ByDelegation => Vec::new(),
            };
        }
        let mut found = Vec::new();
        for holder in &grantee.holders {
            found.extend(match (authority.form, holder.capacity) {
                // To sign in place of who is authorised would pass the authorisation on.
                (GrantForm::ForHead | GrantForm::ByDelegation, Capacity::InCharge) => None,
                (GrantForm::ForHead, _) => {
                    Some(signer(chart, for_head(chart.regime), &[grantor], grantee, holder))
                }
                (GrantForm::ByOrder, Capacity::InCharge) => {
                    let own = chart.deputy_post(holder.person_id, grantee);
                    own.map(|(own, holder)| {
                        signer(chart, Form::ByOrderForHead, &[grantor, grantee], own, holder)
                    })
                }
                (GrantForm::ByOrder, _) => Some(signer(chart, Form::ByOrder, &[grantor], grantee, holder)),
                (GrantForm::ByDelegation, _) if grantor.is_filled() => {
                    Some(signer(chart, Form::ByDelegation, &[grantor], grantee, holder))
                }
                (GrantForm::ByDelegation, _) => None,
            });
        }
        found.into_iter().map(|signer| Signer { authority_ids: vec![authority.id], ..signer }).collect()
    }

    /// Deputies of a unit whose head signs by order: TL. and then KT.
    fn by_order_for_head(&self, authority: &Authority, unit_head: &Office, own: &Office) -> Vec<Signer> {
        let mut found = Vec::new();
        for order in self.orders_to(unit_head.position_id) {
            let head = self.chart.office(order.grantor_position_id);
            let Some(head) = head.filter(|head| head.heads(self.chart.agency_id)) else { continue };
            let holders = own.holders.iter().filter(|holder| holder.capacity != Capacity::InCharge);
            found.extend(holders.map(|holder| Signer {
                authority_ids: vec![order.id, authority.id],
                ..signer(self.chart, Form::ByOrderForHead, &[head, unit_head], own, holder)
            }));
        }
        found
    }
}
