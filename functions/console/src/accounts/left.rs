//! CSMs who left, or lost the role, and still have accounts: nobody looks after those customers.

use crate::app::App;
use crate::gate::Viewer;
use futures_util::future::try_join_all;
use handoff_domain::id::MemberId;
use handoff_domain::listing::Filter;
use handoff_domain::roster::Loads;
use handoff_store::StoreError;
use handoff_web::components::{Tone, notice};
use handoff_web::{Markup, html};

/// Most of them that are shown at once.
const SHOWN_MAX: usize = 10;

/// One of them.
pub(crate) struct Left {
    id: MemberId,
    name: String,
    load: u32,
}

/// Everybody with accounts in onboarding who is no CSM of the roster; their names from the roster, else from one of their
/// accounts. One query for each who is gone; most organizations have none.
pub(crate) async fn find(app: &App, viewer: &Viewer, loads: &Loads) -> Result<Vec<Left>, StoreError> {
    let gone = loads.0.iter().filter(|(id, load)| **load > 0 && viewer.roster.find_csm(id).is_none());
    try_join_all(gone.take(SHOWN_MAX).map(async |(id, load)| {
        let name = match viewer.roster.find(id) {
            Some(member) => member.name.clone(),
            None => name_of(app, viewer, id).await?,
        };
        Ok(Left { id: id.clone(), name, load: *load })
    }))
    .await
}

async fn name_of(app: &App, viewer: &Viewer, id: &MemberId) -> Result<String, StoreError> {
    let filter = Filter { csm: Some(id.clone()), ..Filter::default() };
    let page = app.deps.store.list_accounts(&viewer.organization.id, &filter, None, 1).await?;
    let name = page.rows.into_iter().next().map(|listed| listed.row.csm_name);
    Ok(name.filter(|name| !name.is_empty()).unwrap_or_else(|| "Somebody".to_owned()))
}

/// What is said of them, with the way to their accounts; nothing where nobody left.
pub(crate) fn notices(left: &[Left]) -> Markup {
    html! {
        @for Left { id, name, load } in left {
            @let accounts = if *load == 1 { "an account" } else { "accounts" };
            (notice(Tone::Caution, &format!("{name} is no CSM any more and still has {accounts}"), false, html! {
                p {
                    @if *load == 1 { "Nobody looks after that customer. " } @else { (load) " customers in onboarding have nobody who looks after them. " }
                    a href={ "/accounts?scope=all&csm=" (id) } { "Look at them and assign another CSM" } "."
                }
            }))
        }
    }
}
