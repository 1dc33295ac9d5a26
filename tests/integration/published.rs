//! What is published follows from what is written: the policy of hosts, synonyms, and conditions.

use serde_json::Value;

use crate::project::Project;

const SITE: &str = "title: Docs\nnavigation: [api, guide]\n";
const GUIDE: &str = "---\ntitle: Guide\n---\nFirst create a bot, then open the door.\n";

fn project(site: &str) -> Project {
    Project::new()
        .file("spec/site.yaml", site)
        .file("spec/guide.md", GUIDE)
        .file(
            "spec/api.yaml",
            "title: Chat\nservers: [{url: https://api.example.com}]\nendpoints:\n  \
             one:\n    title: Send a message\n    method: GET\n    path: /one\n    \
             responses: {200: {description: OK}}\n  \
             two:\n    title: Zebra\n    method: GET\n    path: /two\n    internal: true\n    \
             responses: {200: {description: OK}}\n",
        )
}

fn built(project: &Project, path: &str) -> String {
    project.run(&["build"]).exits(0);
    project.read(&format!("site/{path}"))
}

#[test]
fn hosts_send_the_policy_of_a_template() {
    let with = |content: &str| {
        let template = format!(
            "{{% extends \"base.html\" %}}\n{{% block head %}}<meta http-equiv=\"Content-Security-Policy\" content=\"{content}\">{{% endblock %}}\n{{% block main %}}{{{{ body }}}}{{% endblock %}}\n"
        );
        let project = project(SITE).file("templates/guide.html", template);
        built(&project, "_headers")
    };
    let headers = with("default-src 'self';\n  img-src *;");
    let own = "  Content-Security-Policy: default-src 'self'; img-src *; frame-ancestors 'self'\n";
    assert!(headers.contains(own), "{headers}");
    let headers = with("default-src 'self'; frame-ancestors 'none'");
    let own = "  Content-Security-Policy: default-src 'self'; frame-ancestors 'none'\n";
    assert!(headers.contains(own), "{headers}");
    let headers = with("{{ site.policy }}");
    let ours = "  Content-Security-Policy: default-src 'none'; style-src 'self'; ";
    assert!(headers.contains(ours), "{headers}");
}

#[test]
fn the_index_has_no_synonym_of_what_is_not_published() {
    let site = format!(
        "{SITE}search: {{synonyms: {{stripes: [zebra], mail: [message, zebra], gate: [door]}}}}\n"
    );
    let index = built(&project(&site), "search.json");
    let rows: Vec<Vec<Value>> = serde_json::from_str(&index).unwrap();
    let last = rows.last().unwrap();
    let wanted = serde_json::json!({"mail": ["message"], "gate": ["door"]});
    assert_eq!(last[6], wanted);
    let project = project(&site);
    project.run(&["build", "--internal"]).exits(0);
    let index = project.read("site/search.json");
    assert!(index.contains("\"stripes\":[\"zebra\"]"), "{index}");
}

#[test]
fn a_value_fulfils_a_condition_in_each_form_of_its_letters() {
    let site = format!("{SITE}variables: {{plan: {{default: none}}}}\n");
    let project = project(&site);
    let api = project.read("spec/api.yaml");
    for (written, given) in [("café", "cafe\u{301}"), ("cafe\u{301}", "café")] {
        let when = format!("    when: {{plan: {written}}}\n    internal: false\n");
        project.write("spec/api.yaml", api.replace("    internal: true\n", &when));
        let set = format!("plan={given}");
        project.run(&["build", "--set", &set]).exits(0);
        assert!(project.read("site/index.html").contains("Zebra"), "{set}");
        project.run(&["build", "--set", "plan=cafe"]).exits(0);
        assert!(!project.read("site/index.html").contains("Zebra"));
    }
}
