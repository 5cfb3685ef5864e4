//! To whom a document goes today: what the directory says of those addressed, asked before the transaction.

use std::collections::HashMap;

use base::Uuid;
use congvan_proto::{
    directory::v1::{
        self as pb, GetGroupRequest, GetPositionRequest, ListUsersRequest, MemberKind,
        ResolveRecipientsRequest, UnitExpression,
    },
    documents::v1::Recipient as Written,
};
use documents_domain::{Address, Folded, Recipient, fold};
use kit::{Fault, Violations};
use prost::Message;
use tonic::Code;

use crate::{Documents, faults, units::Units};

/// Most recipients that the directory tells on one page.
const PAGE: i32 = 5_000;

/// Most users that the directory tells of at once.
const USERS: usize = 1_000;

/// What the directory says of everybody whom a document is addressed to.
pub(crate) struct Addressing {
    units: Units,
    people: HashMap<Uuid, pb::User>,
    /// What each position, group and rule stands for, by its id.
    sets: HashMap<Uuid, Set>,
}

/// What one of them stands for.
#[derive(Default)]
struct Set {
    name: String,
    members: Vec<pb::Recipient>,
    fallen_out: Vec<pb::FallenOut>,
}

/// To whom it goes.
pub(crate) struct Resolved {
    /// One delivery is made to each.
    pub(crate) recipients: Vec<Recipient>,
    /// Who was addressed more than once.
    pub(crate) folded: Vec<Folded>,
    /// Who was addressed and is no recipient today.
    pub(crate) fallen_out: Vec<pb::FallenOut>,
    /// Who cannot be reached in this system, or not in this way.
    pub(crate) unreachable: Vec<Recipient>,
}

impl Documents {
    /// Asks the directory about recipients, and about units besides.
    pub(crate) async fn addressing(
        &self,
        recipients: &[Recipient],
        issuer: Uuid,
        besides: impl IntoIterator<Item = Uuid>,
    ) -> Result<Addressing, Fault> {
        let mut sets = HashMap::new();
        for recipient in recipients {
            if let Some(set) = self.set(recipient, issuer).await? {
                sets.insert(recipient.unit_id, set);
            }
        }
        let of = |kind: MemberKind| {
            let members = sets.values().flat_map(|set: &Set| &set.members);
            let ids = members.filter(move |member| member.kind() == kind).map(|member| &member.id);
            ids.filter_map(|id| id.parse().ok()).collect::<Vec<Uuid>>()
        };
        let written = |wanted: fn(&Address) -> bool| {
            let wanted = recipients.iter().filter(move |recipient| wanted(&recipient.address));
            wanted.map(|recipient| recipient.unit_id)
        };
        let holders = sets.values().flat_map(|set| &set.members).flat_map(|member| &member.holder_ids);
        let mut people: Vec<Uuid> = holders.filter_map(|id| id.parse().ok()).collect();
        people.extend(of(MemberKind::User));
        people.extend(written(|address| *address == Address::Person));
        let units = written(|address| matches!(address, Address::Agency | Address::Unit));
        let units = self.units(units.chain(besides)).await?;
        Ok(Addressing { units, people: self.users(people).await?, sets })
    }

    /// What a position, group or rule stands for; none for what stands for itself, is not known, or is not for the issuer to see.
    async fn set(&self, recipient: &Recipient, issuer: Uuid) -> Result<Option<Set>, Fault> {
        let id = recipient.unit_id.to_string();
        let mut request = ResolveRecipientsRequest { page_size: PAGE, ..ResolveRecipientsRequest::default() };
        let name = match &recipient.address {
            Address::Position => return self.position(id).await,
            Address::Group => {
                let Some(name) = self.group(&id, issuer).await? else { return Ok(None) };
                request.group_ids = vec![id];
                name
            }
            Address::Rule(rule) => {
                let rule = UnitExpression::decode(rule.as_slice()).map_err(Fault::internal)?;
                for group in groups_in(&rule) {
                    if self.group(&group, issuer).await?.is_none() {
                        return Ok(None);
                    }
                }
                request.expression = Some(rule);
                String::new()
            }
            _ => return Ok(None),
        };
        let mut set = Set { name, ..Set::default() };
        loop {
            let page = match self.address_book.clone().resolve_recipients(request.clone()).await {
                Ok(answer) => answer.into_inner(),
                Err(status) if status.code() == Code::InvalidArgument => return Ok(None),
                Err(status) => return Err(Fault::upstream(status)),
            };
            set.members.extend(page.recipients);
            set.fallen_out.extend(page.fallen_out);
            if page.next_page_token.is_empty() {
                return Ok(Some(set));
            }
            request.page_token = page.next_page_token;
        }
    }

    /// Name of a group that the issuer sees: one of the whole directory, or its own.
    async fn group(&self, id: &str, issuer: Uuid) -> Result<Option<String>, Fault> {
        let asked = GetGroupRequest { id: id.to_owned(), ..GetGroupRequest::default() };
        let group = match self.groups.clone().get_group(asked).await {
            Ok(answer) => answer.into_inner().group.unwrap_or_default(),
            Err(status) if matches!(status.code(), Code::NotFound | Code::InvalidArgument) => {
                return Ok(None);
            }
            Err(status) => return Err(Fault::upstream(status)),
        };
        let sees = group.owner_agency_id.is_empty() || group.owner_agency_id == issuer.to_string();
        Ok(sees.then_some(group.name))
    }

    async fn position(&self, id: String) -> Result<Option<Set>, Fault> {
        let asked = GetPositionRequest { id: id.clone(), ..GetPositionRequest::default() };
        let position = match self.positions.clone().get_position(asked).await {
            Ok(answer) => answer.into_inner().position.unwrap_or_default(),
            Err(status) if status.code() == Code::NotFound => return Ok(None),
            Err(status) => return Err(Fault::upstream(status)),
        };
        let mut set = Set { name: position.title.clone(), ..Set::default() };
        if position.holders.is_empty() {
            let cause = pb::FallOutCause::Vacant.into();
            let kind = MemberKind::Position.into();
            set.fallen_out.push(pb::FallenOut {
                kind,
                id,
                name: position.title,
                cause,
                ..Default::default()
            });
            return Ok(Some(set));
        }
        set.members.push(pb::Recipient {
            kind: MemberKind::Position.into(),
            id,
            name: position.title,
            agency_id: position.agency_id,
            holder_ids: position.holders.into_iter().map(|holder| holder.user_id).collect(),
            ..pb::Recipient::default()
        });
        Ok(Some(set))
    }

    /// Why units that are written down by themselves are no recipients today, and who took over from them.
    pub(crate) async fn gone(
        &self,
        addressing: &Addressing,
        written: &[Recipient],
    ) -> Result<Vec<pb::FallenOut>, Fault> {
        let unit_ids: Vec<_> = addressing.gone(written).map(|id| id.to_string()).collect();
        if unit_ids.is_empty() {
            return Ok(Vec::new());
        }
        let request = ResolveRecipientsRequest { unit_ids, ..ResolveRecipientsRequest::default() };
        let answer = self.address_book.clone().resolve_recipients(request).await.map_err(Fault::upstream)?;
        Ok(answer.into_inner().fallen_out)
    }

    async fn users(&self, mut ids: Vec<Uuid>) -> Result<HashMap<Uuid, pb::User>, Fault> {
        ids.sort_unstable();
        ids.dedup();
        let mut found = HashMap::new();
        for some in ids.chunks(USERS) {
            let request = ListUsersRequest {
                ids: some.iter().map(Uuid::to_string).collect(),
                page_size: 1_000,
                ..ListUsersRequest::default()
            };
            let answer = self.people.clone().list_users(request).await.map_err(Fault::upstream)?;
            for user in answer.into_inner().users {
                found.insert(user.id.parse().map_err(Fault::internal)?, user);
            }
        }
        Ok(found)
    }
}

impl Addressing {
    /// The units that were asked about.
    pub(crate) fn units(&self) -> &Units {
        &self.units
    }

    /// Gives everybody addressed a name, who stand at `place` in the request; a fault that tells all who cannot be addressed by the issuing agency.
    pub(crate) fn name(&self, place: &str, recipients: &mut [Recipient], issuer: Uuid) -> Result<(), Fault> {
        let mut violations = Violations::default();
        let mut unknown = Vec::new();
        for (index, recipient) in recipients.iter_mut().enumerate() {
            if let Some((name, address)) = self.known(recipient, issuer) {
                (recipient.name, recipient.address) = (name, address);
                continue;
            }
            let field = format!("{place}[{index}].{}", field(&recipient.address));
            let (vi, en) = why(&recipient.address);
            violations.add(field, vi, en);
            unknown.push(recipient.unit_id.to_string());
        }
        if unknown.is_empty() { Ok(()) } else { Err(faults::unknown_recipients(&unknown, violations)) }
    }

    /// Name and true address of one who may be addressed.
    fn known(&self, recipient: &Recipient, issuer: Uuid) -> Option<(String, Address)> {
        match &recipient.address {
            Address::Agency | Address::Unit => {
                let unit = self.units.get(recipient.unit_id)?;
                let address = if unit.agency_id == unit.id { Address::Agency } else { Address::Unit };
                let ours = address == Address::Agency || unit.agency_id == issuer.to_string();
                ours.then(|| (unit.name.clone(), address))
            }
            Address::Person => self.person(recipient.unit_id, issuer).map(|name| (name, Address::Person)),
            Address::External => None,
            set => self.sets.get(&recipient.unit_id).map(|known| (known.name.clone(), set.clone())),
        }
    }

    /// Full name of a person who may sign in and holds a post in the issuing agency.
    fn person(&self, id: Uuid, issuer: Uuid) -> Option<String> {
        let user = self.people.get(&id)?;
        let agency = issuer.to_string();
        let ours = user.active && user.appointments.iter().any(|post| post.agency_id == agency);
        ours.then(|| user.full_name.clone())
    }

    /// To whom it goes: sets opened, everybody once.
    pub(crate) fn resolve(&self, recipients: &[Recipient], issuer: Uuid) -> Resolved {
        let mut all = Vec::with_capacity(recipients.len());
        let (mut fallen_out, mut unreachable) = (Vec::new(), Vec::new());
        for recipient in recipients {
            let Some(set) = self.sets.get(&recipient.unit_id) else {
                match self.known(recipient, issuer) {
                    Some((name, address)) => all.push(Recipient { name, address, ..recipient.clone() }),
                    None => unreachable.push(recipient.clone()),
                }
                continue;
            };
            fallen_out.extend(set.fallen_out.iter().cloned());
            for member in &set.members {
                for reached in self.members(member, recipient, issuer) {
                    match reached {
                        Ok(one) => all.push(one),
                        Err(one) => unreachable.push(one),
                    }
                }
            }
        }
        let (recipients, folded) = fold(all);
        Resolved { recipients, folded, fallen_out, unreachable }
    }

    /// The recipients that a member of a set comes to; an error for each that cannot be reached.
    fn members(
        &self,
        member: &pb::Recipient,
        set: &Recipient,
        issuer: Uuid,
    ) -> Vec<Result<Recipient, Recipient>> {
        let one = |id: &str, name: &str, address| Recipient {
            unit_id: id.parse().unwrap_or_default(),
            name: name.to_owned(),
            purpose: set.purpose,
            address,
        };
        let person = |id: &String, name: &str| {
            let known = id.parse().ok().and_then(|id| self.person(id, issuer));
            known.map(|name| one(id, &name, Address::Person)).ok_or_else(|| one(id, name, Address::Person))
        };
        match member.kind() {
            MemberKind::Unit if member.agency_id == member.id => {
                vec![Ok(one(&member.id, &member.name, Address::Agency))]
            }
            MemberKind::Unit => {
                let unit = one(&member.id, &member.name, Address::Unit);
                vec![if member.agency_id == issuer.to_string() { Ok(unit) } else { Err(unit) }]
            }
            MemberKind::Position => member.holder_ids.iter().map(|id| person(id, &member.name)).collect(),
            MemberKind::User => vec![person(&member.id, &member.name)],
            MemberKind::ExternalAgency | MemberKind::Group | MemberKind::Unspecified => {
                vec![Err(one(&member.id, &member.name, Address::External))]
            }
        }
    }

    /// The units that are written down by themselves and are no more.
    fn gone<'a>(&'a self, written: &'a [Recipient]) -> impl Iterator<Item = Uuid> + 'a {
        let gone = written.iter().filter(|recipient| {
            matches!(recipient.address, Address::Agency | Address::Unit)
                && self.units.get(recipient.unit_id).is_none()
        });
        gone.map(|recipient| recipient.unit_id)
    }

    /// Puts those to whom it goes today in place of those written down; a fault if somebody cannot be reached, or nobody is left.
    pub(crate) fn open(
        &self,
        place: &str,
        recipients: &mut Vec<Recipient>,
        issuer: Uuid,
    ) -> Result<(), Fault> {
        self.name(place, recipients, issuer)?;
        let resolved = self.resolve(recipients, issuer);
        if !resolved.unreachable.is_empty() {
            return Err(faults::unreachable_recipients(&resolved.unreachable));
        }
        if resolved.recipients.is_empty() {
            return Err(faults::rejected(documents_domain::Rejection::NoRecipients));
        }
        *recipients = resolved.recipients;
        Ok(())
    }
}

/// The groups that a rule names.
fn groups_in(rule: &UnitExpression) -> Vec<String> {
    use pb::unit_expression::Set as Named;
    let several = |sets: &[UnitExpression]| sets.iter().flat_map(groups_in).collect();
    match &rule.set {
        Some(Named::GroupId(id)) => vec![id.clone()],
        Some(Named::Union(union)) => several(&union.sets),
        Some(Named::Intersection(all)) => several(&all.sets),
        Some(Named::Difference(difference)) => {
            let both = difference.of.iter().chain(&difference.except);
            both.flat_map(|rule| groups_in(rule)).collect()
        }
        _ => Vec::new(),
    }
}

/// The field of the contract that names such a recipient.
fn field(address: &Address) -> &'static str {
    match address {
        Address::Agency | Address::Unit => "unitId",
        Address::Person => "userId",
        Address::Position => "positionId",
        Address::Group => "groupId",
        Address::Rule(_) => "expression",
        Address::External => "externalAgencyId",
    }
}

/// Why it cannot be addressed.
fn why(address: &Address) -> (&'static str, &'static str) {
    match address {
        Address::Agency | Address::Unit => (
            "hôm nay không phải là cơ quan, hay đơn vị trực thuộc cơ quan ban hành, trong danh bạ; cơ quan đã sáp nhập hoặc giải thể \
             thì gửi đến cơ quan kế thừa",
            "is no agency, nor an inner unit of the issuing agency, in the directory today; one that was merged or closed is reached \
             at its successor",
        ),
        Address::Person => (
            "hôm nay không giữ chức vụ nào ở cơ quan ban hành; người ở cơ quan khác nhận qua văn thư cơ quan đó",
            "holds no post in the issuing agency today; people of other agencies are reached through their document offices",
        ),
        Address::External => (
            "là cơ quan ngoài hệ thống, hệ thống chưa gửi điện tử đến được; hãy gửi bản giấy và ghi ở phần ghi chú",
            "is an agency outside this system, which cannot be reached electronically yet; send it on paper and say so in the note",
        ),
        Address::Position | Address::Group | Address::Rule(_) => {
            ("không có trong danh bạ", "is not in the directory")
        }
    }
}

/// The parts of a written recipient that say whom it means: the fields given, by their names.
pub(crate) fn given(written: &Written) -> Vec<&'static str> {
    let fields = [
        ("unitId", !written.unit_id.is_empty()),
        ("userId", !written.user_id.is_empty()),
        ("positionId", !written.position_id.is_empty()),
        ("groupId", !written.group_id.is_empty()),
        ("expression", written.expression.is_some()),
        ("externalAgencyId", !written.external_agency_id.is_empty()),
    ];
    fields.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect()
}
