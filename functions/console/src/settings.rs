//! Settings: what admins decide. Every change stands in the audit, and the newest ones at the end of each page.

pub(crate) mod handoff_form;
pub(crate) mod organization;
pub(crate) mod roster;

use crate::app::App;
use crate::gate::Viewer;
use crate::reply::View;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use handoff_domain::audit::{AuditEntry, FieldChange, SettingsChange};
use handoff_domain::id::{AuditId, ParseIdError};
use handoff_store::StoreError;
use handoff_web::components::{Tone, notice};
use handoff_web::text::{moment, zone};
use handoff_web::{Markup, html};

/// Changes that a settings page shows.
const SHOWN: u16 = 20;

const TABS: [(&str, &str); 3] = [
    ("/settings/organization", "Organization"),
    ("/settings/roster", "Roster"),
    ("/settings/handoff-form", "Handoff form"),
];

/// `GET /settings`: to the first of them.
pub(crate) async fn first() -> Response {
    Redirect::to(TABS[0].0).into_response()
}

/// A page of the settings before it has its frame.
pub(crate) struct Sheet<'a> {
    pub(crate) title: &'a str,
    /// The tab that it belongs to.
    pub(crate) tab: &'static str,
    pub(crate) wide: bool,
    pub(crate) body: Markup,
}

/// The page in its frame, with the newest changes.
pub(crate) async fn show(app: &App, viewer: &Viewer, status: StatusCode, sheet: Sheet<'_>) -> Response {
    let audit = match app.deps.store.list_audit(&viewer.organization.id, SHOWN).await {
        Ok(audit) => audit,
        Err(error) => return viewer.failure(&error, error.is_retryable()),
    };
    let body = html! {
        nav.tabs aria-label="Settings" {
            @for (href, label) in TABS { a href=(href) aria-current=[(href == sheet.tab).then_some("page")] { (label) } }
        }
        (sheet.body)
        (history(viewer, &audit))
    };
    viewer.show(status, View { title: sheet.title, at: "/settings", wide: sheet.wide, script: None, body })
}

fn history(viewer: &Viewer, audit: &[AuditEntry]) -> Markup {
    let zone = zone(&viewer.organization.time_zone);
    html! {
        section {
            div.section-head { h2 { "Who changed what" } p { "The newest changes of all settings." } }
            @if audit.is_empty() {
                p.muted { "Nothing has been changed yet." }
            } @else {
                ol.history.card {
                    @for entry in audit {
                        li {
                            b { (entry.by) } " " (words(&entry.change)) " "
                            span.muted { (moment(entry.at, &zone)) }
                            @for field in &entry.fields {
                                div.change {
                                    (field.field) ": "
                                    del { (said(&field.before)) } " → " ins { (said(&field.after)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn said(text: &str) -> &str {
    if text.is_empty() { "nothing" } else { text }
}

fn words(change: &SettingsChange) -> String {
    match change {
        SettingsChange::Organization => "changed the organization".to_owned(),
        SettingsChange::MemberAdded { name } => format!("added {name} to the roster"),
        SettingsChange::MemberChanged { name } => format!("changed {name} on the roster"),
        SettingsChange::MemberRemoved { name } => format!("took {name} off the roster"),
        SettingsChange::RosterImported { added, changed } => {
            format!("imported people: {added} new, {changed} changed")
        }
        SettingsChange::QuestionsPublished { version } => {
            format!("published version {version} of the handoff form")
        }
        SettingsChange::TemplatePublished { name, version } => {
            format!("published version {version} of the template {name}")
        }
        SettingsChange::TemplateArchived { name } => format!("archived the template {name}"),
        SettingsChange::TemplateRestored { name } => format!("brought back the template {name}"),
        SettingsChange::TemplateDefault { name } => {
            format!("made {name} the template for all other accounts")
        }
        SettingsChange::TemplateMoved { name } => format!("moved the template {name} up"),
    }
}

/// The entry of a change that `viewer` makes; `number` is that of what was changed.
pub(crate) fn audit(
    viewer: &Viewer,
    what: &str,
    number: u64,
    change: SettingsChange,
    fields: Vec<FieldChange>,
) -> Result<AuditEntry, ParseIdError> {
    Ok(AuditEntry {
        at: viewer.now,
        id: AuditId::parse(format!("{what}-{number}"))?,
        member: viewer.member.id.clone(),
        by: viewer.member.name.clone(),
        change,
        fields,
    })
}

/// Why a change was not carried out.
#[derive(Debug)]
pub(crate) enum Unsaved {
    /// Somebody else changed the same in between.
    Conflict,
    /// A failure of ours.
    Failed(Box<dyn std::error::Error + Send + Sync>, bool),
}

impl From<StoreError> for Unsaved {
    fn from(error: StoreError) -> Self {
        let retryable = error.is_retryable();
        Self::Failed(Box::new(error), retryable)
    }
}

impl From<ParseIdError> for Unsaved {
    fn from(error: ParseIdError) -> Self {
        Self::Failed(Box::new(error), false)
    }
}

/// Nothing for a change that was carried out, a conflict for one that came too late.
pub(crate) fn saved(done: bool) -> Result<(), Unsaved> {
    if done { Ok(()) } else { Err(Unsaved::Conflict) }
}

/// What a page says after a change.
pub(crate) fn done(query: Option<&str>, words: &str) -> Markup {
    html! { @if query.is_some_and(|query| query.contains("saved=1")) { (notice(Tone::Good, words, false, html! {})) } }
}

/// What a page says whose change came too late.
pub(crate) fn conflict(theirs: &[FieldChange]) -> Markup {
    notice(
        Tone::Caution,
        "Somebody else changed this in the meantime",
        true,
        html! {
            p { "Nothing of yours is lost: it stands below, and nothing is saved yet. Compare, then save again." }
            @if !theirs.is_empty() {
                ul.plain {
                    @for field in theirs { li { (field.field) ": they have " b { (said(&field.before)) } ", you have " b { (said(&field.after)) } } }
                }
            }
        },
    )
}
