use super::*;
use std::time::Instant;

/// Most that one page of the size below may cost here, unoptimized, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(15);
/// An eighth of the largest page that is read.
const BOMB_BYTES: usize = 128 * 1024;

/// As [`read`] does it, without its patience.
fn read_whole(html: &str) -> Option<PageText> {
    let (page, is_tame) = of_html(html)?;
    let main = if is_tame { main_text(html) } else { None };
    Some(PageText { text: main.unwrap_or(page.text.clone()), ..page })
}

fn page(html: &str) -> PageText {
    read_whole(html).unwrap()
}

#[test]
fn the_main_text_is_found_among_everything_else() {
    let story =
        "Brightwater has built pumps for towns and farms since 1912, and still does, in the same street. "
            .repeat(4);
    let html = format!(
        "<title>About</title><nav><a href=/>Home</a> Cheap pumps!</nav><div class=sidebar><ul><li><a href=/x>Offer</a></ul></div>
         <article><h1>About us</h1><p>{story}</p><p>{story}</p></article><footer>Cookies</footer>"
    );
    let page = page(&html);
    assert!(page.text.contains("still does, in the same street"), "{}", page.text);
    for noise in ["Cheap", "Offer", "Cookies"] {
        assert!(!page.text.contains(noise), "{noise}: {}", page.text);
    }
}

#[test]
fn a_page_of_small_pieces_is_read_whole() {
    let page = page(
        "<title> Our\n pumps </title><h1>Pumps</h1><div>Small</div><div>Large</div><script>x()</script>",
    );
    assert_eq!((page.title.as_str(), page.text.as_str()), ("Our pumps", "Pumps\n\nSmall\nLarge"));
}

#[test]
fn what_a_company_says_of_itself_is_told_once() {
    let page = page(
        r#"<meta name="description" content="Pumps &amp; valves"><meta property="og:description" content="Pumps & valves">
        <script type="application/ld+json">{"@graph": [{"@type": ["Thing", "Organization"], "description": "Since 1912"},
        {"@type": "Product", "description": "A pump"}]}</script><script type="application/ld+json">{broken</script>"#,
    );
    assert_eq!(page.descriptions, ["Pumps & valves", "Since 1912"]);
}

#[test]
fn hostile_pages_end_soon_and_break_nothing() {
    let fill = |piece: &str| piece.repeat(BOMB_BYTES / piece.len());
    let attributes: Vec<String> = (0..100_000).map(|number| format!("a{number}=1")).collect();
    let bombs = [
        ("nested", "<div>".repeat(100_000)),
        ("nested formatting", fill("<b><i>")),
        ("nested links", fill("<a href=/about>")),
        ("nested tables", fill("<table><tr><td>")),
        ("nested fonts and blocks", fill("<font><p></b>")),
        ("misnested", fill("<b><p></b>")),
        ("lists", fill("<li><ul>")),
        ("closed again", format!("{}{}", "<div>".repeat(9000), "</div>".repeat(9000))),
        ("just shallow enough", fill(&format!("{}x{}", "<div>".repeat(59), "</div>".repeat(59)))),
        (
            "words just shallow enough",
            format!("{}word, {}", "<div>".repeat(50), "<p>word, word</p>".repeat(7_000)),
        ),
        ("flat", fill("<p>x</p>")),
        ("flat and just few enough", "<div><b>word, word</b></div>".repeat(4_900)),
        ("formatting left open", "<p><b><i>word, word</p>".repeat(3_300)),
        ("attributes", format!("<div {}>", attributes.join(" "))),
        ("attributes without blanks", format!("<div{}>", fill("/a"))),
        ("quoted attributes without blanks", format!("<div {}>", fill("a''"))),
        ("a huge attribute", format!("<div title=\"{}\">x</div>", fill("y "))),
        ("a comment without end", format!("<!--{}", fill("-"))),
        ("a script without end", format!("<script>{}", fill("<!--<script>"))),
        ("linked data", format!("<script type=application/ld+json>{}", fill("["))),
        ("titles", fill("<title>x</title>")),
        ("entities", fill("&NotEqualTilde;")),
        ("broken entities", fill("&#x10ffff")),
        ("brackets", fill("<")),
        ("templates", fill("<template><svg>")),
        ("selects", fill("<select><option>")),
        ("zeros", fill("\0")),
    ];
    for (name, html) in bombs {
        let began = Instant::now();
        // A thread of the size that the runtime's own have.
        let read = std::thread::Builder::new()
            .stack_size(2 * 1024 * 1024)
            .spawn(move || read_whole(&html))
            .unwrap()
            .join();
        let took = began.elapsed();
        assert!(read.is_ok(), "{name} broke the reader");
        assert!(took < PATIENCE, "{name} took {took:?}");
    }
}

#[test]
fn honest_tags_are_not_endless() {
    let picture = format!(
        "<img src=\"data:image/png;base64,{}\" data-words='{}'>",
        "A/".repeat(9000),
        "a b ".repeat(9000)
    );
    assert!(!has_endless_tag(&picture));
    assert!(!has_endless_tag(&"<p class=x>1 < 2 and 3 > 2</p>".repeat(1000)));
    assert!(has_endless_tag(&format!("<p {}>", "a ".repeat(3000))));
}

#[tokio::test]
async fn plain_text_is_read_as_it_is() {
    let page = read("Pumps  <b>\r\n\r\n\r\nValves ".to_owned(), false).await.unwrap();
    assert_eq!(page.text, "Pumps <b>\n\nValves");
}
