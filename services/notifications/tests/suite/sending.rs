use congvan_proto::notifications::v1::MessageState;
use kit::worker::Worker;

use crate::world::{step, worlds};

#[tokio::test]
async fn a_crash_before_the_note_leads_to_the_same_files() {
    for world in worlds(75).await {
        world.documents.issue(1, 75);
        world.take_in().await;
        let mut sender = world.service.sender();
        world.db.faults().fail_after(4); // look, lease, read, commit; then the note
        assert_eq!(sender.step().await.unwrap_err().reason(), "UNAVAILABLE");
        let before = world.mails();
        assert_eq!(before.len(), 75, "written but not noted down");
        assert_eq!(world.counts().await, (75, 0, 0));

        assert!(!step(&mut world.service.sender()).await, "leased to one that may still be alive");
        world.wait(1);
        world.send().await;
        assert_eq!(world.counts().await, (0, 75, 0));
        assert_eq!(world.mails(), before, "the same names, the same bytes");
        assert!(world.messages(MessageState::Sent).await.iter().all(|message| message.attempts == 1));
    }
}

#[tokio::test]
async fn two_senders_share_the_work() {
    for world in worlds(75).await {
        for event in 1..=4 {
            world.documents.issue(event, 75);
        }
        world.take_in().await;
        tokio::join!(world.send(), world.send());
        assert_eq!(world.counts().await, (0, 300, 0));
        assert_eq!(world.mails().len(), 300);
        let sent = world.messages(MessageState::Sent).await;
        assert!(sent.iter().all(|message| message.attempts == 1 && message.send_time.is_some()));
    }
}

#[tokio::test]
async fn a_folder_that_is_gone_holds_the_mails_back_until_it_returns() {
    for world in worlds(3).await {
        world.documents.issue(1, 3);
        world.take_in().await;
        let (folder, aside) = (world.mail_folder(), world.mail_folder().with_extension("aside"));
        std::fs::rename(&folder, &aside).unwrap();
        world.send().await;
        assert_eq!(world.counts().await, (3, 0, 0));
        for message in world.messages(MessageState::Queued).await {
            assert!(message.last_error.starts_with("mail folder: "), "{}", message.last_error);
            assert_eq!(message.attempts, 0, "nobody refused it");
        }
        std::fs::rename(&aside, &folder).unwrap();
        world.wait(1);
        world.send().await;
        assert_eq!(world.counts().await, (0, 3, 0));
        assert!(world.messages(MessageState::Sent).await.iter().all(|message| message.last_error.is_empty()));
    }
}

#[tokio::test]
async fn what_a_killed_process_left_half_written_is_removed() {
    for world in worlds(0).await {
        let left = world.mail_folder().join(".writing").join("half.eml");
        std::fs::write(&left, "From: C").unwrap();
        let route = notifications::MailRoute::Folder(world.mail_folder());
        let config = notifications::MailConfig {
            from: "cong-van@sonla.gov.vn".parse().unwrap(),
            mail_domain: "sonla.gov.vn".to_owned(),
            base_url: String::new(),
            route,
        };
        let clock = std::sync::Arc::new(world.clock.clone());
        let ids = base::Ids::new(clock.clone(), std::sync::Arc::new(base::SystemRandom));
        notifications::Notifications::open(world.db.clone(), config, clock, ids).await.unwrap();
        assert!(!left.exists());
    }
}

#[tokio::test]
async fn the_running_service_does_it_all_by_itself_and_drains() {
    for world in worlds(75).await {
        world.documents.issue(1, 75);
        world.service.start(&world.life, world.documents.transport(), world.directory.transport());
        let mut looks = 0;
        while world.counts().await != (0, 75, 0) {
            looks += 1;
            assert!(looks < 6_000, "{:?}", world.counts().await);
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert_eq!(world.mails().len(), 75);
        assert!(world.life.clone().drain(std::future::pending()).await);
    }
}
