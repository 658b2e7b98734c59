//! Visits to sites on this machine, honest and hostile.

use super::*;
use std::future::Future;
use std::io::Write as _;
use std::sync::Mutex;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const HOST: &str = "www.brightwater.example";
const HTML: &str = "text/html; charset=utf-8";

type Asked = Arc<Mutex<Vec<String>>>;

/// What a path answers.
#[derive(Clone)]
enum Served {
    Page(&'static str, Vec<u8>),
    Zipped(Vec<u8>),
    SentOn(String),
    Status(u16),
    /// A head, and then a byte every tenth of a second.
    Drip,
    /// Endless, without a length.
    Endless,
    Silence,
}

fn html(text: &str) -> Served {
    Served::Page(HTML, text.as_bytes().to_vec())
}

/// Serves `answer` until the test ends; tells the address and the requests' first lines and agents.
async fn serve(answer: impl Fn(&str) -> Served + Send + Sync + 'static) -> (SocketAddr, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, asked, answer) = (listener.local_addr().unwrap(), Asked::default(), Arc::new(answer));
    let heard = asked.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (answer, heard) = (answer.clone(), heard.clone());
            tokio::spawn(async move {
                let _ = converse(stream, &*answer, &heard).await;
            });
        }
    });
    (address, asked)
}

async fn converse(
    mut stream: TcpStream,
    answer: &(dyn Fn(&str) -> Served + Send + Sync),
    heard: &Asked,
) -> std::io::Result<()> {
    let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        request.extend_from_slice(&buffer[..count]);
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    heard.lock().unwrap().push(request.clone());
    let path = request.split(' ').nth(1).unwrap().to_owned();
    let opening = |kind: &str, more: &str| {
        format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: {kind}\r\n{more}\r\n")
    };
    match answer(&path) {
        Served::Page(kind, body) => {
            stream
                .write_all(opening(kind, &format!("content-length: {}\r\n", body.len())).as_bytes())
                .await?;
            stream.write_all(&body).await
        }
        Served::Zipped(body) => {
            stream.write_all(opening(HTML, "content-encoding: gzip\r\n").as_bytes()).await?;
            stream.write_all(&body).await
        }
        Served::SentOn(to) => {
            let answer = format!(
                "HTTP/1.1 302 Found\r\nconnection: close\r\nlocation: {to}\r\ncontent-length: 0\r\nset-cookie: a=b\r\n\r\n"
            );
            stream.write_all(answer.as_bytes()).await
        }
        Served::Status(status) => {
            let answer = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await
        }
        Served::Drip => {
            stream.write_all(opening(HTML, "").as_bytes()).await?;
            loop {
                stream.write_all(b"x").await?;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        Served::Endless => {
            stream.write_all(opening(HTML, "").as_bytes()).await?;
            loop {
                stream.write_all(&[b'x'; 8192]).await?;
            }
        }
        Served::Silence => {
            tokio::time::sleep(Duration::from_mins(1)).await;
            Ok(())
        }
    }
}

async fn visit(answer: impl Fn(&str) -> Served + Send + Sync + 'static) -> (Findings, Asked) {
    let (address, asked) = serve(answer).await;
    (reader(address).read(HOST, Timestamp::UNIX_EPOCH).await, asked)
}

fn reader(address: SocketAddr) -> Reader {
    let reader = Reader::of_sites(BTreeMap::from([(HOST.to_owned(), address)])).unwrap();
    Reader { patience: Duration::from_secs(2), ..reader }
}

fn paths(asked: &Asked) -> Vec<String> {
    asked.lock().unwrap().iter().map(|request| request.split(' ').nth(1).unwrap().to_owned()).collect()
}

/// An open site whose home page is answered so.
fn home(served: Served) -> impl Fn(&str) -> Served + Send + Sync + 'static {
    move |path| if path == "/" { served.clone() } else { Served::Status(404) }
}

async fn only_gap(visit: impl Future<Output = (Findings, Asked)>) -> (WebGap, Vec<String>) {
    let (findings, asked) = visit.await;
    assert_eq!(findings.pages, [], "nothing is read");
    assert_eq!(findings.gaps.len(), 1);
    (findings.gaps[0], paths(&asked))
}

#[tokio::test]
async fn a_site_is_read_from_its_home_page_and_its_best_links() {
    let links = r#"<title>Brightwater</title><meta name=description content="Pumps since 1912"><p>We move water.</p>
        <a href=/about>About</a><a href=/products>Products</a><a href=/customers>Customers</a><a href=/team>Team</a>
        <a href=/company/history>History</a><a href=/privacy>Privacy</a><a href=https://www.linkedin.com/company/b>About us</a>"#;
    let (findings, asked) = visit(move |path| match path {
        "/" => html(links),
        "/customers" => Served::Status(500),
        "/robots.txt" | "/privacy" => Served::Status(404),
        path => html(&format!("<title>At {path}</title><p>This is {path}.</p>")),
    })
    .await;
    let told: Vec<_> = findings.pages.iter().map(|page| (page.path.as_str(), page.title.as_str())).collect();
    let expected = ["/about", "/company/history", "/products"];
    assert_eq!(told[0], ("/", "Brightwater"));
    assert_eq!(told[1..].iter().map(|(path, _)| *path).collect::<Vec<_>>(), expected);
    assert!(
        findings.pages[0].text.starts_with("Pumps since 1912\n\nWe move water."),
        "{}",
        findings.pages[0].text
    );
    assert_eq!(findings.pages[1].text, "This is /about.");
    assert!(findings.pages.iter().all(|page| page.host == HOST && page.read_at == Timestamp::UNIX_EPOCH));
    assert_eq!(findings.gaps, [WebGap::Pages(1)]);
    assert_eq!(paths(&asked), ["/robots.txt", "/", "/about", "/company/history", "/products", "/customers"]);
}

#[tokio::test]
async fn a_visitor_says_who_it_is_and_carries_nothing() {
    let (_, asked) = visit(|path| match path {
        "/" => Served::SentOn("/start".to_owned()),
        _ => html("<p>x</p>"),
    })
    .await;
    for request in asked.lock().unwrap().iter() {
        let request = request.to_ascii_lowercase();
        assert!(request.contains("user-agent: handoff-research/"), "{request}");
        for secret in ["cookie", "authorization", "referer"] {
            assert!(!request.contains(secret), "{request}");
        }
    }
    assert_eq!(paths(&asked), ["/robots.txt", "/", "/start"]);
}

#[tokio::test]
async fn no_redirect_leads_to_where_the_first_address_may_not_lead() {
    for target in [
        "http://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1/",
        "//localhost/",
        "https://metadata.google.internal/",
        "file:///etc/passwd",
        "https://user:password@www.brightwater.example/",
        "https://www.brightwater.example:6379/",
        "https://nowhere.example/",
        "",
    ] {
        let told = only_gap(visit(home(Served::SentOn(target.to_owned())))).await;
        let expected = if target.is_empty() { WebGap::Failed } else { WebGap::Unreachable };
        assert_eq!(told.0, expected, "{target}");
    }
    let network = Served::SentOn("https://www.linkedin.com/company/brightwater".to_owned());
    assert_eq!(only_gap(visit(home(network))).await.0, WebGap::SocialNetwork);
}

#[tokio::test]
async fn a_site_that_sends_on_and_on_is_left_after_three_hops() {
    let (gap, asked) = only_gap(visit(|path| match path {
        "/robots.txt" => Served::Status(404),
        _ => Served::SentOn("/".to_owned()),
    }))
    .await;
    assert_eq!((gap, asked.len()), (WebGap::Failed, 1 + 1 + HOPS_MAX));
    let (findings, _) = visit(|path| match path {
        "/robots.txt" => Served::Status(404),
        "/" => Served::SentOn("/1".to_owned()),
        "/1" => Served::SentOn("/2".to_owned()),
        "/2" => Served::SentOn("/3".to_owned()),
        _ => html("<p>Here."),
    })
    .await;
    assert_eq!((findings.pages[0].path.as_str(), findings.gaps.len()), ("/3", 0));
}

#[tokio::test]
async fn a_body_without_end_is_cut() {
    let began = Instant::now();
    let (findings, _) = visit(home(Served::Endless)).await;
    assert_eq!((findings.pages.len(), findings.gaps.as_slice()), (1, &[WebGap::Cut][..]));
    assert!(findings.pages[0].text.len() <= RESEARCH_PAGE_MAX_BYTES);
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    bomb.write_all("<p>boom ".repeat(16 * 1024 * 1024 / 8).as_bytes()).unwrap();
    let (findings, _) = visit(home(Served::Zipped(bomb.finish().unwrap()))).await;
    assert_eq!((findings.pages.len(), findings.gaps.as_slice()), (1, &[WebGap::Cut][..]));
    assert!(began.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn a_site_that_drips_or_says_nothing_is_left_in_time() {
    for served in [Served::Drip, Served::Silence] {
        let began = Instant::now();
        assert_eq!(only_gap(visit(home(served))).await.0, WebGap::TimedOut);
        assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    }
    let silent = only_gap(visit(|_: &str| Served::Silence)).await;
    assert_eq!(silent, (WebGap::TimedOut, vec!["/robots.txt".to_owned()]));
}

#[tokio::test]
async fn time_that_runs_out_later_leaves_what_was_read() {
    let (findings, _) = visit(|path| match path {
        "/robots.txt" => Served::Status(404),
        "/" => html("<p>Pumps</p><a href=/about>About</a>"),
        _ => Served::Drip,
    })
    .await;
    assert_eq!((findings.pages.len(), findings.gaps.as_slice()), (1, &[WebGap::Pages(1)][..]));
}

#[tokio::test]
async fn what_is_no_text_is_not_read() {
    for kind in ["application/octet-stream", "image/png", "application/pdf", "application/json", ""] {
        assert_eq!(
            only_gap(visit(home(Served::Page(kind, b"<p>text".to_vec())))).await.0,
            WebGap::NotText,
            "{kind}"
        );
    }
}

#[tokio::test]
async fn robots_txt_is_obeyed() {
    let with = |robots: Served| {
        visit(move |path| match path {
            "/robots.txt" => robots.clone(),
            "/" => html("<p>Pumps</p><a href=/about>About</a><a href=/products>Products</a>"),
            path => html(path),
        })
    };
    let text = |rules: &str| Served::Page("text/plain", rules.as_bytes().to_vec());
    let closed = only_gap(with(text("User-agent: *\nDisallow: /"))).await;
    assert_eq!(closed, (WebGap::NotAllowed, vec!["/robots.txt".to_owned()]));
    let named =
        only_gap(with(text("User-agent: *\nAllow: /\n\nUser-agent: handoff-research\nDisallow: /"))).await;
    assert_eq!(named.0, WebGap::NotAllowed);
    let (partly, asked) = with(text("User-agent: *\nDisallow: /about")).await;
    assert_eq!((partly.pages.len(), partly.gaps.as_slice()), (2, &[WebGap::Pages(1)][..]));
    assert!(!paths(&asked).contains(&"/about".to_owned()));
    for (status, gaps) in
        [(404, vec![]), (403, vec![]), (500, vec![WebGap::NoPermission]), (503, vec![WebGap::NoPermission])]
    {
        assert_eq!(with(Served::Status(status)).await.0.gaps, gaps, "{status}");
    }
    let elsewhere = only_gap(with(Served::SentOn("http://169.254.169.254/".to_owned()))).await;
    assert_eq!(elsewhere.0, WebGap::NoPermission);
}

#[tokio::test]
async fn a_hostile_robots_txt_ends_soon() {
    let began = Instant::now();
    let rule = format!("Disallow: /{}$\n", "*a".repeat(1000));
    let rules = format!("User-agent: *\n{}", rule.repeat(250));
    let long = format!("/{}b", "a".repeat(1500));
    let link = format!("<p>x</p><a href=/about{long}>About</a>");
    visit(move |path| match path {
        "/robots.txt" => Served::Page("text/plain", rules.as_bytes().to_vec()),
        "/" => html(&link),
        _ => html("<p>y</p>"),
    })
    .await;
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[tokio::test]
async fn addresses_that_may_not_be_asked_are_not() {
    let (address, asked) = serve(|_: &str| html("x")).await;
    for (website, gap) in [
        ("http://127.0.0.1/", WebGap::NotAnAddress),
        ("n/a", WebGap::NotAnAddress),
        ("https://www.linkedin.com/company/brightwater", WebGap::SocialNetwork),
        ("https://unknown.example", WebGap::Unreachable),
    ] {
        assert_eq!(reader(address).read(website, Timestamp::UNIX_EPOCH).await.gaps, [gap], "{website}");
    }
    assert_eq!(paths(&asked), Vec::<String>::new());
}

#[tokio::test]
async fn a_name_of_the_real_net_that_leads_to_this_machine_is_not_asked() {
    // Whatever the system's resolver says of it: known and private, or unknown.
    let found = Reader::new().unwrap().read("https://169-254-169-254.nip.io/", Timestamp::UNIX_EPOCH).await;
    assert_eq!(found.pages, []);
}

#[tokio::test]
async fn private_answers_of_the_resolver_are_not_connected_to() {
    let (address, asked) = serve(|_: &str| html("secret")).await;
    let script = vec![vec![address.ip()], vec!["::ffff:127.0.0.1".parse().unwrap()]];
    let lookup = Lookup::Scripted(Arc::new(Mutex::new(script)));
    let reader = Reader { lookup, ..reader(address) };
    let found = reader.read(HOST, Timestamp::UNIX_EPOCH).await;
    assert_eq!(found, Findings::nothing(WebGap::Unreachable));
    assert_eq!(paths(&asked), Vec::<String>::new());
}
