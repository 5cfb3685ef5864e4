use std::time::Duration;

use base::Uuid;
use congvan_proto::directory::v1::{self as pb, user_service_client::UserServiceClient};
use kit::{Text, transport::Transport};
use tonic::{Code, Request, Response, Status};

use super::{
    error::{Kind, Refusal, Result},
    filter::{Filter, matches},
    root::Root,
    user,
};
use crate::{
    failure::{Failure, in_time},
    rest::call::with_claim,
};

/// Most people read for a filter that the directory cannot look for itself.
pub(super) const SCAN: i32 = 10_000;

/// People on a page of the directory.
const PAGE: i32 = 1000;

/// The directory, asked in the name of a caller.
pub(super) struct Directory {
    pub(super) transport: Transport,
    pub(super) claim: String,
    pub(super) patience: Duration,
}

/// Why a change was not made.
pub(super) enum Unchanged {
    /// Somebody else was faster.
    Overtaken,
    Refused(Refusal),
}

impl From<Failure> for Unchanged {
    fn from(failure: Failure) -> Self {
        match failure.status.code() {
            Code::Aborted => Self::Overtaken,
            _ => Self::Refused(failure.into()),
        }
    }
}

impl Directory {
    fn users(&self) -> UserServiceClient<Transport> {
        UserServiceClient::new(self.transport.clone()).max_decoding_message_size(64 << 20)
    }

    /// A message in the name of the caller.
    pub(super) fn message<M>(&self, message: M) -> Request<M> {
        let mut request = with_claim(message, &self.claim);
        request.set_timeout(self.patience);
        request
    }

    /// What the directory answers, if it does so in time.
    pub(super) async fn answer<M>(
        &self,
        asking: impl Future<Output = std::result::Result<Response<M>, Status>>,
    ) -> std::result::Result<M, Failure> {
        Ok(in_time(self.patience, asking).await?.into_inner())
    }

    /// A person whom other software keeps or may keep.
    pub(super) async fn user(&self, id: &str) -> Result<pb::User> {
        if id.parse::<Uuid>().is_err() {
            return Err(Refusal::not_found());
        }
        let request = pb::GetUserRequest { id: id.to_owned(), ..Default::default() };
        let user = self.answer(self.users().get_user(self.message(request))).await?.user.unwrap_or_default();
        if user.withdrawn { Err(Refusal::not_found()) } else { Ok(user) }
    }

    pub(super) async fn create(&self, request: pb::CreateUserRequest) -> Result<pb::User> {
        Ok(self.answer(self.users().create_user(self.message(request))).await?.user.unwrap_or_default())
    }

    pub(super) async fn update(
        &self,
        request: pb::UpdateUserRequest,
    ) -> std::result::Result<pb::User, Unchanged> {
        Ok(self.answer(self.users().update_user(self.message(request))).await?.user.unwrap_or_default())
    }

    pub(super) async fn withdraw(
        &self,
        request: pb::WithdrawUserRequest,
    ) -> std::result::Result<(), Unchanged> {
        self.answer(self.users().withdraw_user(self.message(request))).await?;
        Ok(())
    }

    pub(super) async fn list(&self, request: pb::ListUsersRequest) -> Result<pb::ListUsersResponse> {
        Ok(self.answer(self.users().list_users(self.message(request))).await?)
    }

    /// Everybody whom the filter means, of those whom the directory finds; refused if these are too many to read.
    pub(super) async fn matching(
        &self,
        mut request: pb::ListUsersRequest,
        filter: Option<&Filter>,
        root: &Root,
    ) -> Result<Vec<pb::User>> {
        (request.page_size, request.with_total_size) = (PAGE, true);
        let mut found = Vec::new();
        loop {
            let page = self.list(request.clone()).await?;
            if page.total_size > SCAN {
                return Err(too_many(page.total_size));
            }
            let meant =
                |user: &pb::User| filter.is_none_or(|filter| matches(filter, &user::resource(user, root)));
            found.extend(page.users.into_iter().filter(meant));
            if page.next_page_token.is_empty() {
                return Ok(found);
            }
            (request.page_token, request.with_total_size) = (page.next_page_token, false);
        }
    }
}

/// More would have to be read than one answer may cost.
pub(super) fn too_many(count: i32) -> Refusal {
    let text = Text::new(
        format!(
            "Bộ lọc này phải đọc {count} mục, tối đa {SCAN}. Hãy thêm điều kiện eq với userName, externalId, emails \
             hoặc id, meta.lastModified gt, displayName co."
        ),
        format!(
            "The filter makes it necessary to read {count} resources, at most {SCAN} are read. Add a condition: eq with \
             userName, externalId, emails or id, meta.lastModified gt, displayName co."
        ),
    );
    Refusal::new(Kind::TooMany, &text)
}
