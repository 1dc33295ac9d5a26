//! The preview: the site as it is in memory, over HTTP, to the browsers of this machine.
//!
//! What is served is what was published last, and only names of its own list; no request reaches
//! the disk. `door` says who may ask, `answer` what they get, `shown` what there is.
//! hyper reads the requests and keeps to the limits below.
//!
//! Browsers hear of a new version by its number alone, and then ask for what they show. The script
//! that does so is put into pages as they are sent: it is in no site that is built.

mod answer;
mod door;
mod editor;
mod faults;
mod shown;

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use http_body_util::channel::{Channel, Sender};
use http_body_util::{Either, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::watch;
use tokio::task::AbortHandle;

pub use door::Door;
pub use editor::Editor;
pub use faults::Faults;
pub use shown::Shown;

use answer::Answer;

/// The longest head of a request, in bytes.
const LONGEST_HEAD: usize = 16 * 1024;

/// How long a client may take for the head of a request.
const READ_LIMIT: Duration = Duration::from_secs(10);

/// How many connections may be open; a further one closes another.
const MOST_CONNECTIONS: usize = 64;

/// How many ports are tried when the first ones are busy.
const PORTS: u16 = 32;

/// A preview that listens, and shows what is published.
pub struct Server {
    listener: TcpListener,
    door: Door,
    state: watch::Sender<State>,
}

/// What a server shows.
#[derive(Clone, Default)]
struct State {
    /// How many there were before.
    version: u64,
    /// The last good site.
    shown: Option<Arc<Shown>>,
    /// A newer one that was shown until a fault was found in it, for what was made for it.
    taken_back: Option<Arc<Shown>>,
    /// What is wrong with the files now.
    faults: Arc<Faults>,
}

/// What publishes to a running server.
#[derive(Clone)]
pub struct Publisher(watch::Sender<State>);

impl Publisher {
    /// Shows a new site.
    pub fn show(&self, shown: Arc<Shown>) {
        self.0.send_modify(|state| {
            state.version += 1;
            state.shown = Some(shown);
            state.taken_back = None;
            state.faults = Arc::default();
        });
    }

    /// Tells of faults of the site that is shown, and shows the one before it again, if there was
    /// one; unless another is shown by now. Says whether it did.
    pub fn take_back(&self, shown: &Arc<Shown>, good: Option<Arc<Shown>>, faults: Faults) -> bool {
        self.0.send_if_modified(|state| {
            let is_shown = state
                .shown
                .as_ref()
                .is_some_and(|it| Arc::ptr_eq(it, shown));
            if is_shown {
                state.version += 1;
                state.faults = Arc::new(faults);
                if good.is_some() {
                    state.taken_back = std::mem::replace(&mut state.shown, good);
                }
            }
            is_shown
        })
    }

    /// Whether a site is the one that is shown.
    pub fn is_shown(&self, shown: &Arc<Shown>) -> bool {
        self.last().is_some_and(|last| Arc::ptr_eq(&last, shown))
    }

    /// Tells of faults over the last good site.
    pub fn tell(&self, faults: Faults) {
        self.0.send_modify(|state| {
            state.version += 1;
            state.faults = Arc::new(faults);
        });
    }

    /// The newest site, also if it was taken back: the next one has most in common with it.
    pub fn newest(&self) -> Option<Arc<Shown>> {
        let state = self.0.borrow();
        state.taken_back.clone().or_else(|| state.shown.clone())
    }

    /// The last good site.
    pub fn last(&self) -> Option<Arc<Shown>> {
        self.0.borrow().shown.clone()
    }
}

impl Server {
    /// Listens at an address, on the first port from `port` on that is free.
    pub fn bind(host: IpAddr, port: u16, door: Door) -> anyhow::Result<Server> {
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
        let (state, _) = watch::channel(State::default());
        Ok(Server {
            listener,
            door,
            state,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// What publishes to it.
    pub fn publisher(&self) -> Publisher {
        Publisher(self.state.clone())
    }

    /// Serves until the thread ends.
    pub fn run(self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(self.accept())
    }

    async fn accept(self) -> anyhow::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let door = Arc::new(self.door);
        let mut open: VecDeque<Connection> = VecDeque::new();
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                // Too many open files, or a client that went away: others may have more luck.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            open.retain(|connection| !connection.task.is_finished());
            if open.len() >= MOST_CONNECTIONS {
                // Who never asked for anything goes first, then who is here longest.
                let idle = open
                    .iter()
                    .position(|it| !it.has_asked.load(Ordering::Relaxed));
                open.remove(idle.unwrap_or(0)).inspect(|it| it.task.abort());
            }
            let Ok(local) = stream.local_addr() else {
                continue;
            };
            // Without it, a small answer waits for the next.
            let _ = stream.set_nodelay(true);
            let has_asked = Arc::new(AtomicBool::new(false));
            let visit = Visit {
                door: Arc::clone(&door),
                state: self.state.clone(),
                local: local.ip(),
                has_asked: Arc::clone(&has_asked),
            };
            let task = tokio::spawn(visit.serve(stream)).abort_handle();
            open.push_back(Connection { task, has_asked });
        }
    }
}

/// A connection that may still be open.
struct Connection {
    task: AbortHandle,
    has_asked: Arc<AtomicBool>,
}

/// What the answers to one connection need.
#[derive(Clone)]
struct Visit {
    door: Arc<Door>,
    state: watch::Sender<State>,
    local: IpAddr,
    has_asked: Arc<AtomicBool>,
}

type Body = Either<Full<Bytes>, Channel<Bytes>>;

impl Visit {
    async fn serve(self, stream: tokio::net::TcpStream) {
        let service = service_fn(move |request| {
            let visit = self.clone();
            async move { Ok::<_, std::convert::Infallible>(visit.answer(&request)) }
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

    fn answer(&self, request: &Request<Incoming>) -> Response<Body> {
        self.has_asked.store(true, Ordering::Relaxed);
        let state = self.state.borrow().clone();
        let has_body = !request.body().is_end_stream();
        match answer::answer(request, has_body, &state, (&self.door, self.local)) {
            Answer::Whole(response) => response.map(Either::Left),
            Answer::Versions(response) => {
                let (sender, channel) = Channel::new(1);
                tokio::spawn(tell_versions(self.state.subscribe(), sender));
                response.map(|()| Either::Right(channel))
            }
        }
    }
}

/// Tells the version that is shown, and each that follows, as server-sent events.
async fn tell_versions(mut state: watch::Receiver<State>, mut sender: Sender<Bytes>) {
    loop {
        let version = state.borrow_and_update().version;
        let event = Bytes::from(format!("data: {version}\n\n"));
        if sender.send_data(event).await.is_err() || state.changed().await.is_err() {
            return;
        }
    }
}
