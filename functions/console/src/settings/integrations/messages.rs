//! Every message to another tool of the last 90 days: to whom, about what, what became of it; one can be sent again.

use super::{PATH, words};
use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::see_other;
use crate::settings::{Sheet, show};
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::delivery::{Delivery, Standing};
use handoff_domain::id::DeliveryId;
use handoff_domain::integration::Integrations;
use handoff_store::StoreError;
use handoff_web::components::{Tone, badge, facts, notice};
use handoff_web::form::Form;
use handoff_web::text::{moment, zone};
use handoff_web::{Markup, html};
use std::sync::Arc;

/// Messages of one page.
const SHOWN: usize = 50;
/// Read at once, and how often at most, to fill a page that shows some of them only.
const READ: (u16, usize) = (100, 5);

/// What of the messages is asked for.
#[derive(Debug, Default)]
struct Asked {
    before: Option<DeliveryId>,
    target: String,
    only_trouble: bool,
}

impl Asked {
    fn read(raw: Option<String>) -> Self {
        let asked = Form::parse(raw.unwrap_or_default().as_bytes());
        let text = |name| asked.last(name).unwrap_or_default().to_owned();
        Self {
            before: DeliveryId::parse(text("before")).ok(),
            target: text("target"),
            only_trouble: text("only") == "trouble",
        }
    }

    fn wants(&self, delivery: &Delivery) -> bool {
        let is_trouble = matches!(delivery.standing, Standing::Waiting { .. } | Standing::GivenUp { .. });
        (self.target.is_empty() || delivery.target.to_string() == self.target)
            && (!self.only_trouble || is_trouble)
    }

    fn path(&self, before: Option<&DeliveryId>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.target.is_empty() {
            query.append_pair("target", &self.target);
        }
        if self.only_trouble {
            query.append_pair("only", "trouble");
        }
        if let Some(before) = before {
            query.append_pair("before", before.as_str());
        }
        format!("{PATH}/messages?{}", query.finish())
    }
}

/// `GET /settings/integrations/messages`: the newest first.
pub(crate) async fn list(State(app): State<Arc<App>>, viewer: Viewer, RawQuery(raw): RawQuery) -> Response {
    let asked = Asked::read(raw);
    let read = async {
        let (found, wanted) = tokio::try_join!(
            find(&app, &viewer, &asked),
            app.deps.store.get_integrations(&viewer.organization.id, viewer.consistency)
        )?;
        Ok::<_, StoreError>((found, wanted.map(|(_, integrations)| integrations).unwrap_or_default()))
    };
    match read.await {
        Ok(((found, next), integrations)) => {
            let body = table(&viewer, &asked, &integrations, &found, next.as_ref());
            let sheet = Sheet { title: "Messages", tab: PATH, wide: true, script: None, body };
            show(&viewer, StatusCode::OK, sheet)
        }
        Err(error) => viewer.failure(&error, error.is_retryable()),
    }
}

/// A page of what is asked for, and where the next one begins.
async fn find(
    app: &App,
    viewer: &Viewer,
    asked: &Asked,
) -> Result<(Vec<Delivery>, Option<DeliveryId>), StoreError> {
    let (most, rounds) = READ;
    let (mut found, mut before) = (Vec::new(), asked.before.clone());
    for _ in 0..rounds {
        let page = app.deps.store.list_deliveries(&viewer.organization.id, before.as_ref(), most).await?;
        let is_last = page.len() < usize::from(most);
        for delivery in page {
            if found.len() == SHOWN {
                return Ok((found, before));
            }
            before = Some(delivery.id.clone());
            if asked.wants(&delivery) {
                found.push(delivery);
            }
        }
        if is_last {
            return Ok((found, None));
        }
    }
    Ok((found, before))
}

fn table(
    viewer: &Viewer,
    asked: &Asked,
    integrations: &Integrations,
    found: &[Delivery],
    next: Option<&DeliveryId>,
) -> Markup {
    let zone = zone(&viewer.organization.time_zone);
    let all = Asked { target: asked.target.clone(), ..Asked::default() };
    let trouble = Asked { target: asked.target.clone(), only_trouble: true, ..Asked::default() };
    html! {
        nav.small aria-label="Up" { a href=(PATH) { "Integrations" } }
        div.page-head { div { h1 { "Messages" } p { "What other tools were told in the last 90 days." } } }
        nav.tabs aria-label="Which messages" {
            a href=(all.path(None)) aria-current=[(!asked.only_trouble).then_some("page")] { "All" }
            a href=(trouble.path(None)) aria-current=[asked.only_trouble.then_some("page")] { "Not arrived" }
        }
        @if !asked.target.is_empty() {
            @let name = found.first().map(|one| integrations.name(&one.target));
            p { "Only those to " (name.as_deref().unwrap_or("one tool")) ". " a href={ (PATH) "/messages" } { "Show all" } }
        }
        @if found.is_empty() {
            div.card.empty {
                @if asked.only_trouble { h2 { "Every message has arrived" } p { "What could not be delivered would stand here." } }
                @else { h2 { "No messages" } p { "When something happens that another tool is to be told of, it appears here." } }
            }
        } @else {
            div.table-wrap {
                table.table.table--cards {
                    caption.visually-hidden { "Messages" }
                    thead { tr { th scope="col" { "What" } th scope="col" { "To" } th scope="col" { "When" } th scope="col" { "How it went" } } }
                    tbody {
                        @for one in found {
                            tr {
                                th scope="row" {
                                    a href={ (PATH) "/messages/" (one.id) } { (one.fact.label()) span.visually-hidden { ", " (one.company) } }
                                    small { (one.company) }
                                }
                                td data-label="To" { (integrations.name(&one.target)) }
                                td data-label="When" { (moment(one.made_at, &zone)) }
                                td data-label="How it went" {
                                    (words::standing(one))
                                    @if let Some(last) = one.attempts.last().filter(|last| !last.is_done) { small { (last.words) } }
                                }
                            }
                        }
                    }
                }
            }
        }
        @if let Some(next) = next { nav.actions aria-label="Pages" { a.button.button--quiet rel="next" href=(asked.path(Some(next))) { "Earlier messages" } } }
    }
}

/// `GET /settings/integrations/messages/{id}`.
pub(crate) async fn page(State(app): State<Arc<App>>, viewer: Viewer, Path(id): Path<String>) -> Response {
    match one(&app, &viewer, id).await {
        Ok(Some((delivery, integrations))) => {
            answer(&viewer, StatusCode::OK, &delivery, &integrations, html! {})
        }
        Ok(None) => viewer.not_found(),
        Err(error) => viewer.failure(&error, error.is_retryable()),
    }
}

/// `POST /settings/integrations/messages/{id}/again`: sent once more, now.
pub(crate) async fn again(State(app): State<Arc<App>>, Path(id): Path<String>, post: Post) -> Response {
    let viewer = &post.viewer;
    let done = async {
        let Some((delivery, integrations)) = one(&app, viewer, id).await? else { return Ok(None) };
        let Some(owed) = delivery.again(viewer.now) else { return Ok(Some((delivery, integrations, false))) };
        let is_owed = app.deps.store.write_delivery(&owed).await?.is_some();
        Ok::<_, StoreError>(Some((delivery, integrations, is_owed)))
    };
    match done.await {
        Ok(Some((delivery, _, true))) => see_other(&app, &format!("{PATH}/messages/{}", delivery.id)),
        Ok(Some((delivery, integrations, false))) => {
            let words = html! { p { "Look again in a minute." } };
            let news = notice(Tone::Caution, "It is being sent at this moment", true, words);
            answer(viewer, StatusCode::CONFLICT, &delivery, &integrations, news)
        }
        Ok(None) => viewer.not_found(),
        Err(error) => viewer.failure(&error, error.is_retryable()),
    }
}

async fn one(app: &App, viewer: &Viewer, id: String) -> Result<Option<(Delivery, Integrations)>, StoreError> {
    let Ok(id) = DeliveryId::parse(id) else { return Ok(None) };
    let (found, wanted) = tokio::try_join!(
        app.deps.store.get_delivery(&viewer.organization.id, &id),
        app.deps.store.get_integrations(&viewer.organization.id, viewer.consistency)
    )?;
    let integrations = wanted.map(|(_, integrations)| integrations).unwrap_or_default();
    Ok(found.map(|delivery| (delivery, integrations)))
}

fn laid_out(payload: &str) -> String {
    let read: Option<serde_json::Value> = serde_json::from_str(payload).ok();
    read.and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| payload.to_owned())
}

fn answer(
    viewer: &Viewer,
    status: StatusCode,
    delivery: &Delivery,
    integrations: &Integrations,
    news: Markup,
) -> Response {
    let zone = zone(&viewer.organization.time_zone);
    let is_on_its_way = matches!(delivery.standing, Standing::Owed { .. } | Standing::Sending { .. });
    let mut rows = vec![
        ("To", html! { (integrations.name(&delivery.target)) }),
        ("Happened", moment(delivery.made_at, &zone)),
        ("Stands", words::standing(delivery)),
    ];
    if let Some(account) = &delivery.account {
        let name = if delivery.company.is_empty() { account.as_str() } else { &delivery.company };
        rows.insert(1, ("About", html! { a href={ "/accounts/" (account) } { (name) } }));
    }
    if let Standing::Waiting { until } = delivery.standing {
        rows.push(("Next try", html! { (moment(until, &zone)) ", or a few minutes later" }));
    }
    let body = html! {
        nav.small aria-label="Up" { a href=(PATH) { "Integrations" } " / " a href={ (PATH) "/messages" } { "Messages" } }
        h1 { (delivery.fact.label()) }
        (news)
        @if is_on_its_way {
            (notice(Tone::Info, "It is on its way", false, html! { p { "That takes a few seconds. " a href={ (PATH) "/messages/" (delivery.id) } { "Look again" } } }))
        }
        section.card.card--letter {
            (facts(&rows))
            p.small.muted { "Id " code { (delivery.id) } }
            @if !is_on_its_way {
                form.actions method="post" action={ (PATH) "/messages/" (delivery.id) "/again" } {
                    (viewer.proof())
                    button.button.button--quiet { "Send it again" }
                }
            }
        }
        section.card.stack {
            h2 { "Tries" }
            @if delivery.attempts.is_empty() { p.muted { "None yet." } }
            @else {
                ol.history {
                    @for attempt in delivery.attempts.iter().rev() {
                        li {
                            @if attempt.is_done { (badge(Tone::Good, "Arrived")) } @else { (badge(Tone::Caution, "Not arrived")) }
                            " " (attempt.words) " " span.muted { (moment(attempt.at, &zone)) }
                        }
                    }
                }
            }
        }
        @if let Some(payload) = &delivery.payload {
            section.card.stack {
                h2 { "What is sent" }
                p.small.muted { "Laid out for reading; it goes out without blanks." }
                pre.wrap tabindex="0" { code { (laid_out(payload)) } }
            }
        }
    };
    let title = delivery.fact.label();
    show(viewer, status, Sheet { title, tab: PATH, wide: false, script: None, body })
}
