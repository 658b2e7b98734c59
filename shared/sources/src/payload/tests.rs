use super::*;
use crate::words::stream;
use proptest::prelude::*;

fn shown(payload: &str) -> String {
    let line = |source: Source| {
        let author = source.author.unwrap_or_default();
        let date = source.date.map(|date| date.to_string()).unwrap_or_default();
        format!(
            "== {} | {:?} | {} | {author} | {date}\n{}",
            source.id, source.kind, source.title, source.body
        )
    };
    split(payload).into_iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_paste_of_everything_falls_into_its_parts() {
    let payload = "Big logo, be nice to them.\n\nMeeting notes 2026-10-12 by Ana Ellis\n- SSO is a must\n- 40 seats\n\n[10:02] Ana: When do you start?\n[10:03] Dana Kim: In May.\n\nFrom: Dana Kim <d@kim.test>\nDate: 3 Nov 2026 10:00\nTo: ana@us.test\nSubject: Contract\n\nWe sign on Friday.\n\nOn 2 Nov 2026, Ana Ellis <ana@us.test> wrote:\n> Any news?\n\n## Slack, 5 Nov 2026\nTom Weber  9:15 AM\nSandbox is up.\nAna Ellis  9:16 AM\nGreat!\n\nTranscript\n[00:00:10] Dana Kim: Hello.\n[00:00:14] Tom Weber: Hi.";
    insta::assert_snapshot!(shown(payload), @r"
    == payload-1 | Payload | Pasted material |  | 
    Big logo, be nice to them.
    == payload-2 | Meeting | Meeting notes 2026-10-12 by Ana Ellis | Ana Ellis | 2026-10-12T00:00:00Z
    Meeting notes 2026-10-12 by Ana Ellis
    - SSO is a must
    - 40 seats
    == payload-3 | Note | Chat: Ana, Dana Kim |  | 
    Ana: When do you start?
    Dana Kim: In May.
    == payload-4 | Email | Contract | Dana Kim <d@kim.test> | 2026-11-03T10:00:00Z
    From: Dana Kim <d@kim.test>
    To: ana@us.test
    Subject: Contract

    We sign on Friday.

    On 2 Nov 2026, Ana Ellis <ana@us.test> wrote:
    > Any news?
    == payload-5 | Note | Slack, 5 Nov 2026 |  | 2026-11-05T00:00:00Z
    ## Slack, 5 Nov 2026
    Tom Weber: Sandbox is up.
    Ana Ellis: Great!
    == payload-6 | Call | Transcript |  | 
    Transcript
    Dana Kim: Hello.
    Tom Weber: Hi.
    ");
}

#[test]
fn dated_entries_are_notes_of_their_day() {
    let payload = "2026-10-01: first call, they use SAP\nmore of it\n12.10.2026 (Ana): price is fine\nNov 3, 2026 - signed";
    insta::assert_snapshot!(shown(payload), @r"
    == payload-1 | Note | first call, they use SAP |  | 2026-10-01T00:00:00Z
    2026-10-01: first call, they use SAP
    more of it
    == payload-2 | Note | price is fine | Ana | 2026-10-12T00:00:00Z
    12.10.2026 (Ana): price is fine
    == payload-3 | Note | signed |  | 2026-11-03T00:00:00Z
    Nov 3, 2026 - signed
    ");
}

#[test]
fn a_chat_without_anything_else_is_one_source() {
    let payload = "12.10.26, 10:02 - Ana Ellis: Start in May?\n12.10.26, 10:05 - Dana Kim: June.\nSorry.\n12.10.26, 10:06 - Ana Ellis: Fine.";
    insta::assert_snapshot!(shown(payload), @r"
    == payload-1 | Note | Chat: Ana Ellis, Dana Kim |  | 2026-10-12T10:02:00Z
    Ana Ellis: Start in May?
    Dana Kim: June.
    Sorry.
    Ana Ellis: Fine.
    ");
}

#[test]
fn what_shows_no_structure_stays_one_source() {
    for payload in [
        "They want SSO.\nGo-live in May.\n\nDana decides.",
        "Goals: fewer tickets\nBudget: 40k\nOwner: Dana",
        "Call them on Monday, they expect it.",
        "Note that the CFO, who is new, decides.",
    ] {
        let sources = split(payload);
        assert_eq!(sources.len(), 1, "{payload}");
        assert_eq!(
            (sources[0].kind, sources[0].id.as_str()),
            (SourceKind::Payload, "payload-1"),
            "{payload}"
        );
        assert_eq!(sources[0].body, payload);
    }
    assert_eq!(split(" \n\n"), []);
}

#[test]
fn long_material_comes_in_parts_that_lose_nothing() {
    let payload = (0..4000).map(|at| format!("Fact number {at} stands here.")).collect::<Vec<_>>().join("\n");
    let sources = split(&payload);
    assert!(sources.len() > 3 && sources.iter().all(|source| source.body.len() <= PIECE_MAX_BYTES));
    assert!(sources[1].title.ends_with(&format!("part 2 of {}", sources.len())));
    let together: String = sources.iter().map(|source| stream(&source.body)).collect();
    assert!((0..4000).all(|at| together.contains(&format!(" number {at} "))));
    let wall = "x".repeat(100_000);
    assert_eq!(split(&wall).iter().map(|source| source.body.len()).sum::<usize>(), wall.len());
}

#[test]
fn an_answer_above_a_thread_is_a_mail_without_its_header() {
    let sources =
        split("Yes, May is fine.\n\nAm 27.05.2026 um 09:20 schrieb Ana Ellis <ana@us.test>:\n> Geht Mai?");
    assert_eq!(sources[0].kind, SourceKind::Email);
    let tidied = crate::tidy(sources, None);
    assert_eq!(tidied[1].author.as_deref(), Some("Ana Ellis <ana@us.test>"));
    assert_eq!(tidied[1].body, "Geht Mai?");
}

#[test]
fn a_conversation_below_a_mail_is_no_part_of_it() {
    let mail = "From: Dana Kim <d@kim.test>\nDate: 3 Nov 2026 10:00\nSubject: x\n\nSee the notes.\n\n";
    for rest in [
        "Transcript\n[00:00:10] Dana Kim: Hello.\n[00:00:14] Tom Weber: Hi.",
        "[10:02] Ana: When?\n[10:03] Dana: In May.",
        "Meeting notes 2026-10-12\n- SSO",
    ] {
        let sources = split(&format!("{mail}{rest}"));
        assert_eq!(sources.len(), 2, "{rest}");
        assert!(sources[0].body.ends_with("See the notes."), "{}", sources[0].body);
    }
    let within = format!("{mail}Meeting notes\n\nWe spoke about SSO.");
    assert_eq!(split(&within).len(), 1, "people write headings into mails");
}

proptest! {
    #[test]
    fn no_statement_is_lost_whatever_stands_around_it(pieces in proptest::collection::vec((0..9usize, 0..1000usize), 1..14)) {
        let line = |at: usize, shape: usize| match shape {
            0 => format!("\n\nMeeting notes 2026-10-12\nStatement s{at} stands.\n"),
            1 => format!("[10:0{}] Ana: Statement s{at} stands.\n", at % 10),
            2 => format!("\n\nFrom: Ana <a@us.test>\nDate: 3 Nov 2026\nSubject: x\n\nStatement s{at} stands.\n"),
            3 => format!("2026-10-1{}: Statement s{at} stands.\n", at % 10),
            4 => format!("\nStatement s{at} stands.\n\n"),
            5 => format!("Tom Weber  9:15 AM\nStatement s{at} stands.\n"),
            6 => format!("> Statement s{at} stands.\n"),
            7 => format!("Dana Kim: Statement s{at} stands.\n"),
            _ => format!("# Call\n- Statement s{at} stands.\n"),
        };
        let payload: String = pieces.iter().enumerate().map(|(at, (shape, _))| line(at, *shape)).collect();
        let sources = split(&payload);
        let tidied = crate::tidy(sources.clone(), None);
        for at in 0..pieces.len() {
            let words = format!(" statement s{at} stands ");
            prop_assert!(sources.iter().any(|source| stream(&source.body).contains(&words)), "{}\n{}", payload, shown(&payload));
            prop_assert!(tidied.iter().any(|source| stream(&source.body).contains(&words)));
        }
        for (at, source) in sources.iter().enumerate() {
            prop_assert_eq!(source.id.as_str(), format!("payload-{}", at + 1));
        }
    }

    #[test]
    fn any_text_is_split(payload in "([A-Za-z0-9:\\[\\]. >#-]{0,30}\n){0,20}") {
        let sources = split(&payload);
        prop_assert!(sources.iter().all(|source| !source.body.is_empty() && !source.title.is_empty()));
    }
}
