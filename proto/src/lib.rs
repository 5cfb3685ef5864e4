//! The contracts of Công Văn: messages, clients and servers made from the protos of this folder, and their descriptors.

mod convert;
mod methods;

pub use convert::{time_from_proto, time_to_proto};
pub use methods::{Method, method, methods};

/// The descriptors of every file, ready for reflection.
pub fn descriptor_pool() -> prost_reflect::DescriptorPool {
    methods::pool()
}

/// Every file of the contracts with comments and options, as a `google.protobuf.FileDescriptorSet`.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/congvan.bin"));

macro_rules! package {
    ($service:ident, $package:literal) => {
        #[allow(missing_docs, clippy::all, clippy::pedantic)]
        pub mod $service {
            pub mod v1 {
                tonic::include_proto!($package);
            }
        }
    };
}

package!(access, "congvan.access.v1");
package!(directory, "congvan.directory.v1");
package!(documents, "congvan.documents.v1");
package!(errors, "congvan.errors.v1");
package!(events, "congvan.events.v1");
package!(notifications, "congvan.notifications.v1");
