//! What is known of document offices, and when it is asked for again.

use base::Uuid;
use congvan_proto::{directory::v1::Role, notifications::v1::MessageState};

use crate::{
    directory::clerk,
    documents::{commune, document},
    world::{World, run, worlds},
};

/// A person who joins the office of the first commune.
const NEWCOMER: Uuid = Uuid::from_u128(0x5000);

impl World {
    fn newcomer(&self) {
        let mailbox = "moi@xa.sonla.gov.vn";
        self.directory.add(NEWCOMER, "Lường Thị Mới", mailbox, commune(0), Role::DocumentOffice);
    }

    /// How many mails the newcomer got.
    async fn of_newcomer(&self) -> usize {
        let messages = self.messages(MessageState::Queued).await;
        messages.iter().filter(|message| message.user_id == NEWCOMER.to_string()).count()
    }
}

#[tokio::test]
async fn the_directory_is_asked_once_until_it_tells_of_a_change() {
    for world in worlds(3).await {
        world.hear().await;
        for (id, asked) in [(1, 1), (2, 0)] {
            world.documents.issue(id, 3);
            world.take_in().await;
            assert_eq!(world.directory.asked(), asked, "directive {id}");
        }
        world.documents.refuse(3, document(1)); // concerns the department, which was not asked for yet
        world.take_in().await;
        assert_eq!(world.directory.asked(), 1);

        for (id, kind) in [(4, "unit"), (5, "user"), (6, "position"), (7, "stand_in")] {
            world.directory.changed(kind);
            world.hear().await;
            world.documents.issue(id, 3);
            world.take_in().await;
            assert_eq!(world.directory.asked(), 1, "after the event of a {kind}");
        }
        world.directory.changed("api_key"); // makes nobody a clerk
        world.hear().await;
        world.documents.issue(8, 3);
        world.take_in().await;
        assert_eq!(world.directory.asked(), 0);
        assert_eq!(world.counts().await.0, 7 * 3 + 1);
    }
}

#[tokio::test]
async fn a_new_clerk_gets_the_next_mail() {
    for world in worlds(1).await {
        world.hear().await;
        world.documents.issue(1, 1);
        world.take_in().await;
        world.newcomer();
        world.directory.changed("user");
        world.hear().await;
        world.documents.issue(2, 1);
        world.take_in().await;
        assert_eq!(world.of_newcomer().await, 1);
    }
}

#[tokio::test]
async fn a_post_that_begins_with_the_day_counts_without_an_event() {
    for world in worlds(1).await {
        world.hear().await;
        world.documents.issue(1, 1);
        world.take_in().await;
        world.newcomer();
        world.wait(24 * 60);
        world.documents.issue(2, 1);
        world.take_in().await;
        assert_eq!(world.of_newcomer().await, 1);
    }
}

#[tokio::test]
async fn an_answer_from_before_a_change_is_not_kept() {
    for world in worlds(1).await {
        world.hear().await;
        let mut forgetting = world.service.forgetting(world.directory.transport());
        let directory = world.directory.clone();
        *world.directory.meanwhile.lock().unwrap() = Some(Box::pin(async move {
            let mailbox = "moi@xa.sonla.gov.vn";
            directory.add(NEWCOMER, "Lường Thị Mới", mailbox, commune(0), Role::DocumentOffice);
            directory.changed("user");
            run(&mut forgetting).await;
        }));
        world.documents.issue(1, 1);
        world.take_in().await;
        assert_eq!(world.of_newcomer().await, 0, "the directory answered before the change");
        world.documents.issue(2, 1);
        world.take_in().await;
        assert_eq!(world.of_newcomer().await, 1);
    }
}

#[tokio::test]
async fn who_never_heard_the_directory_keeps_nothing() {
    for world in worlds(1).await {
        for id in [1, 2] {
            world.documents.issue(id, 1);
            world.take_in().await;
            assert_eq!(world.directory.asked(), 1);
        }
    }
}

#[tokio::test]
async fn mails_of_an_agency_that_ended_go_to_its_heir() {
    for world in worlds(2).await {
        let ended = commune(2);
        for user in world.directory.users.lock().unwrap().iter_mut() {
            if user.id == clerk(0).to_string() {
                user.appointments[0].inherited_agency_ids.push(ended.to_string());
            }
        }
        world.documents.issue(1, 3);
        world.take_in().await;
        let mut told: Vec<_> = world.messages(MessageState::Queued).await;
        told.sort_by_key(|message| message.user_id.clone());
        let told: Vec<_> = told.into_iter().map(|message| (message.user_id, message.agency_id)).collect();
        let once = [0, 1].map(|number| (clerk(number).to_string(), commune(number).to_string()));
        assert_eq!(told, once, "the clerk of the heir once, for both");
    }
}
