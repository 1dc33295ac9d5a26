//! A spec is reported on or rendered, whatever it says.
#![no_main]

use botdocs::check::check;
use botdocs::diagnostic::Report;
use botdocs::render::Options;
use botdocs::roster::Roster;
use botdocs::site;
use botdocs::tree::{Bots, Forms, tree};
use botdocs_fuzz::{print, project};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut report = Report::default();
    let inputs = project(text, &mut report);
    let model = check(&inputs, &mut report);
    let has_errors = report.has_errors();
    print(&mut report, &inputs);
    let Some(model) = model.filter(|_| !has_errors) else {
        return;
    };
    let mut again = Report::default();
    let project = site::project(&inputs, &mut again).expect("it was right the first time");
    let options = Options::default();
    let site = project.site(&options, &inputs, &mut again);
    let site = site.expect("the built-in theme renders what is right");
    assert!(!again.has_errors());
    let values = model.variables.placeholders();
    let (roster, pages) = (&Roster::empty(), &[]);
    let tree = tree(&site, &model, &values, Bots { roster, pages }, Forms::Plain);
    let tree = tree.expect("no two pages have one path");
    let mut buffer = Vec::new();
    for (path, content) in tree.iter() {
        let bytes = content.bytes(&mut buffer);
        if path.as_str().ends_with(".html") {
            let page = std::str::from_utf8(bytes).expect("a page is text");
            assert!(
                !page.contains(botdocs::hole::is_reserved),
                "a hole was left in {path}"
            );
        }
    }
});
