//! Which of a site's own pages tell what the company is: by the words of their address and of the link that leads there.

use crate::address;
use crate::outline::Link;
use percent_encoding::percent_decode_str;
use url::Url;

/// Words that lead to a page about the company, by how much they promise, in the languages of most customers. Compared
/// with whole words: `-` stands between them.
const WORDS: [(u32, &[&str]); 4] = [
    (
        10,
        &[
            "about",
            "about-us",
            "aboutus",
            "who-we-are",
            "our-company",
            "our-story",
            "company",
            "company-profile",
            "über-uns",
            "ueber-uns",
            "uber-uns",
            "wir-über-uns",
            "unternehmen",
            "firma",
            "das-unternehmen",
            "wer-wir-sind",
            "à-propos",
            "a-propos",
            "apropos",
            "qui-sommes-nous",
            "entreprise",
            "notre-histoire",
            "société",
            "chi-siamo",
            "azienda",
            "l-azienda",
            "quienes-somos",
            "quiénes-somos",
            "sobre-nosotros",
            "nosotros",
            "empresa",
            "acerca-de",
            "sobre-nós",
            "sobre-nos",
            "quem-somos",
            "a-empresa",
            "over-ons",
            "bedrijf",
            "wie-zijn-wij",
            "om-oss",
            "om-os",
            "om-virksomheden",
            "tietoa-meistä",
            "meistä",
            "yritys",
            "o-nas",
            "o-firmie",
            "o-společnosti",
            "rólunk",
            "despre-noi",
            "hakkımızda",
            "hakkimizda",
            "kurumsal",
            "σχετικά",
            "о-нас",
            "о-компании",
            "про-нас",
            "会社概要",
            "会社情報",
            "企業情報",
            "关于我们",
            "公司简介",
            "關於我們",
            "회사소개",
            "من-نحن",
            "אודות",
        ],
    ),
    (
        7,
        &[
            "product",
            "products",
            "solutions",
            "platform",
            "services",
            "what-we-do",
            "how-it-works",
            "produkt",
            "produkte",
            "lösungen",
            "loesungen",
            "leistungen",
            "dienstleistungen",
            "produit",
            "produits",
            "prodotti",
            "soluzioni",
            "servizi",
            "productos",
            "producto",
            "soluciones",
            "servicios",
            "produtos",
            "soluções",
            "serviços",
            "producten",
            "oplossingen",
            "diensten",
            "produkter",
            "tjänster",
            "tuotteet",
            "palvelut",
            "produkty",
            "usługi",
            "製品",
            "产品",
            "제품",
        ],
    ),
    (
        6,
        &[
            "customers",
            "our-customers",
            "clients",
            "case-studies",
            "case-study",
            "success-stories",
            "references",
            "industries",
            "markets",
            "kunden",
            "referenzen",
            "branchen",
            "kundengeschichten",
            "références",
            "références-clients",
            "clienti",
            "referenze",
            "clientes",
            "casos-de-éxito",
            "klanten",
            "referenties",
            "kunder",
            "asiakkaat",
            "klienci",
            "導入事例",
            "客户案例",
        ],
    ),
    (
        4,
        &[
            "mission",
            "values",
            "vision",
            "history",
            "locations",
            "team",
            "leadership",
            "facts",
            "facts-and-figures",
            "geschichte",
            "standorte",
            "zahlen-und-fakten",
            "histoire",
            "équipe",
            "storia",
            "equipo",
            "historia",
            "historie",
        ],
    ),
];

/// Words of pages that are of no use here, whatever else their address says.
const OTHER_WORDS: [&str; 30] = [
    "login",
    "sign-in",
    "signin",
    "signup",
    "register",
    "account",
    "cart",
    "checkout",
    "privacy",
    "terms",
    "cookies",
    "cookie-policy",
    "datenschutz",
    "agb",
    "careers",
    "jobs",
    "karriere",
    "blog",
    "news",
    "press",
    "events",
    "webinar",
    "download",
    "support",
    "contact",
    "kontakt",
    "newsletter",
    "tag",
    "category",
    "search",
];

/// What is no page.
const OTHER_KINDS: [&str; 12] =
    ["pdf", "jpg", "jpeg", "png", "gif", "svg", "webp", "zip", "mp4", "xml", "docx", "pptx"];

/// The best pages that the page at `home` links to, on the same site, best first.
pub(crate) fn best(home: &Url, links: &[Link], max: usize) -> Vec<Url> {
    let mut found: Vec<(u32, Url)> = Vec::new();
    for link in links {
        let Ok(mut url) = address::of_link(home, &link.href) else { continue };
        url.set_query(None);
        let score = score(&url, &link.text);
        if score == 0 || !is_same_site(home, &url) || same_page(home, &url) {
            continue;
        }
        match found.iter_mut().find(|(_, known)| same_page(known, &url)) {
            Some((best, _)) => *best = (*best).max(score),
            None => found.push((score, url)),
        }
    }
    // Stable: among equals, the page's own order.
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().take(max).map(|(_, url)| url).collect()
}

/// Whether both belong to whoever registered the domain.
fn is_same_site(one: &Url, other: &Url) -> bool {
    let domain = |url: &Url| url.host_str().and_then(psl::domain_str).map(str::to_owned);
    one.host_str() == other.host_str() || domain(one).is_some() && domain(one) == domain(other)
}

fn same_page(one: &Url, other: &Url) -> bool {
    one.host_str() == other.host_str()
        && one.path().trim_end_matches('/') == other.path().trim_end_matches('/')
}

/// 0 for a page that promises nothing; pages far below the first are worth less.
fn score(url: &Url, text: &str) -> u32 {
    let path = percent_decode_str(url.path()).decode_utf8_lossy().to_lowercase();
    let segments: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(words).collect();
    let is_file = OTHER_KINDS.iter().any(|kind| path.ends_with(&format!(".{kind}")));
    let text = words(&text.to_lowercase());
    if is_file
        || segments.iter().chain([&text]).any(|words| OTHER_WORDS.iter().any(|other| holds(words, other)))
    {
        return 0;
    }
    let worth = |words: &str| {
        let found = WORDS.iter().filter(|(_, list)| list.iter().any(|word| holds(words, word)));
        found.map(|(worth, _)| *worth).max().unwrap_or(0)
    };
    // A link that is a whole sentence names much that it does not lead to.
    let by_text = if text.split('-').count() <= 5 { worth(&text) } else { 0 };
    let by_path = segments.iter().map(|segment| worth(segment)).max().unwrap_or(0);
    let sum = by_path * 2 + by_text;
    let depth = u32::try_from(segments.len()).unwrap_or(u32::MAX);
    if sum == 0 { 0 } else { sum.saturating_sub(depth).max(1) }
}

/// Whole words, joined by single hyphens.
fn words(text: &str) -> String {
    let text = text.strip_suffix(".html").or(text.strip_suffix(".php")).unwrap_or(text);
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

fn holds(words: &str, wanted: &str) -> bool {
    format!("-{words}-").contains(&format!("-{wanted}-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best_of(links: &[(&str, &str)]) -> Vec<String> {
        let home = Url::parse("https://www.brightwater.co.uk/").unwrap();
        let links: Vec<Link> =
            links.iter().map(|(href, text)| Link { href: (*href).into(), text: (*text).into() }).collect();
        best(&home, &links, 4).iter().map(Url::to_string).collect()
    }

    #[test]
    fn pages_about_the_company_come_first_and_others_not_at_all() {
        let found = best_of(&[
            ("/blog/about-pumps", "About pumps"),
            ("/products", "Products"),
            ("/kunden/", "Referenzen"),
            ("/x", "Read more"),
            ("/about-us.html", "Who we are"),
            ("/privacy", "About your data"),
            ("/about-us.html#team", "Team"),
            ("/", "Company"),
            ("/brochure/company.pdf", "Company"),
            ("/customers/", "Customers"),
            ("/careers", "Company careers"),
            ("/company/history/1912/founding", "History"),
        ]);
        let site = "https://www.brightwater.co.uk";
        let expected = ["/about-us.html", "/products", "/company/history/1912/founding", "/kunden/"];
        assert_eq!(found, expected.map(|path| format!("{site}{path}")));
    }

    #[test]
    fn pages_about_the_company_are_known_in_many_languages() {
        for (href, text) in [
            ("/ueber-uns", ""),
            ("/%C3%BCber-uns/", ""),
            ("/de/unternehmen", ""),
            ("/p/17", "Über uns"),
            ("/fr/qui-sommes-nous", ""),
            ("/p", "À propos"),
            ("/quienes-somos", ""),
            ("/chi-siamo", ""),
            ("/over-ons", ""),
            ("/sobre-nos", ""),
            ("/company/", "会社概要"),
            ("/p", "О компании"),
        ] {
            assert_eq!(best_of(&[(href, text)]).len(), 1, "{href} {text}");
        }
    }

    #[test]
    fn only_the_sites_own_pages_count() {
        let found = best_of(&[
            ("https://about.brightwater.co.uk/company", "About"),
            ("https://other.co.uk/about", "About"),
            ("https://www.linkedin.com/company/brightwater", "About us"),
            ("http://169.254.169.254/about", "About"),
            ("https://brightwater.com/about", "About"),
        ]);
        assert_eq!(found, ["https://about.brightwater.co.uk/company"]);
    }
}
