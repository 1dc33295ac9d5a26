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

/// How long a client that has just come may take to ask before it counts as idle.
const CHANCE: Duration = Duration::from_secs(1);

/// How many threads make answers, beside the one that serves all connections.
pub const MAKERS: usize = 4;

/// How many ports are tried when the first ones are busy.
const PORTS: u16 = 32;

/// The body of an answer: all at once, or piece by piece.
pub type AnswerBody = Either<Full<Bytes>, Pieces>;

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
        // One piece is made ahead and no more: a client that reads slowly slows down what makes
        // them, and memory stays small.
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
        // The future is polled by its connection instead of being a task of its own, which would go
        // on after the client left.
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
    ) -> impl Future<Output = Response<AnswerBody>> + Send;
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
                    // A second preview on the same machine takes the next port, instead of ending.
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
        // One thread for all connections: nothing slow runs on it, so a second one would bring
        // nothing but locks.
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
                    // Too many open files: nobody would be answered until another client leaves.
                    // Any other error is one of a client that went away.
                    let errno = Errno::from_io_error(&error);
                    if matches!(errno, Some(Errno::MFILE | Errno::NFILE)) {
                        make_room(&mut open);
                    }
                    // A pause, since the next call fails at once as long as no file is closed, and
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
            // Without it, a small answer waits for the next.
            let _ = stream.set_nodelay(true);
            let phase = SharedPhase::new(Phase::Silent(Instant::now()));
            let answers = Arc::clone(&answers);
            let task = tokio::spawn(serve(stream, local.ip(), phase.clone(), answers));
            let task = task.abort_handle();
            open.push_back(Connection { task, phase });
        }
    }
}

/// Closes one of the connections that are open, if there is one.
fn make_room(open: &mut VecDeque<Connection>) {
    open.retain(|connection| !connection.task.is_finished());
    let phases: Vec<Phase> = open.iter().map(|it| it.phase.get()).collect();
    let closed = least_needed(&phases, Instant::now());
    if let Some(closed) = closed.and_then(|closed| open.remove(closed)) {
        closed.task.abort();
    }
}

/// Which of some connections is closed for another, the oldest standing first: the one that is idle
/// longest. Where none is, those that have just come give way if they are the most, so that a flood
/// of them does not end streams; else the oldest that is answered does, so that who has just come
/// can still ask.
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

/// What a connection is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// It has asked for nothing since it came.
    Silent(Instant),
    /// Its request is answered: at once, or by a stream.
    Answered,
    /// It has asked for nothing since its last answer.
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

/// What keeps a connection from being idle, until its answer is sent.
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
    // Whatever goes wrong with a connection has been told to the one who can hear it.
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
            // Who has an answer under way, or has just come, stays as long as another is idle.
            (&[answered, new, idle(at(100)), new], Some(2)),
            (&[new, answered, silent(at(90)), idle(at(95))], Some(2)),
            // Idle counts from the last answer, and not from when it came.
            (
                &[idle(at(95)), answered, idle(at(90)), silent(at(92))],
                Some(2),
            ),
            // Streams alone: the oldest, and not the one who has just come.
            (&[answered, answered, new], Some(0)),
            // A flood of those who have just come ends no stream.
            (&[answered, new, new], Some(1)),
        ] {
            assert_eq!(least_needed(phases, now), expected, "{phases:?}");
        }
    }
}
