//! What holds for a store of bodies, told once and tried on both kinds; then what is particular to each.

#![expect(clippy::unwrap_used, reason = "what a story takes for granted fails the test when it is not so")]

mod both;
mod bucket;
mod cuts;
mod damage;
mod folder;
mod place;

/// Tries each story on a directory and on a bucket.
macro_rules! on_both_stores {
    ($($story:ident)+) => {
        mod local {
            $(#[tokio::test]
            async fn $story() {
                super::$story(crate::place::Place::local().await).await;
            })+
        }
        mod s3 {
            $(#[tokio::test]
            async fn $story() {
                super::$story(crate::place::Place::s3().await).await;
            })+
        }
    };
}
use on_both_stores;
