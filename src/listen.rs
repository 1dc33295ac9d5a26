//! Listening on this machine: the port, the limits, and who may ask.
//!
//! What the preview and the mock share. hyper reads the requests and keeps to the limits below;
//! `door` says who may ask; what they get, [`Answers`] says.

mod door;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use anyhow::Context as _;
use http_body_util::channel::{Channel, Sender};
use http_body_util::{Either, Full};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use rustix::io::Errno;
use tokio::task::AbortHandle;

pub use door::Door;

/// The longest head of a request, in bytes.
const LONGEST_HEAD: usize = 16 * 1024;

/// How long a client may take for the head of a request.
const READ_LIMIT: Duration = Duration::from_secs(10);

/// How many answers that take long are made at the same time, beside the thread of all connections.
const MOST_JUDGING: usize = 4;

/// How many ports are tried when the first ones are busy.
const PORTS: u16 = 32;

/// The body of an answer: all at once, or piece by piece.
pub type Body = Either<Full<Bytes>, Pieces>;

/// A body whose pieces are made while it is sent, as a part of its connection: when the client is
/// gone, or its connection is closed for another, so is what makes them.
pub struct Pieces {
    made: Channel<Bytes>,
    /// What makes them, until it is through.
    making: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Pieces {
    /// The pieces that a future sends.
    pub fn new<F>(make: impl FnOnce(Sender<Bytes>) -> F) -> Pieces
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (sender, made) = Channel::new(1);
        Pieces {
            made,
            making: Some(Box::pin(make(sender))),
        }
    }
}

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let making = self.making.as_mut().map(|it| it.as_mut().poll(context));
        if making.is_some_and(|made| made.is_ready()) {
            self.making = None;
        }
        Pin::new(&mut self.made).poll_frame(context)
    }
}

/// What requests get.
pub trait Answers: Send + Sync + 'static {
    /// Answers a request that came to the address `local`.
    fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
        local: IpAddr,
    ) -> impl Future<Output = Response<Body>> + Send;
}

/// A port that is ours.
pub struct Listener(TcpListener);

impl Listener {
    /// Listens at an address, on the first port from `port` on that is free.
    pub fn bind(host: IpAddr, port: u16) -> anyhow::Result<Listener> {
        let mut next = port;
        let listener = loop {
            match TcpListener::bind((host, next)) {
                Ok(listener) => break listener,
                Err(error)
                    if error.kind() == ErrorKind::AddrInUse
                        && next < port.saturating_add(PORTS) =>
                {
                    next += 1;
                }
                Err(error) => {
                    let address = SocketAddr::new(host, next);
                    return Err(error).with_context(|| format!("cannot listen at {address}"));
                }
            }
        };
        listener.set_nonblocking(true)?;
        Ok(Listener(listener))
    }

    /// Where it listens.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.0.local_addr()?)
    }

    /// Answers until the thread ends; of more than `most` connections, one is closed for another.
    pub fn run(self, most: usize, answers: Arc<impl Answers>) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(MOST_JUDGING)
            .build()?;
        runtime.block_on(self.accept(most, answers))
    }

    async fn accept(self, most: usize, answers: Arc<impl Answers>) -> anyhow::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.0)?;
        let mut open: VecDeque<Connection> = VecDeque::new();
        loop {
            let stream = match listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Too many open files: nobody would be answered until another client leaves.
                    // Any other error is one of a client that went away.
                    let errno = Errno::from_io_error(&error);
                    if matches!(errno, Some(Errno::MFILE | Errno::NFILE)) {
                        make_room(&mut open);
                    }
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                }
            };
            open.retain(|connection| !connection.task.is_finished());
            if open.len() >= most {
                make_room(&mut open);
            }
            let Ok(local) = stream.local_addr() else {
                continue;
            };
            // Without it, a small answer waits for the next.
            let _ = stream.set_nodelay(true);
            let has_asked = Arc::new(AtomicBool::new(false));
            let asked = Arc::clone(&has_asked);
            let task = tokio::spawn(serve(stream, local.ip(), asked, Arc::clone(&answers)));
            let task = task.abort_handle();
            open.push_back(Connection { task, has_asked });
        }
    }
}

/// Closes the client that is here longest, of those who never asked for anything where they are
/// the most, else of those who did. So a flood of silent ones does not end streams, and a client
/// that has just come can still ask.
fn make_room(open: &mut VecDeque<Connection>) {
    open.retain(|connection| !connection.task.is_finished());
    let has_asked = |it: &Connection| it.has_asked.load(Ordering::Relaxed);
    let silent = open.iter().filter(|it| !has_asked(it)).count();
    let are_most_silent = 2 * silent > open.len();
    let oldest = open.iter().position(|it| has_asked(it) != are_most_silent);
    if let Some(closed) = oldest.and_then(|oldest| open.remove(oldest)) {
        closed.task.abort();
    }
}

/// A connection that may still be open.
struct Connection {
    task: AbortHandle,
    has_asked: Arc<AtomicBool>,
}

async fn serve(
    stream: tokio::net::TcpStream,
    local: IpAddr,
    has_asked: Arc<AtomicBool>,
    answers: Arc<impl Answers>,
) {
    let service = service_fn(move |request| {
        has_asked.store(true, Ordering::Relaxed);
        let answer = Arc::clone(&answers).answer(request, local);
        async move { Ok::<_, Infallible>(answer.await) }
    });
    let mut connection = http1::Builder::new();
    connection
        .timer(TokioTimer::new())
        .header_read_timeout(READ_LIMIT)
        .max_buf_size(LONGEST_HEAD);
    // Whatever goes wrong with a connection has been told to the one who can hear it.
    let _ = connection
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
