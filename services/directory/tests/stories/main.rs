//! Stories of the directory, told through its gRPC routes, on both engines.

#![expect(clippy::unwrap_used, reason = "what a story takes for granted fails the test when it is not so")]

mod accounts;
mod address_book;
mod api_keys;
mod committing;
mod contradictions;
mod devices;
mod events;
mod exporting;
mod external_agencies;
mod files;
mod group_nesting;
mod groups;
mod headship;
mod heirs;
mod imports;
mod linked_identities;
mod mergers;
mod office;
mod oidc;
mod oidc_lies;
mod passwords;
mod people;
mod people_found;
mod permissions;
mod positions;
mod provider;
mod recipients;
mod reform;
mod reopening;
mod reorganising;
mod session_list;
mod sessions;
mod signing;
mod staging;
mod stand_ins;
mod store;
mod structure;
mod temporary;
mod totp;
mod totp_end;
mod units;
mod upgrade;
mod users;
mod world;
