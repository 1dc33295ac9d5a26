//! The mock serves the documented API on this machine, and answers with its examples.
//!
//! Integrators develop against it, and samples are run against it. [`Routes`] are built from the
//! model once; `answer` finds the endpoint of a request, validates the request against the spec,
//! and returns the example that it asks for, complete or item by item. Only this machine can send
//! requests, by the same rules as for the preview.

mod answer;
mod body;
mod cors;
mod judge;
mod refusal;
mod reply;
mod route;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use http_body_util::channel::Sender;
use http_body_util::{BodyExt as _, Either, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::http::request::Parts;
use hyper::{Request, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::live::listen::{AnswerBody, Answers, Door, MAKERS, Pieces};

use answer::MockAnswer;
use refusal::UnreadBody;

pub use cors::{AllowedOrigins, WebOrigin};
pub use route::{Routes, base_path};

/// How many connections may be open; the next one closes another.
pub const MOST_CONNECTIONS: usize = 2048;

/// The longest body of a request, in bytes.
const LONGEST_BODY: usize = 1024 * 1024;

/// How much of a body is read at once; to read more, the request needs one of [`MOST_LONG_BODIES`]
/// permits.
const SHORT_BODY: usize = 16 * 1024;

/// How many long bodies are in memory at the same time, from their first bytes to the answer:
/// others wait, so that a flood of them takes little memory, and short ones need not wait.
const MOST_LONG_BODIES: usize = 32;

/// How many long bodies are validated at the same time: one thread is left for short ones.
const MOST_LONG_CHECKED: usize = MAKERS - 1;

/// How long a client may take for the body of a request.
const BODY_LIMIT: Duration = Duration::from_secs(10);

/// In a longer gap, a comment keeps the connection open.
// Proxies commonly close a connection after 30 or 60 idle seconds; the WHATWG HTML standard
// (§9.2.7) suggests a comment every 15.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// A comment in an event stream.
const COMMENT: Bytes = Bytes::from_static(b": keepalive\n\n");

/// The body of a request.
struct RequestBody {
    bytes: Vec<u8>,
    /// Its permit as a long body, which it keeps while it is in memory.
    place: Option<OwnedSemaphorePermit>,
}

/// An API that answers with its examples.
pub struct Mock {
    /// Replaced when the project changes; a request is answered by those that it found.
    routes: RwLock<Arc<Routes>>,
    door: Door,
    origins: AllowedOrigins,
    pace: Duration,
    long_bodies: Arc<Semaphore>,
    long_checked: Arc<Semaphore>,
    /// When the last item of a stream was sent; the trial of samples reads it.
    last_sent: Arc<Mutex<Option<Instant>>>,
}

impl Mock {
    /// Creates a mock that waits for `pace` before each item of a stream; `door` determines who may
    /// send requests, and `origins` which pages of other origins may read the answers.
    pub fn new(routes: Routes, door: Door, origins: AllowedOrigins, pace: Duration) -> Mock {
        Mock {
            routes: RwLock::new(Arc::new(routes)),
            door,
            origins,
            pace,
            long_bodies: Arc::new(Semaphore::new(MOST_LONG_BODIES)),
            long_checked: Arc::new(Semaphore::new(MOST_LONG_CHECKED)),
            last_sent: Arc::default(),
        }
    }

    /// Returns where the mock stores the time at which it sent the last item of a stream.
    pub fn last_sent(&self) -> Arc<Mutex<Option<Instant>>> {
        Arc::clone(&self.last_sent)
    }

    /// Answers by other routes from now on.
    pub fn replace(&self, routes: Routes) {
        *self.routes.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(routes);
    }

    fn routes(&self) -> Arc<Routes> {
        Arc::clone(&self.routes.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads a body within the limits.
    async fn body(&self, mut body: Incoming) -> Result<RequestBody, UnreadBody> {
        let mut sent = RequestBody {
            bytes: Vec::new(),
            place: None,
        };
        // A body whose declared length is too long is not read, nor requested by `100 Continue`.
        if body.size_hint().lower() > LONGEST_BODY as u64 {
            return Err(UnreadBody::TooLong);
        }
        // Only the client's time counts, not the time of waiting for others.
        let mut left = BODY_LIMIT;
        loop {
            let start = Instant::now();
            let frame = tokio::time::timeout(left, body.frame()).await;
            left = left.saturating_sub(start.elapsed());
            let Some(frame) = frame.map_err(|_| UnreadBody::TooSlow)? else {
                return Ok(sent);
            };
            let Ok(piece) = frame.map_err(|_| UnreadBody::Broken)?.into_data() else {
                continue;
            };
            let length = sent.bytes.len() + piece.len();
            if length > LONGEST_BODY {
                return Err(UnreadBody::TooLong);
            }
            // Short bodies need no permit, so a flood of long ones delays none of them.
            if length > SHORT_BODY && sent.place.is_none() {
                sent.place = Arc::clone(&self.long_bodies).acquire_owned().await.ok();
            }
            sent.bytes.extend_from_slice(&piece);
        }
    }
}

impl Answers for Mock {
    async fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
        local: IpAddr,
    ) -> Response<AnswerBody> {
        let (head, body) = request.into_parts();
        if let Some(refusal) = refusal::refused(&head, &self.door, local) {
            return refusal.map(Either::Left);
        }
        let origin = self.origins.of(&head);
        let preflight = origin.and_then(|_| cors::preflight(&head));
        let origin = origin.cloned();
        let mut response = match preflight {
            Some(allowed) => allowed.map(|bytes| Either::Left(Full::from(bytes))),
            None => self.documented(head, body).await,
        };
        self.origins.open(origin.as_ref(), response.headers_mut());
        response
    }
}

impl Mock {
    /// Answers a request as the spec documents.
    async fn documented(self: &Arc<Self>, head: Parts, body: Incoming) -> Response<AnswerBody> {
        let routes = self.routes();
        let body = match self.body(body).await {
            Ok(body) => body,
            Err(unread) => {
                let response = answer::unread(&routes, &head, unread);
                return response.map(|bytes| Either::Left(Full::from(bytes)));
            }
        };
        // Validation runs on other threads, so that other clients need not wait for it. It
        // continues when its client disconnects, so it takes the permits along.
        let checking = match body.place {
            Some(_) => Arc::clone(&self.long_checked).acquire_owned().await.ok(),
            None => None,
        };
        let answer = tokio::task::spawn_blocking(move || {
            let RequestBody { bytes, place } = body;
            let answer = answer::answer(&routes, &head, &bytes);
            drop((bytes, place, checking));
            answer
        });
        let Ok(answer) = answer.await else {
            return refusal::failed().map(Either::Left);
        };
        match answer {
            MockAnswer::Whole(response) => response.map(|bytes| Either::Left(Full::from(bytes))),
            MockAnswer::Stream(response, stream) => {
                let (pace, last_sent) = (self.pace, self.last_sent());
                let pieces = Pieces::new(|sender| send(stream, pace, KEEPALIVE, sender, last_sent));
                response.map(|()| Either::Right(pieces))
            }
        }
    }
}

/// Sends a stream item by item, each after a pause.
async fn send(
    stream: answer::StreamAnswer,
    pace: Duration,
    keepalive: Duration,
    mut sender: Sender<Bytes>,
    last_sent: Arc<Mutex<Option<Instant>>>,
) {
    let last = stream.items.len().saturating_sub(1);
    for (index, item) in stream.items.iter().enumerate() {
        let mut left = if index == 0 { Duration::ZERO } else { pace };
        while left > keepalive && stream.takes_comments {
            tokio::time::sleep(keepalive).await;
            left -= keepalive;
            if sender.send_data(COMMENT).await.is_err() {
                return;
            }
        }
        if !left.is_zero() {
            tokio::time::sleep(left).await;
        }
        // Stored before the item is sent, so that a sample that prints its first piece afterwards
        // can't seem to be in time.
        if index == last
            && let Ok(mut last_sent) = last_sent.lock()
        {
            *last_sent = Some(Instant::now());
        }
        // Items are shared by all clients and filled one at a time, so that a stream of 500 events
        // needs no memory per client.
        let item = item.fill(&stream.values);
        if sender.send_data(item).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::reply::Text;
    use super::*;
    use crate::hole::Values;

    /// Sends two items with a long pause between them, and returns the pieces.
    fn sent(takes_comments: bool, pace: u64, keepalive: u64) -> Vec<Bytes> {
        let stream = answer::StreamAnswer {
            items: ["one", "two"].map(|item| Text::new(item.to_owned())).into(),
            values: Values::default(),
            takes_comments,
        };
        let [pace, keepalive] = [pace, keepalive].map(Duration::from_millis);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build();
        runtime.unwrap().block_on(async {
            let mut body =
                Pieces::new(|sender| send(stream, pace, keepalive, sender, Arc::default()));
            let mut pieces = Vec::new();
            while let Some(frame) = body.frame().await {
                pieces.push(frame.unwrap().into_data().unwrap());
            }
            pieces
        })
    }

    #[test]
    fn in_a_long_gap_comments_keep_an_event_stream_open() {
        let [one, two] = ["one", "two"].map(Bytes::from);
        let kept = sent(true, 50, 20);
        assert_eq!(kept, [one.clone(), COMMENT, COMMENT, two.clone()]);
        assert_eq!(sent(true, 50, 60), [one.clone(), two.clone()]);
        assert_eq!(sent(false, 50, 20), [one, two]);
    }
}
