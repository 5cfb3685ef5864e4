use std::sync::atomic::Ordering;

use base::Uuid;
use congvan_proto::{
    directory::v1::{Role, Unit},
    notifications::v1::MessageState,
};
use mail_parser::{MessageParser, MimeHeaders};

use crate::{
    directory::{SENDERS_CLERK, clerk},
    documents::{ABSTRACT, DEPARTMENT, TRACEPARENT, commune, document},
    world::worlds,
};

#[tokio::test]
async fn a_directive_reaches_the_clerk_of_each_of_75_communes() {
    for world in worlds(75).await {
        let event = world.documents.issue(1, 75);
        world.take_in().await;
        assert_eq!(world.counts().await, (75, 0, 0));
        world.send().await;
        assert_eq!(world.counts().await, (0, 75, 0));

        let mails = world.mails();
        assert_eq!(mails.len(), 75);
        let mut receivers: Vec<String> = Vec::new();
        for (name, bytes) in &mails {
            let mail = MessageParser::default().parse(bytes).unwrap();
            let to = mail.to().unwrap().first().unwrap();
            let number: u32 = to.name().unwrap().strip_prefix("Lò Thị Mai ").unwrap().parse().unwrap();
            assert_eq!(to.address().unwrap(), format!("vanthu{number}@xa.sonla.gov.vn"));
            receivers.push(to.address().unwrap().to_owned());
            assert_eq!(mail.from().unwrap().first().unwrap().name(), Some("Công Văn"));
            assert_eq!(mail.subject().unwrap(), format!("[HỎA TỐC] [Công Văn] 01/SNV-VP: {ABSTRACT}"));
            let id = format!("{}.{}@sonla.gov.vn", event.id, clerk(number));
            assert_eq!(mail.message_id().unwrap(), id);
            assert_eq!(name, &format!("{id}.eml"));
            assert_eq!(mail.header_raw("X-Congvan-Traceparent").unwrap().trim(), TRACEPARENT);
            assert_eq!(mail.header_raw("Auto-Submitted").unwrap().trim(), "auto-generated");
            assert_eq!(mail.date().unwrap().to_rfc3339(), "2026-11-23T02:00:00Z");
            assert_eq!(mail.content_type().unwrap().subtype(), Some("alternative"));

            let link = format!("https://congvan.sonla.gov.vn/inbox?document={}", document(1));
            let (text, html) = (mail.body_text(0).unwrap(), mail.body_html(0).unwrap());
            for body in [&text, &html] {
                for fact in ["Sở Nội vụ", "23/11/2026", "01/SNV-VP", ABSTRACT, "HỎA TỐC", link.as_str()]
                {
                    assert!(body.contains(fact), "{fact} is missing in {body}");
                }
            }
            assert!(!text.contains('<') && html.contains("<html lang=\"vi\">"));
        }
        receivers.sort();
        receivers.dedup();
        assert_eq!(receivers.len(), 75);
        assert_eq!(std::fs::read_dir(world.mail_folder().join(".writing")).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn an_event_told_again_makes_no_second_mail() {
    for world in worlds(75).await {
        let event = world.documents.issue(1, 75);
        world.take_in().await;
        world.send().await;
        world.documents.told.forgetful.store(true, Ordering::SeqCst);
        world.take_in().await;
        world.documents.told.tell(event); // even under a new sequence
        world.take_in().await;
        world.send().await;
        assert_eq!(world.counts().await, (0, 75, 0));
        assert_eq!(world.mails().len(), 75);
        // What comes after it is not held up.
        world.documents.issue(2, 75);
        world.take_in().await;
        assert_eq!(world.counts().await, (75, 75, 0));
    }
}

#[tokio::test]
async fn a_refusal_is_told_to_the_sender_with_who_and_why() {
    for world in worlds(3).await {
        let event = world.documents.refuse(1, document(1));
        world.take_in().await;
        world.send().await;
        let mails = world.mails();
        assert_eq!(mails.len(), 1);
        let mail = MessageParser::default().parse(&mails[0].1).unwrap();
        assert_eq!(mail.to().unwrap().first().unwrap().address(), Some("hoa@snv.sonla.gov.vn"));
        assert_eq!(mail.message_id().unwrap(), format!("{}.{SENDERS_CLERK}@sonla.gov.vn", event.id));
        let start = "[Công Văn] Ủy ban nhân dân xã Mường Giôn từ chối tiếp nhận 01/SNV-VP: Về việc";
        assert!(mail.subject().unwrap().starts_with(start), "{:?}", mail.subject());
        let (text, html) = (mail.body_text(0).unwrap(), mail.body_html(0).unwrap());
        assert!(text.contains("Lý do: Văn bản gửi nhầm cơ quan <nhận>"), "{text}");
        assert!(text.contains("Thời điểm từ chối: 23/11/2026 08:30"), "{text}");
        assert!(html.contains("gửi nhầm cơ quan &#60;nhận&#62;"), "{html}");
    }
}

#[tokio::test]
async fn who_has_no_mailbox_is_reached_through_the_agency_or_shown_as_failed() {
    for world in worlds(0).await {
        let (shared, none, broken) = (commune(0), commune(1), commune(2));
        world.directory.add(clerk(0), "Lò Thị Mai", "", shared, Role::DocumentOffice);
        world.directory.add(clerk(1), "Vì Văn Sơn", "", none, Role::DocumentOffice);
        world.directory.add(clerk(2), "Tòng Thị Lan", "lan@", broken, Role::DocumentOffice);
        for (agency, email) in [(shared, "ubnd@xa.sonla.gov.vn"), (none, ""), (broken, "xa2@sonla.gov.vn")] {
            let unit = Unit { id: agency.to_string(), email: email.to_owned(), ..Unit::default() };
            world.directory.units.lock().unwrap().push(unit);
        }
        world.documents.issue(1, 4); // nobody works in the fourth
        world.take_in().await;
        let mut queued: Vec<_> =
            world.messages(MessageState::Queued).await.into_iter().map(|message| message.address).collect();
        queued.sort();
        assert_eq!(queued, ["ubnd@xa.sonla.gov.vn", "xa2@sonla.gov.vn"]);
        let failed = world.messages(MessageState::Failed).await;
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].user_id, clerk(1).to_string());
        assert_eq!(failed[0].last_error, "neither the person nor the agency has a mailbox");
        assert_eq!(failed[0].next_attempt_time, None);
    }
}

#[tokio::test]
async fn a_clerk_of_two_recipients_gets_one_mail() {
    for world in worlds(2).await {
        let shared = Uuid::from_u128(0x3000);
        world.directory.add(
            shared,
            "Hà Thị Chung",
            "chung@xa.sonla.gov.vn",
            commune(0),
            Role::DocumentOffice,
        );
        let second = world
            .directory
            .users
            .lock()
            .unwrap()
            .iter()
            .find(|user| user.id == clerk(1).to_string())
            .unwrap()
            .appointments[0]
            .clone();
        world.directory.users.lock().unwrap().last_mut().unwrap().appointments.push(second);
        world.documents.issue(1, 2);
        world.take_in().await;
        assert_eq!(world.counts().await, (3, 0, 0));
        assert!(
            world
                .messages(MessageState::Queued)
                .await
                .iter()
                .all(|message| message.agency_id != DEPARTMENT.to_string())
        );
    }
}
