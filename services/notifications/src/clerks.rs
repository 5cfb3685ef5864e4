//! Who gets the mails of an agency: the people of its document office, as the directory knows them at this moment.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    iter,
};

use base::Uuid;
use congvan_proto::directory::v1::{
    BatchGetUnitsRequest, ListUsersRequest, Role, User, unit_service_client::UnitServiceClient,
    user_service_client::UserServiceClient,
};
use kit::{Fault, transport::Transport};
use lettre::Address;

/// How many agencies the directory takes in one question.
const AGENCIES: usize = 5_000;

/// How many users the directory gives on one page.
const PAGE: i32 = 1_000;

/// A person of a document office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clerk {
    pub(crate) user_id: Uuid,
    pub(crate) agency_id: Uuid,
    pub(crate) full_name: String,
    /// The person's own mailbox or else the agency's; none if neither has one that mail can go to.
    pub(crate) address: Option<Address>,
}

/// That somebody gets the mails of an agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seat {
    /// The agency whose mails they are. The clerk may work for the one that took over from it.
    pub(crate) office_id: Uuid,
    pub(crate) clerk: Clerk,
}

/// Asks the directory.
#[derive(Clone)]
pub(crate) struct Clerks {
    users: UserServiceClient<Transport>,
    units: UnitServiceClient<Transport>,
}

impl Clerks {
    pub(crate) fn new(directory: Transport) -> Self {
        let users = UserServiceClient::new(directory.clone());
        Self { users, units: UnitServiceClient::new(directory) }
    }

    /// The clerks of these agencies. One who works for several of them has a seat in each.
    pub(crate) async fn of(&mut self, agencies: &HashSet<Uuid>) -> Result<Vec<Seat>, Fault> {
        let asked: Vec<Uuid> = agencies.iter().copied().collect();
        let mut seats = BTreeMap::new();
        for some in asked.chunks(AGENCIES) {
            for user in self.users(some).await? {
                for seat in self::seats(&user, agencies)? {
                    seats.entry((seat.office_id, seat.clerk.user_id)).or_insert(seat);
                }
            }
        }
        let mut seats: Vec<Seat> = seats.into_values().collect();
        let staffed: HashSet<Uuid> = seats.iter().map(|seat| seat.office_id).collect();
        for agency in agencies.difference(&staffed) {
            tracing::warn!(%agency, "nobody to tell: neither the agency nor its heir has a document office");
        }
        self.add_mailboxes(&mut seats).await?;
        Ok(seats)
    }

    async fn users(&mut self, agencies: &[Uuid]) -> Result<Vec<User>, Fault> {
        let mut request = ListUsersRequest {
            agency_ids: agencies.iter().map(Uuid::to_string).collect(),
            role: Role::DocumentOffice.into(),
            with_heirs: true,
            page_size: PAGE,
            page_token: String::new(),
            ..ListUsersRequest::default()
        };
        let mut users = Vec::new();
        loop {
            let page = self.users.list_users(request.clone()).await.map_err(Fault::upstream)?.into_inner();
            users.extend(page.users);
            if page.next_page_token.is_empty() {
                return Ok(users);
            }
            request.page_token = page.next_page_token;
        }
    }

    /// Those without a mailbox of their own get their agency's.
    async fn add_mailboxes(&mut self, seats: &mut [Seat]) -> Result<(), Fault> {
        let lacking = seats.iter().map(|seat| &seat.clerk).filter(|clerk| clerk.address.is_none());
        let lacking: HashSet<Uuid> = lacking.map(|clerk| clerk.agency_id).collect();
        let ids: Vec<String> = lacking.iter().map(Uuid::to_string).collect();
        let mut mailboxes = HashMap::new();
        for some in ids.chunks(AGENCIES) {
            let request = BatchGetUnitsRequest { ids: some.to_vec(), ..BatchGetUnitsRequest::default() };
            let answer = self.units.batch_get_units(request).await.map_err(Fault::upstream)?;
            mailboxes.extend(answer.into_inner().units.into_iter().map(|unit| (unit.id, unit.email)));
        }
        for clerk in seats.iter_mut().map(|seat| &mut seat.clerk).filter(|clerk| clerk.address.is_none()) {
            let mailbox = mailboxes.get(&clerk.agency_id.to_string());
            clerk.address = mailbox.and_then(|mailbox| address(mailbox));
            if clerk.address.is_none() {
                tracing::warn!(user = %clerk.user_id, agency = %clerk.agency_id, "neither person nor agency has a mailbox");
            }
        }
        Ok(())
    }
}

/// The seats that the user has in the wanted agencies: in the document office of one, or of the one that took over from it.
fn seats(user: &User, wanted: &HashSet<Uuid>) -> Result<Vec<Seat>, Fault> {
    let office = i32::from(Role::DocumentOffice);
    let mut seats = Vec::new();
    for post in user.appointments.iter().filter(|post| post.roles.contains(&office)) {
        let clerk = Clerk {
            user_id: user.id.parse().map_err(Fault::internal)?,
            agency_id: post.agency_id.parse().map_err(Fault::internal)?,
            full_name: base::clean(&user.full_name),
            address: address(&user.email),
        };
        for agency_id in iter::once(&post.agency_id).chain(&post.inherited_agency_ids) {
            let office_id = agency_id.parse().map_err(Fault::internal)?;
            if wanted.contains(&office_id) {
                seats.push(Seat { office_id, clerk: clerk.clone() });
            }
        }
    }
    Ok(seats)
}

/// The address, if mail can go to it. Official mailboxes are ASCII; others not every mail server takes (RFC 6531).
fn address(text: &str) -> Option<Address> {
    text.trim().parse().ok().filter(|_| text.is_ascii())
}
