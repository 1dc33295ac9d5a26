//! Forms and parts in which a name comes again and again, as pages show them.

use crate::support::forms::project;

#[test]
fn the_page_shows_a_name_for_each_item() {
    let project = project();
    project.run(&["build"]).exits(0);
    let twin = project.read("site/index.md");
    let form = "\ncount=3&tags=hr&tags=a%20%26%20b&one=7&area=%7B%22from%22%3A%201%7D\n";
    assert!(twin.contains(form), "{twin}");
    assert!(twin.contains("\ntags=hr\ntags=a & b\n"), "{twin}");
    assert!(twin.contains("pages=@a.png\n"), "{twin}");
    let page = project.read("site/index.html");
    assert!(page.contains("form.Add("), "{page}");
}
