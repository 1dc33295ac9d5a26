//! Errors in requests, and their answers in the shape of the endpoint's documented errors.

use std::net::IpAddr;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Response, StatusCode};
use serde_json::Value;

use super::reply::{Reply, insert, with_message};
use super::route::{Route, Routes};
use crate::hole::Unmarked;
use crate::input::secret::masked;
use crate::live::listen::Door;
use crate::model::Status;

/// An error in a request: a status, or several equivalent ones, and the reason.
pub(super) struct Rejection {
    codes: &'static [u16],
    why: String,
}

/// Why a body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnreadBody {
    TooLong,
    TooSlow,
    Broken,
}

impl UnreadBody {
    pub(super) fn refusal(self) -> Rejection {
        match self {
            UnreadBody::TooLong => refusal(&[413], "the body is longer than 1 MB"),
            UnreadBody::TooSlow => {
                refusal(&[408], "the body took longer than 10 seconds to arrive")
            }
            UnreadBody::Broken => refusal(
                &[400],
                "the body is incomplete, or its chunks are malformed",
            ),
        }
    }
}

pub(super) fn refusal(codes: &'static [u16], why: impl Into<String>) -> Rejection {
    // The message quotes the request, and people copy it into questions and bug reports.
    let mut why = masked(&why.into()).into_owned();
    if why.len() > LONGEST_WHY {
        why.truncate(why.floor_char_boundary(LONGEST_WHY));
        why.push('…');
        // Free the memory of the truncated text.
        why.shrink_to_fit();
    }
    Rejection { codes, why }
}

/// The longest message, in bytes: what it quotes may be as long as a body, and an answer stays in
/// memory until its client has read it.
const LONGEST_WHY: usize = 2_000;

/// The statuses for a request without a key, the best first.
pub(super) const NO_KEY: &[u16] = &[401, 403];

/// The statuses for a request that violates the spec, the best first.
// 422 (RFC 9110 §15.5.21) is what most of these APIs send; whichever of the two is documented wins.
pub(super) const WRONG: &[u16] = &[422, 400];

/// Refuses texts of a request that contain a marker: an answer would contain a value in its place.
pub(super) fn unmarked(place: &str, texts: &[impl AsRef<str>]) -> Result<(), Rejection> {
    match texts.iter().find_map(|it| Unmarked::new(it.as_ref()).err()) {
        None => Ok(()),
        Some(marker) => {
            let code = marker as u32;
            let why = format!(
                "the {place} contains U+{code:04X}, which this mock can't use in an answer"
            );
            Err(refusal(&[400, 422], why))
        }
    }
}

/// Collects all names and texts in a value.
pub(super) fn texts_of<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts_of(item, found)),
        Value::Object(members) => {
            for (name, member) in members {
                found.push(name);
                texts_of(member, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Refuses a request that does not name this machine: one of another website, sent through a
/// browser.
pub(super) fn refused(head: &Parts, door: &Door, local: IpAddr) -> Option<Response<Full<Bytes>>> {
    let Some(host) = Door::host(&head.uri, &head.headers) else {
        return Some(words(
            StatusCode::BAD_REQUEST,
            "a request must name exactly one host\n",
        ));
    };
    let why = "this mock does not accept that host name; add it with `--allow-host NAME`\n";
    (!door.admits(host, local)).then(|| words(StatusCode::MISDIRECTED_REQUEST, why))
}

/// Returns the answer to a request at which the mock itself failed.
pub(super) fn failed() -> Response<Full<Bytes>> {
    let why = "the mock failed to answer this request\n";
    words(StatusCode::INTERNAL_SERVER_ERROR, why)
}

fn words(status: StatusCode, words: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(words));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// Builds an error of the mock: the documented one of its status, with a message of its own.
pub(super) fn error(
    routes: &Routes,
    route: Option<&Route>,
    refusal: &Rejection,
) -> Response<Bytes> {
    let replies = route.map_or(&[][..], |route| &route.replies);
    // A documented status is preferred to a better one that is not: clients rely on the example.
    let exact = refusal.codes.iter().find_map(|&code| {
        let mut replies = replies.iter();
        let is_it = |reply: &&Reply| reply.status == Status::Code(code);
        Some((code, replies.find(is_it)?))
    });
    let first = refusal.codes.first().copied().unwrap_or(400);
    let wide = || {
        let mut fitting: Vec<&Reply> = replies.iter().filter(|it| it.is_for(first)).collect();
        fitting.sort_by_key(|reply| reply.status);
        Some((first, *fitting.first()?))
    };
    let (code, reply) = match exact.or_else(wide) {
        Some((code, reply)) => (code, Some(reply)),
        None => (first, None),
    };
    let example = reply
        .map(|reply| reply.body.fill(&routes.values))
        .unwrap_or_default();
    let why = Unmarked::spelled(&refusal.why);
    let documented = with_message(&example, &why);
    let (content_type, body) = match (documented, reply) {
        (Some(body), Some(reply)) => (reply.content_type.clone(), body),
        (_, Some(reply)) if reply.content_type.starts_with("text/") => {
            (reply.content_type.clone(), why.as_str().to_owned())
        }
        _ => {
            let body = serde_json::json!({ "message": why.as_str() });
            ("application/json".to_owned(), body.to_string())
        }
    };
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_REQUEST);
    let headers = response.headers_mut();
    insert(headers, CONTENT_TYPE.as_str(), &content_type);
    // RFC 9110 §15.5.16 and §12.5.3: the codings that are supported.
    if code == StatusCode::UNSUPPORTED_MEDIA_TYPE {
        insert(headers, ACCEPT_ENCODING.as_str(), "identity");
    }
    response
}
