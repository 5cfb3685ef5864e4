use std::time::{Duration, Instant};

use serde_json::json;
use tonic::Code;

use crate::{
    oidc::{Desk, refused},
    provider::{Key, Lie, Weather},
    world::{PASSWORD, reason},
};

#[tokio::test]
async fn every_lie_is_refused_for_the_same_reason() {
    for desk in Desk::all("sign_in_name").await {
        for lie in Lie::ALL {
            desk.provider.inside().lie = lie;
            refused(desk.sign_in().await, &format!("{lie:?}"));
            desk.world.wait(3);
        }
        assert_eq!(desk.linked().await.len(), 0, "no lie links anybody");
        desk.provider.inside().account.profile_in_token = false;
        desk.provider.inside().lie = Lie::UserInfo;
        refused(desk.sign_in().await, "the user info is about another");
        desk.provider.inside().lie = Lie::None;
        desk.sign_in().await.expect("the truth is believed as before");
        for lie in Lie::ALL {
            desk.provider.inside().lie = lie;
            refused(desk.sign_in().await, &format!("{lie:?}, of somebody who is linked"));
            desk.world.wait(3);
        }
    }
}

#[tokio::test]
async fn made_up_keys_do_not_make_us_ask_again_and_again() {
    for desk in Desk::all("sign_in_name").await {
        desk.sign_in().await.unwrap();
        desk.provider.inside().lie = Lie::UnknownKey;
        for _ in 0..5 {
            refused(desk.sign_in().await, "an unknown key");
        }
        assert_eq!(desk.provider.inside().calls.keys, 1, "read this very second");
        desk.world.wait(3);
        for _ in 0..5 {
            refused(desk.sign_in().await, "an unknown key");
        }
        assert_eq!(desk.provider.inside().calls.keys, 2);
    }
}

#[tokio::test]
async fn a_key_without_a_name_is_taken_only_if_there_is_one() {
    for desk in Desk::all("sign_in_name").await {
        desk.provider.roll(Key::nameless());
        desk.sign_in().await.expect("there is only one");
        let nameless = desk.provider.inside().key.public();
        desk.provider.inside().published = vec![nameless, Key::ecdsa("other").public()];
        desk.world.wait(3600);
        refused(desk.sign_in().await, "it might be either");
    }
}

#[tokio::test]
async fn a_provider_in_trouble_leaves_the_password() {
    for desk in Desk::all("sign_in_name").await {
        desk.sign_in().await.unwrap();
        let troubles = [
            Weather::Down,
            Weather::Html,
            Weather::Endless,
            Weather::Redirect,
            Weather::StrangeClient,
            Weather::OtherIssuer,
            Weather::PlainAddress,
        ];
        for weather in troubles {
            desk.world.wait(3600);
            let described = matches!(weather, Weather::OtherIssuer | Weather::PlainAddress);
            let status = if described {
                desk.provider.inside().weather = weather;
                desk.begin().await.unwrap_err()
            } else {
                let back = desk.browse().await;
                desk.provider.inside().weather = weather;
                desk.complete(&back, "").await.unwrap_err()
            };
            let told = (status.code(), reason(&status));
            assert_eq!(told, (Code::Unavailable, "OIDC_UNAVAILABLE".to_owned()), "{weather:?}");
            assert!(status.message().contains("Sign in with a password meanwhile"), "{weather:?}");
            assert!(!status.message().contains("127.0.0.1"), "{weather:?}");
            desk.world.sign_in("chung.cv", PASSWORD).await.expect("passwords need no provider");
            desk.provider.inside().weather = Weather::Fine;
        }
        desk.world.wait(2);
        desk.sign_in().await.expect("the provider is back");
    }
}

#[tokio::test]
async fn a_provider_that_is_down_is_not_asked_by_everybody_at_once() {
    for desk in Desk::all("sign_in_name").await {
        desk.provider.inside().weather = Weather::Down;
        for _ in 0..5 {
            assert_eq!(reason(&desk.begin().await.unwrap_err()), "OIDC_UNAVAILABLE");
        }
        assert_eq!(desk.provider.inside().calls.discovery, 1);
        desk.provider.inside().weather = Weather::Fine;
        desk.world.wait(2);
        desk.begin().await.unwrap();
    }
}

#[tokio::test]
async fn a_provider_that_hangs_is_given_five_seconds_and_holds_nobody_up() {
    for desk in Desk::all("sign_in_name").await {
        let back = desk.browse().await;
        desk.provider.inside().weather = Weather::Hang;
        let start = Instant::now();
        let (completed, signed_in) = tokio::join!(desk.complete(&back, ""), async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            let answer = desk.world.sign_in("chung.cv", PASSWORD).await;
            (answer.is_ok(), start.elapsed())
        });
        assert_eq!(reason(&completed.unwrap_err()), "OIDC_UNAVAILABLE");
        let waited = start.elapsed();
        assert!((4..9).contains(&waited.as_secs()), "{waited:?}");
        assert!(signed_in.0 && signed_in.1 < Duration::from_secs(4), "no transaction waits for the provider");
        refused(desk.complete(&back, "").await, "the state was used");
    }
}

#[tokio::test]
async fn a_person_is_recognised_only_by_what_the_settings_say() {
    let profile =
        json!({ "preferred_username": "chung.cv", "email": "chung@sonla.gov.vn", "email_verified": true });
    for (link_by, accepted) in [("subject", false), ("sign_in_name", true), ("email", true)] {
        for desk in Desk::all(link_by).await {
            assert_eq!(desk.sign_in_as("chung", profile.clone()).await.is_ok(), accepted, "{link_by}");
            assert_eq!(desk.linked().await.len(), usize::from(accepted));
        }
    }
    for desk in Desk::all("email").await {
        for verified in [json!(null), json!(false), json!("true"), json!(1)] {
            let profile = json!({ "email": "chung@sonla.gov.vn", "email_verified": verified });
            refused(desk.sign_in_as("chung", profile).await, "the address was not verified");
        }
        refused(desk.sign_in_as("chung", json!({ "email": "chung@sonla.gov.vn" })).await, "missing");
        refused(desk.sign_in_as("chung", json!({ "preferred_username": "chung.cv" })).await, "no address");
        let unknown = json!({ "email": "ai@sonla.gov.vn", "email_verified": true });
        refused(desk.sign_in_as("ai", unknown).await, "nobody has the address, and nobody is made");
        let empty = json!({ "email": "", "email_verified": true });
        refused(desk.sign_in_as("ai", empty).await, "whoever has no address is not meant");
    }
}
