//! The few words of our own in an answer, in the organization's language: labels, attributions, reasons.

use handoff_domain::source::SourceKind;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// One language's words. Languages that are not here get English.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    /// Subject of a conflict about the start.
    pub(crate) go_live_date: &'static str,
    /// Subject of a conflict about a count, before what is counted.
    pub(crate) number: &'static str,
    /// Subjects of conflicts about people.
    pub(crate) who_decides: &'static str,
    pub(crate) who_signs: &'static str,
    /// Subject of a conflict about what the start takes in, before its name.
    pub(crate) scope: &'static str,
    kinds: [&'static str; 12],
    months: [&'static str; 12],
    /// Reasons of a confidence.
    pub(crate) disagree: &'static str,
    pub(crate) added: &'static str,
    pub(crate) agree: &'static str,
    pub(crate) plain: &'static str,
    pub(crate) once: &'static str,
    pub(crate) vague: &'static str,
    pub(crate) old: &'static str,
    pub(crate) reported: &'static str,
}

const KINDS: [SourceKind; 12] = [
    SourceKind::Deal,
    SourceKind::Company,
    SourceKind::Contact,
    SourceKind::Note,
    SourceKind::Email,
    SourceKind::Call,
    SourceKind::Meeting,
    SourceKind::Task,
    SourceKind::Payload,
    SourceKind::Website,
    SourceKind::Pattern,
    SourceKind::Context,
];

const ENGLISH: Words = Words {
    go_live_date: "Go-live date",
    number: "Number",
    who_decides: "Who decides",
    who_signs: "Who signs",
    scope: "At the start or later",
    kinds: [
        "deal record",
        "company record",
        "contact record",
        "note",
        "e-mail",
        "call",
        "meeting",
        "task",
        "pasted material",
        "website",
        "pattern",
        "added by you",
    ],
    months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    disagree: "Sources disagree, the newest is shown first",
    added: "You added this",
    agree: "Several sources agree",
    plain: "Stated plainly and recently",
    once: "Stated once",
    vague: "Only touched on",
    old: "Said long before the close",
    reported: "Only from a web page or a company record",
};

const GERMAN: Words = Words {
    go_live_date: "Starttermin",
    number: "Anzahl",
    who_decides: "Wer entscheidet",
    who_signs: "Wer unterschreibt",
    scope: "Zum Start oder später",
    kinds: [
        "Deal",
        "Unternehmen",
        "Kontakt",
        "Notiz",
        "E-Mail",
        "Anruf",
        "Termin",
        "Aufgabe",
        "Eingefügtes Material",
        "Website",
        "Muster",
        "von Ihnen ergänzt",
    ],
    months: ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."],
    disagree: "Die Quellen widersprechen sich, die neueste steht zuerst",
    added: "Von Ihnen ergänzt",
    agree: "Mehrere Quellen stimmen überein",
    plain: "Klar und kürzlich gesagt",
    once: "Einmal gesagt",
    vague: "Nur am Rande erwähnt",
    old: "Lange vor dem Abschluss gesagt",
    reported: "Nur von einer Webseite oder aus dem Unternehmensdatensatz",
};

const FRENCH: Words = Words {
    go_live_date: "Date de démarrage",
    number: "Nombre",
    who_decides: "Qui décide",
    who_signs: "Qui signe",
    scope: "Dès le début ou plus tard",
    kinds: [
        "affaire",
        "entreprise",
        "contact",
        "note",
        "e-mail",
        "appel",
        "réunion",
        "tâche",
        "texte collé",
        "site web",
        "tendance",
        "ajouté par vous",
    ],
    months: [
        "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
    ],
    disagree: "Les sources se contredisent, la plus récente d’abord",
    added: "Ajouté par vous",
    agree: "Plusieurs sources concordent",
    plain: "Dit clairement et récemment",
    once: "Dit une fois",
    vague: "Seulement évoqué",
    old: "Dit longtemps avant la signature",
    reported: "Seulement d’une page web ou de la fiche entreprise",
};

const SPANISH: Words = Words {
    go_live_date: "Fecha de arranque",
    number: "Número",
    who_decides: "Quién decide",
    who_signs: "Quién firma",
    scope: "Al principio o más tarde",
    kinds: [
        "negocio",
        "empresa",
        "contacto",
        "nota",
        "correo",
        "llamada",
        "reunión",
        "tarea",
        "texto pegado",
        "sitio web",
        "patrón",
        "añadido por usted",
    ],
    months: ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
    disagree: "Las fuentes no coinciden, la más reciente primero",
    added: "Añadido por usted",
    agree: "Varias fuentes coinciden",
    plain: "Dicho con claridad y hace poco",
    once: "Dicho una vez",
    vague: "Solo mencionado de paso",
    old: "Dicho mucho antes del cierre",
    reported: "Solo de una página web o de la ficha de empresa",
};

impl Words {
    /// By ISO 639-1 code.
    pub(crate) fn of(language: &str) -> Self {
        match language.get(..2).unwrap_or_default().to_ascii_lowercase().as_str() {
            "de" => GERMAN,
            "fr" => FRENCH,
            "es" => SPANISH,
            _ => ENGLISH,
        }
    }

    /// Whether this text, as it stands in brackets behind a line, says where the line comes from.
    pub(crate) fn names_a_source(text: &str) -> bool {
        let mut parts = text.split(", ");
        parts.any(|part| [ENGLISH, GERMAN, FRENCH, SPANISH].iter().any(|words| words.kinds.contains(&part)))
    }

    /// The word for a kind of source, as it stands inside a sentence.
    pub(crate) fn kind(&self, kind: SourceKind) -> &'static str {
        KINDS.iter().position(|known| *known == kind).map_or("", |at| self.kinds[at])
    }

    /// The day, as `2 Nov 2026`, in UTC.
    pub(crate) fn day(&self, at: Timestamp) -> String {
        let date = at.to_zoned(TimeZone::UTC).date();
        let month = usize::try_from(date.month()).ok().and_then(|month| self.months.get(month - 1));
        format!("{} {} {}", date.day(), month.unwrap_or(&""), date.year())
    }
}
