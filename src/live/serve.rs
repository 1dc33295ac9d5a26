//! The preview: the site as it is in memory, over HTTP, to the browsers of this machine.
//!
//! What is served is what was published last, and only names of its own list; no request reaches
//! the disk. [`listen`](crate::live::listen) says who may ask, `answer` what they get, `shown` what there
//! is.
//!
//! Browsers hear of a new version by its number alone, and then ask for what they show. The script
//! that does so is put into pages as they are sent: it is in no site that is built.

mod answer;
mod editor;
mod faults;
mod few;
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
pub use shown::Shown;

use answer::PreviewAnswer;

/// How many connections may be open; a further one closes another.
// Browsers open six connections to a host for each window (the usual limit of HTTP/1.1), and a page
// holds one for versions.
const MOST_CONNECTIONS: usize = 64;

/// A preview that listens, and shows what is published.
pub struct PreviewServer {
    listener: Listener,
    preview: Preview,
}

/// What answers need.
struct Preview {
    door: Door,
    state: watch::Sender<PreviewState>,
}

/// What a server shows.
#[derive(Clone, Default)]
struct PreviewState {
    /// How many there were before.
    version: u64,
    /// The last good site.
    shown: Option<Arc<Shown>>,
    /// A newer one that was shown until a fault was found in it, for what was made for it.
    // The next build most likely resembles it, so its rendered pages are still of use.
    taken_back: Option<Arc<Shown>>,
    /// What is wrong with the files now.
    faults: Arc<Faults>,
}

/// What publishes to a running server.
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

    /// Tells of faults of the site that is shown, and shows the one before it again, if there was
    /// one; unless another is shown by now. Says whether it did.
    pub fn take_back(&self, shown: &Arc<Shown>, good: Option<Arc<Shown>>, faults: Faults) -> bool {
        // Compared by address: a version that is published meanwhile must not be taken back by
        // errors of an older one.
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

impl PreviewServer {
    /// Listens at an address, on the first port from `port` on that is free.
    pub fn bind(host: IpAddr, port: u16, door: Door) -> anyhow::Result<PreviewServer> {
        let listener = Listener::bind(host, port)?;
        let (state, _) = watch::channel(PreviewState::default());
        Ok(PreviewServer {
            listener,
            preview: Preview { door, state },
        })
    }

    /// Where it listens.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        self.listener.address()
    }

    /// What publishes to it.
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
        // No page is made on the thread that serves all connections.
        let preview = Arc::clone(&self);
        let made = tokio::task::spawn_blocking(move || {
            answer::answer(&request, has_body, &state, (&preview.door, local))
        });
        let Ok(answer) = made.await else {
            return answer::failed().map(Either::Left);
        };
        match answer {
            PreviewAnswer::Whole(response) => response.map(Either::Left),
            PreviewAnswer::Versions(response) => {
                let versions = Pieces::new(|sender| tell_versions(self.state.subscribe(), sender));
                response.map(|()| Either::Right(versions))
            }
        }
    }
}

/// Tells the version that is shown, and each that follows, as server-sent events.
async fn tell_versions(mut state: watch::Receiver<PreviewState>, mut sender: Sender<Bytes>) {
    loop {
        // Versions in between are skipped: a browser needs the newest number alone.
        let version = state.borrow_and_update().version;
        let event = Bytes::from(format!("data: {version}\n\n"));
        if sender.send_data(event).await.is_err() || state.changed().await.is_err() {
            return;
        }
    }
}
