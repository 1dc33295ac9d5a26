//! The preview under floods of clients and after a thousand saves: its memory, open files and time.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::process::{peak, resident, start_with_files, ticks};
use crate::project::{page, small};
use crate::support::mock::is_closed;
use crate::support::preview::{Preview, Versions, hash_of, with_file};
use crate::support::running::PAGE;

#[test]
fn floods_are_cut_off_and_others_are_served() {
    let preview = Preview::start(&small(), &[]);
    let host = preview.host();
    let long = format!(
        "GET / HTTP/1.1\r\nHost: {host}\r\nX: {}\r\n\r\n",
        "x".repeat(10 << 20)
    );
    let status = preview.raw(long.as_bytes()).status;
    assert!([0, 400, 431].contains(&status), "{status}");
    let long = format!(
        "GET /{} HTTP/1.1\r\nHost: {host}\r\n\r\n",
        "x".repeat(1 << 20)
    );
    let status = preview.raw(long.as_bytes()).status;
    assert!([0, 400, 414, 431].contains(&status), "{status}");
    let body = format!(
        "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1048576\r\n\r\n{}",
        "x".repeat(1 << 20)
    );
    assert!([0, 413].contains(&preview.raw(body.as_bytes()).status));
    let mut half: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = preview.connect();
            // Those that came too late are closed already.
            let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost:");
            stream
        })
        .collect();
    assert_eq!(preview.get("/").status, 200);
    // Who had to wait for the others would come after the last of them ran out of time.
    assert!(
        !is_closed(half.last_mut().unwrap()),
        "it waited for the others"
    );
    drop(half);
    let peak = peak(preview.running.id());
    assert!(peak < 117, "{peak} MB");
}

#[test]
fn answers_that_nobody_reads_share_the_bytes_of_a_file() {
    let big = "a,b,c,d\n".repeat(1 << 20);
    let preview = Preview::start(&with_file(&big), &[]);
    let (host, name) = (preview.host(), hash_of(&big));
    let ask = |range: &str| {
        let mut client = preview.connect();
        let head = format!("GET /assets/big.{name}.csv HTTP/1.1\r\nHost: {host}\r\n{range}\r\n");
        client.write_all(head.as_bytes()).unwrap();
        let mut start = [0; 12];
        client.read_exact(&mut start).unwrap();
        assert!(start.starts_with(b"HTTP/1.1 20"), "{start:?}");
        client
    };
    let waiting: Vec<TcpStream> = (0..80)
        .map(|number| ask(["", "Range: bytes=0-\r\n"][number % 2]))
        .collect();
    assert_eq!(preview.get("/").status, 200);
    drop(waiting);
    let peak = peak(preview.running.id());
    assert!(peak < 250, "{peak} MB");
}

#[test]
fn more_clients_than_open_files_stop_nobody_and_open_pages_stay() {
    let project = small();
    let preview = Preview::of(start_with_files(&project, 48, &["serve", "--port", "0"]));
    let host = preview.host();
    // Connections that browsers keep for their next request.
    let keep = |count: usize| -> Vec<TcpStream> {
        let client = |_| {
            let mut client = preview.connect();
            write!(client, "GET / HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
            let mut start = [0; 12];
            client.read_exact(&mut start).unwrap();
            assert_eq!(String::from_utf8_lossy(&start), "HTTP/1.1 200");
            client
        };
        (0..count).map(client).collect()
    };
    let mut older = keep(5);
    let mut pages: Vec<Versions> = (0..10).map(|_| preview.versions()).collect();
    let mut newer = keep(80);
    assert_eq!(preview.get("/").status, 200);
    let is_deaf = |page: &mut Versions| is_closed(page.0.get_mut());
    assert!(
        !pages.iter_mut().any(is_deaf),
        "an open page hears of no version any more"
    );
    assert!(older.iter_mut().all(is_closed), "an older one was kept");
    assert!(
        !newer.iter_mut().rev().take(5).any(is_closed),
        "the newest was closed"
    );
}

/// A writer who saves a thousand times sees each save, and the memory stays what it was.
#[test]
fn a_thousand_saves_are_all_served() {
    let project = small();
    let preview = Preview::start(&project, &[]);
    let mut versions = preview.versions();
    let memory = || resident(preview.running.id());
    let mut early = 0;
    for number in 0..1000 {
        let mark = format!("save {number} of many.");
        project.write(PAGE, page(&mark));
        versions.until(|| preview.get("/").text().contains(&mark));
        if number == 200 {
            early = memory();
        }
    }
    let late = memory();
    assert!(
        late < early + 8_000,
        "{early} kB after 200 saves, {late} kB after 1000"
    );
}

#[test]
fn the_preview_rests_when_nothing_happens() {
    let preview = Preview::start(&small(), &[]);
    let _versions = preview.versions();
    let before = ticks(preview.running.id());
    // Not to wait for something, but to see that nothing comes.
    std::thread::sleep(Duration::from_secs(3));
    assert!(ticks(preview.running.id()) - before <= 1);
}
