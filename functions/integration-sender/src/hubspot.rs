//! What flows back into HubSpot: one note on the deal for each handoff, the owner of the company, properties of the deal. Each is written
//! as the account is now, so that messages that come late or twice end in the same.

mod summary;

use crate::{Deps, wait};
use handoff_domain::Timestamp;
use handoff_domain::account::AccountStatus;
use handoff_domain::delivery::{Delivery, LEASE, Outcome};
use handoff_domain::handoff::Handoff;
use handoff_domain::id::DealId;
use handoff_domain::integration::{FlowBack, HubSpotPart, PartState};
use handoff_hubspot::HubSpotError;
use handoff_store::{DeliveryPage, StoreError};
use jiff::SignedDuration;

/// How often what flowed back is read again when somebody else wrote it in between.
const ROUNDS: usize = 4;

/// Why a note is not written at once.
const BUSY: &str = "Another message is writing the note at this moment";

/// Writes one part, and keeps what became of it for the account's page.
pub(crate) async fn write(
    deps: &Deps,
    page: &DeliveryPage,
    claimed: &Delivery,
    part: HubSpotPart,
) -> Result<Outcome, StoreError> {
    let never = |words: &str| Ok(Outcome::Never { words: words.to_owned() });
    let Some((handoff, _)) = &page.about else { return never("The account is gone") };
    let Some(deal) = &handoff.account.deal else { return never("The account has no deal in HubSpot") };
    let outcome = match part {
        HubSpotPart::Note => note(deps, page, deal, handoff).await?,
        HubSpotPart::Owner => owner(deps, page, deal, handoff).await.unwrap_or_else(|error| failed(&error)),
        HubSpotPart::Properties => {
            properties(deps, deal, handoff).await.unwrap_or_else(|error| failed(&error))
        }
    };
    if !matches!(&outcome, Outcome::Later { words, .. } if words == BUSY) {
        // Of the other message's note the other message tells.
        keep(deps, claimed, handoff, part, &outcome).await?;
    }
    Ok(outcome)
}

/// At most one note for each handoff: before one is made, that it is being made is written down; whoever finds that mark looks among
/// the deal's notes first.
async fn note(
    deps: &Deps,
    page: &DeliveryPage,
    deal: &DealId,
    handoff: &Handoff,
) -> Result<Outcome, StoreError> {
    let drafts = page.about.as_ref().and_then(|(_, drafts)| drafts.as_ref());
    let Some(body) = summary::note(&deps.base_url, handoff, drafts) else {
        return Ok(done("The handoff is open again: the note is written when it is handed over"));
    };
    let mut flow = page.flow_back.clone();
    if flow.note.is_none() {
        match known_note(deps, deal, handoff, &flow).await {
            Ok(Known::Nothing) => {}
            Ok(Known::Note(id)) => flow.note = Some(id),
            Ok(Known::Elsewhere) => return Ok(later(BUSY)),
            Err(error) => return Ok(failed(&error)),
        }
    }
    if let Some(id) = &flow.note {
        let changed = deps.hubspot.change_note(id, &body).await;
        return match changed {
            Ok(true) => {
                remember_note(deps, handoff, Some(id)).await?;
                Ok(done("Written"))
            }
            Ok(false) => Ok(Outcome::Never {
                words: "Somebody deleted the note in HubSpot, so it is not written again".to_owned(),
            }),
            Err(error) => Ok(failed(&error)),
        };
    }
    let now = deps.clock.now();
    let begun = FlowBack { note_begun_at: Some(now), ..flow };
    if deps.store.put_flow_back(&handoff.organization, &handoff.id, &begun).await?.is_none() {
        return Ok(later(BUSY));
    }
    match deps.hubspot.create_note(deal, &body, now).await {
        Ok(Some(id)) => {
            remember_note(deps, handoff, Some(&id)).await?;
            Ok(done("Written"))
        }
        Ok(None) => {
            remember_note(deps, handoff, None).await?;
            Ok(no_deal())
        }
        Err(error) => {
            if error.did_nothing() {
                remember_note(deps, handoff, None).await?;
            }
            Ok(failed(&error))
        }
    }
}

enum Known {
    Nothing,
    Note(String),
    Elsewhere,
}

/// What is known of a note whose id was never learnt.
async fn known_note(
    deps: &Deps,
    deal: &DealId,
    handoff: &Handoff,
    flow: &FlowBack,
) -> Result<Known, HubSpotError> {
    let Some(begun) = flow.note_begun_at else { return Ok(Known::Nothing) };
    if deps.clock.now().duration_since(begun) < LEASE {
        return Ok(Known::Elsewhere);
    }
    let found = deps.hubspot.find_note(deal, &summary::marker(handoff)).await?;
    Ok(found.map_or(Known::Nothing, Known::Note))
}

/// Keeps the note's id, or that there is none; takes the mark away.
async fn remember_note(deps: &Deps, handoff: &Handoff, id: Option<&str>) -> Result<(), StoreError> {
    change(deps, handoff, |flow| FlowBack {
        note: id.map(str::to_owned).or_else(|| flow.note.clone()),
        note_begun_at: None,
        ..flow
    })
    .await
}

async fn owner(
    deps: &Deps,
    page: &DeliveryPage,
    deal: &DealId,
    handoff: &Handoff,
) -> Result<Outcome, HubSpotError> {
    let never = |words: String| Ok(Outcome::Never { words });
    let Some(assigned) = &handoff.assigned else { return Ok(done("Nobody has the account now")) };
    let Some(csm) = page.roster.find(&assigned.csm) else {
        return never(format!("{} is not on the roster any more", assigned.name));
    };
    let Some(owner) = deps.hubspot.find_owner(&csm.email).await? else {
        return never(format!("HubSpot has no user with the mail address of {}", csm.name));
    };
    let Some(company) = deps.hubspot.find_company(deal).await? else {
        return never("The deal has no company in HubSpot".to_owned());
    };
    if deps.hubspot.set_company_owner(&company, &owner).await? {
        return Ok(done(&format!("{} owns the company", csm.name)));
    }
    never("The company is gone from HubSpot".to_owned())
}

/// Names of the deal's properties; the help page and `docs/operations.md` tell admins to make them.
const STATE: &str = "handoff_state";
const CSM: &str = "handoff_csm";
const INVITED_AT: &str = "handoff_invited_at";
const SUBMITTED_AT: &str = "handoff_submitted_at";
const URL: &str = "handoff_url";

async fn properties(deps: &Deps, deal: &DealId, handoff: &Handoff) -> Result<Outcome, HubSpotError> {
    // HubSpot takes moments in milliseconds, and an empty text takes a value away.
    let moment = |at: Option<Timestamp>| at.map(|at| at.as_millisecond().to_string()).unwrap_or_default();
    let state = match handoff.account.status {
        AccountStatus::Live => "live",
        _ => handoff.state.as_str(),
    };
    let values = [
        (STATE, state.to_owned()),
        (CSM, handoff.assigned.as_ref().map(|assigned| assigned.name.clone()).unwrap_or_default()),
        (INVITED_AT, moment(handoff.link.as_ref().map(|link| link.issued_at))),
        (SUBMITTED_AT, moment(handoff.submission.as_ref().map(|submission| submission.at))),
        (URL, format!("{}/accounts/{}", deps.base_url, handoff.id)),
    ];
    let is_set = deps.hubspot.set_deal_properties(deal, &values).await?;
    Ok(if is_set { done(&format!("State: {state}")) } else { no_deal() })
}

fn done(words: &str) -> Outcome {
    Outcome::Done { words: words.to_owned() }
}

fn later(words: &str) -> Outcome {
    Outcome::Later { words: words.to_owned(), after: None }
}

fn no_deal() -> Outcome {
    Outcome::Never { words: "HubSpot has no such deal any more".to_owned() }
}

fn failed(error: &HubSpotError) -> Outcome {
    let words = error.to_plain_text().to_owned();
    match error {
        HubSpotError::Refused { said, .. } if !said.reveal().is_empty() => {
            Outcome::Never { words: format!("HubSpot refused it: {}", said.reveal()) }
        }
        HubSpotError::Refused { .. } | HubSpotError::Misconfigured(_) => Outcome::Never { words },
        // The day's limit ends with the day.
        HubSpotError::RateLimited { is_daily: true, .. } => {
            Outcome::Later { words, after: Some(SignedDuration::from_hours(2)) }
        }
        // A scope may be given within days, and it need not be sent by hand then.
        error => Outcome::Later { words, after: wait(error.retry_after()) },
    }
}

async fn keep(
    deps: &Deps,
    claimed: &Delivery,
    handoff: &Handoff,
    part: HubSpotPart,
    outcome: &Outcome,
) -> Result<(), StoreError> {
    let (is_done, words) = match outcome {
        Outcome::Done { words } => (true, words),
        Outcome::Later { words, .. } | Outcome::Never { words } => (false, words),
    };
    let state = PartState { at: deps.clock.now(), is_done, words: words.clone() };
    tracing::debug!(tries = claimed.tries, is_done, "flow-back kept");
    change(deps, handoff, |mut flow| {
        flow.owner = handoff
            .assigned
            .as_ref()
            .filter(|_| is_done && part == HubSpotPart::Owner)
            .map_or(flow.owner.take(), |assigned| Some(assigned.csm.clone()));
        flow.parts.insert(part, state.clone());
        flow
    })
    .await
}

async fn change(
    deps: &Deps,
    handoff: &Handoff,
    with: impl Fn(FlowBack) -> FlowBack,
) -> Result<(), StoreError> {
    for _ in 0..ROUNDS {
        let flow = deps.store.get_flow_back(&handoff.organization, &handoff.id).await?;
        if deps.store.put_flow_back(&handoff.organization, &handoff.id, &with(flow)).await?.is_some() {
            return Ok(());
        }
    }
    Err(StoreError::Contended { operation: "keeping what flowed back" })
}
