//! Tests of where values may stand, and of what a policy refuses.

use super::*;
use crate::pages::template::{Templates, line_blocks};

fn wrong(text: &str) -> Vec<String> {
    let shown = |it: Misplaced| format!("{}: {}", &text[it.range], it.message);
    in_template(text, line_blocks())
        .into_iter()
        .map(shown)
        .collect()
}

#[test]
fn values_stand_in_text_and_in_quotes() {
    for right in [
        "<p title=\"{{ a }} b\" class='{{ a }}'>{{ a }}</p>",
        "{% if a %}<p{% if b %} hidden{% endif %} lang=\"{{ a }}\">{% endif %}é {{ a }}",
        "<title>{{ a }}</title><textarea>{{ a }}</textarea><!-- {{ a }} -->",
        "{# <script>{{ a }}</script> #}{% raw %}<p {{ a }}>{% endraw %}",
        "<a href=\"{{ a }}\">{{ a }}</a>",
    ] {
        assert_eq!(wrong(right), Vec::<String>::new(), "{right}");
    }
    for (text, shown) in [
        (
            "<p title={{ a }}>",
            "{{ a }}: a value is printed into `title`, which has no quotes",
        ),
        (
            "<p {{ a }}>",
            "{{ a }}: a value is printed into a tag, `<p>`",
        ),
        (
            "<p {{ a }}=\"b\">",
            "{{ a }}: a value is printed into a tag, `<p>`",
        ),
        (
            "<{{ a }}>",
            "{{ a }}: a value is printed as the name of an element",
        ),
        (
            "</{{ a }}>",
            "{{ a }}: a value is printed as the name of an element",
        ),
        (
            "<script>f('{{ a }}')</script>",
            "{{ a }}: a value is printed into `<script>`",
        ),
        (
            "<style>a { color: {{ a }} }</style>",
            "{{ a }}: a value is printed into `<style>`",
        ),
        (
            "<p onclick=\"f('{{ a }}')\">",
            "{{ a }}: a value is printed into `onclick`, which is code",
        ),
        (
            "<p style=\"color: {{- a -}}\">",
            "{{- a -}}: a value is printed into `style`, which is code",
        ),
    ] {
        assert_eq!(wrong(text), [shown], "{text}");
    }
}

#[test]
fn a_value_may_not_choose_the_host_of_an_address() {
    let hole = Hole::new(VariableId::new(1).unwrap()).inside(Encoding::Attribute);
    let value = hole.marker();
    for (before, attribute) in [
        ("<a href=\"", "href"),
        ("<a href=\"/", "href"),
        ("<a href=\" /", "href"),
        ("<a href=\"\\", "href"),
        ("<a href=\"//", "href"),
        ("<a href=\"https:", "href"),
        ("<a href=\"https://", "href"),
        ("<a href=\"https://docs.", "href"),
        ("<form action=\"", "action"),
        ("<a ping=\"/x/", "ping"),
        ("<img srcset=\"/x/", "srcset"),
        ("<meta http-equiv=\"Refresh\" content=\"", "content"),
        ("<meta http-equiv=\"Refresh\" content=\"0; URL=", "content"),
        (
            "<meta http-equiv=\"Refresh\" content=\"0; URL='/",
            "content",
        ),
    ] {
        let shown = format!("a bot's value decides where `{attribute}` leads, or what it runs");
        let page = format!("{before}{value}\">");
        let found = in_page(&page, |_| false).map(|found| found.message);
        assert_eq!(found, Some(shown), "{page}");
    }
}

#[test]
fn the_built_in_templates_print_nothing_where_it_is_not_safe_and_ask_for_nothing_refused() {
    for (name, text) in Templates::built_in() {
        assert_eq!(wrong(text), Vec::<String>::new(), "{name}");
        assert_eq!(refused(text), [], "{name}");
    }
}

#[test]
fn a_hole_is_judged_by_what_it_is() {
    let hole = Hole::new(VariableId::new(1).unwrap());
    let html = hole.inside(Encoding::Text).marker();
    let text = hole.inside(Encoding::Attribute).marker();
    let own_address = Hole::new(VariableId::new(2).unwrap());
    let own_address = own_address.inside(Encoding::Attribute).marker();
    let url = hole
        .inside(Encoding::Url)
        .inside(Encoding::Attribute)
        .marker();
    for (page, message) in [
        (
            format!("<p>{html}</p><title>{text}</title><p title=\"a {text}\">"),
            None,
        ),
        (
            format!(
                "<a href=\"{url}\"><a href=\"?x={text}\"><a href=\"https://a.example/{text}\">\
                 <a href=\"https://{url}.a.example/\"><a href=\"/x/{text}\"><a href=\"./{text}\">\
                 <a href=\"mailto:{text}\"><meta http-equiv=\"refresh\" content=\"0; url=/x/{text}\">\
                 <meta name=\"x\" content=\"{text}\">"
            ),
            None,
        ),
        (
            format!("<p title=\"{html}\">"),
            Some("HTML is printed into the attribute `title`"),
        ),
        (
            format!("<title>{html}</title>"),
            Some("HTML is printed into `<title>`, where no elements can be"),
        ),
        (
            format!("<p title={text}>"),
            Some("a value is printed into `title`, which has no quotes"),
        ),
        (
            format!("<a href='{text}'>"),
            Some("a bot's value decides where `href` leads, or what it runs"),
        ),
        (format!("<a href='{own_address}'>"), None),
        (
            format!("<script>{text}</script>"),
            Some("a value is printed into `<script>`"),
        ),
    ] {
        let is_url = |variable: VariableId| variable.index() == 2;
        let found = in_page(&page, is_url).map(|it| it.message);
        assert_eq!(found.as_deref(), message, "{page}");
    }
}

#[test]
fn what_the_policy_refuses_is_found() {
    for right in [
        "<script src=\"{{ site.script }}\" defer></script><style-guide></style-guide>",
        "<script type=\"application/ld+json\">{}</script>",
        "<a href=\"https://example.com\">there</a><link rel=\"canonical\" href=\"https://a/\">",
        "<img src=\"data:image/png;base64,AA==\"><img src=\"{{ a }}\">",
    ] {
        assert_eq!(refused(right), [], "{right}");
    }
    let policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"{{ site.policy }}\">";
    for (text, what) in [
        ("<script>1</script>", "<script>"),
        ("<script type=module>1</script>", "<script type=module>"),
        ("<style>a {}</style>", "<style>"),
        ("<p style=\"color: red\">", "style=\"color: red"),
        ("<p onclick='f()'>", "onclick='f()"),
        ("<a href=\" JavaScript:f()\">", "href=\" JavaScript:f()"),
        (
            "<script src='https://cdn.example/x.js'></script>",
            "src='https://cdn.example/x.js",
        ),
        (
            "<link rel=\"Stylesheet\" href=//fonts.example/x.css>",
            "href=//fonts.example/x.css",
        ),
        (
            "<img src=\"https://a.example/{{ site.title }}.png\">",
            "src=\"https://a.example/{{ site.title }}.png",
        ),
        (
            "<iframe src=\"x.html\"></iframe>",
            "<iframe src=\"x.html\">",
        ),
    ] {
        let text = format!("{policy}{text}");
        let found: Vec<_> = refused(&text)
            .into_iter()
            .map(|it| &text[it.range])
            .collect();
        assert_eq!(found, [what], "{text}");
    }
}
