//! Partners outside this directory: what is noted of them, and how it must be written.

use base::{Timestamp, Uuid, fold};

use crate::{Flaw, Identifier, Period, limits, names::line};

/// An agency or organisation outside this directory, to which documents are sent and from which they come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalAgency {
    /// Its id.
    pub id: Uuid,
    /// Grows by one with each change; 1 when new.
    pub revision: i64,
    /// Official name.
    pub name: String,
    /// Other names that people know it under: short ones, former ones.
    pub aliases: Vec<String>,
    /// What it is known by to other systems, each from a day to a day.
    pub identifiers: Vec<Identifier>,
    /// Mailbox; may be empty.
    pub email: String,
    /// Postal address; may be empty.
    pub address: String,
    /// Telephone; may be empty.
    pub phone: String,
    /// Web address; may be empty.
    pub website: String,
    /// The days on which it exists.
    pub period: Period,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl ExternalAgency {
    /// What a search looks through: name and aliases without accents, one a line.
    pub fn search_text(&self) -> String {
        let names = std::iter::once(&self.name).chain(&self.aliases);
        names.map(|name| fold(name)).collect::<Vec<_>>().join("\n")
    }

    /// Notes a change.
    pub fn touch(&mut self, now: Timestamp) {
        self.revision += 1;
        self.updated_at = now;
    }
}

/// A web address that begins with `https://` or `http://` and names a host, or nothing.
pub fn website(text: &str) -> Result<String, Flaw> {
    let website = match line(text, limits::WEBSITE) {
        Err(Flaw::Missing) => return Ok(String::new()),
        other => other?,
    };
    let rest = website.strip_prefix("https://").or_else(|| website.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    let host = host.map(|host| host.split(':').next().unwrap_or_default());
    let names_host = host.is_some_and(|host| host.contains('.') && !host.starts_with('.'));
    let plain = !website.contains(char::is_whitespace);
    if names_host && plain { Ok(website) } else { Err(Flaw::NotAWebAddress) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_address_names_a_host() {
        for right in ["", "https://bnv.gov.vn", "http://sonla.gov.vn:8080/tin?so=1", " https://x.vn/ "] {
            assert_eq!(website(right).as_deref(), Ok(right.trim()));
        }
        for wrong in ["bnv.gov.vn", "https://", "https://bnv", "https://.vn", "ftp://x.vn", "https://x .vn"] {
            assert_eq!(website(wrong), Err(Flaw::NotAWebAddress), "{wrong}");
        }
        assert!(matches!(website("javascript:alert(1)"), Err(Flaw::NotAWebAddress)));
    }
}
