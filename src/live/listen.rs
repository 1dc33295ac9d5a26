//! Listens on this machine: the port, the limits, and who may send requests.
//!
//! Shared by the preview and the mock. hyper reads the requests and enforces the limits below;
//! `door` decides who may send requests; [`Answers`] answers them.

mod door;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use http_body_util::channel::{Channel, Sender};
use http_body_util::{Either, Full};
use hyper::body::{Bytes, Frame, Incoming, SizeHint};
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
// hyper alone sets no limit: a client that sends a byte a minute (slow loris) would hold its
// connection for ever.
const READ_LIMIT: Duration = Duration::from_secs(10);

/// How long a new client may take to send a request before it counts as idle.
const CHANCE: Duration = Duration::from_secs(1);

/// How many threads compute answers, beside the one that serves all connections.
pub const MAKERS: usize = 4;

/// How many ports are tried when the first ones are busy.
const PORTS: u16 = 32;

/// The body of an answer: complete, or piece by piece.
pub type AnswerBody = Either<Full<Bytes>, Pieces>;

/// A body whose pieces are produced while it is sent, as a part of its connection: when the
/// connection ends, or is closed for another one, so does the producer.
pub struct Pieces {
    pieces: Channel<Bytes>,
    /// The producer, until it is done.
    making: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Pieces {
    /// Creates a body of the pieces that a future sends.
    pub fn new<F>(make: impl FnOnce(Sender<Bytes>) -> F) -> Pieces
    where
        F: Future<Output = ()> + Send + 'static,
    {
        // Only one piece is produced ahead: a client that reads slowly slows down the producer,
        // and memory stays small.
        let (sender, pieces) = Channel::new(1);
        Pieces {
            pieces,
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
        // The future is polled by its connection. As a task of its own it would continue after the
        // client left.
        let making = self.making.as_mut().map(|it| it.as_mut().poll(context));
        if making.is_some_and(|state| state.is_ready()) {
            self.making = None;
        }
        Pin::new(&mut self.pieces).poll_frame(context)
    }
}

/// Answers requests.
pub trait Answers: Send + Sync + 'static {
    /// Answers a request that came to the address `local`.
    fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
        local: IpAddr,
    ) -> impl Future<Output = Response<AnswerBody>> + Send;
}

/// A port that this process listens on.
pub struct Listener(TcpListener);

impl Listener {
    /// Listens on an address, at the first free port from `port` on.
    pub fn bind(host: IpAddr, port: u16) -> anyhow::Result<Listener> {
        let mut next = port;
        let listener = loop {
            match TcpListener::bind((host, next)) {
                Ok(listener) => break listener,
                Err(error)
                    // A second preview on the same machine takes the next port instead of failing.
                    if error.kind() == ErrorKind::AddrInUse
                        && next < port.saturating_add(PORTS) =>
                {
                    next += 1;
                }
                Err(error) => {
                    let address = SocketAddr::new(host, next);
                    return Err(error).with_context(|| format!("cannot listen on {address}"));
                }
            }
        };
        listener.set_nonblocking(true)?;
        Ok(Listener(listener))
    }

    /// Returns the address that it listens on.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.0.local_addr()?)
    }

    /// Answers requests until the thread ends; with more than `most` connections, closes one for
    /// the next.
    pub fn run(self, most: usize, answers: Arc<impl Answers>) -> anyhow::Result<()> {
        // One thread for all connections: nothing slow runs on it, so a second one would only add
        // locks.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(MAKERS)
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
                    // Too many open files: no client would be answered until another one leaves.
                    // Any other error is that of a client that disconnected.
                    let errno = Errno::from_io_error(&error);
                    if matches!(errno, Some(Errno::MFILE | Errno::NFILE)) {
                        make_room(&mut open);
                    }
                    // A pause, since the next call fails at once while no file is closed, and
                    // would use a whole core.
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
            // With Nagle's algorithm, a small answer would wait for the next.
            let _ = stream.set_nodelay(true);
            let phase = SharedPhase::new(Phase::Silent(Instant::now()));
            let answers = Arc::clone(&answers);
            let task = tokio::spawn(serve(stream, local.ip(), phase.clone(), answers));
            let task = task.abort_handle();
            open.push_back(Connection { task, phase });
        }
    }
}

/// Closes one of the open connections, if there is one.
fn make_room(open: &mut VecDeque<Connection>) {
    open.retain(|connection| !connection.task.is_finished());
    let phases: Vec<Phase> = open.iter().map(|it| it.phase.get()).collect();
    let closed = least_needed(&phases, Instant::now());
    if let Some(closed) = closed.and_then(|closed| open.remove(closed)) {
        closed.task.abort();
    }
}

/// Returns the connection to close for a new one, from a list that begins with the oldest: the one
/// that is idle longest. If none is idle: a new one if these are the majority, so that a flood of
/// new connections ends no stream; else the oldest that is being answered, so that new clients can
/// still send requests.
// A plain limit refuses new clients. Browsers keep idle connections open, so a reader's own tabs
// would lock the next one out.
fn least_needed(phases: &[Phase], now: Instant) -> Option<usize> {
    let idle_since = |phase: Phase| match phase {
        Phase::Idle(since) => Some(since),
        Phase::Silent(since) if now.duration_since(since) >= CHANCE => Some(since),
        Phase::Silent(_) | Phase::Answered => None,
    };
    let idle = phases.iter().enumerate();
    let idle = idle.filter_map(|(index, &phase)| Some((idle_since(phase)?, index)));
    if let Some((_, index)) = idle.min() {
        return Some(index);
    }
    let is_new = |phase: &Phase| matches!(phase, Phase::Silent(_));
    let new = phases.iter().filter(|phase| is_new(phase)).count();
    let are_most_new = 2 * new > phases.len();
    phases
        .iter()
        .position(|phase| is_new(phase) == are_most_new)
}

/// The phase of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// It has sent no request since it was opened.
    Silent(Instant),
    /// Its request is being answered, at once or by a stream.
    Answered,
    /// It has sent no request since its last answer.
    Idle(Instant),
}

/// The phase of a connection, which its task sets.
#[derive(Clone)]
struct SharedPhase(Arc<Mutex<Phase>>);

impl SharedPhase {
    fn new(phase: Phase) -> SharedPhase {
        SharedPhase(Arc::new(Mutex::new(phase)))
    }

    fn get(&self) -> Phase {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, phase: Phase) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = phase;
    }
}

/// A connection that may still be open.
struct Connection {
    task: AbortHandle,
    phase: SharedPhase,
}

/// Keeps a connection from being idle until its answer is sent.
struct Answering(SharedPhase);

impl Answering {
    fn new(phase: SharedPhase) -> Answering {
        phase.set(Phase::Answered);
        Answering(phase)
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.set(Phase::Idle(Instant::now()));
    }
}

/// The body of an answer while it is sent.
struct Answered {
    body: AnswerBody,
    _answering: Answering,
}

impl hyper::body::Body for Answered {
    type Data = Bytes;
    type Error = <AnswerBody as hyper::body::Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

async fn serve(
    stream: tokio::net::TcpStream,
    local: IpAddr,
    phase: SharedPhase,
    answers: Arc<impl Answers>,
) {
    let service = service_fn(move |request| {
        let answering = Answering::new(phase.clone());
        let answer = Arc::clone(&answers).answer(request, local);
        async move {
            let body = |body| Answered {
                body,
                _answering: answering,
            };
            Ok::<_, Infallible>(answer.await.map(body))
        }
    });
    let mut connection = http1::Builder::new();
    connection
        .timer(TokioTimer::new())
        .header_read_timeout(READ_LIMIT)
        // A longer head is answered with 431 (RFC 6585 §5) by hyper.
        .max_buf_size(LONGEST_HEAD);
    // Errors of a connection have been reported to the client as far as possible.
    let _ = connection
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_idle_connection_is_closed_first() {
        let start = Instant::now();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        let now = at(100);
        let [answered, new] = [Phase::Answered, Phase::Silent(now)];
        let (silent, idle) = (Phase::Silent, Phase::Idle);
        for (phases, expected) in [
            (&[][..], None),
            // A connection that is new or being answered stays open while another one is idle.
            (&[answered, new, idle(at(100)), new], Some(2)),
            (&[new, answered, silent(at(90)), idle(at(95))], Some(2)),
            // Idle time counts from the last answer, not from the opening.
            (
                &[idle(at(95)), answered, idle(at(90)), silent(at(92))],
                Some(2),
            ),
            // Streams alone: the oldest is closed, not the new one.
            (&[answered, answered, new], Some(0)),
            // A flood of new connections ends no stream.
            (&[answered, new, new], Some(1)),
        ] {
            assert_eq!(least_needed(phases, now), expected, "{phases:?}");
        }
    }
}
