//! The groups of people, asked for in the name of a caller.

use base::Uuid;
use congvan_proto::directory::v1::{self as pb, group_service_client::GroupServiceClient};
use kit::transport::Transport;

use super::{
    directory::{Directory, SCAN, Unchanged, too_many},
    error::{Refusal, Result},
};

/// Groups on a page of the directory.
const PAGE: i32 = 1000;

impl Directory {
    fn groups(&self) -> GroupServiceClient<Transport> {
        GroupServiceClient::new(self.transport.clone()).max_decoding_message_size(64 << 20)
    }

    /// A group of people with its members.
    pub(super) async fn group(&self, id: &str) -> Result<pb::Group> {
        if id.parse::<Uuid>().is_err() {
            return Err(Refusal::not_found());
        }
        let request = pb::GetGroupRequest { id: id.to_owned(), ..Default::default() };
        let group =
            self.answer(self.groups().get_group(self.message(request))).await?.group.unwrap_or_default();
        if group.kind() == pb::GroupKind::People { Ok(group) } else { Err(Refusal::not_found()) }
    }

    pub(super) async fn create_group(&self, group: pb::Group, reason: &str) -> Result<pb::Group> {
        let request =
            pb::CreateGroupRequest { group: Some(group), reason: reason.to_owned(), ..Default::default() };
        Ok(self.answer(self.groups().create_group(self.message(request))).await?.group.unwrap_or_default())
    }

    pub(super) async fn update_group(
        &self,
        request: pb::UpdateGroupRequest,
    ) -> std::result::Result<(), Unchanged> {
        self.answer(self.groups().update_group(self.message(request))).await?;
        Ok(())
    }

    pub(super) async fn delete_group(
        &self,
        request: pb::DeleteGroupRequest,
    ) -> std::result::Result<(), Unchanged> {
        self.answer(self.groups().delete_group(self.message(request))).await?;
        Ok(())
    }

    /// All groups of people that the directory finds so, without their members; refused if these are too many.
    pub(super) async fn groups_like(&self, request: pb::ListGroupsRequest) -> Result<Vec<pb::Group>> {
        let kind = pb::GroupKind::People.into();
        let mut request = pb::ListGroupsRequest { kind, page_size: PAGE, ..request };
        let mut found = Vec::new();
        loop {
            let page = self.answer(self.groups().list_groups(self.message(request.clone()))).await?;
            found.extend(page.groups);
            if page.next_page_token.is_empty() {
                return Ok(found);
            }
            let count = i32::try_from(found.len()).unwrap_or(i32::MAX);
            if count >= SCAN {
                return Err(too_many(count));
            }
            request.page_token = page.next_page_token;
        }
    }
}
