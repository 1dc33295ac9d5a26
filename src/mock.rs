//! The mock: the documented API on this machine, answering with its documented examples.
//!
//! What an integrator develops against, and what samples are run against. [`Routes`] are made from
//! the model once; `answer` finds the endpoint of a request, judges it as the spec says, and gives
//! what the spec gives: the example that the request asks for, whole or item by item. Only this
//! machine can ask, by the same door as the preview's.

mod answer;
mod judge;
mod reply;
mod route;

use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use http_body_util::channel::{Channel, Sender};
use http_body_util::{BodyExt as _, Either, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use tokio::sync::Semaphore;

use crate::listen::{Answers, Body, Door};

use answer::Answer;

pub use route::{Routes, base_path};

/// How many connections may be open; a further one closes another.
pub const MOST_CONNECTIONS: usize = 2048;

/// The longest body of a request, in bytes.
const LONGEST_BODY: usize = 1024 * 1024;

/// How many bodies are read at once: others wait, so that a flood of them takes little memory.
const MOST_BODIES: usize = 32;

/// How long a client may take for the body of a request.
const BODY_LIMIT: Duration = Duration::from_secs(10);

/// In a gap that is longer, a comment keeps the connection open.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// An API that answers with its examples.
pub struct Mock {
    routes: Routes,
    door: Door,
    pace: Duration,
    bodies: Semaphore,
    /// When the last item of a stream was sent.
    last_sent: Arc<Mutex<Option<Instant>>>,
}

impl Mock {
    /// A mock that waits for `pace` before each item of a stream.
    pub fn new(routes: Routes, door: Door, pace: Duration) -> Mock {
        Mock {
            routes,
            door,
            pace,
            bodies: Semaphore::new(MOST_BODIES),
            last_sent: Arc::default(),
        }
    }

    /// Where it notes when the last item of a stream was sent.
    pub fn last_sent(&self) -> Arc<Mutex<Option<Instant>>> {
        Arc::clone(&self.last_sent)
    }

    /// Reads a body within the limits; says what is wrong with it, if something is.
    async fn body(&self, body: Incoming) -> Result<Bytes, &'static str> {
        if hyper::body::Body::is_end_stream(&body) {
            return Ok(Bytes::new());
        }
        let _permit = self.bodies.acquire().await.map_err(|_| "the mock ends")?;
        let read = Limited::new(body, LONGEST_BODY).collect();
        match tokio::time::timeout(BODY_LIMIT, read).await {
            Ok(Ok(body)) => Ok(body.to_bytes()),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err("the body is longer than 1 MB"),
            Ok(Err(_)) => Err("the body is not whole"),
            Err(_) => Err("the body takes too long"),
        }
    }
}

impl Answers for Mock {
    async fn answer(self: Arc<Self>, request: Request<Incoming>, local: IpAddr) -> Response<Body> {
        let (head, body) = request.into_parts();
        if let Some(refusal) = answer::refused(&head, &self.door, local) {
            return refusal.map(Either::Left);
        }
        let body = match self.body(body).await {
            Ok(body) => body,
            Err(why) => return answer::unread(why).map(Either::Left),
        };
        match answer::answer(&self.routes, &head, &body) {
            Answer::Whole(response) => response.map(|bytes| Either::Left(Full::from(bytes))),
            Answer::Stream(response, stream) => {
                let (sender, channel) = Channel::new(1);
                let last_sent = self.last_sent();
                tokio::spawn(send(stream, self.pace, sender, last_sent));
                response.map(|()| Either::Right(channel))
            }
        }
    }
}

/// Sends a stream item by item, each after a pause.
async fn send(
    stream: answer::Stream,
    pace: Duration,
    mut sender: Sender<Bytes>,
    last_sent: Arc<Mutex<Option<Instant>>>,
) {
    let last = stream.items.len().saturating_sub(1);
    for (index, item) in stream.items.into_iter().enumerate() {
        let mut left = if index == 0 { Duration::ZERO } else { pace };
        while left > KEEPALIVE && stream.takes_comments {
            tokio::time::sleep(KEEPALIVE).await;
            left -= KEEPALIVE;
            let comment = Bytes::from_static(b": keepalive\n\n");
            if sender.send_data(comment).await.is_err() {
                return;
            }
        }
        if !left.is_zero() {
            tokio::time::sleep(left).await;
        }
        if index == last
            && let Ok(mut last_sent) = last_sent.lock()
        {
            *last_sent = Some(Instant::now());
        }
        if sender.send_data(item).await.is_err() {
            return;
        }
    }
}
