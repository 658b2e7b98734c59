//! What an AE says instead of handing over: not now, or not mine. What was typed in the form is saved first.

use crate::gate::{Opening, Post};
use crate::input::{has_answers, typed};
use crate::reply::Again;
use crate::save::{refused_fields, save, shown_again};
use crate::views::{Message, Typed};
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::event::{Event, What, Who};
use handoff_domain::form::{FieldErrors, FormInput};
use handoff_domain::handoff::{Attention, Handoff, NotMine, NotMineRefusal};
use handoff_domain::organization::Organization;
use handoff_domain::outbox::OutboxEntry;
use handoff_domain::owed::{self, Trouble};
use handoff_domain::reminder::LaterRefusal;
use handoff_runtime::metrics;
use handoff_store::HandoffPage;
use handoff_web::components::Tone;
use handoff_web::html;

/// `POST /handoff/{token}/later`: `date`, as a date field sends it. 303 to the form, which says when it asks again.
pub(crate) async fn later(post: Post) -> Response {
    say(&post, "later", |page| {
        let sent = post.form.last("date").unwrap_or_default().trim();
        let date = sent.parse().map_err(|_| LaterRefusal::NoDay);
        let after = date.and_then(|date| Ok((date, page.handoff.later(&page.rhythm, date, post.visit.now)?)));
        let (date, after) = after.map_err(|refusal| ("date", refusal.to_string()))?;
        Ok(Said {
            after,
            cause: format!("later-{date}"),
            what: What::LaterAsked { date },
            tells_admins: None,
        })
    })
    .await
}

/// `POST /handoff/{token}/not-me`: `colleague`, a member of the roster, or `word`. 303 to the form, which says what is done.
pub(crate) async fn not_me(post: Post) -> Response {
    say(&post, "not-me", |page| {
        let (colleague, word) = (post.form.last("colleague"), post.form.last("word"));
        let said = NotMine::of(&page.roster, colleague.unwrap_or_default(), word.unwrap_or_default());
        let said = said.map_err(|refusal: NotMineRefusal| (refusal.field(), refusal.to_string()))?;
        let after = page.handoff.not_mine(post.visit.now);
        let generation = page.handoff.link.as_ref().map_or(0, |link| link.generation);
        let detail = said.words();
        let cause = format!("not-mine-g{generation}");
        Ok(Said { after, cause, what: said.into(), tells_admins: Some(detail) })
    })
    .await
}

/// A wish, decided.
struct Said {
    after: Handoff,
    /// Tells it from others of this handoff.
    cause: String,
    what: What,
    /// The admins' mail says so in these words.
    tells_admins: Option<String>,
}

type Decided = Result<Said, (&'static str, String)>;

/// Another write that leaves all of this as it is, such as the note that the page was opened, may come in between.
const TRIES: usize = 3;

async fn say(post: &Post, action: &'static str, decide: impl Fn(&HandoffPage) -> Decided) -> Response {
    let mut typed = typed(&post.form);
    if has_answers(&typed) && post.form.last("version").is_some() {
        if let Err(refusal) = save(post, &typed, action).await {
            return refusal;
        }
        // What is saved is read back.
        typed.input = FormInput::default();
    }
    for _ in 0..TRIES {
        if let Some(response) = try_to_say(post, &typed, action, &decide).await {
            return response;
        }
    }
    let errors = FieldErrors::new();
    let message = Some(Message {
        tone: Tone::Caution,
        title: AGAIN,
        body: html! { p { "Nothing that you typed is lost." } },
    });
    let again =
        Again { status: StatusCode::CONFLICT, typed: &typed, errors: &errors, conflict: false, message };
    shown_again(post, again, action).await
}

const AGAIN: &str = "Somebody changed this handoff at the same moment. Please try again";

/// `None` when somebody was faster. One batch read, one transaction.
async fn try_to_say(
    post: &Post,
    typed: &Typed,
    action: &'static str,
    decide: impl Fn(&HandoffPage) -> Decided,
) -> Option<Response> {
    let visit = &post.visit;
    let page = match visit.read_again().await {
        Ok(Some(page)) => page,
        Ok(None) => return Some(visit.not_found()),
        Err(error) => return Some(post.failure(&error, error.is_retryable(), action)),
    };
    match visit.opening(&page.handoff) {
        Opening::Form => {}
        other => return Some(post.too_late(&page, other)),
    }
    let said = match decide(&page) {
        Ok(said) => said,
        Err((field, remedy)) => {
            let errors = FieldErrors::from([(field.to_owned(), remedy)]);
            return Some(refused_fields(post, typed, errors, action).await);
        }
    };
    let before = &page.handoff;
    // Said before: a repeat answers as the first did.
    let is_said = said.tells_admins.is_some() && before.attention.contains(&Attention::WrongAe);
    if is_said || said.after == *before {
        return Some(visit.back());
    }
    let (told, owed) = (told(before, &said, post), owed(&page, &said, post));
    let store = &visit.app.deps.store;
    match store.replace_handoff(before, &said.after, owed.as_slice(), &told).await {
        Ok(true) => {
            metrics::ASIDE_SAID.count(action);
            tracing::info!(action, "said instead of handing over");
            Some(visit.back())
        }
        Ok(false) => None,
        Err(error) => Some(post.failure(&error, error.is_retryable(), action)),
    }
}

fn told(before: &Handoff, said: &Said, post: &Post) -> Vec<Event> {
    let (who, now) = (Who::ae(before), post.visit.now);
    let mut told = Event::attention(before, &said.after, &who, now);
    told.push(Event::new(&said.after, now, &said.cause, who, said.what.clone()));
    told
}

fn owed(page: &HandoffPage, said: &Said, post: &Post) -> Option<OutboxEntry> {
    let detail = said.tells_admins.clone()?;
    let organization: &Organization = page.organization.as_ref()?;
    let trouble = Trouble { reason: Attention::WrongAe, cause: &said.cause, detail, unread: &[] };
    owed::escalated(&said.after, trouble, organization, post.visit.now).ok().flatten()
}
