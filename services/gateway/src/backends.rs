use kit::transport::Transport;

/// The ways to the services.
#[derive(Clone)]
pub struct Backends {
    /// Packages `congvan.directory.*`.
    pub directory: Transport,
    /// Packages `congvan.documents.*`.
    pub documents: Transport,
    /// Packages `congvan.notifications.*`.
    pub notifications: Transport,
}

impl Backends {
    /// The service that owns a method: `/congvan.documents.v1.DocumentService/GetDocument` belongs to documents.
    pub(crate) fn owner(&self, path: &str) -> Option<&Transport> {
        let package = path.strip_prefix("/congvan.")?.split('.').next()?;
        match package {
            "directory" => Some(&self.directory),
            "documents" => Some(&self.documents),
            "notifications" => Some(&self.notifications),
            _ => None,
        }
    }
}
