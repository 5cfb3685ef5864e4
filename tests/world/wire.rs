//! A wire between a service and its database that can be cut.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use kit::lifecycle::Lifecycle;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};

/// Passes TCP connections on to a server until it is cut.
pub struct Wire {
    /// Port of this machine that leads to the server.
    pub port: u16,
    listening: Lifecycle,
    /// The connections since the wire was last whole; stopped while it is cut.
    passing: Arc<Mutex<Lifecycle>>,
}

impl Wire {
    /// A wire to a server, given as `host:port`.
    pub async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let wire = Self { port, listening: Lifecycle::default(), passing: Arc::default() };
        let (passing, soft) = (wire.passing.clone(), wire.listening.soft().clone());
        wire.listening.spawn("wire", async move {
            while let Some(Ok((near, _))) = soft.run_until_cancelled(listener.accept()).await {
                pass(&passing.lock().expect("never held across a panic"), near, server.clone());
            }
            Ok::<_, Infallible>(())
        });
        wire
    }

    /// Breaks every connection and lets none through.
    pub fn cut(&self) {
        self.passing.lock().expect("never held across a panic").stop();
    }

    /// Lets connections through again.
    pub fn mend(&self) {
        *self.passing.lock().expect("never held across a panic") = Lifecycle::default();
    }
}

/// Passes one connection on, unless the wire is cut, until it is.
fn pass(passing: &Lifecycle, mut near: TcpStream, server: String) {
    let soft = passing.soft().clone();
    passing.spawn("connection", async move {
        let through = async {
            let mut far = TcpStream::connect(server).await?;
            copy_bidirectional(&mut near, &mut far).await
        };
        // A broken connection is what the wire is for.
        let _ = soft.run_until_cancelled(through).await;
        Ok::<_, Infallible>(())
    });
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.cut();
        self.listening.stop();
    }
}
