//! Settings: what admins decide. Every change stands in the audit, which has a page of its own.

pub(crate) mod changes;
pub(crate) mod handoff_form;
pub(crate) mod integrations;
pub(crate) mod organization;
pub(crate) mod roster;
pub(crate) mod templates;

use crate::gate::Viewer;
use crate::reply::View;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use handoff_domain::audit::{AuditEntry, FieldChange, SettingsChange};
use handoff_domain::id::{AuditId, ParseIdError};
use handoff_store::StoreError;
use handoff_web::assets::Asset;
use handoff_web::components::{Tone, notice};
use handoff_web::{Markup, html};

const TABS: [(&str, &str); 6] = [
    ("/settings/organization", "Organization"),
    ("/settings/roster", "Roster"),
    ("/settings/handoff-form", "Handoff form"),
    ("/settings/templates", "Templates"),
    ("/settings/integrations", "Integrations"),
    ("/settings/changes", "Changes"),
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
    /// What it needs besides the scripts of all signed-in pages.
    pub(crate) script: Option<&'static Asset>,
    pub(crate) body: Markup,
}

/// The page in its frame.
pub(crate) fn show(viewer: &Viewer, status: StatusCode, sheet: Sheet<'_>) -> Response {
    let body = html! {
        nav.tabs aria-label="Settings" {
            @for (href, label) in TABS { a href=(href) aria-current=[(href == sheet.tab).then_some("page")] { (label) } }
        }
        (sheet.body)
    };
    let Sheet { title, wide, script, .. } = sheet;
    viewer.show(status, View { title, at: "/settings", wide, script, body })
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
        SettingsChange::Integrations => "changed what is told to other tools".to_owned(),
        SettingsChange::EndpointAdded { name } => format!("added the endpoint {name}"),
        SettingsChange::EndpointChanged { name } => format!("changed the endpoint {name}"),
        SettingsChange::EndpointRemoved { name } => format!("removed the endpoint {name}"),
        SettingsChange::EndpointSecretReplaced { name } => {
            format!("replaced the signing secret of the endpoint {name}")
        }
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
