//! People from HubSpot: its owners who are not on the roster, each with the role that they get.

use super::{PATH, keep, refused};
use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::see_other;
use crate::settings::{Sheet, Unsaved, conflict, show};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::audit::SettingsChange;
use handoff_domain::email::EmailAddress;
use handoff_domain::id::MemberId;
use handoff_domain::roster::{Member, Role, Roster};
use handoff_hubspot::{HubSpotError, Person};
use handoff_web::components::{Tone, notice};
use handoff_web::form::Form;
use handoff_web::{Markup, html};
use std::collections::BTreeMap;
use std::sync::Arc;

const ROLES: [(&str, &str); 5] = [
    ("", "Leave out"),
    ("ae", "Account executive"),
    ("csm", "CSM"),
    ("admin", "Admin"),
    ("csm admin", "CSM and admin"),
];

/// What was chosen, by address.
type Chosen = BTreeMap<String, String>;

/// `GET /settings/roster/owners`: reads HubSpot, one request for every hundred owners.
pub(crate) async fn page(State(app): State<Arc<App>>, viewer: Viewer) -> Response {
    answer(&app, &viewer, StatusCode::OK, &Chosen::new(), html! {}).await
}

/// `POST /settings/roster/owners`: adds those who got a role, all or none. Whoever is on the roster by now stays as they are.
pub(crate) async fn add(State(app): State<Arc<App>>, post: Post) -> Response {
    let Post { viewer, form } = &post;
    let people = members(form, &viewer.roster);
    let added = u32::try_from(people.len()).unwrap_or(u32::MAX);
    if added == 0 {
        let news = notice(
            Tone::Caution,
            "Nobody was chosen",
            true,
            html! { p { "Give a role to whoever is to be on the roster." } },
        );
        return answer(&app, viewer, StatusCode::UNPROCESSABLE_ENTITY, &Chosen::new(), news).await;
    }
    let chosen = || chosen(form);
    let after = match viewer.roster.with(people) {
        Ok(after) => after,
        Err(error) => {
            return answer(&app, viewer, StatusCode::UNPROCESSABLE_ENTITY, &chosen(), refused(error)).await;
        }
    };
    let change = SettingsChange::RosterImported { added, changed: 0 };
    match keep(&app, viewer, &after, change, Vec::new()).await {
        Ok(()) => see_other(&app, "/settings/roster?saved=1"),
        Err(Unsaved::Conflict) => answer(&app, viewer, StatusCode::CONFLICT, &chosen(), conflict(&[])).await,
        Err(Unsaved::Failed(error, retryable)) => viewer.failure(&*error, retryable),
    }
}

fn chosen(form: &Form) -> Chosen {
    let roles = form.family("role").into_iter();
    roles.filter_map(|(address, roles)| Some((address.to_owned(), roles.last()?.clone()))).collect()
}

fn members(form: &Form, roster: &Roster) -> Vec<Member> {
    let names = form.family("name");
    let chosen = chosen(form).into_iter();
    let member = |(address, roles): (String, String)| {
        let email = EmailAddress::parse(&address).ok().filter(|email| !is_known(roster, email))?;
        let roles: Vec<Role> = roles.split(' ').filter_map(Role::parse).collect();
        let name = names.get(address.as_str()).and_then(|names| names.last()).map(|name| name.trim());
        let name =
            name.filter(|name| !name.is_empty()).unwrap_or(address.as_str()).chars().take(100).collect();
        (!roles.is_empty()).then(|| Member {
            id: MemberId::from_random(rand::random()),
            name,
            email,
            roles,
            expertise: Vec::new(),
            capacity: 0,
            away_from: None,
            away_until: None,
            booking_link: String::new(),
        })
    };
    chosen.filter_map(member).collect()
}

fn is_known(roster: &Roster, email: &EmailAddress) -> bool {
    roster.members.iter().any(|member| member.email.folded() == email.folded())
}

async fn answer(app: &App, viewer: &Viewer, status: StatusCode, chosen: &Chosen, news: Markup) -> Response {
    let found = app.deps.hubspot.list_owners().await;
    if let Err(error) = &found {
        tracing::warn!(error = handoff_runtime::report(error), "HubSpot's owners could not be read");
    }
    let body = html! {
        nav.small aria-label="Up" { a href=(PATH) { "Roster" } }
        div.page-head { div { h1 { "People from HubSpot" } p { "HubSpot\u{2019}s users who own records and are not on the roster yet. Give a role to those who take part." } } }
        (news)
        @match &found {
            Ok(people) => (list(viewer, people, chosen)),
            Err(error) => (unread(error)),
        }
    };
    let title = "People from HubSpot";
    show(viewer, status, Sheet { title, tab: PATH, wide: true, script: None, body })
}

/// Why HubSpot's people are not shown, and what to do.
fn unread(error: &HubSpotError) -> Markup {
    let remedy = match error {
        HubSpotError::Unauthorized { status: 401 } => {
            "HubSpot refused our access. Renew the access token, then open this page again."
        }
        HubSpotError::Unauthorized { .. } => {
            "HubSpot\u{2019}s app may not read owners. Give it the scope crm.objects.owners.read, then open this page again."
        }
        _ => "HubSpot does not answer just now. Open this page again in a minute.",
    };
    notice(
        Tone::Bad,
        "HubSpot\u{2019}s people could not be read",
        true,
        html! { p { (remedy) " A list can be imported meanwhile: " a href="/settings/roster/import" { "import a list" } "." } },
    )
}

fn list(viewer: &Viewer, people: &[Person], chosen: &Chosen) -> Markup {
    let strangers: Vec<&Person> =
        people.iter().filter(|person| !is_known(&viewer.roster, &person.email)).collect();
    if strangers.is_empty() {
        return html! { div.card.empty { h2 { "Everybody is here" } p { "All " (people.len()) " people of HubSpot are on the roster." } p { a href=(PATH) { "To the roster" } } } };
    }
    html! {
        form method="post" action="/settings/roster/owners" {
            (viewer.proof())
            div.table-wrap {
                table.table.table--cards {
                    caption.visually-hidden { "People of HubSpot" }
                    thead { tr { th scope="col" { "Person" } th scope="col" { "Role" } } }
                    tbody { @for (place, person) in strangers.iter().enumerate() {
                        @let address = person.email.as_str();
                        @let role = chosen.get(address).map_or("", String::as_str);
                        tr {
                            th scope="row" { label for={ "role-" (place) } { (person.name) } small { (address) } }
                            td data-label="Role" {
                                input type="hidden" name={ "name[" (address) "]" } value=(person.name);
                                select.field #{ "role-" (place) } name={ "role[" (address) "]" } {
                                    @for (value, label) in ROLES { option value=(value) selected[value == role] { (label) } }
                                }
                            }
                        }
                    } }
                }
            }
            div.actions { button.button { "Add them" } a.button.button--quiet href=(PATH) { "Cancel" } }
        }
    }
}
