//! `mock` while its project changes: a saved version answers, and a broken one does not.

use rustix::process::Signal;

use crate::project::Project;
use crate::support::mock::{Mock, get_and_post, until};

const PAGE: &str = "spec/api.yaml";

fn change(project: &Project, from: &str, to: &str) {
    let page = project.read(PAGE);
    assert!(page.contains(from), "{page}");
    project.write(PAGE, page.replace(from, to));
}

fn answers(mock: &Mock, path: &str, status: u16, text: &str) -> bool {
    let answer = mock.ask("GET", path, "", "");
    answer.status == status && answer.body.contains(text)
}

#[test]
fn a_saved_version_answers_and_a_broken_one_does_not() {
    let project = get_and_post();
    let mut mock = Mock::start(&project, &[]);
    assert!(answers(&mock, "/a", 200, "true"));
    change(&project, "ok: true", "ok: false");
    mock.running
        .line("word of the change", |line| line.starts_with(PAGE));
    assert!(answers(&mock, "/a", 200, "false"));

    change(&project, "path: /a\n", "path: /new\n");
    until(|| answers(&mock, "/new", 200, "false"));
    assert!(answers(&mock, "/a", 404, "no endpoint"));

    change(&project, "method: GET", "method: GOT");
    mock.running.line("word that nothing changes", |line| {
        line == "the mock answers as before"
    });
    assert!(answers(&mock, "/new", 200, "false"));

    change(&project, "method: GOT", "method: GET");
    change(&project, "path: /new\n", "path: /newer\n");
    until(|| answers(&mock, "/newer", 200, "false"));
    assert_eq!(mock.running.stop(Signal::INT), Some(0));
}

#[test]
fn a_project_without_an_endpoint_later_answers_as_before() {
    let project = get_and_post();
    let mut mock = Mock::start(&project, &[]);
    let page = project.read(PAGE);
    project.write(
        PAGE,
        "title: API\nservers: [{url: https://api.example.com}]\nendpoints: {}\n",
    );
    mock.running.line("word that nothing changes", |line| {
        line == "the mock answers as before"
    });
    assert!(answers(&mock, "/a", 200, "true"));
    project.write(PAGE, page);
    mock.running
        .line("word of the change", |line| line.starts_with(PAGE));
    assert!(answers(&mock, "/a", 200, "true"));
}

#[test]
fn a_project_that_is_broken_at_the_start_ends_the_mock() {
    let project = get_and_post();
    change(&project, "method: GET", "method: GOT");
    let ran = project.run(&["mock", "--port", "0"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("`GOT`"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("as before"), "{}", ran.stderr);
}

/// An address of documentation (RFC 5737), which no machine has.
#[test]
fn an_address_of_no_machine_ends_the_mock() {
    let ran = get_and_post().run(&["mock", "--host", "192.0.2.1"]);
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    assert!(ran.stderr.contains("cannot listen"), "{}", ran.stderr);
}
