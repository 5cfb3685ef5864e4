//! Groups: what may stand in one, and how one is kept. Both the gRPC service and whoever provisions groups from another
//! system go through here.

mod check;
mod save;

pub(crate) use check::{members as check_members, references as check_references};
pub(crate) use save::{create, delete, update};
