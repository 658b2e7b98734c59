//! What people do on an account's plan: steps on its actions, actions of their own, another template. Each is one
//! transaction with what is told of it; done twice, it is done once.

use super::account::{Said, Typed, TypedAction, answer_with, read};
use super::pages;
use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::{View, see_other};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::event::Who;
use handoff_domain::id::{ActionId, MilestoneId, TemplateId};
use handoff_domain::plan::{
    ActionKind, ActionState, Moved, NewAction, Plan, PlanRefusal, Step, Template, Templates,
};
use handoff_store::{AccountView, Consistency};
use handoff_web::form::Form;
use std::sync::Arc;

/// Tries of one step: somebody else may take a step on another action at the same moment.
const TRIES: usize = 3;

/// Why a change is refused, in words for people.
enum Refused {
    Plan(PlanRefusal),
    /// The date is none.
    Date,
}

impl From<PlanRefusal> for Refused {
    fn from(refusal: PlanRefusal) -> Self {
        Self::Plan(refusal)
    }
}

impl Refused {
    fn status(&self) -> StatusCode {
        match self {
            Self::Plan(PlanRefusal::Unknown) => StatusCode::NOT_FOUND,
            Self::Plan(PlanRefusal::NotNow | PlanRefusal::Touched | PlanRefusal::TooMany) => {
                StatusCode::CONFLICT
            }
            Self::Plan(PlanRefusal::Title | PlanRefusal::Reason(_)) | Self::Date => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Plan(refusal) => refusal.to_string(),
            Self::Date => "Please write the date as year, month and day: 2027-01-15.".to_owned(),
        }
    }
}

/// `POST /accounts/{id}/milestones/{milestone}/actions/{action}/{step}`.
pub(crate) async fn act(
    State(app): State<Arc<App>>,
    Path((id, milestone, action, word)): Path<(String, String, String, String)>,
    post: Post,
) -> Response {
    let (Ok(milestone), Ok(action)) = (MilestoneId::parse(milestone), ActionId::parse(action)) else {
        return post.viewer.not_found();
    };
    let field = |name: &str| post.form.last(name).unwrap_or_default();
    let step = match word.as_str() {
        "start" => Step::Start,
        "complete" => Step::Complete,
        "reopen" => Step::Reopen { seen: state(field("seen")) },
        "skip" => Step::Skip { reason: field("reason") },
        _ => return post.viewer.not_found(),
    };
    let typed = Typed {
        skipped: (step == Step::Skip { reason: field("reason") })
            .then(|| (action.clone(), field("reason").to_owned())),
        ..Typed::default()
    };
    change(&app, &post, &id, &typed, |account, plan| {
        let who = Who::from(&*post.viewer.member);
        Ok(plan.take(&account.handoff, (&milestone, &action), step, who, post.viewer.now)?)
    })
    .await
}

fn state(text: &str) -> Option<ActionState> {
    let all = [ActionState::Open, ActionState::Started, ActionState::Completed, ActionState::Skipped];
    all.into_iter().find(|state| state.as_str() == text)
}

/// `POST /accounts/{id}/milestones/{milestone}/actions`: `title`, `kind`, `due`, and `action`, the id that the page gave it,
/// so that a repeat adds no second one.
pub(crate) async fn add(
    State(app): State<Arc<App>>,
    Path((id, milestone)): Path<(String, String)>,
    post: Post,
) -> Response {
    let Ok(milestone) = MilestoneId::parse(milestone) else { return post.viewer.not_found() };
    let typed = typed_action(&post.form, &milestone);
    let again = Typed { action: Some(typed.clone()), ..Typed::default() };
    change(&app, &post, &id, &again, |account, plan| {
        if plan.actions().any(|action| action.id == typed.id && action.added.is_some()) {
            return Ok(None);
        }
        let due = match typed.due.trim() {
            "" => None,
            text => Some(text.parse().map_err(|_| Refused::Date)?),
        };
        let new = NewAction { id: typed.id.clone(), title: typed.title.clone(), kind: typed.kind, due };
        let who = Who::from(&*post.viewer.member);
        Ok(Some(plan.add(&account.handoff, &milestone, new, who, post.viewer.now)?))
    })
    .await
}

fn typed_action(form: &Form, milestone: &MilestoneId) -> TypedAction {
    let field = |name: &str| form.last(name).unwrap_or_default().to_owned();
    TypedAction {
        milestone: milestone.clone(),
        id: ActionId::parse(field("action")).unwrap_or_else(|_| ActionId::from_random(rand::random())),
        title: field("title"),
        kind: kind(&field("kind")),
        due: field("due"),
    }
}

/// The kinds of action with the names that forms give them, and what people call them.
pub(crate) const KINDS: [(&str, &str, ActionKind); 3] = [
    ("task", "Task", ActionKind::Task),
    ("email", "E-mail", ActionKind::Email),
    ("meeting", "Meeting", ActionKind::Meeting),
];

/// The kind of this name; a task where it is none.
pub(crate) fn kind(name: &str) -> ActionKind {
    KINDS.iter().find(|(known, ..)| *known == name).map_or(ActionKind::Task, |(.., kind)| *kind)
}

async fn change(
    app: &App,
    post: &Post,
    id: &str,
    typed: &Typed,
    decide: impl Fn(&AccountView, &Plan) -> Result<Option<Moved>, Refused>,
) -> Response {
    let viewer = &post.viewer;
    for _ in 0..TRIES {
        let account = match read(app, viewer, id).await {
            Ok(account) => account,
            Err(response) => return response,
        };
        let Some(plan) = &account.plan else {
            return refused(viewer, &account, &PlanRefusal::Unknown.into(), typed);
        };
        let moved = match decide(&account, plan) {
            Ok(Some(moved)) => moved,
            Ok(None) => return back(app, &account),
            Err(refusal) => return refused(viewer, &account, &refusal, typed),
        };
        match app.deps.store.replace_plan(&account.handoff, Some(plan), &moved, &[]).await {
            Ok(true) => return back(app, &account),
            Ok(false) => {}
            Err(error) => return viewer.failure(&error, error.is_retryable()),
        }
    }
    match read(app, viewer, id).await {
        Ok(account) => refused(viewer, &account, &PlanRefusal::NotNow.into(), typed),
        Err(response) => response,
    }
}

fn back(app: &App, account: &AccountView) -> Response {
    see_other(app, &format!("/accounts/{}#plan", account.handoff.id))
}

fn refused(viewer: &Viewer, account: &AccountView, refusal: &Refused, typed: &Typed) -> Response {
    answer_with(viewer, account, refusal.status(), Some(Said::caution(refusal.words())), typed)
}

/// `GET /accounts/{id}/plan`: which template it is, and the others.
pub(crate) async fn choices(State(app): State<Arc<App>>, viewer: Viewer, Path(id): Path<String>) -> Response {
    match both(&app, &viewer, &id).await {
        Ok((account, templates)) => offer(&viewer, &account, &templates, StatusCode::OK, None),
        Err(response) => response,
    }
}

/// `POST /accounts/{id}/plan`: `template`, and `seen`, the plan's revision on the page.
pub(crate) async fn choose(State(app): State<Arc<App>>, Path(id): Path<String>, post: Post) -> Response {
    let (viewer, form) = (&post.viewer, &post.form);
    let (account, templates) = match both(&app, viewer, &id).await {
        Ok(both) => both,
        Err(response) => return response,
    };
    let wanted = TemplateId::parse(form.last("template").unwrap_or_default()).ok();
    let wanted = wanted.and_then(|id| templates.in_use().find(|template| template.id == id));
    let Some(template) = wanted else {
        let said = Said::caution("Please choose one of the templates.".to_owned());
        return offer(viewer, &account, &templates, StatusCode::UNPROCESSABLE_ENTITY, Some(&said));
    };
    if account.plan.as_ref().is_some_and(|plan| is_of(plan, template)) {
        return back(&app, &account);
    }
    let moved = match decide(viewer, &account, template, form.last("seen").unwrap_or_default()) {
        Ok(moved) => moved,
        Err(refusal) => {
            let said = Said::caution(refusal.to_string());
            return offer(viewer, &account, &templates, StatusCode::CONFLICT, Some(&said));
        }
    };
    match app.deps.store.replace_plan(&account.handoff, account.plan.as_ref(), &moved, &[]).await {
        Ok(true) => back(&app, &account),
        Ok(false) => match both(&app, viewer, &id).await {
            Ok((account, templates)) => {
                let said = Said::caution(PlanRefusal::NotNow.to_string());
                offer(viewer, &account, &templates, StatusCode::CONFLICT, Some(&said))
            }
            Err(response) => response,
        },
        Err(error) => viewer.failure(&error, error.is_retryable()),
    }
}

/// Whether a plan came from this very version.
pub(crate) fn is_of(plan: &Plan, template: &Template) -> bool {
    plan.template_id == template.id && plan.template_version == template.version
}

fn decide(
    viewer: &Viewer,
    account: &AccountView,
    template: &Template,
    seen: &str,
) -> Result<Moved, PlanRefusal> {
    let (who, now) = (Who::from(&*viewer.member), viewer.now);
    let Some(plan) = &account.plan else { return Plan::begin(&account.handoff, template, who, now) };
    if seen.trim().parse::<u64>().is_ok_and(|seen| seen != plan.revision) {
        return Err(PlanRefusal::NotNow);
    }
    plan.replace(&account.handoff, template, who, now)
}

/// The account and the templates, read at the same time.
async fn both(app: &App, viewer: &Viewer, id: &str) -> Result<(AccountView, Templates), Response> {
    let templates = app.deps.store.get_templates(&viewer.organization.id, None, Consistency::Strong);
    let (account, templates) = tokio::join!(read(app, viewer, id), templates);
    let account = account?;
    match templates {
        Ok(Some((templates, _))) => Ok((account, templates)),
        Ok(None) => Err(viewer.not_found()),
        Err(error) => Err(viewer.failure(&error, error.is_retryable())),
    }
}

fn offer(
    viewer: &Viewer,
    account: &AccountView,
    templates: &Templates,
    status: StatusCode,
    said: Option<&Said>,
) -> Response {
    let body = pages::choose_plan(viewer, account, templates, said);
    let title = format!("Plan of {}", account.handoff.account.company);
    viewer.show(status, View { title: &title, at: "/accounts/account", wide: false, script: None, body })
}
