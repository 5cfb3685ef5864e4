//! `congvan.notifications.v1.MessageService`: people see their own messages. Administrators see all, to find out why a mail
//! does not arrive, but no subject line of another's: it tells of a document, and they have no part in those.

use base::{PageToken, Uuid};
use congvan_proto::{
    notifications::v1::{
        CountMessagesRequest, CountMessagesResponse, GetMessageRequest, GetMessageResponse,
        ListMessagesRequest, ListMessagesResponse, Message, MessageState,
        message_service_server::MessageService,
    },
    time_to_proto,
};
use kit::{Fault, Violations, caller::Caller};
use sql::Db;
use tonic::{Request, Response, Status};

use crate::{
    faults,
    store::{
        self, FAILED, QUEUED, SENT,
        message::{Filter, Shown},
    },
};

/// Messages on a page when the caller does not say, and at most.
const PAGE: (u16, u16) = (50, 200);

/// Serves the messages.
#[derive(Clone)]
pub(crate) struct Rpc {
    pub(crate) db: Db,
}

#[tonic::async_trait]
impl MessageService for Rpc {
    async fn get_message(
        &self,
        request: Request<GetMessageRequest>,
    ) -> Result<Response<GetMessageResponse>, Status> {
        let reader = Reader::of(&Caller::of(&request)?)?;
        let mut violations = Violations::default();
        let id = violations.id("id", &request.get_ref().id);
        violations.check()?;
        Ok(Response::new(self.get(reader, id).await?))
    }

    async fn list_messages(
        &self,
        request: Request<ListMessagesRequest>,
    ) -> Result<Response<ListMessagesResponse>, Status> {
        let reader = Reader::of(&Caller::of(&request)?)?;
        Ok(Response::new(self.list(reader, request.get_ref()).await?))
    }

    async fn count_messages(
        &self,
        request: Request<CountMessagesRequest>,
    ) -> Result<Response<CountMessagesResponse>, Status> {
        let reader = Reader::of(&Caller::of(&request)?)?;
        let mut violations = Violations::default();
        let subject_id = violations.optional_id("subjectId", &request.get_ref().subject_id);
        violations.check()?;
        Ok(Response::new(self.count(Filter { user_id: reader.filter(), subject_id, state: None }).await?))
    }
}

impl Rpc {
    async fn get(&self, reader: Reader, id: Uuid) -> Result<GetMessageResponse, Fault> {
        let mut read = self.db.read("get_message").await?;
        let found = store::message::find(&mut read, id).await?;
        let readable = found.filter(|message| reader.all || reader.user_id == message.user_id);
        let message = readable.ok_or_else(|| faults::message_not_found(id))?;
        Ok(GetMessageResponse { message: Some(reader.shown(message)) })
    }

    async fn list(
        &self,
        reader: Reader,
        request: &ListMessagesRequest,
    ) -> Result<ListMessagesResponse, Fault> {
        let mut violations = Violations::default();
        let state = state(request.state, &mut violations);
        let subject_id = violations.optional_id("subjectId", &request.subject_id);
        let size = violations.page_size(request.page_size, PAGE.0, PAGE.1);
        violations.check()?;

        let filter = Filter { user_id: reader.filter(), subject_id, state };
        let list = format!("messages {filter:?}");
        let token = PageToken::decode(&list, &request.page_token, 1).map_err(|_| Fault::bad_page_token())?;
        let after =
            token.map(|token| token.after[0].parse().map_err(|_| Fault::bad_page_token())).transpose()?;

        let mut read = self.db.read("list_messages").await?;
        let mut messages = store::message::list(&mut read, filter, after, i64::from(size) + 1).await?;
        let more = messages.len() > usize::from(size);
        messages.truncate(usize::from(size));
        let last = messages.last().filter(|_| more).map(|last| last.id.to_string());
        let next_page_token = last.map_or_else(String::new, |last| PageToken::encode(&list, &[&last]));
        let messages = messages.into_iter().map(|message| reader.shown(message)).collect();
        Ok(ListMessagesResponse { messages, next_page_token })
    }

    async fn count(&self, filter: Filter) -> Result<CountMessagesResponse, Fault> {
        let counts = store::message::count(&mut self.db.read("count_messages").await?, filter).await?;
        let narrow = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
        Ok(CountMessagesResponse {
            queued: narrow(counts.queued),
            sent: narrow(counts.sent),
            failed: narrow(counts.failed),
        })
    }
}

/// Who reads messages.
#[derive(Debug, Clone, Copy)]
struct Reader {
    user_id: Uuid,
    /// Whether the messages of everybody are there to be read.
    all: bool,
}

impl Reader {
    fn of(caller: &Caller) -> Result<Self, Fault> {
        Ok(Self { user_id: caller.person()?.user_id, all: caller.is_administrator() })
    }

    /// Whose messages a list holds; none means everybody's.
    fn filter(self) -> Option<Uuid> {
        (!self.all).then_some(self.user_id)
    }

    /// The message as this reader sees it.
    fn shown(self, message: Shown) -> Message {
        let own = message.user_id == self.user_id;
        let subject = if own { message.subject.clone() } else { String::new() };
        Message { subject, ..to_proto(message) }
    }
}

fn state(number: i32, violations: &mut Violations) -> Option<&'static str> {
    match MessageState::try_from(number) {
        Ok(MessageState::Unspecified) => None,
        Ok(MessageState::Queued) => Some(QUEUED),
        Ok(MessageState::Sent) => Some(SENT),
        Ok(MessageState::Failed) => Some(FAILED),
        Err(_) => {
            violations.add("state", "không phải là một trạng thái", "is not a state");
            None
        }
    }
}

fn to_proto(message: Shown) -> Message {
    let state = match message.state.as_str() {
        QUEUED => MessageState::Queued,
        FAILED => MessageState::Failed,
        _ => MessageState::Sent,
    };
    let time = |at: base::Timestamp| time_to_proto(at.as_microsecond());
    Message {
        id: message.id.to_string(),
        message_id: message.message_id,
        event_id: message.event_id.to_string(),
        event_type: message.event_type,
        user_id: message.user_id.to_string(),
        agency_id: message.agency_id.to_string(),
        address: message.address,
        subject: message.subject,
        state: state.into(),
        attempts: message.attempts,
        last_error: message.last_error,
        create_time: Some(time(message.created_at)),
        send_time: message.sent_at.map(time),
        next_attempt_time: message.next_attempt_at.map(time),
    }
}
