//! What people and mail programs write under a message, in English, German, French and Spanish.

use crate::words::stream;

/// What ends a message; the signature follows.
const CLOSINGS: &[&str] = &[
    "best",
    "best regards",
    "kind regards",
    "kindest regards",
    "regards",
    "warm regards",
    "with kind regards",
    "rgds",
    "br",
    "brgds",
    "all the best",
    "best wishes",
    "many thanks",
    "thanks",
    "thank you",
    "thanks again",
    "thanks so much",
    "thanks a lot",
    "thx",
    "ta",
    "cheers",
    "sincerely",
    "yours sincerely",
    "yours faithfully",
    "yours",
    "talk soon",
    "speak soon",
    "take care",
    "warmly",
    "mit freundlichen grüßen",
    "mit freundlichen gruessen",
    "mit freundlichem gruß",
    "mit besten grüßen",
    "mit herzlichen grüßen",
    "freundliche grüße",
    "freundliche grüsse",
    "viele grüße",
    "viele grüsse",
    "beste grüße",
    "beste grüsse",
    "liebe grüße",
    "schöne grüße",
    "herzliche grüße",
    "sonnige grüße",
    "gruß",
    "gruss",
    "grüße",
    "lieben gruß",
    "viele dank",
    "vielen dank",
    "besten dank",
    "danke",
    "danke und gruß",
    "mfg",
    "lg",
    "vg",
    "bg",
    "hochachtungsvoll",
    "bis bald",
    "cordialement",
    "bien cordialement",
    "très cordialement",
    "bien à vous",
    "bien à toi",
    "salutations",
    "sincères salutations",
    "meilleures salutations",
    "salutations distinguées",
    "cdt",
    "cdlt",
    "merci",
    "merci d avance",
    "merci beaucoup",
    "amicalement",
    "bonne journée",
    "bonne soirée",
    "bonne réception",
    "à bientôt",
    "à très vite",
    "saludos",
    "un saludo",
    "saludos cordiales",
    "un cordial saludo",
    "atentamente",
    "cordialmente",
    "muchas gracias",
    "gracias",
    "un abrazo",
    "mit freundlichen grüssen",
    "met vriendelijke groet",
    "cordiali saluti",
    "xx",
    "x",
];

/// How lines begin that a mail program adds.
const ADDED_BEGINS: &[&str] = &[
    "sent from my",
    "sent from outlook",
    "sent via",
    "get outlook for",
    "gesendet von meinem",
    "gesendet mit",
    "von meinem iphone gesendet",
    "von meinem handy gesendet",
    "diese nachricht wurde von meinem",
    "holen sie sich outlook",
    "envoyé de mon",
    "envoyé depuis",
    "envoyé à partir",
    "télécharger outlook",
    "obtenir outlook",
    "enviado desde mi",
    "enviado desde",
    "obtener outlook",
    "excuse my brevity",
    "please excuse typos",
    "caution external",
    "external email",
];

/// What lawyers add, in parts that nobody writes into a message.
const ADDED: &[&str] = &[
    "intended recipient",
    "this e mail and any attachment",
    "this email and any attachment",
    "this email is confidential",
    "this e mail is confidential",
    "confidential and intended",
    "confidential and may",
    "unintended recipients",
    "received this email in error",
    "received this e mail in error",
    "received this message in error",
    "attorney client privileged",
    "before printing this",
    "think before you print",
    "consider the environment before",
    "virus free",
    "an die umwelt bevor",
    "irrtümlich erhalten",
    "nicht der richtige adressat",
    "nicht der vorgesehene empfänger",
    "vertrauliche und oder rechtlich geschützte",
    "enthält vertrauliche",
    "unbefugte weitergabe",
    "vor dem ausdrucken",
    "ce message et toutes les pièces",
    "ce message et ses pièces",
    "ce courriel est confidentiel",
    "ce message est confidentiel",
    "si vous n êtes pas le destinataire",
    "avez reçu ce message par erreur",
    "avant d imprimer",
    "n imprimez ce",
    "este mensaje y sus",
    "este correo electrónico y",
    "si no es el destinatario",
    "ha recibido este mensaje por error",
    "antes de imprimir",
];

/// How a message begins.
const GREETINGS: &[&str] = &[
    "hi",
    "hello",
    "hey",
    "dear",
    "good morning",
    "good afternoon",
    "morning",
    "hallo",
    "liebe",
    "lieber",
    "sehr geehrte",
    "sehr geehrter",
    "guten tag",
    "guten morgen",
    "moin",
    "servus",
    "grüezi",
    "bonjour",
    "bonsoir",
    "salut",
    "cher",
    "chère",
    "madame",
    "monsieur",
    "hola",
    "buenos días",
    "buenas tardes",
    "estimado",
    "estimada",
];

/// Longest greeting, in words.
const GREETING_MAX_WORDS: usize = 7;

/// `Best regards,`
pub(super) fn is_closing(line: &str) -> bool {
    let words = stream(line);
    line.trim() == "--" || CLOSINGS.contains(&words.trim())
}

/// `Best, Dana` or `Gruß Dennis Pohl`: a closing and then a name, as words.
pub(super) fn after_closing(line: &str) -> Option<String> {
    let words = stream(line);
    let words = words.trim();
    let fits = |closing: &&&str| words.strip_prefix(**closing).is_some_and(|rest| rest.starts_with(' '));
    let closing = CLOSINGS.iter().filter(fits).max_by_key(|closing| closing.len())?;
    words.strip_prefix(closing).map(|rest| rest.trim().to_owned())
}

/// A line that neither the author nor anybody else wrote for this message.
pub(super) fn is_added(line: &str) -> bool {
    let words = stream(line);
    let words = words.trim();
    ADDED_BEGINS.iter().any(|begin| words.starts_with(begin) && words.len() < 100) || is_legal(line)
}

/// A disclaimer.
pub(super) fn is_legal(line: &str) -> bool {
    let words = stream(line);
    ADDED.iter().any(|added| words.contains(&format!(" {added}")))
}

/// `Hi Dana,`
pub(super) fn is_greeting(line: &str) -> bool {
    let words = stream(line);
    let words = words.trim();
    let begins = |greeting: &&str| {
        words.strip_prefix(*greeting).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    words.split(' ').count() <= GREETING_MAX_WORDS
        && line.trim_end().ends_with([',', '!', ':', '-'])
        && GREETINGS.iter().any(begins)
}
