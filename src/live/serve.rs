//! The preview: serves the site from memory over HTTP to the browsers of this machine.
//!
//! It serves the version published last, and only paths on the list of that site; no request reads
//! the disk. [`listen`](crate::live::listen) decides who may send requests, `answer` answers them,
//! `shown` holds the site.
//!
//! Browsers receive only the number of a new version, and then request what they show. The script
//! that does so is inserted into pages when they are sent: no built site contains it.

mod answer;
mod editor;
mod faults;
mod file;
mod shown;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use http_body_util::Either;
use http_body_util::channel::Sender;
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::{Request, Response};
use tokio::sync::watch;

use crate::live::listen::{AnswerBody, Answers, Door, Listener, Pieces};

pub use editor::Editor;
pub use faults::Faults;
pub use shown::{Shown, ValuesOfBots};

use answer::PreviewAnswer;

/// How many connections may be open; the next one closes another.
// Browsers open six connections to a host for each window (the usual limit of HTTP/1.1), and a page
// holds one for versions.
const MOST_CONNECTIONS: usize = 64;

/// A preview server, which shows what is published.
pub struct PreviewServer {
    listener: Listener,
    preview: Preview,
}

/// The data that answers need.
struct Preview {
    door: Door,
    state: watch::Sender<PreviewState>,
}

/// The state that a server shows.
#[derive(Clone, Default)]
struct PreviewState {
    /// The number of the version.
    version: u64,
    /// The last good site.
    shown: Option<Arc<Shown>>,
    /// A newer site that was shown until an error was found in it, kept for its rendered pages.
    // The next build most likely resembles it.
    taken_back: Option<Arc<Shown>>,
    /// The errors in the files.
    faults: Arc<Faults>,
}

/// Publishes to a running server.
#[derive(Clone)]
pub struct Publisher(watch::Sender<PreviewState>);

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

    /// Shows errors of the current site, and the site before it again, if there was one; does
    /// nothing if another site is current by now. Returns whether it did.
    pub fn take_back(&self, shown: &Arc<Shown>, good: Option<Arc<Shown>>, faults: Faults) -> bool {
        // Compared by address: errors of an older version must not withdraw a version that was
        // published meanwhile.
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

    /// Returns whether a site is the one that is shown.
    pub fn is_shown(&self, shown: &Arc<Shown>) -> bool {
        self.last().is_some_and(|last| Arc::ptr_eq(&last, shown))
    }

    /// Shows errors above the last good site.
    pub fn show_faults(&self, faults: Faults) {
        self.0.send_modify(|state| {
            state.version += 1;
            state.faults = Arc::new(faults);
        });
    }

    /// Returns the newest site, even if it was withdrawn: the next one has most in common with it.
    pub fn newest(&self) -> Option<Arc<Shown>> {
        let state = self.0.borrow();
        state.taken_back.clone().or_else(|| state.shown.clone())
    }

    /// Returns the last good site.
    pub fn last(&self) -> Option<Arc<Shown>> {
        self.0.borrow().shown.clone()
    }
}

impl PreviewServer {
    /// Listens on an address, at the first free port from `port` on.
    pub fn bind(host: IpAddr, port: u16, door: Door) -> anyhow::Result<PreviewServer> {
        let listener = Listener::bind(host, port)?;
        let (state, _) = watch::channel(PreviewState::default());
        Ok(PreviewServer {
            listener,
            preview: Preview { door, state },
        })
    }

    /// Returns the address that it listens on.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        self.listener.address()
    }

    /// Returns a publisher for this server.
    pub fn publisher(&self) -> Publisher {
        Publisher(self.preview.state.clone())
    }

    /// Serves until the thread ends.
    pub fn run(self) -> anyhow::Result<()> {
        self.listener.run(MOST_CONNECTIONS, Arc::new(self.preview))
    }
}

impl Answers for Preview {
    async fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
        local: IpAddr,
    ) -> Response<AnswerBody> {
        let state = self.state.borrow().clone();
        let has_body = !request.body().is_end_stream();
        // No page is rendered on the thread that serves all connections.
        let preview = Arc::clone(&self);
        let rendering = tokio::task::spawn_blocking(move || {
            answer::answer(&request, has_body, &state, &preview.door, local)
        });
        let Ok(answer) = rendering.await else {
            return answer::failed().map(Either::Left);
        };
        match answer {
            PreviewAnswer::Whole(response) => response.map(Either::Left),
            PreviewAnswer::Versions(response) => {
                let versions = Pieces::new(|sender| send_versions(self.state.subscribe(), sender));
                response.map(|()| Either::Right(versions))
            }
        }
    }
}

/// Sends the current version and each following one as server-sent events.
async fn send_versions(mut state: watch::Receiver<PreviewState>, mut sender: Sender<Bytes>) {
    loop {
        // Intermediate versions are skipped: a browser needs only the newest number.
        let version = state.borrow_and_update().version;
        let event = Bytes::from(format!("data: {version}\n\n"));
        if sender.send_data(event).await.is_err() || state.changed().await.is_err() {
            return;
        }
    }
}
