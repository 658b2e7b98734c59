//! Stand-ins for the services that Handoff calls, each a small HTTP server on the loopback interface, so that the very
//! same clients run here and on AWS.

pub mod calls;
pub mod dynamodb;
pub mod faults;
pub mod journal;
pub mod mails;
pub(crate) mod misbehave;
pub(crate) mod proxy;
pub mod queues;
pub mod rights;
pub(crate) mod ses;
pub(crate) mod shapes;
pub(crate) mod sqs;

use crate::serve::{Stop, serve};
use axum::Router;
use axum::middleware::from_fn_with_state;
use calls::Calls;
use faults::{Faults, Service};
use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Starts stand-ins and knows what they share.
#[derive(Debug)]
pub(crate) struct StandIns {
    pub(crate) calls: Calls,
    pub(crate) faults: Faults,
    pub(crate) stop: Stop,
    pub(crate) tasks: JoinSet<()>,
}

impl StandIns {
    /// Serves `app` as `service` on a free port, counted and with faults on request; answers with its address.
    pub(crate) async fn start(&mut self, service: Service, app: Router) -> Result<String, std::io::Error> {
        let (listener, url) = free_port().await?;
        self.tasks.spawn(serve(listener, self.around(service, app), self.stop.clone()));
        Ok(url)
    }

    /// The same for a server that is known by its socket's address.
    pub(crate) async fn start_at(
        &mut self,
        service: Service,
        app: Router,
    ) -> Result<SocketAddr, std::io::Error> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        self.tasks.spawn(serve(listener, self.around(service, app), self.stop.clone()));
        Ok(address)
    }

    fn around(&self, service: Service, app: Router) -> Router {
        app.layer(from_fn_with_state((self.faults.clone(), service), misbehave::misbehave))
            .layer(from_fn_with_state((self.calls.clone(), service), calls::count))
    }

    /// Serves the table's engine itself, behind its front.
    pub(crate) async fn start_engine(&mut self, table: &dynamodb::Table) -> Result<String, std::io::Error> {
        let (listener, url) = free_port().await?;
        let (database, stop) = (table.database(), self.stop.clone());
        self.tasks.spawn(async move {
            let stopped = async move { stop.wait().await };
            if let Err(error) = dynoxide::server::serve_with_shutdown(listener, database, stopped).await {
                tracing::error!(error, "table");
            }
        });
        Ok(url)
    }
}

async fn free_port() -> Result<(TcpListener, String), std::io::Error> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    Ok((listener, url))
}

#[cfg(test)]
mod tests;
