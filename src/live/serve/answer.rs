//! Answers requests of browsers.
//!
//! A path is decoded once and looked up in the site's own list, so no request reaches a file that
//! is not on it. Of a target with a `#`, which no client may send, hyper passes the part before
//! it; that is looked up like any other path, which is safe: the path that is checked and the path
//! that is served are one string here, and no rule treats a part of it specially. Answers have the
//! headers that the published site's `_headers` specifies, and none that lets another site read
//! them.

use std::net::IpAddr;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName,
    HeaderValue, IF_NONE_MATCH, IF_RANGE, LOCATION, ORIGIN, RANGE,
};
use hyper::{Method, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;

use super::PreviewState;
use super::faults::Faults;
use super::file::SharedFile;
use super::shown::Resource;
use crate::live::listen::Door;
use crate::pages::hosting::{headers_for, media_type};
use crate::rich::html::Html;
use crate::rich::policy;

/// The folder of the preview's own files; no page has such a name.
// A page's name begins with a letter or digit, so none has this one.
const OWN: &str = "_botdocs/";

const SCRIPT: &str = include_str!("client.js");
const STYLE: &str = include_str!("client.css");

/// An answer of the preview.
pub(super) enum PreviewAnswer {
    /// A complete answer.
    Whole(Response<Full<Bytes>>),
    /// The head of the stream of versions.
    Versions(Response<()>),
}

/// Answers a request that came to the address `local`.
pub(super) fn answer<B>(
    request: &Request<B>,
    has_body: bool,
    state: &PreviewState,
    door: &Door,
    local: IpAddr,
) -> PreviewAnswer {
    let whole = |response: Response<Full<Bytes>>| PreviewAnswer::Whole(response);
    let headers = request.headers();
    let Some(host) = Door::host(request.uri(), headers) else {
        return whole(refusal(
            StatusCode::BAD_REQUEST,
            "a request must name exactly one host\n",
        ));
    };
    if !door.admits(host, local) {
        let words =
            "this preview does not accept that host name; add it with `--allow-host NAME`\n";
        // 421 (RFC 9110 §15.5.20) is the answer of a server that is not responsible for the host.
        return whole(refusal(StatusCode::MISDIRECTED_REQUEST, words));
    }
    if has_body {
        // No path accepts a body, and an unread body would be parsed as the next request.
        return whole(refusal(
            StatusCode::PAYLOAD_TOO_LARGE,
            "a request must have no body\n",
        ));
    }
    let path = request.uri().path().strip_prefix('/');
    let path = path.and_then(|path| percent_decode_str(path).decode_utf8().ok());
    let Some(path) = path else {
        return whole(refusal(
            StatusCode::BAD_REQUEST,
            "the path must be valid UTF-8\n",
        ));
    };
    if path == "_botdocs/versions" {
        return versions(request, host);
    }
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        let mut response = refusal(
            StatusCode::METHOD_NOT_ALLOWED,
            "only GET and HEAD are allowed\n",
        );
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return whole(response);
    }
    let mut response = match path.strip_prefix(OWN) {
        Some(name) => own_file(name, state, headers),
        None => site_file(&path, state, headers),
    };
    if request.method() == Method::HEAD {
        let length = hyper::body::Body::size_hint(response.body()).lower();
        let head = response.headers_mut();
        head.insert(hyper::header::CONTENT_LENGTH, HeaderValue::from(length));
        *response.body_mut() = Full::default();
    }
    whole(response)
}

/// Returns the stream of versions, only to our own pages: by `POST`, for which every browser sends
/// the origin of the page.
fn versions<B>(request: &Request<B>, host: &str) -> PreviewAnswer {
    let mut origins = request.headers().get_all(ORIGIN).iter();
    let origin = match (origins.next(), origins.next()) {
        (Some(origin), None) => origin.to_str().unwrap_or(""),
        _ => "",
    };
    // `EventSource` sends only `GET`, for which browsers send no `Origin` within one site. So the
    // script reads the stream by `fetch`.
    if request.method() != Method::POST {
        let mut response = refusal(StatusCode::METHOD_NOT_ALLOWED, "only POST is allowed\n");
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("POST"));
        return PreviewAnswer::Whole(response);
    }
    if !Door::is_own_page(origin, host) {
        let words = "only pages of this preview may read this stream\n";
        return PreviewAnswer::Whole(refusal(StatusCode::FORBIDDEN, words));
    }
    let mut response = Response::new(());
    secure(response.headers_mut());
    set(response.headers_mut(), CONTENT_TYPE, "text/event-stream");
    set(response.headers_mut(), CACHE_CONTROL, "no-store");
    PreviewAnswer::Versions(response)
}

fn own_file(name: &str, state: &PreviewState, headers: &HeaderMap) -> Response<Full<Bytes>> {
    let (kind, text) = match name {
        "client.js" => ("text/javascript; charset=utf-8", SCRIPT.to_owned()),
        "client.css" => ("text/css; charset=utf-8", STYLE.to_owned()),
        "faults.json" => (
            "application/json",
            state.faults.to_json(state.shown.is_some()),
        ),
        _ => return not_found(state),
    };
    let own = SharedFile::new(text);
    let mut response = part_asked_for(own.bytes().clone(), own.tag(), headers);
    secure(response.headers_mut());
    set(response.headers_mut(), CONTENT_TYPE, kind);
    response
}

fn site_file(path: &str, state: &PreviewState, headers: &HeaderMap) -> Response<Full<Bytes>> {
    let Some(shown) = &state.shown else {
        return broken(state);
    };
    let file = match shown.get(path) {
        None => return not_found(state),
        Some(Resource::Folder(location)) => {
            // 308 keeps the method, and browsers remember it like 301 (RFC 9110 §15.4.9).
            let mut response = refusal(StatusCode::PERMANENT_REDIRECT, "");
            // A bot's ID is letters, digits, hyphens and underscores.
            set(response.headers_mut(), LOCATION, &location);
            return response;
        }
        Some(Resource::Fault(report)) => {
            let faults = Faults::new(&report, &shown.snapshot().inputs.sources, &|_, _, _| None);
            let page = page_of(&faults.text(), "Not rendered");
            return page_instead(StatusCode::INTERNAL_SERVER_ERROR, page);
        }
        Some(Resource::File(file)) => file,
    };
    let kind = media_type(if path.is_empty() || path.ends_with('/') {
        "index.html"
    } else {
        path
    });
    let is_page = kind.starts_with("text/html");
    let tag = file.tag().to_owned();
    let bytes = if is_page {
        with_client(file.into_vec(), &tag).into()
    } else {
        file.bytes().clone()
    };
    let mut response = part_asked_for(bytes, &tag, headers);
    set(response.headers_mut(), CONTENT_TYPE, kind);
    secure(response.headers_mut());
    for (name, value) in headers_for(shown.text("_headers"), shown.base(), path) {
        if let Ok(name) = HeaderName::try_from(name)
            && !is_withheld(&name)
        {
            set(response.headers_mut(), name, value);
        }
    }
    response
}

/// Returns whether the preview sends no such header, though the published site does: one that frames
/// the message, or lets another site read a page of this machine.
fn is_withheld(name: &HeaderName) -> bool {
    let withheld = [
        "connection",
        "content-encoding",
        "content-length",
        "cross-origin-resource-policy",
        "set-cookie",
        "transfer-encoding",
    ];
    let name = name.as_str();
    withheld.contains(&name) || name.starts_with("access-control-")
}

fn not_found(state: &PreviewState) -> Response<Full<Bytes>> {
    let page = state.shown.as_ref().and_then(|shown| shown.get("404.html"));
    let Some(Resource::File(page)) = page else {
        return refusal(StatusCode::NOT_FOUND, "no such page\n");
    };
    page_instead(StatusCode::NOT_FOUND, page)
}

/// Returns the page that is shown for every path while there has been no site.
fn broken(state: &PreviewState) -> Response<Full<Bytes>> {
    let faults = state.faults.text();
    if !faults.is_empty() {
        return page_instead(
            StatusCode::SERVICE_UNAVAILABLE,
            page_of(&faults, "Not built yet"),
        );
    }
    let words =
        "botdocs is reading the project. This page will show the site as soon as it is ready.";
    let page = page_of(words, "A moment");
    let mut response = page_instead(StatusCode::SERVICE_UNAVAILABLE, page);
    // For browsers without JavaScript.
    let name = HeaderName::from_static("refresh");
    set(response.headers_mut(), name, "1");
    response
}

/// Builds a page with a text of the terminal.
fn page_of(text: &str, title: &str) -> SharedFile {
    let mut html = Html::new();
    html.element("pre").text(text);
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>{title}</title>\n</head>\n<body>\n{}\n</body>\n</html>\n",
        html.as_str()
    );
    SharedFile::new(page)
}

/// Returns a page that is shown instead of the requested one.
fn page_instead(status: StatusCode, page: SharedFile) -> Response<Full<Bytes>> {
    let tag = page.tag().to_owned();
    let mut response = Response::new(Full::from(with_client(page.into_vec(), &tag)));
    *response.status_mut() = status;
    secure(response.headers_mut());
    set(
        response.headers_mut(),
        CONTENT_TYPE,
        "text/html; charset=utf-8",
    );
    set(response.headers_mut(), ETAG, &tag);
    response
}

/// Returns the answer to a request at which the preview itself failed.
pub(super) fn failed() -> Response<Full<Bytes>> {
    let words = "the preview failed to answer this request\n";
    refusal(StatusCode::INTERNAL_SERVER_ERROR, words)
}

fn refusal(status: StatusCode, words: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(words));
    *response.status_mut() = status;
    secure(response.headers_mut());
    set(
        response.headers_mut(),
        CONTENT_TYPE,
        "text/plain; charset=utf-8",
    );
    // The unread rest of such a request can't be distinguished from the next request.
    if status == StatusCode::PAYLOAD_TOO_LARGE || status == StatusCode::BAD_REQUEST {
        set(response.headers_mut(), CONNECTION, "close");
    }
    response
}

/// Returns a file, the requested part of it, or 304 if it is unchanged.
fn part_asked_for(bytes: Bytes, tag: &str, headers: &HeaderMap) -> Response<Full<Bytes>> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    // A tag with `W/` is equal too: `If-None-Match` compares weakly (RFC 9110 §13.1.2).
    let is_same = text(IF_NONE_MATCH).is_some_and(|tags| {
        let mut tags = tags
            .split(',')
            .map(|other| other.trim().trim_start_matches("W/"));
        tags.any(|other| other == tag || other == "*")
    });
    let mut response = Response::new(Full::default());
    set(response.headers_mut(), ETAG, tag);
    set(
        response.headers_mut(),
        hyper::header::ACCEPT_RANGES,
        "bytes",
    );
    if is_same {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    // A range of another version would join two versions in one file (RFC 9110 §13.1.5); so a
    // mismatch returns the whole file.
    let is_of_this = text(IF_RANGE).is_none_or(|other| other == tag);
    let length = bytes.len();
    match text(RANGE)
        .filter(|_| is_of_this)
        .and_then(|range| part(range, length))
    {
        None => *response.body_mut() = Full::from(bytes),
        Some(Err(())) => {
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            set(
                response.headers_mut(),
                CONTENT_RANGE,
                &format!("bytes */{length}"),
            );
        }
        Some(Ok((first, last))) => {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let range = format!("bytes {first}-{last}/{length}");
            set(response.headers_mut(), CONTENT_RANGE, &range);
            *response.body_mut() = Full::from(bytes.slice(first..=last));
        }
    }
    response
}

/// Returns the first and last byte of a range (RFC 9110, section 14); an error if the file has no
/// byte of it, nothing if the range may be ignored.
fn part(range: &str, length: usize) -> Option<Result<(usize, usize), ()>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let number = |text: &str| -> Option<usize> {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse().unwrap_or(usize::MAX))
    };
    let (first, last) = match (number(first), number(last)) {
        // A range that is not valid is ignored (RFC 9110 §14.2): the whole file is the answer.
        (Some(first), Some(last)) if first > last => return None,
        (Some(first), Some(last)) => (first, last),
        (Some(first), None) if last.is_empty() => (first, usize::MAX),
        (None, Some(count)) if first.is_empty() => {
            let start = length.saturating_sub(count);
            (if count == 0 { length } else { start }, usize::MAX)
        }
        _ => return None,
    };
    if first < length {
        Some(Ok((first, last.min(length - 1))))
    } else {
        Some(Err(()))
    }
}

/// Inserts the preview's script into a page; the tag identifies the page to the script.
fn with_client(mut page: Vec<u8>, tag: &str) -> Vec<u8> {
    let tag = tag.trim_matches('"');
    let script = format!("<script src=\"/{OWN}client.js\" data-tag=\"{tag}\" defer></script>\n");
    let end = b"</body>";
    // The last occurrence: a comment in a project's template may contain the same bytes before it.
    let at = page.windows(end.len()).rposition(|bytes| bytes == end);
    let at = at.unwrap_or(page.len());
    page.splice(at..at, script.into_bytes());
    page
}

/// Sets the headers that every answer has.
fn secure(headers: &mut HeaderMap) {
    set(headers, CACHE_CONTROL, "no-cache");
    set(headers, hyper::header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, hyper::header::REFERRER_POLICY, "same-origin");
    // The policy in a `<meta>` can't specify who may frame a page (CSP 3 §3.3), so the header
    // does.
    let policy = format!("{}; frame-ancestors 'self'", policy::text());
    set(headers, hyper::header::CONTENT_SECURITY_POLICY, &policy);
    let name = HeaderName::from_static("cross-origin-resource-policy");
    set(headers, name, "same-origin");
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_of_the_standard() {
        for (range, expected) in [
            ("bytes=0-0", Some(Ok((0, 0)))),
            ("bytes=2-", Some(Ok((2, 9)))),
            ("bytes=2-99999999999999999999", Some(Ok((2, 9)))),
            ("bytes=-3", Some(Ok((7, 9)))),
            ("bytes=-30", Some(Ok((0, 9)))),
            ("bytes=-0", Some(Err(()))),
            ("bytes=10-", Some(Err(()))),
            ("bytes=3-2", None),
            ("bytes=0-1,3-4", None),
            ("bytes=-", None),
            ("bytes=+1-2", None),
            ("lines=0-1", None),
        ] {
            assert_eq!(part(range, 10), expected, "{range}");
        }
        assert_eq!(part("bytes=0-", 0), Some(Err(())));
    }

    #[test]
    fn the_script_stands_last_in_the_body() {
        let page =
            |text: &str| String::from_utf8(with_client(text.as_bytes().to_vec(), "\"a\"")).unwrap();
        let script = "<script src=\"/_botdocs/client.js\" data-tag=\"a\" defer></script>\n";
        assert_eq!(
            page("<body><pre></body></pre></body></html>"),
            format!("<body><pre></body></pre>{script}</body></html>")
        );
        assert_eq!(page("<p>"), format!("<p>{script}"));
    }
}
