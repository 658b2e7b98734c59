//! The fixed vocabulary that texts are counted by: words of ours, whatever the customer's were.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A subject that the answers of many customers touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is its label")]
pub enum Theme {
    Training,
    DataMigration,
    Integration,
    SingleSignOn,
    SecurityReview,
    Privacy,
    Legal,
    Procurement,
    Budget,
    Price,
    ChangeManagement,
    Adoption,
    Staffing,
    Timeline,
    ExecutiveSponsor,
    Reporting,
    Automation,
    TimeSavings,
    CostSavings,
    CustomerExperience,
    Compliance,
    DataQuality,
    Performance,
    Mobile,
    Support,
    Pilot,
    Competitor,
    Scope,
}

impl Theme {
    /// All of them, in the order in which they are suggested when their counts are equal.
    pub const ALL: [Self; 28] = [
        Self::Training,
        Self::DataMigration,
        Self::Integration,
        Self::SingleSignOn,
        Self::SecurityReview,
        Self::Privacy,
        Self::Legal,
        Self::Procurement,
        Self::Budget,
        Self::Price,
        Self::ChangeManagement,
        Self::Adoption,
        Self::Staffing,
        Self::Timeline,
        Self::ExecutiveSponsor,
        Self::Reporting,
        Self::Automation,
        Self::TimeSavings,
        Self::CostSavings,
        Self::CustomerExperience,
        Self::Compliance,
        Self::DataQuality,
        Self::Performance,
        Self::Mobile,
        Self::Support,
        Self::Pilot,
        Self::Competitor,
        Self::Scope,
    ];

    /// The words for people, fit for the middle of a sentence.
    pub fn label(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::DataMigration => "data migration",
            Self::Integration => "integration with other systems",
            Self::SingleSignOn => "single sign-on",
            Self::SecurityReview => "a security review",
            Self::Privacy => "data protection",
            Self::Legal => "legal review",
            Self::Procurement => "procurement",
            Self::Budget => "budget",
            Self::Price => "the price",
            Self::ChangeManagement => "change management",
            Self::Adoption => "adoption by users",
            Self::Staffing => "staffing",
            Self::Timeline => "a tight timeline",
            Self::ExecutiveSponsor => "an executive sponsor",
            Self::Reporting => "reporting",
            Self::Automation => "automation",
            Self::TimeSavings => "saving time",
            Self::CostSavings => "saving cost",
            Self::CustomerExperience => "their customers' experience",
            Self::Compliance => "compliance",
            Self::DataQuality => "data quality",
            Self::Performance => "performance and reliability",
            Self::Mobile => "mobile use",
            Self::Support => "support",
            Self::Pilot => "a pilot",
            Self::Competitor => "a competitor",
            Self::Scope => "scope",
        }
    }

    /// How words begin that touch it, in English, German, French and Spanish. A `$` ends the word.
    #[rustfmt::skip]
    fn stems(self) -> &'static [&'static str] {
        match self {
            Self::Training => &[
                "training", "trainer", "schulung", "schulen", "einarbeit", "formation$", "formations$",
                "former$", "capacitac", "formación$", "enablement", "workshop",
            ],
            Self::DataMigration => &[
                "migrat", "datenübernahme", "altdaten", "data import", "datenimport", "reprise de donn",
                "reprise des donn", "legacy data", "migrac",
            ],
            Self::Integration => &[
                "integrat", "integrier", "schnittstelle", "anbindung", "anbinden", "connector",
                "connecteur", "intégr", "interface", "api$", "apis$", "integrac", "sync", "conector",
            ],
            Self::SingleSignOn => &[
                "sso$", "single sign", "saml", "okta", "entra", "azure ad", "scim",
                "authentification unique", "inicio de sesión único",
            ],
            Self::SecurityReview => &[
                "security", "sicherheit", "sécurité", "securit", "seguridad", "penetration", "pen test",
                "soc 2", "iso 27001", "infosec", "siem",
            ],
            Self::Privacy => &[
                "privacy", "gdpr", "dsgvo", "rgpd", "datenschutz", "data protection", "dpa$",
                "protection des données", "hosting", "hosted", "datos personales",
            ],
            Self::Legal => &[
                "legal", "lawyer", "counsel", "juristi", "rechtsabteilung", "vertragsprüfung", "juridi",
                "contract review", "redline", "abogado",
            ],
            Self::Procurement => &[
                "procurement", "purchasing", "einkauf", "beschaffung", "vergabe", "achats",
                "ausschreibung", "appel d offres", "compras", "tender",
            ],
            Self::Budget => &[
                "budget", "etat$", "haushalt", "presupuesto", "funding",
            ],
            Self::Price => &[
                "price", "pricing", "preis", "prix", "precio", "expensive", "teuer", "cher$", "caro$",
                "discount", "rabatt", "remise", "cost too",
            ],
            Self::ChangeManagement => &[
                "change management", "veränderungsmanagement", "resistan", "widerstand", "résistance",
                "conduite du changement", "betriebsrat", "works council", "gestión del cambio", "reorgani",
                "umstrukturier",
            ],
            Self::Adoption => &[
                "adoption", "adopt", "akzeptanz", "user acceptance", "nutzerakzeptanz", "usage", "nutzung",
                "adopc", "engagement",
            ],
            Self::Staffing => &[
                "staff", "personal$", "headcount", "understaffed", "kapazität", "capacity",
                "parental leave", "elternzeit", "vacanc", "effectif", "hiring", "turnover", "personnel",
                "resourc", "ressource", "congé", "urlaub", "krank",
            ],
            Self::Timeline => &[
                "timeline", "deadline", "tight", "zeitplan", "frist", "termindruck", "verzöger", "delay",
                "calendrier", "échéance", "retard", "plazo", "before the season", "saison",
            ],
            Self::ExecutiveSponsor => &[
                "executive", "sponsor", "ceo$", "cfo$", "coo$", "cio$", "cto$", "vp$", "geschäftsführ",
                "vorstand", "direction générale", "directeur général", "board$", "director general",
                "chief ",
            ],
            Self::Reporting => &[
                "report", "dashboard", "bericht", "auswertung", "rapport", "tableau de bord",
                "tableaux de bord", "informe", "analytics", "kpi",
            ],
            Self::Automation => &[
                "automat", "manual", "manuell", "spreadsheet", "excel", "tabelle", "tableur",
                "hoja de cálculo", "paper", "papier",
            ],
            Self::TimeSavings => &[
                "faster", "hours", "stunden", "heures", "horas", "save time", "zeit spar", "zeitersparnis",
                "gagner du temps", "gain de temps", "response time", "turnaround", "minutes", "minuten",
                "schneller", "plus vite",
            ],
            Self::CostSavings => &[
                "cost saving", "save money", "reduce cost", "kosten", "einspar", "coûts", "économ",
                "ahorr", "cut costs", "savings",
            ],
            Self::CustomerExperience => &[
                "customer experience", "customer satisfaction", "nps$", "csat", "kundenzufriedenheit",
                "satisfaction client", "satisfacción", "churn", "no show", "complaint", "beschwerde",
                "réclamation", "wait time", "wartezeit",
            ],
            Self::Compliance => &[
                "complian", "audit", "regulat", "hipaa", "revision", "prüfer", "conformité", "réglement",
                "cumplimiento", "aufsicht",
            ],
            Self::DataQuality => &[
                "data quality", "datenqualität", "duplicate", "dublette", "doublon", "stammdaten",
                "master data", "dirty data", "qualité des données", "calidad de los datos", "data cleanup",
            ],
            Self::Performance => &[
                "performance", "reliab", "uptime", "outage", "ausfall", "downtime", "verfügbarkeit",
                "disponibilité", "rendimiento", "latency", "slow",
            ],
            Self::Mobile => &[
                "mobile", "tablet", "tablette", "smartphone", "phone app", "offline", "hors ligne",
                "móvil", "app$", "apps$",
            ],
            Self::Support => &[
                "support", "helpdesk", "help desk", "hotline", "sla$", "assistance", "soporte",
                "onboarding",
            ],
            Self::Pilot => &[
                "pilot", "proof of concept", "poc$", "trial", "testphase", "probephase", "pilote", "essai",
                "piloto", "sandbox",
            ],
            Self::Competitor => &[
                "competitor", "konkurren", "wettbewerb", "mitbewerb", "concurrent", "competidor",
                "incumbent", "alternative",
            ],
            Self::Scope => &[
                "scope", "umfang", "périmètre", "alcance", "phase 2", "second phase", "roll out",
                "rollout", "additional module", "out of scope",
            ],
        }
    }

    /// The themes that a text touches, in any of the languages.
    pub fn touched_by(text: &str) -> BTreeSet<Self> {
        let lower = text.to_lowercase();
        let words: Vec<&str> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let words = format!(" {} ", words.join(" "));
        let touches = |stem: &&'static str| match stem.strip_suffix('$') {
            Some(word) => words.contains(&format!(" {word} ")),
            None => words.contains(&format!(" {stem}")),
        };
        Self::ALL.into_iter().filter(|theme| theme.stems().iter().any(&touches)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_four_languages_touch_the_same_themes() {
        for text in [
            "Training of 300 people",
            "Die Schulung der Teams",
            "La formation des équipes",
            "La formación del equipo",
        ] {
            assert!(Theme::touched_by(text).contains(&Theme::Training), "{text}");
        }
        assert_eq!(Theme::touched_by("We love it."), BTreeSet::new());
    }

    #[test]
    fn a_stem_begins_a_word_and_its_end_may_be_asked_for() {
        assert!(!Theme::touched_by("apical").contains(&Theme::Integration));
        assert!(Theme::touched_by("their API.").contains(&Theme::Integration));
    }

    #[test]
    fn each_theme_is_listed_once_and_is_found_by_its_stems() {
        let labels: BTreeSet<&str> = Theme::ALL.iter().map(|theme| theme.label()).collect();
        assert_eq!(labels.len(), Theme::ALL.len());
        for theme in Theme::ALL {
            for stem in theme.stems() {
                let text = format!("It is {}.", stem.trim_end_matches('$'));
                assert!(Theme::touched_by(&text).contains(&theme), "{stem}");
            }
        }
    }
}
