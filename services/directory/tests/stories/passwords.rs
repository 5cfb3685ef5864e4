use std::path::Path;

use congvan_proto::directory::v1 as pb;
use directory::{BreachList, SignInConfig};
use tonic::Code;

use crate::{
    accounts::{OTHER, attempt},
    world::{PASSWORD, World, fact, mistakes, reason, who},
};

#[tokio::test]
async fn who_changes_the_password_stays_and_all_other_sessions_end() {
    for world in World::all().await {
        let account = world.account().await;
        let others = [
            world.attempt(attempt(PASSWORD)).await.unwrap(),
            world.attempt(attempt(PASSWORD)).await.unwrap(),
        ];
        let request = pb::ChangePasswordRequest {
            old_password: PASSWORD.to_owned(),
            new_password: OTHER.to_owned(),
            request_id: "01900000-0000-7000-8000-000000000001".to_owned(),
        };
        for _ in 0..2 {
            let answer = world.credentials().change_password(world.from(&account.me, request.clone())).await;
            assert_eq!(answer.unwrap().into_inner().sessions_ended, 2, "a repeat is told the same");
        }
        world.verify(&account.token).await.unwrap();
        for other in others {
            assert_eq!(reason(&world.verify(&other.token).await.unwrap_err()), "NOT_SIGNED_IN");
        }
        assert_eq!(reason(&world.attempt(attempt(PASSWORD)).await.unwrap_err()), "WRONG_CREDENTIALS");
        let session = world.attempt(attempt(OTHER)).await.unwrap().session.unwrap();
        assert!(!session.must_change_password);
        let entries = world.audit(&account.administrator, &account.id).await;
        let changes: Vec<_> = entries.iter().filter(|entry| entry.action == "user.change_password").collect();
        assert_eq!((changes.len(), changes[0].actor_id.as_str()), (1, account.id.as_str()));
        let written = world.written().await;
        assert!(
            !written.contains(PASSWORD) && !written.contains(OTHER) && !written.contains("argon2"),
            "{written}"
        );
    }
}

fn with_breach_list(rules: SignInConfig, folder: &Path) -> SignInConfig {
    let list = folder.join("breached.txt");
    // The SHA-1 of "correct horse battery staple", as such lists have it.
    std::fs::write(&list, "ABF7AAD6438836DBE526AA231ABDE2D0EEF74D42:217\r\n").unwrap();
    SignInConfig { breached: Some(BreachList::open(&list).unwrap()), ..rules }
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_password_is_said_at_once() {
    for world in World::with(with_breach_list).await {
        let account = world.account().await;
        let refused = async |old: &str, new: &str| {
            let request = pb::ChangePasswordRequest {
                old_password: old.to_owned(),
                new_password: new.to_owned(),
                request_id: "7".to_owned(),
            };
            let answer = world.credentials().change_password(world.from(&account.me, request)).await;
            mistakes(&answer.unwrap_err())
        };
        let told = refused("", "Cầm Văn Chung").await;
        let told: Vec<_> = told.iter().map(|(field, told)| (field.as_str(), told.as_str())).collect();
        assert_eq!(
            told,
            [
                ("requestId", "must be a UUID"),
                ("oldPassword", "is required"),
                ("newPassword", "must hold neither the sign-in name nor a part of the full name"),
                (
                    "newPassword",
                    "is too easily guessed; take a few words that have nothing to do with each other"
                ),
            ]
        );
        let told = refused(PASSWORD, "correct horse battery staple").await;
        assert_eq!(
            told[1],
            ("newPassword".to_owned(), "is on the list of stolen passwords; choose another".to_owned())
        );
        for (new, wrong) in [
            ("", "is required"),
            ("ngắn quá", "has 8 characters, at least 10 are needed"),
            (&"ậ".repeat(129), "has 129 characters, at most 128 are allowed"),
        ] {
            assert_eq!(refused(PASSWORD, new).await[1].1, wrong);
        }
        world.verify(&account.token).await.unwrap();
        world.attempt(attempt(PASSWORD)).await.expect("nothing was changed");
    }
}

#[tokio::test]
async fn a_first_password_is_judged_like_any_other() {
    for world in World::all().await {
        let account = world.account().await;
        let request = pb::CreateUserRequest {
            user: Some(pb::User {
                sign_in_name: "mai.lo".to_owned(),
                full_name: "Lò Thị Mai".to_owned(),
                ..pb::User::default()
            }),
            password: "mailo-password".to_owned(),
            ..Default::default()
        };
        let status =
            world.users().create_user(world.from(&account.administrator, request)).await.unwrap_err();
        assert_eq!(mistakes(&status)[0].0, "password");
    }
}

#[tokio::test]
async fn the_last_five_passwords_are_not_taken_again() {
    for world in World::all().await {
        let account = world.account().await;
        let words = ["bão", "lũ", "nắng", "gió", "mây"];
        let passwords: Vec<_> = words.iter().map(|word| format!("{word} về trên sông Mã")).collect();
        let mut present = PASSWORD.to_owned();
        for next in &passwords[..4] {
            world.wait(1);
            world.change_password(&account.me, &present, next).await.unwrap();
            present.clone_from(next);
        }
        for used in [PASSWORD, &passwords[0], &passwords[3]] {
            let status = world.change_password(&account.me, &present, used).await.unwrap_err();
            assert_eq!(
                mistakes(&status),
                [("newPassword".to_owned(), "is one of the last 5 passwords".to_owned())]
            );
        }
        let status = world.change_password(&account.me, "sai", &passwords[0]).await.unwrap_err();
        assert_eq!(
            reason(&status),
            "WRONG_PASSWORD",
            "who does not know the present one learns nothing of those before"
        );
        world.wait(1);
        world.change_password(&account.me, &present, &passwords[4]).await.unwrap();
        world
            .change_password(&account.me, &passwords[4], PASSWORD)
            .await
            .expect("it was the sixth from the end");
    }
}

#[tokio::test]
async fn guessing_the_password_in_a_session_left_open_delays_that_session_only() {
    for world in World::all().await {
        let account = world.account().await;
        let elsewhere = who(&world.attempt(attempt(PASSWORD)).await.unwrap().session.unwrap());
        for _ in 0..5 {
            let status = world.change_password(&account.me, "đoán thử xem sao", OTHER).await.unwrap_err();
            assert_eq!((status.code(), reason(&status).as_str()), (Code::PermissionDenied, "WRONG_PASSWORD"));
        }
        let status = world.change_password(&account.me, PASSWORD, OTHER).await.unwrap_err();
        assert_eq!(
            (reason(&status).as_str(), fact(&status, "retry_after_seconds").as_str()),
            ("TOO_MANY_ATTEMPTS", "2")
        );
        world.attempt(attempt(PASSWORD)).await.expect("signing in is not delayed");
        world.change_password(&elsewhere, PASSWORD, OTHER).await.expect("nor is the own other session");
    }
}

#[tokio::test]
async fn of_two_changes_at_once_one_is_done() {
    for world in World::all().await {
        let account = world.account().await;
        let (first, second) = tokio::join!(
            world.change_password(&account.me, PASSWORD, OTHER),
            world.change_password(&account.me, PASSWORD, "mưa phùn gió bấc lạnh"),
        );
        let done = usize::from(first.is_ok()) + usize::from(second.is_ok());
        assert_eq!(done, 1);
        let refused = first.err().or(second.err()).unwrap();
        assert_eq!(reason(&refused), "WRONG_PASSWORD", "it is the present one no more");
    }
}
