//! What a writer sees in `serve` beside the page: missing addresses.

use crate::serve::Preview;
use crate::watch::small;

#[test]
fn each_link_of_the_page_for_missing_addresses_leads_somewhere() {
    let site = "title: Docs\nsite_url: https://docs.example/sub/\nnavigation: [api, guide]\n\
                header: [{title: Guide, url: guide}]\n";
    let project = small()
        .file("spec/site.yaml", site)
        .file("spec/guide.md", "---\ntitle: Guide\n---\nText.\n");
    for flags in [&[][..], &["--bot", "ada"]] {
        let preview = Preview::start(&project, flags);
        for missing in [
            "/nope",
            "/sub/",
            "/far/down/nope.html",
            "/bots/ada/nope",
            "/404.html",
        ] {
            let answer = preview.get(missing);
            assert_eq!(
                answer.status,
                if missing == "/404.html" { 200 } else { 404 }
            );
            let page = answer.text();
            let links = page.split([' ', '\n']).filter_map(|attribute| {
                let (name, value) = attribute.split_once("=\"")?;
                ["href", "src"]
                    .contains(&name)
                    .then(|| value.split('"').next().unwrap())
            });
            let mut seen = 0;
            for link in links.filter(|link| !link.starts_with('#')) {
                assert!(link.starts_with('/'), "{link} from {missing}");
                assert_eq!(preview.get(link).status, 200, "{link} from {missing}");
                seen += 1;
            }
            // The icon, the style, two scripts, the brand, the list of pages twice, the way home.
            assert!(seen >= 9, "{seen} links on\n{page}");
        }
    }
    // The build's starts where the site will stand.
    project.run(&["build"]).exits(0);
    assert!(
        project
            .read("site/404.html")
            .contains("href=\"/sub/guide.html\"")
    );
}
