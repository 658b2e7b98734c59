//! Writes every page of the link with sample content, for looking at: `cargo run --example pages -- <folder>`.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a tool for developers")]

use handoff_domain::account::Contact;
use handoff_domain::answer::{Answer, AnswerOrigin, AnswerValue};
use handoff_domain::draft::{Citation, Claim, Confidence, DraftedBy, Drafts};
use handoff_domain::finding::Settlement;
use handoff_domain::form::FieldErrors;
use handoff_domain::handoff::{CsmChoice, FinalAnswer, Handoff, HandoffState, Submission};
use handoff_domain::id::{ConflictId, MemberId, PromiseId, QuestionId, RunId, SourceId};
use handoff_domain::question::{Question, QuestionKind};
use handoff_domain::roster::{Loads, Roster};
use handoff_domain::source::{SourceGap, SourceKind, SourceRef};
use handoff_form::views::{FormView, LinkView, Message, Typed, form, gone, receipt};
use handoff_testing::fixtures;
use handoff_views::source;
use handoff_web::components::Tone;
use handoff_web::page::Page;
use handoff_web::{assets, html};
use std::path::Path;

fn id(text: &str) -> QuestionId {
    QuestionId::parse(text).unwrap()
}

fn extra(name: &str, kind: QuestionKind, wording: &str, options: &[&str]) -> Question {
    Question {
        id: id(name),
        kind,
        wording: wording.to_owned(),
        help: String::new(),
        placeholder: String::new(),
        required: false,
        options: options.iter().map(|&option| option.to_owned()).collect(),
    }
}

const ANSWERS: [(&str, &str, Confidence, &str); 6] = [
    (
        "primary_use_case",
        "Cut no-shows at their eleven clinics: automatic reminders by SMS and e-mail, and a waiting list that fills gaps the same day.",
        Confidence::High,
        "Said on a call and in an e-mail",
    ),
    (
        "top_goals",
        "1. No-shows from 14 % to under 10 % by summer\n2. One calendar for all eleven clinics\n3. Front desks off the phone: 40 % fewer calls",
        Confidence::High,
        "Three sources agree",
    ),
    (
        "stakeholders",
        "Pat Doe (COO): signs, wants numbers by the quarter.\nDr. Imani Reyes: medical director, worried about patient privacy.\nTomás Vidal: head of IT, owns the integration.",
        Confidence::Medium,
        "One e-mail thread",
    ),
    (
        "technical_environment",
        "Epic for records, Azure AD for sign-on, Twilio already under contract.",
        Confidence::Medium,
        "One call",
    ),
    (
        "why_us",
        "The waiting list: neither of the two others fills a gap by itself.",
        Confidence::Low,
        "Sources disagree: the note names price, the call names the waiting list",
    ),
    ("go_live", "Mid March, before the allergy season", Confidence::High, "Stated plainly in a note"),
];

fn drafts() -> Drafts {
    let mut drafts = fixtures::drafts_with_findings("run-1", None);
    let modules = extra(
        "modules",
        QuestionKind::MultiSelect,
        "Which modules did they buy?",
        &["Reminders", "Waiting list", "Analytics", "Single sign-on"],
    );
    let sso = extra("sso", QuestionKind::YesNo, "Do they need single sign-on from day one?", &[]);
    for (question, value) in [
        (modules, AnswerValue::Choices(vec!["Reminders".into(), "Waiting list".into()])),
        (sso, AnswerValue::YesNo(true)),
    ] {
        let mut draft = drafts.drafts[0].clone();
        draft.question = question.id.clone();
        draft.value = Some(value);
        draft.confidence = Some(Confidence::High);
        draft.reason = "The deal's line items".into();
        drafts.drafts.push(draft);
        drafts.questions.questions.push(question);
    }
    for (question, text, confidence, reason) in ANSWERS {
        let draft = drafts.drafts.iter_mut().find(|draft| draft.question == id(question)).unwrap();
        draft.value = Some(AnswerValue::Text(text.to_owned()));
        draft.confidence = Some(confidence);
        draft.reason = reason.into();
        draft.by = DraftedBy::Model("model".to_owned());
        let citations = [
            Citation {
                source: SourceId::parse("note-77").unwrap(),
                quote: "cut no-shows by 30 percent".into(),
                before: "They want to ".into(),
                after: ". Go-live is planned for mid March, before".into(),
            },
            Citation {
                source: SourceId::parse("email-9").unwrap(),
                quote: "Our no-show rate is 14 percent and I want it under ten by summer".into(),
                before: "Hi Ana, thanks for the call. ".into(),
                after: ", otherwise the board will ask why we".into(),
            },
        ];
        draft.claims = text
            .lines()
            .enumerate()
            .map(|(line, text)| Claim {
                text: text
                    .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ' ')
                    .to_owned(),
                citations: citations[..=line % 2].to_vec(),
            })
            .collect();
    }
    drafts.run.id = RunId::parse("run-2").unwrap();
    for (number, kind, title, author) in [
        (1, SourceKind::Website, "About us", "acme.test"),
        (2, SourceKind::Website, "acme.test/locations", "acme.test"),
        (3, SourceKind::Email, "Re: rollout and numbers", "Pat Doe"),
        (4, SourceKind::Email, "Re: rollout and numbers", "Ana Ellis"),
        (5, SourceKind::Call, "Discovery", "Ana Ellis"),
        (6, SourceKind::Deal, "Acme Health - Platform", ""),
    ] {
        drafts.sources.push(SourceRef {
            id: SourceId::parse(format!("more-{number}")).unwrap(),
            kind,
            title: title.to_owned(),
            author: Some(author.to_owned()).filter(|author| !author.is_empty()),
            date: Some(fixtures::now()),
        });
    }
    drafts.gaps = vec![SourceGap {
        kind: SourceKind::Call,
        reason: "HubSpot did not answer in time, so two calls were not read.".into(),
    }];
    drafts.gaps.push(SourceGap {
        kind: SourceKind::Website,
        reason: "2 pages of the website could not be read".into(),
    });
    drafts.run.by = DraftedBy::Model("model".to_owned());
    drafts
}

fn handoff() -> Handoff {
    let mut handoff = fixtures::handoff();
    for (name, title) in [("Dr. Imani Reyes", "Medical director"), ("Tomás Vidal", "Head of IT")] {
        handoff.account.contacts.push(Contact {
            name: name.into(),
            email: "someone@acme.test".into(),
            phone: "+1 555 0100".into(),
            title: title.into(),
        });
    }
    handoff
}

fn roster() -> Roster {
    let mut roster = fixtures::roster();
    roster.members.insert(0, fixtures::csm("mei", "Mei Tanaka", &["Hospital", "Enterprise"], 4));
    roster.members.push(fixtures::csm("jo", "Jo Bergström", &["Health", "Integrations"], 6));
    roster.members.push(fixtures::csm("lu", "Lu Fischer", &["Fintech"], 6));
    roster.members[1].away_from = Some(jiff::civil::date(2026, 11, 20));
    roster.members[1].away_until = Some(jiff::civil::date(2026, 12, 1));
    roster
}

fn main() {
    let folder = std::env::args().nth(1).expect("the folder to write to");
    let folder = Path::new(&folder);
    let (handoff, drafts, roster) = (handoff(), drafts(), roster());
    let mut loads = Loads::default();
    for (member, load) in [("mei", 4), ("sam", 6), ("jo", 2)] {
        loads.0.insert(MemberId::parse(member).unwrap(), load);
    }
    let link = LinkView { path: "/handoff/sample".to_owned(), csrf: "sample".to_owned() };
    let (typed, errors) = (Typed::default(), FieldErrors::new());
    let plain = |handoff: &Handoff,
                 drafts: &Drafts,
                 typed: &Typed,
                 errors: &FieldErrors,
                 conflict: bool,
                 message: Option<Message>| {
        let view = FormView {
            handoff,
            drafts,
            roster: &roster,
            loads: &loads,
            turns: None,
            link: &link,
            typed,
            errors,
            conflict,
            message,
            now: fixtures::now(),
        };
        form::page(&view, "Hand over Acme Health").render().into_string()
    };
    let write = |name: &str, text: String| {
        let text = text.replace("=\"/assets/", "=\"assets/");
        std::fs::write(folder.join(format!("{name}.html")), text).unwrap();
    };
    let show = |name: &str, page: Page<'_>| write(name, page.render().into_string());
    std::fs::create_dir_all(folder.join("assets")).unwrap();
    for (asset, body) in [
        (assets::stylesheet(), include_str!("../../../shared/web/assets/handoff.css")),
        (assets::form_script(), include_str!("../../../shared/web/assets/form.js")),
        (assets::icon(), include_str!("../../../shared/web/assets/icon.svg")),
    ] {
        std::fs::write(folder.join(&asset.url()[1..]), body).unwrap();
    }
    write("form", plain(&handoff, &drafts, &typed, &errors, false, None));

    let mut conflicted = Typed::default();
    conflicted.input.answers.insert(id("top_goals"), vec!["1. No-shows under 8 %".into()]);
    conflicted.input.answers.insert(id("risks"), vec!["The COO may leave in spring.".into()]);
    conflicted.contexts.insert("why_us".into(), "Price was never the point".into());
    let errors = FieldErrors::from([(
        "answers[stakeholders]".to_owned(),
        "This question needs an answer before you can submit.".to_owned(),
    )]);
    let mut other = handoff.clone();
    other.answers.insert(
        id("risks"),
        Answer { value: Some(AnswerValue::Text("Budget freeze in Q2".into())), saved_at: fixtures::now() },
    );
    other.settled.insert(ConflictId::parse("c-go-live").unwrap(), Settlement::Neither);
    other.dropped_promises.insert(PromiseId::parse("p-price").unwrap());
    conflicted.input.conflicts.insert(ConflictId::parse("c-go-live").unwrap(), "0".into());
    conflicted.input.promises.insert(PromiseId::parse("p-price").unwrap(), "keep".into());
    let message = Message {
        tone: Tone::Caution,
        title: "Someone saved while you were typing",
        body: html! { p { "Nothing is lost." } },
    };
    write("conflict", plain(&other, &drafts, &conflicted, &errors, true, Some(message)));

    let mut bare = fixtures::drafts("run-1", None);
    bare.sources.clear();
    bare.run.fallback = Some("The model did not answer in time".into());
    let mut pending = handoff.clone();
    pending.redraft = Some(handoff_domain::handoff::PendingRedraft {
        run: RunId::parse("r").unwrap(),
        question: None,
        asked_at: fixtures::now(),
    });
    write("empty", plain(&pending, &bare, &typed, &FieldErrors::new(), false, None));

    let mut done = handoff.clone();
    done.state = HandoffState::Submitted;
    let answers = ANSWERS.iter().map(|(question, text, ..)| {
        (
            id(question),
            FinalAnswer {
                value: AnswerValue::Text((*text).to_owned()),
                origin: AnswerOrigin::Accepted,
                change: None,
                from: std::collections::BTreeSet::new(),
            },
        )
    });
    done.submission = Some(Submission {
        at: fixtures::now(),
        answers: answers.collect(),
        note: "Pat is the champion.".into(),
        settled: [(ConflictId::parse("c-go-live").unwrap(), Settlement::Version(0))].into(),
        dropped_promises: [PromiseId::parse("p-price").unwrap()].into(),
        csm: CsmChoice::Member(MemberId::parse("jo").unwrap()),
        csm_name: "Jo Bergström".into(),
    });
    show("receipt", receipt::page(&done, &drafts, "Handed over").unwrap());
    show("expired", gone::expired(&handoff, &link));
    show("replaced", gone::replaced(&handoff));
    show("skipped", gone::skipped(&handoff));
    show("drafting", gone::drafting(&handoff));
    let zone = handoff_web::text::zone(&handoff.time_zone);
    for (name, source) in [("source", fixtures::source()), ("source-mail", fixtures::rollout_mail())] {
        let body = source::body(&handoff.account.company, &zone, Some(&drafts), &source);
        let (title, brand) = (source::title(&source), handoff.organization_name.as_str());
        show(name, Page { title, brand, script: None, body });
    }
}
