//! Messages that could not be worked, on the board: how many, what that means, and the step that puts them back.

use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::see_other;
use axum::extract::{Path, State};
use axum::response::Response;
use futures_util::future::join_all;
use handoff_runtime::report;
use handoff_web::components::{Tone, notice};
use handoff_web::{Markup, html};
use std::sync::Arc;

/// Whose dead letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// HubSpot's deliveries.
    Intake,
    /// Single deals, accounts made by hand, new drafts.
    Drafting,
    /// What was read of websites.
    Researched,
    /// What SES tells.
    MailEvents,
}

impl Place {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Intake, Self::Drafting, Self::Researched, Self::MailEvents];

    /// The name in addresses.
    fn as_str(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Drafting => "drafting",
            Self::Researched => "researched",
            Self::MailEvents => "mail-events",
        }
    }

    /// What lies there, for one and for several.
    fn what(self, count: u64) -> &'static str {
        match (self, count) {
            (Self::Intake, 1) => "message from HubSpot could not be worked",
            (Self::Intake, _) => "messages from HubSpot could not be worked",
            (Self::Drafting, 1) => "handoff could not be drafted",
            (Self::Drafting, _) => "handoffs could not be drafted",
            (Self::Researched, 1) => "reading of a website could not be used",
            (Self::Researched, _) => "readings of websites could not be used",
            (Self::MailEvents, 1) => "report on a mail could not be noted",
            (Self::MailEvents, _) => "reports on mails could not be noted",
        }
    }

    /// What waits for it meanwhile.
    fn means(self) -> &'static str {
        match self {
            Self::Intake => {
                "A won deal may be missing here; the search for missed deals finds it within minutes."
            }
            Self::Drafting => {
                "Look under “Being drafted”: the AE was not asked yet, or waits for a new draft."
            }
            Self::Researched => "Nothing waits for it: the draft was made without the website.",
            Self::MailEvents => "A mail that came back may not be marked on its handoff.",
        }
    }
}

/// What was found; places where nothing lies are left out.
pub(super) struct Found {
    letters: Vec<(Place, u64)>,
    /// A place could not be looked at.
    unknown: bool,
}

impl Found {
    pub(super) fn is_quiet(&self) -> bool {
        self.letters.is_empty() && !self.unknown
    }
}

/// One call for each place, all at once.
pub(super) async fn find(app: &App) -> Found {
    let counts = app.deps.dead_letters.iter().map(async |(place, letters)| (*place, letters.count().await));
    let mut found = Found { letters: Vec::new(), unknown: false };
    for (place, count) in join_all(counts).await {
        match count {
            Ok(0) => {}
            Ok(count) => found.letters.push((place, count)),
            Err(error) => {
                tracing::warn!(error = report(&error), place = place.as_str(), "dead letters not counted");
                found.unknown = true;
            }
        }
    }
    found
}

/// What is said of them, each with its button; `again` names the place whose letters were just put back.
pub(super) fn notices(found: &Found, again: Option<&str>, viewer: &Viewer) -> Markup {
    html! {
        @if Place::ALL.iter().any(|place| again == Some(place.as_str())) {
            (notice(Tone::Good, "They are being tried again", true, html! {
                p { "What succeeds moves on by itself within minutes. What fails again comes back here after some hours." }
            }))
        }
        @if !found.letters.is_empty() {
            (notice(Tone::Bad, "Messages are stuck", false, html! {
                p { "They were tried eight times and are kept for two weeks. Trying again is safe, as often as you like: nothing is made or mailed twice. Should it not help, whoever runs Handoff for you finds the reason in its log." }
                @for (place, count) in &found.letters {
                    div.todo__item {
                        div { strong { (count) " " (place.what(*count)) "." } " " (place.means()) }
                        form.todo__steps method="post" action={ "/handoffs/dead-letters/" (place.as_str()) } {
                            (viewer.proof())
                            button.button.button--quiet.button--small { "Try again" span.visually-hidden { ": " (count) " " (place.what(*count)) } }
                        }
                    }
                }
            }))
        }
        @if found.unknown {
            (notice(Tone::Caution, "Whether messages are stuck could not be found out just now", false, html! {
                p { "Everything below is complete. Reload this page in a minute." }
            }))
        }
    }
}

/// `POST /handoffs/dead-letters/{place}`.
pub(crate) async fn put_back(State(app): State<Arc<App>>, Path(place): Path<String>, post: Post) -> Response {
    let found = app.deps.dead_letters.iter().find(|(known, _)| known.as_str() == place);
    let Some((place, letters)) = found else {
        return post.viewer.not_found();
    };
    match letters.put_back().await {
        Ok(()) => {
            tracing::info!(place = place.as_str(), member = %post.viewer.member.id, "dead letters put back");
            see_other(&app, &format!("/handoffs?again={}", place.as_str()))
        }
        Err(error) => {
            tracing::error!(place = place.as_str(), "dead letters not put back");
            post.viewer.failure(&error, true)
        }
    }
}
