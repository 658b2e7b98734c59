//! A way to the table that loses the reply to the first conditional put: the write is done, the caller sees a broken
//! connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Starts it; its address, and whether it has lost the reply.
pub(super) async fn serve(table: &str) -> (String, Arc<AtomicBool>) {
    let table = table.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let lost = Arc::new(AtomicBool::new(false));
    let has_lost = lost.clone();
    tokio::spawn(async move {
        while let Ok((caller, _)) = listener.accept().await {
            let behind = TcpStream::connect(&table).await.unwrap();
            tokio::spawn(carry(caller, behind, lost.clone()));
        }
    });
    (url, has_lost)
}

/// Carries bytes both ways until either side closes, or until the reply to lose has come.
async fn carry(mut caller: TcpStream, mut behind: TcpStream, lost: Arc<AtomicBool>) {
    let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
    let mut is_put = false;
    loop {
        tokio::select! {
            read = caller.read(&mut asked) => {
                let Ok(length @ 1..) = read else { return };
                is_put |= asked[..length].windows(7).any(|word| word == b"PutItem");
                behind.write_all(&asked[..length]).await.unwrap();
            }
            read = behind.read(&mut answered) => {
                let Ok(length @ 1..) = read else { return };
                if is_put && !lost.swap(true, Ordering::Relaxed) {
                    return;
                }
                caller.write_all(&answered[..length]).await.unwrap();
            }
        }
    }
}
