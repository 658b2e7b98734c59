//! Our own words in the welcome mail, in the organization's language. Languages that are not here get English.

/// One language's blocks. What stands in angle brackets is filled in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Blocks {
    /// `<organization>`, `<company>`.
    pub(super) subject: &'static str,
    /// Filled in for each reader when it is sent.
    pub(super) greeting: &'static str,
    /// `<organization>`, `<csm>`.
    pub(super) who: &'static str,
    /// `<ae>`.
    pub(super) told: &'static str,
    /// The same where nobody is known to have told it.
    pub(super) told_by_nobody: &'static str,
    /// Above the lines of each subject, in the order of the mail.
    pub(super) titles: [&'static str; 4],
    /// Before the booking link.
    pub(super) book: &'static str,
    /// Where there is no booking link.
    pub(super) propose: &'static str,
    /// `<when>`.
    pub(super) planned: &'static str,
    pub(super) forward: &'static str,
    pub(super) regards: &'static str,
    /// What the invitation to the kickoff says first; `<organization>`, `<company>`.
    pub(super) agenda: &'static str,
    pub(super) weekdays: [&'static str; 7],
    pub(super) months: [&'static str; 12],
    /// `<weekday>`, `<day>`, `<month>`, `<year>`, `<time>`, `<zone>`.
    pub(super) moment: &'static str,
}

const ENGLISH: Blocks = Blocks {
    subject: "Welcome to <organization>, <company>",
    greeting: "Hello {first name},",
    who: "welcome to <organization>! My name is <csm>, and I am your customer success manager: from here on, I am the person to turn to.",
    told: "<ae> told me what matters to you, so that you don’t have to explain it again. Please correct me where I got something wrong.",
    told_by_nobody: "My colleagues told me what matters to you, so that you don’t have to explain it again. Please correct me where I got something wrong.",
    titles: [
        "What you want to do first:",
        "Your goals:",
        "When you expect to go live:",
        "What we promised you:",
    ],
    book: "The next step is our kickoff call. Please choose a time that suits you:",
    propose: "The next step is our kickoff call. Which times suit you best? Just reply to this mail.",
    planned: "The next step is our kickoff call on <when>. You will find the invitation in your calendar.",
    forward: "I look forward to working with you.",
    regards: "Best regards,",
    agenda: "Kickoff of <company> with <organization>: we go through your goals, agree on the first steps, and answer your questions.",
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    moment: "<weekday>, <day> <month> <year>, <time> (<zone>)",
};

const GERMAN: Blocks = Blocks {
    subject: "Willkommen bei <organization>, <company>",
    greeting: "Guten Tag {name},",
    who: "willkommen bei <organization>! Ich heiße <csm> und bin Ihr Customer Success Manager: Ab jetzt bin ich für Sie da.",
    told: "<ae> hat mir erzählt, was Ihnen wichtig ist, damit Sie es nicht noch einmal erklären müssen. Bitte korrigieren Sie mich, wo etwas nicht stimmt.",
    told_by_nobody: "Meine Kollegen haben mir erzählt, was Ihnen wichtig ist, damit Sie es nicht noch einmal erklären müssen. Bitte korrigieren Sie mich, wo etwas nicht stimmt.",
    titles: [
        "Was Sie zuerst vorhaben:",
        "Ihre Ziele:",
        "Wann Sie starten möchten:",
        "Was wir Ihnen zugesagt haben:",
    ],
    book: "Der nächste Schritt ist unser Kickoff-Gespräch. Bitte wählen Sie einen Termin, der Ihnen passt:",
    propose: "Der nächste Schritt ist unser Kickoff-Gespräch. Welche Termine passen Ihnen am besten? Antworten Sie einfach auf diese Mail.",
    planned: "Der nächste Schritt ist unser Kickoff-Gespräch am <when>. Die Einladung finden Sie in Ihrem Kalender.",
    forward: "Ich freue mich auf die Zusammenarbeit.",
    regards: "Mit freundlichen Grüßen",
    agenda: "Kickoff von <company> mit <organization>: Wir gehen Ihre Ziele durch, vereinbaren die ersten Schritte und beantworten Ihre Fragen.",
    weekdays: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    moment: "<weekday>, <day>. <month> <year>, <time> Uhr (<zone>)",
};

const FRENCH: Blocks = Blocks {
    subject: "Bienvenue chez <organization>, <company>",
    greeting: "Bonjour {name},",
    who: "bienvenue chez <organization> ! Je m’appelle <csm> et je suis votre Customer Success Manager : à partir de maintenant, je suis à votre écoute.",
    told: "<ae> m’a expliqué ce qui compte pour vous, afin que vous n’ayez pas à le répéter. N’hésitez pas à me corriger.",
    told_by_nobody: "Mes collègues m’ont expliqué ce qui compte pour vous, afin que vous n’ayez pas à le répéter. N’hésitez pas à me corriger.",
    titles: [
        "Ce que vous souhaitez faire en premier :",
        "Vos objectifs :",
        "Votre date de démarrage :",
        "Ce que nous vous avons promis :",
    ],
    book: "La prochaine étape est notre réunion de lancement. Choisissez le créneau qui vous convient :",
    propose: "La prochaine étape est notre réunion de lancement. Quels créneaux vous conviennent ? Il suffit de répondre à ce message.",
    planned: "La prochaine étape est notre réunion de lancement, le <when>. Vous trouverez l’invitation dans votre agenda.",
    forward: "Au plaisir de travailler avec vous.",
    regards: "Bien cordialement,",
    agenda: "Lancement de <company> avec <organization> : nous parcourons vos objectifs, convenons des premières étapes et répondons à vos questions.",
    weekdays: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    moment: "<weekday> <day> <month> <year> à <time> (<zone>)",
};

const SPANISH: Blocks = Blocks {
    subject: "Bienvenidos a <organization>, <company>",
    greeting: "Hola {first name}:",
    who: "le doy la bienvenida a <organization>. Me llamo <csm> y soy su Customer Success Manager: a partir de ahora puede contar conmigo.",
    told: "<ae> me ha contado lo que es importante para ustedes, para que no tengan que explicarlo otra vez. Corríjame si algo no es exacto.",
    told_by_nobody: "Mis colegas me han contado lo que es importante para ustedes, para que no tengan que explicarlo otra vez. Corríjame si algo no es exacto.",
    titles: [
        "Lo primero que quieren hacer:",
        "Sus objetivos:",
        "Cuándo esperan empezar:",
        "Lo que les hemos prometido:",
    ],
    book: "El siguiente paso es nuestra reunión de inicio. Elija el momento que mejor le venga:",
    propose: "El siguiente paso es nuestra reunión de inicio. ¿Qué momentos le vienen mejor? Basta con responder a este correo.",
    planned: "El siguiente paso es nuestra reunión de inicio, el <when>. Encontrará la invitación en su calendario.",
    forward: "Será un placer trabajar con ustedes.",
    regards: "Un cordial saludo,",
    agenda: "Inicio de <company> con <organization>: repasamos sus objetivos, acordamos los primeros pasos y respondemos a sus preguntas.",
    weekdays: ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    months: [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    moment: "<weekday>, <day> de <month> de <year>, <time> (<zone>)",
};

impl Blocks {
    /// By ISO 639-1 code.
    pub(super) fn of(language: &str) -> Self {
        match language.get(..2).unwrap_or_default().to_ascii_lowercase().as_str() {
            "de" => GERMAN,
            "fr" => FRENCH,
            "es" => SPANISH,
            _ => ENGLISH,
        }
    }
}
