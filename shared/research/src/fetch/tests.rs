use super::*;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const PAGE: &[u8] =
    b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/html\r\ncontent-length: 1\r\n\r\nx";

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// A server with a certificate of its own making for `name`; tells where it is and that certificate.
async fn serve(name: &str) -> (SocketAddr, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let server =
        ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().unwrap();
    let server = server.with_no_client_auth().with_single_cert(vec![certificate.clone()], key).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(server));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(PAGE).await;
                let _ = stream.shutdown().await;
            }
        }
    });
    (address, certificate)
}

async fn ask(
    name: &str,
    address: SocketAddr,
    trusted: Option<CertificateDer<'static>>,
) -> Result<Fetched, FetchError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(certificate) = trusted {
        roots.add(certificate).unwrap();
    }
    let tls = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().unwrap();
    let sites = Lookup::Listed(Arc::new(BTreeMap::from([(name.to_owned(), address)])));
    let deadline = Instant::now() + Duration::from_secs(10);
    let tls = tls.with_root_certificates(roots).with_no_client_auth();
    // With the names of this machine, but by https, as on the internet.
    let fetcher = Fetcher { is_by_http: false, ..Fetcher::new(tls, sites, deadline).unwrap() };
    fetcher.get(&Url::parse(&format!("https://{name}/")).unwrap(), 10).await
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_or_of_another_name_is_refused() {
    let (address, certificate) = serve("www.brightwater.example").await;
    let vouched = ask("www.brightwater.example", address, Some(certificate.clone())).await;
    assert_eq!(vouched.unwrap().text, "x", "the server itself is sound");
    for (name, trusted) in [("www.brightwater.example", None), ("www.other.example", Some(certificate))] {
        let refused = ask(name, address, trusted).await;
        assert!(matches!(refused, Err(FetchError::Unreachable(_))), "{name}: {refused:?}");
    }
}
