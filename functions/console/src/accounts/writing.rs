//! What CSMs write beside the handoff: notes, and how useful it was.

use super::account::{Said, Typed, answer_with, read};
use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::see_other;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::event::{Event, What, Who};
use handoff_domain::id::NoteId;
use handoff_domain::note::{Note, NoteRefusal};
use handoff_domain::owed::reported;
use handoff_domain::rating::{Rated, Rating};
use handoff_store::AccountView;
use handoff_web::form::Form;
use std::sync::Arc;

/// `POST /accounts/{id}/notes`: a new note, or with `note` and `seen` the next text of one.
pub(crate) async fn note(State(app): State<Arc<App>>, Path(id): Path<String>, post: Post) -> Response {
    let Post { viewer, form } = &post;
    let account = match read(&app, viewer, &id).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let (note, told) = match write(viewer, &account, form) {
        Ok(Some(written)) => written,
        Ok(None) => return viewer.not_found(),
        Err(refusal) => return note_refused(viewer, &account, form, refusal),
    };
    match app.deps.store.put_note(&account.handoff, &note, &told).await {
        Ok(true) => see_other(&app, &format!("/accounts/{}#notes", account.handoff.id)),
        Ok(false) => note_refused(viewer, &account, form, NoteRefusal::Stale),
        Err(error) => viewer.failure(&error, error.is_retryable()),
    }
}

/// `None` when the note that is to be changed is not there.
fn write(viewer: &Viewer, account: &AccountView, form: &Form) -> Result<Option<(Note, Event)>, NoteRefusal> {
    let (text, now) = (form.last("text").unwrap_or_default(), viewer.now);
    let who = Who::from(&*viewer.member);
    let tell = |note: &Note, what| {
        let cause = format!("note-{}-{}", note.id, note.texts.len());
        Event::new(&account.handoff, now, cause, who.clone(), what)
    };
    match form.last("note").map(str::trim).filter(|id| !id.is_empty()) {
        None => {
            let note = Note::write(NoteId::from_random(rand::random()), text, who.clone(), now)?;
            let told = tell(&note, What::NoteAdded { note: note.id.clone() });
            Ok(Some((note, told)))
        }
        Some(id) => {
            let Some(before) = account.notes.iter().find(|note| note.id.as_str() == id) else {
                return Ok(None);
            };
            let seen = form.last("seen").and_then(|seen| seen.trim().parse().ok()).unwrap_or_default();
            let note = before.edit(seen, text, who.clone(), now)?;
            let told = tell(&note, What::NoteEdited { note: note.id.clone() });
            Ok(Some((note, told)))
        }
    }
}

fn note_refused(viewer: &Viewer, account: &AccountView, form: &Form, refusal: NoteRefusal) -> Response {
    let status = match refusal {
        NoteRefusal::Stale | NoteRefusal::TooMany => StatusCode::CONFLICT,
        NoteRefusal::Empty | NoteRefusal::TooLong => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let typed = Typed { note: form.last("text").unwrap_or_default().to_owned(), ..Typed::default() };
    answer_with(viewer, account, status, Some(Said::caution(refusal.to_string())), &typed)
}

/// `POST /accounts/{id}/rating`: of the round that was handed over last; a later one takes its place.
pub(crate) async fn rate(State(app): State<Arc<App>>, Path(id): Path<String>, post: Post) -> Response {
    let Post { viewer, form } = &post;
    let account = match read(&app, viewer, &id).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let stale = |words: &str| {
        answer_with(
            viewer,
            &account,
            StatusCode::CONFLICT,
            Some(Said::caution(words.to_owned())),
            &Typed::default(),
        )
    };
    let (Some(_), Some(drafts)) = (&account.handoff.submission, &account.drafts) else {
        return stale("This handoff is with its AE. It can be rated once it is handed over.");
    };
    let useful = form
        .pairs()
        .filter_map(|(name, value)| Some((name.strip_prefix("useful[")?.strip_suffix(']')?, value)));
    let (score, repeated) =
        (form.last("score").unwrap_or_default(), form.last("repeated").unwrap_or_default());
    let rating = match Rating::parse(&drafts.questions, score, useful, repeated) {
        Ok(rating) => rating,
        Err(errors) => {
            let words = errors.into_values().next().unwrap_or_default();
            let said = Some(Said::caution(words));
            return answer_with(viewer, &account, StatusCode::UNPROCESSABLE_ENTITY, said, &Typed::default());
        }
    };
    let round = account.handoff.round;
    let before = account.ratings.iter().find(|rated| rated.round == round);
    let times = before.map_or(1, |before| before.times + 1);
    let who = Who::from(&*viewer.member);
    let what = What::Rated { rating: rating.clone(), before: before.map(|before| before.rating.clone()) };
    let cause = format!("rated-r{round}-{times}");
    let told = Event::new(&account.handoff, viewer.now, cause, who.clone(), what);
    let rated = Rated { round, rating, at: viewer.now, by: who, times };
    let (earlier, by) = (before.map(|before| &before.rating), &viewer.member.name);
    let owed = reported(&account.handoff, drafts, &rated, earlier, by, &viewer.roster.admins());
    let owed = match owed {
        Ok(owed) => owed,
        Err(error) => return viewer.failure(&error, false),
    };
    match app.deps.store.put_rating(&account.handoff, &rated, owed.as_ref(), &told).await {
        Ok(true) => see_other(&app, &format!("/accounts/{}#rating", account.handoff.id)),
        Ok(false) => stale(
            "Somebody rated this handoff at the same moment. Look at their rating, then send yours again.",
        ),
        Err(error) => viewer.failure(&error, error.is_retryable()),
    }
}
