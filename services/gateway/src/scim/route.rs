use http::Method;

use super::root::PATH;
use crate::rest::percent;

/// Whether an address stands below the root of SCIM.
pub(crate) fn is_ours(path: &str) -> bool {
    path.strip_prefix(PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What an address stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    ServiceProviderConfig,
    ResourceTypes,
    ResourceType(String),
    Schemas,
    Schema(String),
    /// The root: resources of all kinds.
    All,
    Users,
    User(String),
    Groups,
    Group(String),
    /// `.search` below the root or below a kind.
    Search(Kinds),
    Nothing,
}

/// Which resources are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kinds {
    All,
    Users,
    Groups,
}

impl Route {
    pub(super) fn find(path: &str) -> Self {
        let rest = path.strip_prefix(PATH).unwrap_or(path).trim_matches('/');
        let parts: Option<Vec<_>> = rest.split('/').map(percent::decode).collect();
        let Some(parts) = parts else { return Self::Nothing };
        let parts: Vec<_> = parts.iter().map(String::as_str).collect();
        match parts.as_slice() {
            [""] => Self::All,
            [".search"] => Self::Search(Kinds::All),
            ["ServiceProviderConfig"] => Self::ServiceProviderConfig,
            ["ResourceTypes"] => Self::ResourceTypes,
            ["ResourceTypes", name] => Self::ResourceType((*name).to_owned()),
            ["Schemas"] => Self::Schemas,
            ["Schemas", id] => Self::Schema((*id).to_owned()),
            ["Users"] => Self::Users,
            ["Users", ".search"] => Self::Search(Kinds::Users),
            ["Users", id] => Self::User((*id).to_owned()),
            ["Groups"] => Self::Groups,
            ["Groups", ".search"] => Self::Search(Kinds::Groups),
            ["Groups", id] => Self::Group((*id).to_owned()),
            _ => Self::Nothing,
        }
    }

    /// The methods that it takes; none if nothing is there.
    pub(super) fn verbs(&self) -> &'static [Method] {
        match self {
            Self::Nothing => &[],
            Self::Search(_) => &[Method::POST],
            Self::Users | Self::Groups => &[Method::GET, Method::POST],
            Self::User(_) | Self::Group(_) => &[Method::GET, Method::PUT, Method::PATCH, Method::DELETE],
            _ => &[Method::GET],
        }
    }

    /// Whether it describes what can be done here, which is open to everybody.
    pub(super) fn describes(&self) -> bool {
        matches!(
            self,
            Self::ServiceProviderConfig
                | Self::ResourceTypes
                | Self::ResourceType(_)
                | Self::Schemas
                | Self::Schema(_)
        )
    }

    /// The address for metrics and logs, without what may be in it.
    pub(super) fn pattern(&self) -> &'static str {
        match self {
            Self::ServiceProviderConfig => "/scim/v2/ServiceProviderConfig",
            Self::ResourceTypes => "/scim/v2/ResourceTypes",
            Self::ResourceType(_) => "/scim/v2/ResourceTypes/{name}",
            Self::Schemas => "/scim/v2/Schemas",
            Self::Schema(_) => "/scim/v2/Schemas/{id}",
            Self::All => "/scim/v2",
            Self::Users => "/scim/v2/Users",
            Self::User(_) => "/scim/v2/Users/{id}",
            Self::Groups => "/scim/v2/Groups",
            Self::Group(_) => "/scim/v2/Groups/{id}",
            Self::Search(_) => "/scim/v2/.search",
            Self::Nothing => "unknown",
        }
    }

    /// Which resources a list at this address holds.
    pub(super) fn kinds(&self) -> Kinds {
        match self {
            Self::Search(kinds) => *kinds,
            Self::Users | Self::User(_) => Kinds::Users,
            Self::Groups | Self::Group(_) => Kinds::Groups,
            _ => Kinds::All,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stand_for_something_or_nothing() {
        for (path, expected) in [
            ("/scim/v2", Route::All),
            ("/scim/v2/", Route::All),
            ("/scim/v2/Users/", Route::Users),
            ("/scim/v2/Users/7%3A", Route::User("7:".to_owned())),
            ("/scim/v2/.search", Route::Search(Kinds::All)),
            ("/scim/v2/Users/.search", Route::Search(Kinds::Users)),
            ("/scim/v2/Groups/8", Route::Group("8".to_owned())),
            ("/scim/v2/users", Route::Nothing),
            ("/scim/v2/Users/7/8", Route::Nothing),
            ("/scim/v2/%ff", Route::Nothing),
        ] {
            assert_eq!(Route::find(path), expected, "{path}");
            assert!(is_ours(path));
        }
        assert!(!is_ours("/scim/v20"));
    }
}
