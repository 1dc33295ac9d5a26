//! Tests of the whole module: what templates print, and how their errors are reported.

use super::*;
use crate::hole::Hole;
use crate::rich::html::Html;
use serde_json::json;

fn templates(own: &[(&str, &str)]) -> Templates {
    let own = own.iter().map(|(n, t)| (n.to_string(), t.to_string()));
    Templates::new(own, Messages::new("en", [])).unwrap()
}

fn render(template: &str, view: impl Serialize) -> Result<String, TemplateError> {
    templates(&[("t.html", template)]).render("t.html", &Templates::seen(&view))
}

#[test]
fn text_is_escaped_whatever_the_file_is_called() {
    for name in ["t.html", "t.tpl", "t.md", "t.html.j2", "t"] {
        let templates = templates(&[(name, "<p title=\"{{ a }}\">{{ a }}")]);
        let page = templates
            .render(name, &Templates::seen(&json!({"a": "<b a='\"&\">/"})))
            .unwrap();
        assert_eq!(
            page,
            "<p title=\"&lt;b a=&#39;&quot;&amp;&quot;&gt;/\">&lt;b a=&#39;&quot;&amp;&quot;&gt;/"
        );
    }
}

#[test]
fn html_by_type_stands_as_it_is() {
    #[derive(Serialize)]
    struct View {
        body: Html,
    }
    let mut body = Html::new();
    body.element("b").text("<");
    assert_eq!(render("{{ body }}", View { body }).unwrap(), "<b>&lt;</b>");
}

#[test]
fn holes_in_text_learn_that_they_are_in_html() {
    let hole = Hole::new(VariableId::new(0).unwrap());
    let page = render("{{ a }}", json!({"a": hole.marker().to_string()})).unwrap();
    assert_eq!(page, hole.inside(Encoding::Attribute).marker().to_string());
}

#[test]
fn literals_are_printed_as_json_has_them() {
    #[derive(Serialize)]
    struct View(bool, Option<bool>, usize);
    let view = BTreeMap::from([("a", View(true, None, 3))]);
    assert_eq!(
        render("{{ a[0] }} {{ a[1] }} {{ a[2] }}", view).unwrap(),
        "true null 3"
    );
}

#[test]
fn lists_are_not_printed() {
    let error = render("\n{{ a }}", json!({"a": [1]})).unwrap_err();
    assert_eq!(error.message, "`a`: a sequence can't be printed");
    assert_eq!(error.line, Some(2));
}

#[test]
fn an_undefined_name_is_quoted_with_its_place() {
    let error = render("x {{ page.titel }}", json!({"page": {"title": ""}})).unwrap_err();
    assert_eq!(error.message, "`page.titel` is not defined here");
    assert_eq!(error.range, Some(5..15));
    assert_eq!(error.template, "t.html");
}

#[test]
fn an_error_in_a_partial_names_the_partial() {
    let templates = templates(&[
        ("_p.html", "{{ nope }}"),
        ("t.html", "{% include '_p.html' %}"),
    ]);
    let error = templates
        .render("t.html", &Templates::seen(&json!({})))
        .unwrap_err();
    assert_eq!(
        (error.template.as_str(), error.range),
        ("_p.html", Some(3..7))
    );
}

#[test]
fn escaping_cannot_be_switched_off() {
    let filtered = render("{{ a|safe }}", json!({"a": "<"})).unwrap_err();
    assert!(filtered.message.contains("safe"), "{filtered:?}");
    let block = render(
        "{% autoescape false %}{{ a }}{% endautoescape %}",
        json!({"a": "<"}),
    );
    assert_eq!(block.unwrap(), "&lt;");
}

#[test]
fn messages_are_escaped_but_for_html_that_is_put_in() {
    let own = "since = <{ $version }>\n";
    let messages = Messages::new("en", [("en", own)]);
    let text = "{{ message(\"since\", version=a) }} {% set b %}<b>{{ a }}</b>{% endset %}\
                {{ message('since', version=b) }} {{ message(\"inside-fields\", count=1) }}";
    let own = [("t.html".to_owned(), text.to_owned())];
    let templates = Templates::new(own, messages).unwrap();
    assert_eq!(
        templates
            .render("t.html", &Templates::seen(&json!({"a": "\""})))
            .unwrap(),
        "&lt;&quot;&gt; &lt;<b>&quot;</b>&gt; 1 field"
    );
}

#[test]
fn a_message_that_is_not_there_or_lacks_a_value_is_an_error_with_its_place() {
    for (text, fault) in [
        ("{{ message('sinc') }}", "unknown message `sinc`"),
        ("{{ message('since') }}", "the message `since`: "),
    ] {
        let error = render(text, json!({})).unwrap_err();
        assert!(error.message.contains(fault), "{}", error.message);
        assert_eq!(error.line, Some(1));
    }
}

#[test]
fn of_each_function_it_is_known_whether_it_looks_at_what_it_is_given() {
    let environment = environment(&Arc::new(Messages::new("en", [])));
    let mut names: Vec<_> = environment.globals().map(|(name, _)| name).collect();
    names.sort_unstable();
    assert_eq!(names, operations::FUNCTIONS.map(|(name, _)| name));
}

#[test]
fn every_broken_template_is_reported() {
    let own = [("a.html", "{% if %}"), ("b.html", "{{")];
    let own = own.map(|(n, t)| (n.to_owned(), t.to_owned()));
    let errors = Templates::new(own, Messages::new("en", [])).unwrap_err();
    let names: Vec<_> = errors.iter().map(|error| error.template.as_str()).collect();
    assert_eq!(names, ["a.html", "b.html"]);
}
