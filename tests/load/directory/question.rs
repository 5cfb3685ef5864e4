use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use base::fold;
use congvan_proto::directory::v1::{
    ListUnitsRequest, ResolveRecipientsRequest, SearchUsersRequest, UnitExpression, UnitKind, User,
    VerifySessionRequest,
    address_book_service_client::AddressBookServiceClient,
    session_service_client::SessionServiceClient,
    unit_expression::{Kinds, Set},
    unit_service_client::UnitServiceClient,
    user_service_client::UserServiceClient,
};

use super::{
    fill::token,
    names::{full_name, scatter},
    nation::Unit,
    site::Site,
};

/// What is asked of a directory.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Question {
    Provinces,
    BelowProvince,
    BelowAgency,
    BelowAny,
    Accents,
    NoAccents,
    Part,
    Nobody,
    Communes,
    Session,
}

/// How long the answer took, and how much was in it.
pub(crate) struct Answer {
    pub(crate) took: Duration,
    pub(crate) found: usize,
}

impl Question {
    pub(crate) const ALL: [Self; 10] = [
        Self::Provinces,
        Self::BelowProvince,
        Self::BelowAgency,
        Self::BelowAny,
        Self::Accents,
        Self::NoAccents,
        Self::Part,
        Self::Nobody,
        Self::Communes,
        Self::Session,
    ];

    /// What it is.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Provinces => "tree: the provinces",
            Self::BelowProvince => "tree: below a province",
            Self::BelowAgency => "tree: below an agency",
            Self::BelowAny => "tree: below any unit",
            Self::Accents => "person by full name with accents",
            Self::NoAccents => "person by full name without accents",
            Self::Part => "person by a part of the name",
            Self::Nobody => "person whom there is not",
            Self::Communes => "resolve all communes of the nation",
            Self::Session => "verify a session (internal call)",
        }
    }

    /// Asks a site. Each turn asks for somebody or something else, and fails if the answer is not right.
    pub(crate) async fn ask(self, site: &Site, turn: usize) -> anyhow::Result<Answer> {
        let among = |units: &'_ [Unit]| scatter(turn) % units.len();
        let nation = &site.nation;
        let name = full_name(scatter(turn) % site.size.people);
        match self {
            Self::Provinces => provinces(site).await,
            Self::BelowProvince => below(site, &nation.provinces()[among(nation.provinces())]).await,
            Self::BelowAgency => below(site, &nation.agencies()[among(nation.agencies())]).await,
            Self::BelowAny => below(site, &nation.units[among(&nation.units)]).await,
            Self::Accents => person(site, &name).await,
            Self::NoAccents => person(site, &fold(&name)).await,
            Self::Part => person(site, &part(&name)).await,
            Self::Nobody => nobody(site).await,
            Self::Communes => communes(site).await,
            Self::Session => session(site, scatter(turn) % site.size.people).await,
        }
    }
}

/// Opens the tree.
async fn provinces(site: &Site) -> anyhow::Result<Answer> {
    let kinds = vec![UnitKind::ProvincialPeoplesCommittee.into()];
    list(site, ListUnitsRequest { kinds, ..Default::default() }, site.nation.provinces().len()).await
}

/// Opens a unit in the tree.
async fn below(site: &Site, unit: &Unit) -> anyhow::Result<Answer> {
    let request = ListUnitsRequest { parent_id: unit.id.to_string(), page_size: 1000, ..Default::default() };
    list(site, request, site.nation.children(unit)).await
}

async fn list(site: &Site, request: ListUnitsRequest, expected: usize) -> anyhow::Result<Answer> {
    let mut client = UnitServiceClient::new(site.clerk.transport.clone());
    let start = Instant::now();
    let answer = client.list_units(site.clerk.request(request)).await?.into_inner();
    let took = start.elapsed();
    let found = answer.units.len();
    ensure!(found == expected, "{found} units instead of {expected}");
    Ok(Answer { took, found })
}

/// The last two words of a name without accents, the last one not finished.
fn part(name: &str) -> String {
    let folded = fold(name);
    let mut words: Vec<_> = folded.split(' ').rev().take(2).collect();
    words.reverse();
    let mut part = words.join(" ");
    part.pop();
    part
}

/// Looks for a person.
async fn person(site: &Site, query: &str) -> anyhow::Result<Answer> {
    let (took, users) = search(site, query).await?;
    let fits = |name: &str| {
        let name = fold(name);
        fold(query).split(' ').all(|wanted| name.split(' ').any(|word| word.starts_with(wanted)))
    };
    ensure!(!users.is_empty(), "nobody is called {query}");
    ensure!(users.iter().all(|user| fits(&user.full_name)), "somebody is not called {query}");
    Ok(Answer { took, found: users.len() })
}

/// Looks for somebody with the two middle names that are the most frequent ones, which nobody has both.
async fn nobody(site: &Site) -> anyhow::Result<Answer> {
    let (took, users) = search(site, "van thi").await?;
    ensure!(users.is_empty(), "{} people of both sexes", users.len());
    Ok(Answer { took, found: 0 })
}

async fn search(site: &Site, query: &str) -> anyhow::Result<(Duration, Vec<User>)> {
    let mut client = UserServiceClient::new(site.clerk.transport.clone());
    let request = SearchUsersRequest { query: query.to_owned(), ..Default::default() };
    let start = Instant::now();
    let answer = client.search_users(site.clerk.request(request)).await?.into_inner();
    Ok((start.elapsed(), answer.users))
}

/// Resolves all communes of the nation, in one answer.
async fn communes(site: &Site) -> anyhow::Result<Answer> {
    let kinds = [UnitKind::Ward, UnitKind::Commune, UnitKind::SpecialZone].map(i32::from).into();
    let expression = Some(UnitExpression { set: Some(Set::Kinds(Kinds { kinds })) });
    let request = ResolveRecipientsRequest { expression, page_size: 5000, ..Default::default() };
    let mut client = AddressBookServiceClient::new(site.clerk.transport.clone());
    let start = Instant::now();
    let answer = client.resolve_recipients(site.clerk.request(request)).await?.into_inner();
    let took = start.elapsed();
    let (found, expected) = (answer.recipients.len(), site.nation.communes().len());
    let counted = answer.counts.unwrap_or_default();
    ensure!(found == expected, "{found} communes instead of {expected}");
    ensure!(usize::try_from(counted.units) == Ok(expected) && counted.fallen_out == 0, "{counted:?}");
    Ok(Answer { took, found })
}

/// Asks whose session it is, as the gateway does on every call.
async fn session(site: &Site, number: usize) -> anyhow::Result<Answer> {
    let mut client = SessionServiceClient::new(site.to_directory.clone());
    let method = "/congvan.directory.v1.UnitService/ListUnits".to_owned();
    let request = VerifySessionRequest { token: token(number), method };
    let start = Instant::now();
    let answer = client.verify_session(request).await?.into_inner();
    let took = start.elapsed();
    let user = answer.session.and_then(|session| session.user).context("a session without a user")?;
    ensure!(user.full_name == full_name(number), "the session of {}", user.full_name);
    ensure!(user.appointments.len() == 1, "{} posts", user.appointments.len());
    Ok(Answer { took, found: 1 })
}
