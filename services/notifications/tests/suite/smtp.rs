use congvan_proto::notifications::v1::MessageState;
use mail_parser::MessageParser;

use crate::{
    mail_server::{Answer, MailServer},
    world::{World, step, worlds_with},
};

/// A directive to so many communes, queued; one world for each engine.
async fn queued(server: &MailServer, communes: u32) -> Vec<World> {
    let worlds = worlds_with(communes, Some(server.route())).await;
    for world in &worlds {
        world.documents.issue(1, communes);
        world.take_in().await;
    }
    worlds
}

impl MailServer {
    fn will_say(&self, answers: impl IntoIterator<Item = Answer>) {
        self.answers.lock().unwrap().extend(answers);
    }

    fn take_received(&self) -> Vec<String> {
        std::mem::take(&mut self.received.lock().unwrap())
    }
}

#[tokio::test]
async fn mails_go_to_the_server_one_for_each_person() {
    let server = MailServer::start().await;
    for world in queued(&server, 25).await {
        world.send().await;
        assert_eq!(world.counts().await, (0, 25, 0));
        let mut ids: Vec<_> = server
            .take_received()
            .iter()
            .map(|mail| MessageParser::default().parse(mail).unwrap().message_id().unwrap().to_owned())
            .collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 25);
    }
}

#[tokio::test]
async fn a_temporary_refusal_is_tried_again_with_the_same_message_id() {
    let server = MailServer::start().await;
    for world in queued(&server, 1).await {
        server.will_say([Answer::Temporary]);
        world.send().await;
        let waiting = world.messages(MessageState::Queued).await.remove(0);
        assert_eq!(waiting.attempts, 1);
        assert!(waiting.last_error.contains("try again later"), "{}", waiting.last_error);
        let due = waiting.next_attempt_time.unwrap().seconds - waiting.create_time.unwrap().seconds;
        assert_eq!(due, 60);
        assert!(!step(&mut world.service.sender()).await, "not before a minute has passed");

        world.wait(1);
        world.send().await;
        let sent = world.messages(MessageState::Sent).await.remove(0);
        assert_eq!((sent.attempts, sent.last_error.as_str()), (2, ""));
        let received = server.take_received();
        assert_eq!(received.len(), 1);
        let mail = MessageParser::default().parse(&received[0]).unwrap();
        assert_eq!(format!("<{}>", mail.message_id().unwrap()), waiting.message_id);
        assert_eq!(sent.message_id, waiting.message_id);
    }
}

#[tokio::test]
async fn a_permanent_refusal_fails_that_mail_and_no_other() {
    let server = MailServer::start().await;
    for world in queued(&server, 3).await {
        server.will_say([Answer::Permanent]);
        world.send().await;
        assert_eq!(world.counts().await, (0, 2, 1));
        let failed = world.messages(MessageState::Failed).await.remove(0);
        assert!(failed.last_error.contains("no such user"), "{}", failed.last_error);
        assert_eq!((failed.attempts, failed.next_attempt_time), (1, None));
        assert_eq!(server.take_received().len(), 2);
    }
}

#[tokio::test]
async fn a_server_that_goes_away_makes_everyone_wait_and_nobody_fail() {
    let server = MailServer::start().await;
    for going in [Answer::HangUp, Answer::Closing] {
        for world in queued(&server, 25).await {
            let mut sender = world.service.sender();
            server.will_say([going]);
            assert!(step(&mut sender).await);
            assert!(!step(&mut sender).await, "it holds still");
            assert_eq!(world.counts().await, (25, 0, 0));
            assert!(world.messages(MessageState::Queued).await.iter().all(|message| message.attempts == 0));
            world.wait(1);
            world.send().await;
            assert_eq!(world.counts().await, (0, 25, 0));
            assert_eq!(server.take_received().len(), 25);
        }
    }
}

#[tokio::test]
async fn a_server_that_refuses_us_is_not_taken_for_refusing_the_mail() {
    let server = MailServer::start().await;
    for (told, closed, stranger) in [
        ("no service for you", Some("554 5.7.1 no service for you"), false),
        ("sender address rejected", None, true),
    ] {
        for world in queued(&server, 2).await {
            *server.closed.lock().unwrap() = closed;
            *server.stranger.lock().unwrap() = stranger;
            world.send().await;
            assert_eq!(world.counts().await, (2, 0, 0));
            for message in world.messages(MessageState::Queued).await {
                assert!(message.last_error.contains(told), "{}", message.last_error);
                assert_eq!(message.attempts, 0);
            }
            *server.closed.lock().unwrap() = None;
            *server.stranger.lock().unwrap() = false;
            world.wait(1);
            world.send().await;
            assert_eq!(world.counts().await, (0, 2, 0));
            server.take_received();
        }
    }
}

#[tokio::test]
async fn after_five_days_it_is_given_up() {
    let server = MailServer::start().await;
    for world in queued(&server, 1).await {
        server.will_say(std::iter::repeat_n(Answer::Temporary, 200));
        let mut hours = 0;
        while world.counts().await == (1, 0, 0) {
            world.send().await;
            world.wait(60);
            hours += 1;
        }
        server.answers.lock().unwrap().clear();
        assert_eq!(world.counts().await, (0, 0, 1));
        let failed = world.messages(MessageState::Failed).await.remove(0);
        assert!(
            failed.attempts > 20 && (120..=128).contains(&hours),
            "{} attempts, {hours} hours",
            failed.attempts
        );
    }
}

#[tokio::test]
async fn who_lost_the_lease_writes_nothing() {
    let server = MailServer::start().await;
    for late in ["250 ok", "451 4.3.0 try again later", "550 5.1.1 no such user"] {
        for world in queued(&server, 1).await {
            server.will_say([Answer::Hold(late)]);
            let (mut slow, mut other) = (world.service.sender(), world.service.sender());
            let overtake = async {
                server.held.acquire().await.unwrap().forget();
                assert!(!step(&mut other).await, "the lease is not yet over");
                world.wait(5);
                assert!(step(&mut other).await);
                world.wait(5);
                server.release.add_permits(1);
            };
            tokio::join!(step(&mut slow), overtake);
            let sent = world.messages(MessageState::Sent).await;
            assert_eq!(sent.len(), 1, "what the holder of the lease found out stands: {late}");
            assert_eq!((sent[0].attempts, sent[0].last_error.as_str()), (1, ""));
            assert_eq!(sent[0].next_attempt_time, None);
            let minutes = (sent[0].send_time.unwrap().seconds - sent[0].create_time.unwrap().seconds) / 60;
            assert_eq!(minutes, 5);
            server.take_received();
        }
    }
}

#[tokio::test]
async fn two_senders_send_nothing_twice() {
    let server = MailServer::start().await;
    for world in queued(&server, 60).await {
        tokio::join!(world.send(), world.send());
        world.send().await; // what one of them was still about when the other looked
        assert_eq!(world.counts().await, (0, 60, 0));
        assert_eq!(server.take_received().len(), 60);
    }
}

#[tokio::test]
async fn protected_connections_can_be_made_ready() {
    use notifications::{Credentials, MailRoute, Secret, Security, SmtpRoute};
    for security in [Security::Tls, Security::Starttls] {
        let credentials = Credentials { user: "congvan".to_owned(), password: Secret::new("secret") };
        let route = SmtpRoute {
            host: "mail.sonla.gov.vn".to_owned(),
            port: 587,
            security,
            credentials: Some(credentials),
        };
        worlds_with(0, Some(MailRoute::Smtp(route))).await;
    }
}
