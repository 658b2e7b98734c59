use super::*;
use proptest::prelude::*;

fn source(kind: SourceKind, id: &str, author: &str, date: &str, body: &str) -> Source {
    Source {
        id: SourceId::parse(id).unwrap(),
        kind,
        title: "Next steps".into(),
        author: Some(author.to_owned()).filter(|author| !author.is_empty()),
        date: date.parse().ok(),
        body: body.into(),
    }
}

fn mail(id: &str, author: &str, day: u32, body: &str) -> Source {
    let date = format!("2026-05-{day:02}T09:20:00Z");
    let body = format!("From: {author}\nTo: you@us.test\nSubject: Next steps\n\n{body}");
    source(SourceKind::Email, id, author, &date, &body)
}

fn tidied(sources: Vec<Source>) -> Vec<Source> {
    tidy(sources, None)
}

fn shown(sources: &[Source]) -> String {
    let line = |source: &Source| {
        let author = source.author.clone().unwrap_or_default();
        let date = source.date.map(|date| date.to_string()).unwrap_or_default();
        format!("== {} | {author} | {date}\n{}", source.id, source.body)
    };
    sources.iter().map(line).collect::<Vec<_>>().join("\n")
}

const MIRIAM: &str = "Miriam Pike <m@pike.test>";
const ANA: &str = "Ana Ellis <ana@us.test>";

#[test]
fn a_thread_is_told_once_and_what_is_older_than_the_crm_becomes_a_source() {
    let oldest = "From: Ana Ellis <ana@us.test>\nSent: 14 May 2026 09:20\nTo: m@pike.test\nSubject: Next steps\n\nHi Miriam,\n\nTwo training days are on us.\n\nBest\n\nAna Ellis\nAccount Executive\nNorthwind | ana@us.test";
    let second = "Ana\n\nThe binders go first, about 1,900 of them.\n\nM\n\nMiriam Pike\nOperations Director\nPike LLP is authorised. This e-mail and any attachment are confidential.";
    let first_mail = format!("{second}\n\n________________________________\n{oldest}");
    let second_mail = format!(
        "Understood, UK hosting it is.\n\nAna Ellis\nAccount Executive\n\n________________________________\nFrom: Miriam Pike <m@pike.test>\nSent: 18 May 2026 09:20\nTo: ana@us.test\nSubject: RE: Next steps\n\n{first_mail}"
    );
    let company = source(SourceKind::Company, "company-1", "", "", "Company: Pike\nDomain: pike.test");
    let sources =
        vec![company, mail("email-2", ANA, 20, &second_mail), mail("email-1", MIRIAM, 18, &first_mail)];
    insta::assert_snapshot!(shown(&tidied(sources)), @r"
    == company-1 |  | 
    Company: Pike
    Domain: pike.test
    == email-2 | Ana Ellis <ana@us.test> | 2026-05-20T09:20:00Z
    From: Ana Ellis <ana@us.test>
    To: you@us.test
    Subject: Next steps

    Understood, UK hosting it is.
    == email-1 | Miriam Pike <m@pike.test> | 2026-05-18T09:20:00Z
    From: Miriam Pike <m@pike.test>
    To: you@us.test
    Subject: Next steps

    Ana

    The binders go first, about 1,900 of them.

    Miriam Pike
    Operations Director
    == email-1-2 | Ana Ellis <ana@us.test> | 2026-05-14T09:20:00Z
    Hi Miriam,

    Two training days are on us.
    ");
}

#[test]
fn a_role_is_kept_only_where_no_record_names_the_person() {
    let body = "It is a go.\n\nMiriam Pike\nOperations Director";
    let contact = source(
        SourceKind::Contact,
        "contact-1",
        "",
        "",
        "First name: Miriam\nLast name: Pike\nE-mail: m@pike.test",
    );
    let named = tidied(vec![contact, mail("email-1", MIRIAM, 18, body)]);
    assert!(!named[1].body.contains("Operations"), "{}", named[1].body);
    let company = source(SourceKind::Company, "company-1", "", "", "Domain: pike.test");
    let mails = [
        mail("email-1", MIRIAM, 18, body),
        mail("email-2", MIRIAM, 19, body),
        mail("email-3", ANA, 19, "Good.\n\nAna Ellis\nAccount Executive"),
    ];
    let unnamed = tidied(std::iter::once(company).chain(mails).collect());
    assert!(
        unnamed[1].body.ends_with("It is a go.\n\nMiriam Pike\nOperations Director"),
        "{}",
        unnamed[1].body
    );
    assert!(unnamed[2].body.ends_with("It is a go."), "once is enough");
    assert!(!unnamed[3].body.contains("Executive"), "our own people are no one's stakeholders");
    let partner =
        mail("email-4", "Niamh Duffy <n@partner.test>", 20, "Send it to me.\n\nNiamh Duffy\nIT Manager");
    let ours = EmailAddress::parse("tom@us.test").unwrap();
    assert!(!tidied(vec![partner.clone()])[0].body.contains("IT Manager"), "she could be one of ours");
    assert!(tidy(vec![partner], Some(&ours))[0].body.ends_with("Niamh Duffy\nIT Manager"));
}

#[test]
fn a_forwarded_message_keeps_its_author_and_date() {
    let body = "FYI\n\n---------- Forwarded message ---------\nVon: Petra Lang <p@lang.test>\nDatum: Mo., 4. Mai 2026 um 08:12\nBetreff: Budget\nAn: Dana\n\nDas Budget von 40.000 EUR ist frei.\n\nViele Grüße\nPetra";
    let once = tidied(vec![mail("email-7", "Dana Kim <d@kim.test>", 9, body)]);
    assert_eq!(once.len(), 2);
    assert_eq!(once[1].id.as_str(), "email-7-2");
    assert_eq!(once[1].author.as_deref(), Some("Petra Lang <p@lang.test>"));
    assert_eq!(once[1].date, "2026-05-04T08:12:00Z".parse().ok());
    assert_eq!(once[1].body, "Das Budget von 40.000 EUR ist frei.");
    assert!(once[0].body.ends_with("FYI"));
}

#[test]
fn a_statement_that_only_looks_like_a_told_one_stays() {
    let other = mail("email-1", ANA, 3, "I am not sure that we need SSO for all users.");
    let body = "See below.\n\n> We need SSO for all users.\n> In May.";
    let once = tidied(vec![other, mail("email-2", MIRIAM, 4, body)]);
    assert_eq!(once[2].body, "We need SSO for all users.\nIn May.");
    assert_eq!(once[2].author, None);
}

#[test]
fn other_sources_are_left_as_they_are() {
    let note = source(
        SourceKind::Note,
        "note-1",
        ANA,
        "2026-05-01T00:00:00Z",
        "On 3 May 2026, Tom wrote:\n> x\n\nBest,\nAna",
    );
    assert_eq!(tidied(vec![note.clone()]), [note]);
}

/// A message of a generated thread.
#[derive(Debug, Clone)]
struct Written {
    sentences: Vec<String>,
    author: usize,
    style: usize,
    is_in_crm: bool,
    tail: usize,
}

const PEOPLE: [(&str, &str); 3] =
    [("Dana Kim", "dana1@kim.test"), ("Tom Weber", "tom@us.test"), ("Élise Noirot", "e@noirot.test")];
const VERBS: [&str; 6] = ["needs", "wants", "braucht", "veut", "will bring", "may drop"];

/// Verbs with whether the sentence is short, the author, the style, whether the CRM has it, the signature.
type Drawn = (Vec<(usize, bool)>, usize, usize, bool, usize);

fn written() -> impl Strategy<Value = Vec<Written>> {
    let one = (
        proptest::collection::vec((0..VERBS.len(), any::<bool>()), 1..5),
        0..PEOPLE.len(),
        0..5usize,
        any::<bool>(),
        0..4usize,
    );
    proptest::collection::vec(one, 1..7).prop_map(|messages| {
        let number = messages.len();
        let build = |(place, (verbs, author, style, is_in_crm, tail)): (usize, Drawn)| Written {
            sentences: verbs
                .iter()
                .enumerate()
                .map(|(at, (verb, is_short))| {
                    let rest = if *is_short {
                        ""
                    } else {
                        " forty two seats in the northern region before the summer"
                    };
                    format!("Team t{place}x{at} {}{rest}.", VERBS[*verb])
                })
                .collect(),
            author,
            style,
            is_in_crm: is_in_crm || place + 1 == number,
            tail,
        };
        messages.into_iter().enumerate().map(build).collect()
    })
}

/// The body of message `at` as its mail program sends it: with all messages before it.
fn body(thread: &[Written], at: usize) -> String {
    let message = &thread[at];
    let (name, _) = PEOPLE[message.author];
    let tail = match message.tail {
        0 => format!("\n\nBest regards,\n{name}\nHead of Operations"),
        1 => format!("\n\nGruß {name}\n\nSent from my iPhone"),
        2 => format!("\n\n{name}\nResponsable SAV\n+49 30 123456"),
        _ => String::new(),
    };
    let own =
        format!("Hi all,\n\n{}{tail}", message.sentences.join(if message.style == 1 { "\n\n" } else { " " }));
    if at == 0 {
        return own;
    }
    let before = body(thread, at - 1);
    let (name, address) = PEOPLE[thread[at - 1].author];
    let day = at;
    let marked = || {
        before.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
    };
    match message.style {
        0 => format!("{own}\n\nOn Tue, May {day}, 2026 at 09:20, {name} <{address}> wrote:\n{}", marked()),
        1 => format!("{own}\n\nAm {day:02}.05.2026 um 09:20 schrieb {name}\n<{address}>:\n\n{}", marked()),
        2 => format!(
            "{own}\n\nVon: {name} <{address}>\nGesendet: Montag, {day}. Mai 2026 09:20\nAn: x\nBetreff: y\n\n{before}"
        ),
        3 => format!(
            "{own}\n\n________________________________\nFrom: {name}\nSent: {day} May 2026 09:20\nTo: x\nSubject: y\n\n{before}"
        ),
        _ => format!("{own}\n\nLe mar. {day} mai 2026 à 09:20, {name} <{address}> a écrit :\n{}", marked()),
    }
}

fn stored(thread: &[Written]) -> Vec<Source> {
    let in_crm = thread.iter().enumerate().filter(|(_, message)| message.is_in_crm);
    in_crm
        .map(|(at, message)| {
            let (name, address) = PEOPLE[message.author];
            mail(
                &format!("email-{at}"),
                &format!("{name} <{address}>"),
                u32::try_from(at).unwrap() + 1,
                &body(thread, at),
            )
        })
        .collect()
}

proptest! {
    #[test]
    fn every_statement_stands_once_and_tidying_again_changes_nothing(thread in written()) {
        let once = tidied(stored(&thread));
        for sentence in thread.iter().flat_map(|message| &message.sentences) {
            let words = stream(sentence);
            let places = once.iter().filter(|source| stream(&source.body).contains(&words)).count();
            prop_assert_eq!(places, 1, "{}\n{}", sentence, shown(&once));
        }
        prop_assert_eq!(&tidied(once.clone()), &once);
        let mut reversed = tidied(stored(&thread).into_iter().rev().collect());
        reversed.sort_by(|a, b| a.id.cmp(&b.id));
        let mut sorted = once.clone();
        sorted.sort_by(|a, b| a.id.cmp(&b.id));
        prop_assert_eq!(reversed, sorted, "the order of the sources decides nothing");
        prop_assert!(once.iter().all(|source| !source.body.contains("iPhone")), "{}", shown(&once));
    }

    #[test]
    fn any_text_is_tidied_in_the_end(bodies in proptest::collection::vec("(Best,|On 3 May 2026, T wrote:|From: T x|Sent: 3 May 2026|> |>> |Dana|\n|\n\n|we go|-- |word |PS )*", 1..4)) {
        let sources: Vec<Source> = bodies.iter().enumerate().map(|(at, body)| mail(&format!("email-{at}"), "Dana Kim <d@kim.test>", 3, body)).collect();
        let once = tidied(sources);
        prop_assert_eq!(&tidied(once.clone()), &once);
    }
}
