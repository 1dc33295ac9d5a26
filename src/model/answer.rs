//! The choice of an endpoint's response to a request.

use super::{Endpoint, Example, Response, Status};

impl Status {
    /// Returns whether it is a success: the class 2xx of RFC 9110, section 15.3.
    pub fn is_success(self) -> bool {
        matches!(self, Status::Code(200..300) | Status::Range(2))
    }

    /// Returns whether no answer with it has a body (RFC 9110, sections 6.4.1 and 15.3.6).
    pub fn has_no_body(self) -> bool {
        matches!(
            self,
            Status::Code(100..200 | 204 | 205 | 304) | Status::Range(1)
        )
    }
}

impl Endpoint {
    /// Returns the response to the request example of a name, and its example: the first success in
    /// the order of the spec that has an example of that name, else the first success and its first
    /// example.
    ///
    /// The proof, the mock and the samples rely on this choice.
    pub fn answer_to(&self, name: &str) -> Option<(&Response, Option<&Example>)> {
        let successes = || self.responses.iter().filter(|it| it.status.is_success());
        let named = |response: &Response| {
            let mut examples = response.body.examples.iter();
            examples.position(|example| example.name == name)
        };
        let found = successes().find_map(|response| Some((response, named(response)?)));
        // Requests often have more examples than their answers, which then share the first.
        let (response, index) = found.or_else(|| Some((successes().next()?, 0)))?;
        Some((response, response.body.examples.get(index)))
    }
}
