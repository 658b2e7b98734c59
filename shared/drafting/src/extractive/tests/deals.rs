//! Believable source sets: a rich deal, an almost empty one, a contradictory one, one in German.

use handoff_domain::id::SourceId;
use handoff_domain::source::{Source, SourceKind};

pub(super) fn source(
    id: &str,
    kind: SourceKind,
    title: &str,
    author: &str,
    date: &str,
    body: &str,
) -> Source {
    Source {
        id: SourceId::parse(id).unwrap(),
        kind,
        title: title.into(),
        author: (!author.is_empty()).then(|| author.into()),
        date: (!date.is_empty()).then(|| format!("{date}T09:30:00Z").parse().unwrap()),
        body: body.into(),
    }
}

pub(super) fn rich() -> Vec<Source> {
    vec![
        source(
            "deal-1",
            SourceKind::Deal,
            "Northwind Outfitters - Platform",
            "",
            "",
            "Deal name: Northwind Outfitters - Platform\nDeal stage: Closed won\nAmount: 84000\nClose date: 2026-11-18\nDeal type: New business\nDescription: Northwind wants to replace three regional spreadsheets and a shared mailbox with one returns desk for all 42 stores.\nClosed won reason: Only vendor with a live NetSuite sync in the pilot; Zendesk lost on price per agent.\nNext step: Countersigned order form to legal",
        ),
        source(
            "company-1",
            SourceKind::Company,
            "Northwind Outfitters",
            "",
            "",
            "Name: Northwind Outfitters\nDomain: northwind.test\nIndustry: Retail\nNumber of employees: 1200\nDescription: Northwind Outfitters sells outdoor clothing in 42 stores across the Pacific Northwest and online.\nWeb technologies: Shopify; Google Tag Manager; Okta",
        ),
        source(
            "contact-1",
            SourceKind::Contact,
            "Dana Kim",
            "",
            "",
            "First name: Dana\nLast name: Kim\nEmail: dana.kim@northwind.test\nJob title: VP Retail Operations\nBuying role: Decision maker",
        ),
        source(
            "contact-2",
            SourceKind::Contact,
            "Luis Ortega",
            "",
            "",
            "First name: Luis\nLast name: Ortega\nEmail: luis@northwind.test\nJob title: IT Director",
        ),
        source(
            "contact-3",
            SourceKind::Contact,
            "Priya Nair",
            "",
            "",
            "First name: Priya\nLast name: Nair\nEmail: priya@northwind.test\nJob title: Returns Desk Lead\nBuying role: Champion",
        ),
        source(
            "note-1",
            SourceKind::Note,
            "Note",
            "Tom Weber",
            "2026-09-14",
            "Discovery with Dana and Priya.\n\nPain points:\n- Returns are logged by hand in three spreadsheets, nobody trusts the numbers\n- Store managers wait up to 9 days for a refund decision\n\nGoals:\n- Cut refund decisions from 9 days to 2 by summer\n- One weekly returns report for the board\n- Lower fraudulent returns by 15%\n\nTech stack: NetSuite (ERP), Shopify Plus, Okta for sign-on. Luis owns all integrations.\nCompeting with Zendesk and a build-it-yourself idea from IT.",
        ),
        source(
            "call-1",
            SourceKind::Call,
            "Security and rollout call",
            "Tom Weber",
            "2026-10-22",
            "[00:01:10] Tom Weber: When do you want to be live?\n[00:01:18] Dana Kim: We need the first ten stores live by 1 March 2027, before the spring season starts.\n[00:02:40] Luis Ortega: SSO through Okta is a must, and we need SCIM before the second wave.\n[00:04:05] Luis Ortega: My worry is the NetSuite sync, our sandbox is two versions behind production.\n[00:06:30] Dana Kim: Honestly the price per store felt high compared to Zendesk, but the pilot paid for itself in returns we caught.\n[00:09:12] Tom Weber: Great, I will send over the order form.",
        ),
        source(
            "email-1",
            SourceKind::Email,
            "Re: Pilot results",
            "Dana Kim",
            "2026-11-02",
            "From: Dana Kim\nTo: tom@us.test\nSubject: Re: Pilot results\n\nHi Tom,\n\nThe pilot convinced our CFO, Maria Lindqvist: 11% of the flagged returns were fraud. She signs off on anything above 50k, so please address the order form to her.\nWe chose you over Zendesk because the NetSuite sync worked on day one.\nOne thing to watch: Luis is on parental leave from 10 January, and nobody else knows the middleware.",
        ),
        source(
            "email-2",
            SourceKind::Email,
            "Contract questions",
            "Priya Nair",
            "2026-10-30",
            "Hi Tom,\nOur main concern is training: 300 store staff in six weeks, many of them seasonal. Legal also asked where the data is hosted; your EU/US answer was fine.",
        ),
        source(
            "meeting-1",
            SourceKind::Meeting,
            "Kick-off planning",
            "Tom Weber",
            "2026-11-12",
            "Agreed: go-live for the first ten stores on 1 March 2027, the other 32 stores in May. Maria Lindqvist is the executive sponsor, Priya will run the project day to day.",
        ),
        source(
            "task-1",
            SourceKind::Task,
            "Send order form",
            "Tom Weber",
            "2026-11-03",
            "Send order form to Maria",
        ),
    ]
}

pub(super) fn nearly_empty() -> Vec<Source> {
    vec![
        source(
            "deal-2",
            SourceKind::Deal,
            "Brightside Dental",
            "",
            "",
            "Deal name: Brightside Dental\nDeal stage: Closed won\nAmount: 6000\nClose date: 2026-11-20\nDeal type: New business",
        ),
        source(
            "company-2",
            SourceKind::Company,
            "Brightside Dental",
            "",
            "",
            "Name: Brightside Dental\nDomain: brightside.test\nIndustry: Hospital & health care\nNumber of employees: 14",
        ),
        source(
            "contact-9",
            SourceKind::Contact,
            "Joe Park",
            "",
            "",
            "First name: Joe\nLast name: Park\nEmail: joe@brightside.test",
        ),
        source(
            "note-9",
            SourceKind::Note,
            "Note",
            "Sam Fox",
            "2026-11-19",
            "Left voicemail. Joe called back, all good, sending the DocuSign today. Nice guy, two kids, plays golf.",
        ),
        source(
            "email-9",
            SourceKind::Email,
            "DocuSign",
            "Joe Park",
            "2026-11-20",
            "Hi Sam,\n\nsigned, thanks for your patience! Looking forward to it.\n\nJoe\n\nSent from my iPhone",
        ),
    ]
}

pub(super) fn contradictory() -> Vec<Source> {
    vec![
        source(
            "deal-3",
            SourceKind::Deal,
            "Halden Freight",
            "",
            "",
            "Deal name: Halden Freight - Dispatch\nAmount: 120000\nClose date: 2026-11-15",
        ),
        source(
            "contact-31",
            SourceKind::Contact,
            "Ingrid Holm",
            "",
            "",
            "First name: Ingrid\nLast name: Holm\nJob title: COO",
        ),
        source(
            "contact-32",
            SourceKind::Contact,
            "Peter Brandt",
            "",
            "",
            "First name: Peter\nLast name: Brandt\nJob title: Head of IT",
        ),
        source(
            "email-31",
            SourceKind::Email,
            "Timeline",
            "Ingrid Holm",
            "2026-09-02",
            "Tom,\nwe must be live on 1 February 2027, the old dispatch contract ends that week.\nRegards\nIngrid",
        ),
        source(
            "email-32",
            SourceKind::Email,
            "Re: Timeline",
            "Peter Brandt",
            "2026-11-05",
            "Hello Tom,\n\nGo-live in February is not realistic. IT plans the rollout for mid April 2027, after the SAP upgrade.",
        ),
        source(
            "note-31",
            SourceKind::Note,
            "Note",
            "Anna Bell",
            "2026-10-11",
            "Ingrid decides, she is the economic buyer. Goal is to cut empty miles by 12% in the first year.\nPeter says he decides on everything that touches SAP and is not convinced of cloud dispatch.",
        ),
        source(
            "note-32",
            SourceKind::Note,
            "Note",
            "Anna Bell",
            "2026-11-10",
            "Call with Peter: target is 8% fewer empty miles, he thinks 12% is marketing. Users: Ingrid speaks of 200 dispatchers, Peter of 140.",
        ),
        source(
            "call-31",
            SourceKind::Call,
            "Pricing",
            "Anna Bell",
            "2026-10-25",
            "Ingrid pushed back on the price, asked for a discount of 20%. We gave 10% for a two-year term. They also evaluated FleetPilot; we won because of the live map and the SAP connector.",
        ),
    ]
}

pub(super) fn german() -> Vec<Source> {
    vec![
        source(
            "deal-4",
            SourceKind::Deal,
            "Kessler Maschinenbau",
            "",
            "",
            "Deal name: Kessler Maschinenbau\nAmount: 54000\nClose date: 2026-11-16",
        ),
        source(
            "contact-41",
            SourceKind::Contact,
            "Sabine Kessler",
            "",
            "",
            "First name: Sabine\nLast name: Kessler\nJob title: Geschäftsführerin",
        ),
        source(
            "note-41",
            SourceKind::Note,
            "Notiz",
            "Jonas Lang",
            "2026-10-06",
            "Gespräch mit Frau Kessler und Herrn Vogt (Leiter Service).\nZiele:\n- Einsatzplanung der 35 Techniker von 2 Tagen auf 2 Stunden verkürzen\n- Erstlösungsquote auf 85 % steigern\n\nHeute wird alles in Excel geplant, Ersatzteile werden telefonisch bestellt. Sie möchten die Planung und die Ersatzteile in einem System haben.\nSAP Business One, Anbindung über Schnittstelle nötig; Anmeldung über Microsoft Entra.",
        ),
        source(
            "email-41",
            SourceKind::Email,
            "AW: Starttermin",
            "Sabine Kessler",
            "2026-11-04",
            "Sehr geehrter Herr Lang,\n\nder Produktivstart soll spätestens am 15. März 2027 erfolgen. Sorge macht uns der Datenschutz, der Betriebsrat muss noch zustimmen. Das könnte den Start verzögern.\nWir haben uns für Sie entschieden, weil die App auch offline funktioniert.",
        ),
    ]
}
