//! The websites of some sample customers, so that reading them can be tried without the internet. The reader knows these
//! hosts by a list; no variable of a function could lead it here.

use crate::aws::StandIns;
use crate::aws::faults::Service;
use axum::Router;
use axum::extract::Request;
use axum::response::{Html, IntoResponse as _, Response};
use http::{StatusCode, header};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// A page by host and path.
const PAGES: [(&str, &str, &str); 6] = [
    ("www.brightwater.example", "/", include_str!("websites/brightwater/index.html")),
    ("www.brightwater.example", "/about", include_str!("websites/brightwater/about.html")),
    ("www.brightwater.example", "/services", include_str!("websites/brightwater/services.html")),
    ("www.brightwater.example", "/locations", include_str!("websites/brightwater/locations.html")),
    ("www.weserland.example", "/", include_str!("websites/weserland/index.html")),
    ("www.weserland.example", "/unternehmen/", include_str!("websites/weserland/unternehmen.html")),
];
/// A site that wants to be left alone.
const CLOSED: &str = "www.cobaltridge.example";

/// Serves them all on one free port; answers with where each host is.
pub(crate) async fn start(stand_ins: &mut StandIns) -> Result<BTreeMap<String, SocketAddr>, std::io::Error> {
    let address = stand_ins.start_at(Service::Websites, Router::new().fallback(answer)).await?;
    let hosts = PAGES.iter().map(|(host, _, _)| *host).chain([CLOSED]);
    Ok(hosts.map(|host| (host.to_owned(), address)).collect())
}

async fn answer(request: Request) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let path = request.uri().path();
    if host == CLOSED && path == "/robots.txt" {
        return "User-agent: *\nDisallow: /\n".into_response();
    }
    match PAGES.iter().find(|(at, page, _)| *at == host && *page == path) {
        Some((_, _, text)) => Html(*text).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
