//! The built-in CRM by itself, for a deployment that runs elsewhere and wants sample deals to read.
//!
//! Listens on `PORT` of the loopback (0 picks a free one) and prints its address. Beside HubSpot's own routes:
//! `GET /deals` lists the samples, `POST /deals/{id}/close` moves one to its won stage. It sends no webhook.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use handoff_local::crm::{self, Crm};
use handoff_runtime::{Clock, Environment};
use serde_json::{Value, json};
use std::io::Write as _;
use std::net::Ipv4Addr;
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let environment = Environment::from_process();
    let reader = environment.reader();
    let port = reader.parsed("PORT", "a port number").unwrap_or(0);
    let port = reader.finish(Some(port))?;
    let crm = Crm::new(None)?;
    let own = Router::new()
        .route("/deals", get(deals))
        .route("/deals/{id}/close", post(close))
        .with_state(crm.clone());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    writeln!(std::io::stdout(), "http://{}", listener.local_addr()?)?;
    Ok(axum::serve(listener, own.merge(crm::router(crm))).await?)
}

async fn deals(State(crm): State<Crm>) -> Json<Value> {
    let deals = crm.deals();
    Json(deals.iter().map(|deal| json!({"id": deal.id, "name": deal.name, "story": deal.story})).collect())
}

async fn close(State(crm): State<Crm>, Path(id): Path<String>) -> StatusCode {
    match crm.close(&id, Clock::system().now()) {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::NOT_FOUND,
    }
}
