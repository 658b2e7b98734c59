//! A small HTTP/1 server for routers that must also be able to hang up: a reply that gets lost is one of the faults
//! that the local run plays.

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http_body_util::BodyExt as _;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::pin::pin;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

const GRACE: Duration = Duration::from_secs(2);

/// Tells every task of one local run to stop.
#[derive(Debug, Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// The signal and its sender; dropping the sender stops as well.
    pub(crate) fn new() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(receiver))
    }

    /// Returns once it is time to stop.
    pub(crate) async fn wait(&self) {
        // An error says that the sender is gone: nobody runs this any more.
        let _ = self.0.clone().wait_for(|stop| *stop).await;
    }
}

/// Marks a response that must not be sent: the connection is closed without a word instead.
#[derive(Debug, Clone, Copy)]
struct HangUp;

#[derive(Debug, thiserror::Error)]
#[error("hung up on purpose")]
struct HungUp;

/// A response that is a closed connection.
pub(crate) fn hang_up() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(HangUp);
    response
}

/// Whether a response is a closed connection.
pub(crate) fn is_hang_up(response: &Response) -> bool {
    response.extensions().get::<HangUp>().is_some()
}

/// The first half of `response`, and then a closed connection.
pub(crate) async fn truncate(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(whole) = body.collect().await.map(http_body_util::Collected::to_bytes) else { return hang_up() };
    if whole.is_empty() {
        return hang_up();
    }
    parts.headers.insert(http::header::CONTENT_LENGTH, whole.len().into());
    let half = Ok(whole.slice(..whole.len() / 2));
    Response::from_parts(parts, Body::from_stream(futures_util::stream::iter([half, Err(HungUp)])))
}

/// Serves `app` until told to stop, then lets the requests under way end.
pub(crate) async fn serve(listener: TcpListener, app: Router, stop: Stop) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(talk(stream, app.clone(), stop.clone()))),
                // Out of file handles: others will end and free some.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next() => {}
            () = stop.wait() => break,
        }
    }
    drop(listener);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(GRACE, all_ended).await;
}

async fn talk(stream: TcpStream, app: Router, stop: Stop) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: http::Request<hyper::body::Incoming>| {
        let answer = app.clone().oneshot(request.map(Body::new));
        async move {
            let Ok(response) = answer.await;
            if is_hang_up(&response) { Err(HungUp) } else { Ok(response) }
        }
    });
    let mut connection = pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        _ = connection.as_mut() => {}
        () = stop.wait() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
