//! Endpoints of two pages at the same address, of which a request reaches only one.

use std::collections::HashMap;
use std::sync::Arc;

use crate::check::page::Checked;
use crate::check::route;
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::source::Span;
use crate::model::Endpoint;

use super::joiner::Joiner;

/// An endpoint and its page, by its index.
struct Documented<'a> {
    page: usize,
    endpoint: &'a Endpoint,
    place: Span,
}

/// Reports the second endpoint of each address that two pages have.
pub(super) fn judge(joiner: &mut Joiner<'_>, checked: &[Arc<Checked>]) {
    let mut seen: HashMap<(&str, String), Documented<'_>> = HashMap::new();
    for (page, checked) in checked.iter().enumerate() {
        let endpoints = checked.page.as_ref().and_then(|page| page.api());
        let endpoints = endpoints.map_or(&[][..], |api| &api.endpoints);
        for (endpoint, &place) in endpoints.iter().zip(&checked.endpoints) {
            let mut first: Option<Span> = None;
            for server in &endpoint.servers {
                let address = route::without_names(&format!("{}{}", server.url, endpoint.path));
                let key = (endpoint.method.as_str(), address);
                let known = seen.entry(key).or_insert(Documented {
                    page,
                    endpoint,
                    place,
                });
                // One page may be for some bots and the other one for others.
                let are_apart = !known.endpoint.when.is_empty() && !endpoint.when.is_empty();
                if known.page != page && !are_apart {
                    first.get_or_insert(known.place);
                }
            }
            if let Some(first) = first {
                let message = "the method and path of an endpoint on another page";
                let help = "describe it on one page, and link to it from the other; or correct the path or `servers`";
                let diagnostic = Diagnostic::error(Code::DuplicateEndpoint, place, message);
                let diagnostic = diagnostic.and(first, "the first one");
                joiner.report.push(diagnostic.help(help));
            }
        }
    }
}
