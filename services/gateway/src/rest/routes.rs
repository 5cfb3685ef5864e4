use http::Method;

use super::{
    matcher::Variables,
    operation::{BadAnnotation, Operation},
};

/// Every public method at its address.
#[derive(Debug)]
pub(crate) struct Routes(Vec<Operation>);

/// What stands at an address.
#[derive(Debug)]
pub(crate) enum Found<'a> {
    /// An operation, with the fields that the address binds.
    Operation(&'a Operation, Variables),
    /// Operations of other HTTP methods.
    OtherMethods(Vec<Method>),
    /// Nothing.
    Nothing,
}

impl Routes {
    /// The table of the contracts.
    pub(crate) fn from_contracts() -> Result<Self, BadAnnotation> {
        let mut operations = Vec::new();
        for service in congvan_proto::descriptor_pool().services() {
            for method in service.methods() {
                operations.extend(Operation::of(&method)?);
            }
        }
        // The first that matches wins: the more particular address goes first.
        operations.sort_by_cached_key(|operation| operation.template.generality());
        Ok(Self(operations))
    }

    /// All operations, grouped by service as the contracts have them.
    pub(crate) fn operations(&self) -> Vec<&Operation> {
        let mut operations: Vec<_> = self.0.iter().collect();
        operations.sort_by_key(|operation| {
            let service = operation.method.parent_service();
            (service.full_name().to_owned(), operation.method.index())
        });
        operations
    }

    /// What stands at `path` for `verb`. `HEAD` is served wherever `GET` is.
    pub(crate) fn find(&self, verb: &Method, path: &str) -> Found<'_> {
        let wanted = if *verb == Method::HEAD { &Method::GET } else { verb };
        let mut others = Vec::new();
        for operation in &self.0 {
            let Some(variables) = operation.template.matches(path) else { continue };
            if operation.verb == *wanted {
                return Found::Operation(operation, variables);
            }
            others.push(operation.verb.clone());
        }
        if others.is_empty() { Found::Nothing } else { Found::OtherMethods(others) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn found(verb: &Method, path: &str) -> String {
        let routes = Routes::from_contracts().unwrap();
        match routes.find(verb, path) {
            Found::Operation(operation, variables) => format!("{} {variables:?}", operation.method.name()),
            Found::OtherMethods(methods) => format!("{methods:?}"),
            Found::Nothing => "nothing".to_owned(),
        }
    }

    #[test]
    fn every_public_method_has_an_address_of_its_own() {
        let routes = Routes::from_contracts().unwrap();
        let served: BTreeSet<_> =
            routes.operations().iter().map(|operation| operation.path.as_str()).collect();
        let public: BTreeSet<_> = congvan_proto::methods()
            .filter(|method| method.public)
            .map(|method| method.path.as_str())
            .collect();
        assert_eq!(served, public);
        let addresses: BTreeSet<_> =
            routes.0.iter().map(|operation| (operation.verb.as_str(), operation.template.text())).collect();
        assert_eq!(addresses.len(), routes.0.len(), "two methods at one address");
    }

    #[test]
    fn addresses_lead_to_their_methods() {
        assert_eq!(found(&Method::POST, "/v1/documents/7:issue"), r#"IssueDocument [("id", "7")]"#);
        assert_eq!(found(&Method::PATCH, "/v1/documents/7"), r#"UpdateDocument [("document.id", "7")]"#);
        assert_eq!(found(&Method::GET, "/v1/units:batchGet"), "BatchGetUnits []");
        assert_eq!(found(&Method::GET, "/v1/sessions/current"), "GetSession []");
        assert_eq!(found(&Method::HEAD, "/v1/attachments/7:download"), r#"DownloadAttachment [("id", "7")]"#);
        assert_eq!(found(&Method::POST, "/v1/sessions"), "SignIn []");
        assert_eq!(found(&Method::GET, "/v1/sessions:verify"), "nothing");
        assert_eq!(found(&Method::GET, "/v1/nothing"), "nothing");
        assert_eq!(found(&Method::PUT, "/v1/units"), "[POST, GET]");
    }
}
