use congvan_proto::notifications::v1::{
    CountMessagesRequest, CountMessagesResponse, GetMessageRequest, ListMessagesRequest, Message,
    MessageState,
};
use kit::caller::Role;
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;

use crate::{
    directory::{SENDERS_CLERK, clerk},
    documents::document,
    world::{World, worlds},
};

fn reason(status: &Status) -> String {
    status.get_details_error_info().unwrap().reason
}

async fn after_a_refusal() -> Vec<World> {
    let worlds = worlds(5).await;
    for world in &worlds {
        world.documents.issue(1, 5);
        world.take_in().await;
        world.wait(1);
        world.documents.refuse(2, document(1));
        world.documents.issue(3, 5);
        world.take_in().await;
    }
    worlds
}

#[tokio::test]
async fn people_see_their_own_messages_and_administrators_all() {
    for world in after_a_refusal().await {
        let mut client = world.client();
        let mine = world.as_person(clerk(2), Role::DocumentOffice, ListMessagesRequest::default());
        let mine = client.list_messages(mine).await.unwrap().into_inner().messages;
        assert_eq!(mine.len(), 2);
        assert!(mine.iter().all(|message| message.user_id == clerk(2).to_string()));
        assert_eq!(mine[0].state(), MessageState::Queued);
        assert_eq!(mine[0].event_type, "congvan.documents.document.issued");

        let get = GetMessageRequest { id: mine[0].id.clone() };
        let own = world.as_person(clerk(2), Role::DocumentOffice, get.clone());
        assert_eq!(client.get_message(own).await.unwrap().into_inner().message.unwrap(), mine[0]);
        let all = world.as_administrator(get.clone());
        let seen = client.get_message(all).await.unwrap().into_inner().message.unwrap();
        assert!(mine[0].subject.contains("Công Văn"), "{}", mine[0].subject);
        assert_eq!(
            seen,
            Message { subject: String::new(), ..mine[0].clone() },
            "the abstract is not for them"
        );
        let others = client.get_message(world.as_person(clerk(3), Role::AgencyHead, get)).await.unwrap_err();
        assert_eq!((others.code(), reason(&others).as_str()), (Code::NotFound, "MESSAGE_NOT_FOUND"));

        let count = world.as_person(clerk(2), Role::DocumentOffice, CountMessagesRequest::default());
        let count = client.count_messages(count).await.unwrap().into_inner();
        assert_eq!(count, CountMessagesResponse { queued: 2, sent: 0, failed: 0 });
        assert_eq!(world.counts().await, (11, 0, 0));
        let nobody = client.list_messages(Request::new(ListMessagesRequest::default())).await.unwrap_err();
        assert_eq!(reason(&nobody), "NOT_SIGNED_IN");
    }
}

#[tokio::test]
async fn a_document_finds_the_mails_about_it_and_about_its_deliveries() {
    for world in after_a_refusal().await {
        let mut client = world.client();
        let about = |id: String| ListMessagesRequest { subject_id: id, ..Default::default() };
        for (subject, found) in [
            (document(1).to_string(), 6),
            (document(3).to_string(), 5),
            ("00000000-0000-0000-0000-00000000d000".to_owned(), 1),
            (document(9).to_string(), 0),
        ] {
            let list = client.list_messages(world.as_administrator(about(subject.clone()))).await.unwrap();
            assert_eq!(list.into_inner().messages.len(), found, "{subject}");
            let count = CountMessagesRequest { subject_id: subject.clone() };
            let count = client.count_messages(world.as_administrator(count)).await.unwrap().into_inner();
            assert_eq!(usize::try_from(count.queued).unwrap(), found, "{subject}");
        }
        let own = world.as_person(SENDERS_CLERK, Role::DocumentOffice, about(document(1).to_string()));
        let own = client.list_messages(own).await.unwrap().into_inner().messages;
        assert_eq!(own.len(), 1);
        assert_eq!(own[0].event_type, "congvan.documents.delivery.refused");
        let count = CountMessagesRequest { subject_id: document(1).to_string() };
        let count =
            client.count_messages(world.as_person(clerk(0), Role::DocumentOffice, count)).await.unwrap();
        assert_eq!(count.into_inner().queued, 1);
    }
}

#[tokio::test]
async fn pages_follow_each_other_newest_first() {
    for world in after_a_refusal().await {
        let mut client = world.client();
        for state in [MessageState::Unspecified, MessageState::Queued] {
            let mut request = ListMessagesRequest { state: state.into(), page_size: 4, ..Default::default() };
            let (mut ids, mut times, mut pages) = (Vec::new(), Vec::new(), 0);
            loop {
                let page =
                    client.list_messages(world.as_administrator(request.clone())).await.unwrap().into_inner();
                pages += 1;
                times.extend(page.messages.iter().map(|message| message.create_time.unwrap().seconds));
                ids.extend(page.messages.into_iter().map(|message| message.id));
                if page.next_page_token.is_empty() {
                    break;
                }
                request.page_token = page.next_page_token;
            }
            assert!(times.is_sorted_by(|newer, older| newer >= older));
            ids.dedup();
            assert_eq!((ids.len(), pages), (11, 3));

            let other = ListMessagesRequest { subject_id: document(1).to_string(), ..request };
            let error = client.list_messages(world.as_administrator(other)).await.unwrap_err();
            assert_eq!(reason(&error), "BAD_PAGE_TOKEN");
        }
    }
}

#[tokio::test]
async fn all_that_is_wrong_with_a_request_is_told_at_once() {
    for world in worlds(0).await {
        let wrong = ListMessagesRequest {
            state: 9,
            subject_id: "01/SNV-VP".to_owned(),
            page_size: 201,
            page_token: String::new(),
        };
        let error = world.client().list_messages(world.as_administrator(wrong)).await.unwrap_err();
        let violations = error.get_details_bad_request().unwrap().field_violations;
        let fields: Vec<_> = violations.iter().map(|violation| violation.field.as_str()).collect();
        assert_eq!(fields, ["state", "subjectId", "pageSize"]);
        let error = world
            .client()
            .get_message(world.as_administrator(GetMessageRequest::default()))
            .await
            .unwrap_err();
        assert_eq!(error.code(), Code::InvalidArgument);
    }
}
