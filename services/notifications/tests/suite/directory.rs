//! The directory, as far as its people and mailboxes go.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use base::Uuid;
use congvan_proto::{
    directory::v1::{
        Appointment, BatchGetUnitsRequest, BatchGetUnitsResponse, ListUsersRequest, ListUsersResponse, Role,
        Unit, User,
        unit_service_server::{UnitService, UnitServiceServer},
        user_service_server::{UserService, UserServiceServer},
    },
    events::v1::{Event, event_service_server::EventServiceServer},
};
use futures::future::BoxFuture;
use kit::transport::Transport;
use tonic::{Request, Response, Status, service::Routes};

use crate::{
    documents::{DEPARTMENT, commune},
    told::Told,
};

/// Users on a page, so that 75 take several.
const PAGE: usize = 20;

#[derive(Clone, Default)]
pub(crate) struct Directory {
    pub(crate) users: Arc<Mutex<Vec<User>>>,
    pub(crate) units: Arc<Mutex<Vec<Unit>>>,
    pub(crate) told: Told,
    /// How often it was asked for users.
    asked: Arc<AtomicUsize>,
    /// Happens once, after users were looked up and before the answer goes out.
    pub(crate) meanwhile: Arc<Mutex<Option<BoxFuture<'static, ()>>>>,
}

/// The clerk of a commune.
pub(crate) fn clerk(number: u32) -> Uuid {
    Uuid::from_u128(0x1000 + u128::from(number))
}

/// The clerk of the department.
pub(crate) const SENDERS_CLERK: Uuid = Uuid::from_u128(0x9000);

impl Directory {
    /// A department and so many communes with a clerk each, and officers who get no mail.
    pub(crate) fn with_communes(communes: u32) -> Self {
        let directory = Self::default();
        directory.add(SENDERS_CLERK, "Cầm Thị Hoa", "hoa@snv.sonla.gov.vn", DEPARTMENT, Role::DocumentOffice);
        for number in 0..communes {
            let name = format!("Lò Thị Mai {number}");
            let email = format!("vanthu{number}@xa.sonla.gov.vn");
            directory.add(clerk(number), &name, &email, commune(number), Role::DocumentOffice);
            let officer = Uuid::from_u128(0x2000 + u128::from(number));
            directory.add(officer, "Quàng Văn Nam", "nam@xa.sonla.gov.vn", commune(number), Role::Officer);
        }
        directory
    }

    pub(crate) fn add(&self, id: Uuid, name: &str, email: &str, agency: Uuid, role: Role) {
        let post = Appointment {
            unit_id: agency.to_string(),
            agency_id: agency.to_string(),
            position: "Văn thư".to_owned(),
            roles: vec![role.into()],
            ..Appointment::default()
        };
        self.users.lock().unwrap().push(User {
            id: id.to_string(),
            full_name: name.to_owned(),
            email: email.to_owned(),
            appointments: vec![post],
            ..User::default()
        });
    }

    pub(crate) fn transport(&self) -> Transport {
        let routes = Routes::new(UserServiceServer::new(self.clone()))
            .add_service(UnitServiceServer::new(self.clone()))
            .add_service(EventServiceServer::new(self.told.clone()));
        Transport::local(routes.prepare().into_axum_router())
    }

    /// How often it was asked for users since the last time.
    pub(crate) fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }

    /// Tells that something of this kind changed.
    pub(crate) fn changed(&self, kind: &str) {
        self.told.tell(Event { r#type: format!("congvan.directory.{kind}.changed"), ..Event::default() });
    }
}

#[tonic::async_trait]
impl UserService for Directory {
    async fn list_users(
        &self,
        request: Request<ListUsersRequest>,
    ) -> Result<Response<ListUsersResponse>, Status> {
        let request = request.into_inner();
        self.asked.fetch_add(1, Ordering::SeqCst);
        let speaks_for = |post: &Appointment, agency_id: &String| {
            post.agency_id == *agency_id
                || (request.with_heirs && post.inherited_agency_ids.contains(agency_id))
        };
        let works_there = |user: &&User| {
            user.appointments.iter().any(|post| {
                request.agency_ids.iter().any(|agency_id| speaks_for(post, agency_id))
                    && post.roles.contains(&request.role)
            })
        };
        let wanted: Vec<User> = self.users.lock().unwrap().iter().filter(works_there).cloned().collect();
        let meanwhile = self.meanwhile.lock().unwrap().take();
        if let Some(meanwhile) = meanwhile {
            meanwhile.await;
        }
        let begin: usize = request.page_token.parse().unwrap_or(0);
        let end = wanted.len().min(begin + PAGE);
        let next_page_token = if end < wanted.len() { end.to_string() } else { String::new() };
        Ok(Response::new(ListUsersResponse {
            users: wanted[begin..end].to_vec(),
            next_page_token,
            total_size: 0,
        }))
    }
}

#[tonic::async_trait]
impl UnitService for Directory {
    async fn batch_get_units(
        &self,
        request: Request<BatchGetUnitsRequest>,
    ) -> Result<Response<BatchGetUnitsResponse>, Status> {
        let ids = request.into_inner().ids;
        let units = self.units.lock().unwrap();
        let units = units.iter().filter(|unit| ids.contains(&unit.id)).cloned().collect();
        Ok(Response::new(BatchGetUnitsResponse { units, missing_ids: Vec::new() }))
    }
}
