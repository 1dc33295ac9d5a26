//! Which pages of other origins may read the mock's answers: the CORS protocol of the Fetch standard.

use hyper::body::Bytes;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN, VARY,
};
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};
use url::Url;

/// An origin, as a browser serializes it: scheme, host, and a port that is not the scheme's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebOrigin(HeaderValue);

/// The origins whose pages may read the answers.
#[derive(Clone, Debug, Default)]
pub struct AllowedOrigins(Vec<WebOrigin>);

impl WebOrigin {
    /// Reads an origin that a person typed.
    ///
    /// # Errors
    /// With what to write instead, if the text is not an origin of a page on a server.
    pub fn parse(text: &str) -> Result<WebOrigin, String> {
        let example = "write the address of the page's server, such as http://localhost:3000";
        // Every website can open a page with this origin, in a frame with `sandbox`.
        if text == "null" {
            return Err(format!(
                "a page that is opened as a file has no origin; {example}"
            ));
        }
        if text == "*" {
            return Err(format!(
                "every website that the browser opens could call this mock; {example}, once for each origin"
            ));
        }
        let Ok(url) = Url::parse(text) else {
            return Err(format!("not an origin; {example}"));
        };
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("not an origin with `http` or `https`; {example}"));
        }
        let origin = url.origin().ascii_serialization();
        let is_alone = url.path() == "/" && url.username().is_empty() && url.password().is_none();
        if !is_alone || url.query().is_some() || url.fragment().is_some() {
            return Err(format!(
                "an origin has only a scheme, a host and a port; write {origin}"
            ));
        }
        let header =
            HeaderValue::from_str(&origin).map_err(|_| format!("not an origin; {example}"))?;
        Ok(WebOrigin(header))
    }
}

impl AllowedOrigins {
    /// Allows these origins.
    pub fn new(origins: impl IntoIterator<Item = WebOrigin>) -> AllowedOrigins {
        AllowedOrigins(origins.into_iter().collect())
    }

    /// Returns the origin of the page that sent a request, if its page may read the answer.
    pub(super) fn of(&self, head: &Parts) -> Option<&WebOrigin> {
        let origin = head.headers.get(ORIGIN)?;
        self.0.iter().find(|allowed| allowed.0 == *origin)
    }

    /// Adds the headers by which a browser gives an answer to the page that sent the request.
    pub(super) fn open(&self, origin: Option<&WebOrigin>, headers: &mut HeaderMap) {
        if self.0.is_empty() {
            return;
        }
        // A cache between must not give the answer for one origin to another.
        headers.append(VARY, HeaderValue::from_static("Origin"));
        let Some(origin) = origin else {
            return;
        };
        // `*` stands for all names only where no cookies are sent (Fetch, 3.3.3).
        let names: Vec<&str> = headers.keys().map(|name| name.as_str()).collect();
        if let Ok(names) = HeaderValue::from_str(&names.join(", ")) {
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, names);
        }
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.0.clone());
        headers.insert(
            ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
    }
}

/// Returns the answer to a request by which a browser asks whether a page may send another one.
///
/// It allows each method and header: the request itself gets the documented error if it is wrong,
/// which the page can read, and the reason of a refused preflight is only in the browser's console.
pub(super) fn preflight(head: &Parts) -> Option<Response<Bytes>> {
    if head.method != Method::OPTIONS {
        return None;
    }
    let method = head.headers.get(ACCESS_CONTROL_REQUEST_METHOD)?;
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, method.clone());
    if let Some(names) = head.headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    headers.append(
        VARY,
        HeaderValue::from_static("Access-Control-Request-Method"),
    );
    headers.append(
        VARY,
        HeaderValue::from_static("Access-Control-Request-Headers"),
    );
    Some(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_send_it() {
        for (typed, sent) in [
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://localhost:3000/", "http://localhost:3000"),
            ("HTTPS://App.Example.com:443", "https://app.example.com"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            let origin = WebOrigin::parse(typed).unwrap();
            assert_eq!(origin.0, sent, "{typed}");
        }
        for (typed, help) in [
            ("*", "once for each origin"),
            ("null", "opened as a file"),
            ("localhost:3000", "`http` or `https`"),
            ("app.example.com", "not an origin"),
            ("file:///a.html", "`http` or `https`"),
            ("https://a.example/docs", "write https://a.example"),
            ("https://a.example?x", "write https://a.example"),
            ("https://me@a.example", "write https://a.example"),
            ("", "not an origin"),
        ] {
            let fault = WebOrigin::parse(typed).unwrap_err();
            assert!(fault.contains(help), "{typed}: {fault}");
        }
    }
}
