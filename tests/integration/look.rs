//! What `site.yaml` says of the look of pages, read in the built ones.

use crate::page::{Element, Page};
use crate::project::{API, Project};

const BOT: &str = "019dd3d4-4b7e-71eb-9561-5cf790a5da57";

fn page(project: &Project, path: &str) -> Page {
    Page::parse(&project.read(path))
}

fn with(element: &Element, name: &str, value: &str) -> bool {
    element.attribute(name).as_deref() == Some(value)
}

/// The content of a `meta` element.
fn meta(page: &Page, name: &str) -> Option<String> {
    let named = |meta: &Element| with(meta, "property", name) || with(meta, "name", name);
    let meta = page.all("meta").into_iter().find(named)?;
    meta.attribute("content")
}

/// Texts and addresses of the links in what has a class.
fn links(page: &Page, class: &str) -> Vec<(String, String)> {
    let elements = page.elements();
    let outer = elements
        .iter()
        .find(|element| with(element, "class", class));
    let links = outer.unwrap().all("a").into_iter();
    let pair = |link: Element| (link.text(), link.attribute("href").unwrap());
    links.map(pair).collect()
}

/// A project with a guide, and more lines in `site.yaml`.
fn project(lines: &str) -> Project {
    let site = format!("title: Docs\nnavigation: [api, start]\n{lines}");
    Project::new()
        .file("spec/site.yaml", site)
        .file("spec/start.md", "---\ntitle: Start\n---\nText.\n")
}

/// The beginning of a GIF of one pixel, which is also text.
const PICTURE: &str = "GIF89a\u{1}\0\u{1}\0\0\0\0";

#[test]
fn every_page_links_to_its_own_file() {
    let project = project("edit_url: https://git.example/edit/{path}?a=1&b=2\n");
    let bots = ["--bot", BOT];
    for flags in [&[][..], &bots] {
        project
            .run(&[&["build", "--force"], flags].concat())
            .exits(0);
        for (path, file) in [("index", "api.yaml"), ("start", "start.md")] {
            let links = links(&page(&project, &format!("site/{path}.html")), "end");
            let address = format!("https://git.example/edit/{file}?a=1&b=2");
            assert_eq!(links[0], ("Edit this page".to_owned(), address));
        }
        // Nobody wrote the page for missing addresses.
        assert_eq!(links(&page(&project, "site/404.html"), "end"), []);
    }
}

#[test]
fn an_edit_address_has_a_scheme_and_its_placeholder() {
    for (wrong, help) in [
        ("javascript:alert({path})", "https://"),
        ("//git.example/{path}", "https://"),
        ("https:///{path}", "https://"),
        ("https://git.example/{path}/{branch}", "no other braces"),
        ("https://git.example/{path}{path}", "once"),
        ("https://git.example/", "edit/main/spec/{path}"),
        ("https://git.example/{path} x", "https://"),
    ] {
        let ran = project(&format!("edit_url: '{wrong}'\n"))
            .run(&["check"])
            .exits(1);
        assert!(
            ran.stderr.contains("error[invalid-value]"),
            "{}",
            ran.stderr
        );
        assert!(ran.stderr.contains(help), "{wrong}: {}", ran.stderr);
    }
}

#[test]
fn links_around_the_pages_are_in_their_order_and_the_open_page_is_marked() {
    let links_of_all = "[{title: Out, url: 'https://a.example/'}, {title: Begin, url: start}, {title: Chat, url: 'api#chat'}]";
    let project = project(&format!("header: {links_of_all}\nfooter: {links_of_all}\n"));
    project.run(&["build"]).exits(0);
    let expected = [
        ("Out", "https://a.example/"),
        ("Begin", "start.html"),
        ("Chat", "index.html#chat"),
    ];
    for (path, marked) in [("index", 0), ("start", 1), ("404", 0)] {
        let page = page(&project, &format!("site/{path}.html"));
        // The last link of the footer is the twin; the first of the header the title.
        for (class, skipped) in [("top", 1), ("end", 0), ("links", 0)] {
            let links = links(&page, class);
            let links = links.iter().skip(skipped).take(3);
            let shown: Vec<_> = links
                .map(|(text, href)| (text.as_str(), href.trim_start_matches('/')))
                .collect();
            assert_eq!(shown, expected, "{path} {class}");
            let elements = page.elements();
            let outer = elements
                .iter()
                .find(|element| with(element, "class", class));
            let mut current = outer.unwrap().all("a");
            current.retain(|link| with(link, "aria-current", "page"));
            assert_eq!(current.len(), marked, "{path} {class}");
            assert!(current.iter().all(|link| link.text() == "Begin"));
        }
    }
}

#[test]
fn a_bots_pages_have_no_links_to_what_it_does_not_have() {
    let second = API
        .replace("  chat:", "  other:")
        .replace("/chat", "/other");
    let (_, endpoint) = second.split_once("endpoints:\n").unwrap();
    let project =
        project("header: [{title: Chat, url: 'api#chat'}, {title: Other, url: 'api#other'}]\n")
            .file("spec/api.yaml", format!("{API}{endpoint}"))
            .file("bots.yaml", "- {bot_id: ada, endpoints: [chat]}\n");
    project.run(&["build", "--bots", "bots.yaml"]).exits(0);
    let texts = |path: &str, class: &str| {
        let links = links(&page(&project, path), class);
        links.into_iter().map(|(text, _)| text).collect::<Vec<_>>()
    };
    assert_eq!(texts("site/index.html", "links"), ["Chat", "Other"]);
    assert_eq!(texts("site/bots/ada/index.html", "links"), ["Chat"]);
    assert_eq!(texts("site/bots/ada/index.html", "top"), ["Docs", "Chat"]);
    assert!(!project.read("site/bots/ada/llms.txt").contains("Other"));
}

#[test]
fn a_banner_is_inline_markdown_on_every_page() {
    let project = project("banner: 'Now **2.0**: [what is new](start)'\n");
    project.run(&["build"]).exits(0);
    for path in ["index", "start", "404"] {
        let page = page(&project, &format!("site/{path}.html"));
        let banner = &page.all("aside")[0];
        assert!(with(banner, "class", "banner"), "{path}");
        assert_eq!(banner.text(), "Now 2.0: what is new");
        assert_eq!(banner.all("strong").len(), 1);
        assert!(banner.all("p").is_empty());
        let address = banner.all("a")[0].attribute("href").unwrap();
        assert_eq!(address.trim_start_matches('/'), "start.html");
    }
}

#[test]
fn an_icon_says_its_own_type() {
    for (line, name, media_type) in [
        ("", "assets/favicon.", "image/svg+xml"),
        ("favicon: ./a/icon.PNG\n", "assets/a/icon.", "image/png"),
        ("favicon: icon.ico\n", "assets/icon.", "image/x-icon"),
    ] {
        let project = project(line)
            .file("spec/a/icon.PNG", PICTURE)
            .file("static/icon.ico", PICTURE);
        project.write("bots.yaml", "- {bot_id: ada}\n");
        project.run(&["build", "--bots", "bots.yaml"]).exits(0);
        for (path, root) in [("404", "/"), ("index", ""), ("bots/ada/index", "../../")] {
            let page = page(&project, &format!("site/{path}.html"));
            let mut links = page.all("link");
            links.retain(|link| with(link, "rel", "icon"));
            assert_eq!(links.len(), 1);
            assert!(with(&links[0], "type", media_type));
            let href = links[0].attribute("href").unwrap();
            assert!(href.starts_with(&format!("{root}{name}")), "{href}");
        }
    }
}

#[test]
fn a_logo_keeps_its_place_and_says_what_the_title_does_not() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 30 10\"/>";
    for (logo, alts, text) in [
        ("logo.svg", &[""][..], "Docs"),
        ("{light: logo.svg, dark: logo.svg}", &["", ""], "Docs"),
        ("{light: logo.svg, replaces_title: true}", &["Docs"], ""),
        (
            "{light: logo.svg, alt: Acme, replaces_title: true}",
            &["Acme"],
            "",
        ),
        ("{light: logo.svg, alt: Acme}", &["Acme"], "Docs"),
    ] {
        let project = project(&format!("logo: {logo}\n")).file("static/logo.svg", svg);
        project.run(&["build"]).exits(0);
        let page = page(&project, "site/index.html");
        let mut brand = page.all("a");
        brand.retain(|link| with(link, "class", "brand"));
        assert_eq!(brand[0].text(), text, "{logo}");
        let pictures = brand[0].all("img");
        let said: Vec<_> = pictures
            .iter()
            .map(|p| p.attribute("alt").unwrap())
            .collect();
        assert_eq!(said, alts, "{logo}");
        for picture in pictures {
            assert!(with(&picture, "width", "84") && with(&picture, "height", "28"));
            let path = picture.attribute("src").unwrap();
            assert_eq!(project.read(&format!("site/{path}")), svg);
        }
    }
}

#[test]
fn the_accent_changes_the_style_sheet_and_the_icon_alone() {
    let plain = project("");
    plain.run(&["build"]).exits(0);
    let tinted = project("accent: rebeccapurple\n");
    tinted.run(&["build"]).exits(0);
    let file = |project: &Project, ending: &str| {
        let mut tree = project.tree("site").into_iter();
        let found = tree.find(|(path, _)| path.ends_with(ending));
        String::from_utf8(found.unwrap().1).unwrap()
    };
    let (before, after) = (file(&plain, ".css"), file(&tinted, ".css"));
    let rules = after.strip_prefix(&before).expect("rules at the end");
    assert!(
        rules.contains(":root { --accent: #663399; --soft: #"),
        "{rules}"
    );
    assert!(file(&tinted, ".svg").contains("#663399"));
    // Nothing of it stands in a page.
    assert!(!tinted.read("site/index.html").contains("663399"));
    assert!(!before.contains("site.yaml"));
}

#[test]
fn previews_and_machines_are_told_what_the_page_shows() {
    let url = "https://docs.example.com/a/";
    let lines = format!("site_url: {url}\ndescription: All of it.\nimage: card.gif\n");
    let api = API.replace("title: API", "title: A & B\nintro: What *this* is.");
    let project = project(&lines)
        .file("spec/card.gif", PICTURE)
        .file("spec/api.yaml", api)
        .file("bots.yaml", "- {bot_id: ada}\n");
    project.run(&["build", "--bots", "bots.yaml"]).exits(0);
    for (path, title, address, kind) in [
        ("index", "A & B", "", "APIReference"),
        ("start", "Start", "start.html", "TechArticle"),
        ("bots/ada/index", "A & B", "", "APIReference"),
    ] {
        let page = page(&project, &format!("site/{path}.html"));
        let said = |name: &str| meta(&page, name).unwrap();
        assert_eq!(said("og:title"), title);
        assert_eq!(said("og:site_name"), "Docs");
        assert_eq!(said("og:type"), "article");
        assert_eq!(said("og:description"), "All of it.");
        assert_eq!(said("og:url"), format!("{url}{address}"));
        let image = said("og:image");
        let file = image.strip_prefix(url).unwrap();
        assert_eq!(project.read(&format!("site/{file}")), PICTURE);
        let main = &page.all("main")[0];
        assert!(with(
            main,
            "itemtype",
            &format!("https://schema.org/{kind}")
        ));
        assert!(main.attribute("itemscope").is_some());
        // What is marked is what one reads.
        let mut marked = page.elements();
        marked.retain(|element| element.attribute("itemprop").is_some());
        let marked = marked.iter().map(|element| {
            let text = element.text().trim().to_owned();
            (element.attribute("itemprop").unwrap(), text)
        });
        let mut expected = vec![("headline".to_owned(), title.to_owned())];
        if kind == "APIReference" {
            expected.push(("description".to_owned(), "What this is.".to_owned()));
        }
        assert_eq!(marked.collect::<Vec<_>>(), expected);
    }
    let lost = page(&project, "site/404.html");
    assert_eq!(meta(&lost, "og:title"), None);
    assert!(
        lost.elements()
            .iter()
            .all(|e| e.attribute("itemscope").is_none())
    );
}

#[test]
fn without_an_address_of_the_site_nothing_names_one() {
    let project = project("image: card.gif\n").file("spec/card.gif", PICTURE);
    project.run(&["build"]).exits(0);
    let page = page(&project, "site/index.html");
    for name in ["og:url", "og:image", "twitter:card", "og:description"] {
        assert_eq!(meta(&page, name), None);
    }
    assert_eq!(meta(&page, "og:title").as_deref(), Some("API"));
}

#[test]
fn tabs_of_the_browser_name_the_page_first_and_nothing_twice() {
    let project = project("").file("spec/start.md", "---\ntitle: Docs\n---\nText.\n");
    project.run(&["build"]).exits(0);
    for (path, title) in [
        ("index", "API · Docs"),
        ("start", "Docs"),
        ("404", "There is no page here · Docs"),
    ] {
        let page = page(&project, &format!("site/{path}.html"));
        assert_eq!(page.all("title")[0].text(), title);
    }
}

#[test]
fn a_page_without_endpoints_says_so_and_is_a_warning() {
    let empty = "title: API\nservers: [{url: 'https://api.example.com'}]\nendpoints: {}\n";
    let project = project("").file("spec/api.yaml", empty);
    let ran = project.run(&["build"]).exits(0);
    assert!(
        ran.stderr
            .contains("warning[empty-value]: a page without endpoints"),
        "{}",
        ran.stderr
    );
    project.run(&["check", "--strict"]).exits(1);
    let page = page(&project, "site/index.html");
    let mut said = page.elements();
    said.retain(|element| with(element, "class", "empty"));
    assert_eq!(said[0].text(), "No endpoints are described here yet.");
    // No tabs without a tab, and no word of examples.
    assert!(
        page.elements()
            .iter()
            .all(|e| e.attribute("data-tabs").is_none())
    );
    assert!(
        project
            .read("site/index.md")
            .contains("\nNo endpoints are described here yet.\n")
    );
}

#[test]
fn the_page_for_missing_addresses_leads_to_every_page() {
    let site = "title: Docs\nnavigation: [api, {title: More, pages: [start]}]\n";
    let guide = "---\ntitle: Start\ndescription: How to begin.\n---\nText.\n";
    let project = project("")
        .file("spec/site.yaml", site)
        .file("spec/start.md", guide);
    project.run(&["build"]).exits(0);
    let page = page(&project, "site/404.html");
    let main = &page.all("main")[0];
    let links = main
        .all("a")
        .into_iter()
        .map(|a| (a.text(), a.attribute("href").unwrap()));
    let expected = [
        ("the first page", "/index.html"),
        ("API", "/index.html"),
        ("Start", "/start.html"),
    ];
    let expected = expected.map(|(text, href)| (text.to_owned(), href.to_owned()));
    assert_eq!(links.collect::<Vec<_>>(), expected);
    assert_eq!(main.all("h2")[0].text(), "More");
    assert_eq!(main.all("span")[0].text(), "How to begin.");
}
