//! The whole system in one process, for stories: a manual clock, the sample province, actors who speak REST.
//!
//! ```text
//! let world = World::new(Engine::Sqlite).await;
//! let officer = world.actor("canbo.snv").await;
//! let draft = officer.drafts(&world.communes().await[..3]).await;
//! world.end().await; // asserts that nothing was left undone
//! ```

mod actor;
mod answer;
pub mod four;
mod path;
pub mod process;
mod wire;
mod world;

pub use actor::Actor;
pub use answer::Answer;
pub use wire::Wire;
pub use world::{Engine, World};
