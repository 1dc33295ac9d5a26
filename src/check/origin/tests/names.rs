//! Names, formats and joined texts in code, by which a variable decides an origin or does not.

use super::{decides_once, judge};

#[test]
fn a_name_is_followed_only_where_it_stands_for_its_value() {
    judge(
        &[
            "bot = \"{{ x }}\"\nfetch(bot)",
            "h = '{{ x }}'\nrequests.post(h + '.app')",
            "var bot string = \"{{ x }}\"\nget(\"https://\" + bot + \".example.com\")",
            "Dim bot As String = \"{{ x }}\"\nGet(\"https://\" & bot & \".example.com\")",
            "String id = \"{{ x }}\";\nget(\"https://\" + id + \".example.com\")",
            "\"bot\": \"a\"\nbot = \"{{ x }}-1\"\nbot = \"{{ x }}\"\nf\"https://{bot}.example.com\"",
            "b = \"{{ y }}\"\na = \"{{ x }}\"\nb = f\"{a}\"\nf\"https://{b}.example.com\"",
            "bot = \"{{ x }}\"\nf\"{bot}/v1\"",
            "BOT={{ x }}\ncurl {BOT}/v1",
        ],
        &[
            r#"String id = "{{ x }}"; get(String.format("https://api.example.com/v1/bots/%s/chat", id))"#,
            r#"string id = "{{ x }}"; Get(string.Join("/", "https://api.example.com", id))"#,
            r#"val id: String = "{{ x }}"; get(String.format("/bots/%s", id))"#,
            "\"id\": \"{{ x }}\"\n\"id\": \"{{ x }}-1\"\nthe identifier (id) and {id}",
            "\"id\": \"{{ x }}\"\n\"id\": \"{{ x }}-1\"\n\"/bots/{id}\", get(id)",
            "\"bot\": \"{{ x }}\"\nprint(bot.name)",
            "\"bot\": \"{{ x }}\"\nconsole.log(bot.length); if (bot.length > 3) {}",
            "example: \"{{ x }}\"\nan address (example.com)",
            "\"bot\": \"{{ x }}\"\nSend it to {bot}/messages or `{bot}/messages`.",
            "The bot is {{ x }}.\nThe API: {{ x }}\n(The.com)",
        ],
    );
}

#[test]
fn a_hole_of_a_format_takes_the_argument_at_its_place() {
    judge(
        &[
            r#"get("https://%s/v1/bots/%s" % ("{{ x }}", BOT))"#,
            r#"get("https://api.example.com/%s" % a, "https://%s.example.com" % "{{ x }}")"#,
            r#"get("https://{1}.example.com/{0}".format(HOST, "{{ x }}"))"#,
            r#"get("https://{}-{}.example.com".format("a", "{{ x }}"))"#,
            r#"fmt.Sprintf("https://%s.example.com/%s", "{{ x }}", key)"#,
            r#"String.format("https://%2$s.example.com", a, "{{ x }}")"#,
            r#"sprintf('https://%s.example.com', strtolower('{{ x }}'))"#,
            r#"bot = "{{ x }}"; get("https://%s.example.com" % bot.lower())"#,
            r#"get("https://%s.example.com", "{{ x }}")"#,
            r#"get("https://%5s/%s" % (HOST, "{{ x }}"))"#,
            r#"args = ["{{ x }}"]; get("https://{}.example.com".format(*args))"#,
            r#"bot = "{{ x }}"; host = "%s.example.com" % bot"#,
            r#"bot = "{{ x }}"; host = "{}.example.com".format(bot)"#,
            r#"host = "api-{}.example.com".format("{{ x }}")"#,
        ],
        &[
            r#"requests.get("https://%s/v1/bots/%s" % (HOST, "{{ x }}"))"#,
            r#"requests.get("https://{}/v1/bots/{}".format(HOST, "{{ x }}"))"#,
            r#"requests.get("https://{0}/v1/bots/{1}".format(HOST, "{{ x }}"))"#,
            r#"fmt.Sprintf("https://%s/v1/bots/%s", host, "{{ x }}")"#,
            r#"String.format("https://%1$s/bots/%2$s", HOST, "{{ x }}")"#,
            r#"string.Format("https://{0}/bots/{1}", host, "{{ x }}")"#,
            r#"bot = "{{ x }}"; get("https://%s/bots/%s" % (HOST, bot))"#,
            r#"print("{} is here".format("{{ x }}"))"#,
        ],
    );
}

#[test]
fn no_text_behind_a_name_is_lost() {
    judge(
        &[
            "const id = \"{{ x }}\";\nsend({ id: id, url: \"https://\" + id + \".example.com/v1\" });",
            "const id = \"{{ x }}\";\nsend({id: id, url: `https://${id}.example.com`});",
            "const id = \"{{ x }}\";\nsend({id:id,url:\"https://\"+id+\".example.com/v1\"});",
            "A={{ x }}\ncurl ${A:-b}",
            "A={{ x }}\ncurl ${A:?unset}",
            "curl https://${A:-{{ x }}}.example.com",
            "A=${A:-{{ x }}}\ncurl https://$A.example.com",
        ],
        &[
            "const id = \"{{ x }}\";\nsend({ id: id, url: \"https://api.example.com/\" + id });",
            "id = \"{{ x }}\"\nf\"https://api.example.com/{id!s}/{id:>5}\"",
            "curl https://api.example.com/${A:-{{ x }}}/v1",
        ],
    );
}

#[test]
fn an_expression_in_a_host_is_read_as_a_whole() {
    for expression in [
        "${BOT}",
        "${process.env.BOT}",
        "${process.env['BOT']}",
        "{os.environ['BOT']}",
        "${cfg.BOT}",
        "{self.BOT}",
        "{self._BOT}",
        "#{@BOT}",
        "#{BOT.downcase}",
        "{$this->BOT}",
        "${BOT,,}",
        "${BOT%-*}",
        "${BOT:0:8}",
        "{BOT.lower()}",
        "{BOT,-10}",
        "{BOT!r:>5}",
        "${BOT || \"x\"}",
        "${ a }-${BOT ?? 'x'}",
        "!BOT!",
        "%BOT%",
        "${{ vars.BOT }}",
        "${{ env.BOT || 'a' }}",
        "%<BOT>s",
        "%(BOT)s",
        "%{BOT}",
        "$($BOT.ToLower())",
        "$(echo $BOT)",
        "\\(BOT)",
        "${\n  BOT\n}",
    ] {
        // A word that begins with `_` is another name.
        let name = if expression.contains("_BOT") {
            "_BOT"
        } else {
            "BOT"
        };
        for assigned in [
            format!("{name}={{{{ x }}}}"),
            format!("{name} = \"{{{{ x }}}}\""),
        ] {
            for before in ["https://", "https://api-", "https://{{ y }}-"] {
                let text = format!("{assigned}\n{before}{expression}.example.com/v1");
                assert!(decides_once(&text), "{text}");
                let text = format!("{assigned}\nhttps://{{host}}/bots/{expression}/v1");
                assert!(!decides_once(&text), "{text}");
            }
        }
    }
    judge(
        &["curl https://${ bot || \"{{ x }}\" }.example.com"],
        &[
            "bot = \"{{ x }}\"\nf\"https://{host}/bots/{bot}\"",
            "bot = \"{{ x }}\"\n`https://${cfg.host}.example.com/bots/${bot}`",
            "bot = \"{{ x }}\"\nf\"https://{self.robot}/bots/{bot}\"",
        ],
    );
}

#[test]
fn an_assignment_is_read_in_each_language() {
    for assignment in [
        "const B: &str = \"{{ x }}\";",
        "const B: &'static str = \"{{ x }}\";",
        "let B: string | undefined = \"{{ x }}\";",
        "val B: String? = \"{{ x }}\"",
        "B: Final[str] = \"{{ x }}\"",
        "B: str = \"{{ x }}\"",
        "var B string = \"{{ x }}\"",
        "var B BotId = \"{{ x }}\"",
        "String B = \"{{ x }}\";",
        "final B = '{{ x }}';",
        "let B = String::from(\"{{ x }}\");",
        "const B =\n  \"{{ x }}\";",
        "const B: string =\n  '{{ x }}';",
        "B, key = \"{{ x }}\", \"k\"",
        "key, B = \"k\", \"{{ x }}\"",
        "B = (\"{{ x }}\")",
        "B = (\n  \"{{ x }}\"\n)",
        "B <- \"{{ x }}\"",
        "#define B \"{{ x }}\"",
        "define('B', '{{ x }}');",
        "os.environ[\"B\"] = \"{{ x }}\"",
        "ENV['B'] = '{{ x }}'",
        "setx B {{ x }}",
        "set -gx B {{ x }}",
        "- name: B\n  value: \"{{ x }}\"",
        "{\"name\": \"B\", \"value\": \"{{ x }}\"}",
        "B=\"-s {{ x }}\"",
        "const B = process.env.B || \"{{ x }}\";",
        "const B = process.env.B ?? '{{ x }}';",
        "B = os.environ.get(\"B\", \"{{ x }}\")",
        "B = f\"{{ x }}\"",
        "['B' => '{{ x }}']",
        ": ${B:={{ x }}}",
        "self.B = \"{{ x }}\"",
        "this.B = \"{{ x }}\";",
        "$this->B = '{{ x }}';",
        "@B = '{{ x }}'",
        "char B[64] = \"{{ x }}\";",
        "const B = /* the bot */ \"{{ x }}\";",
        "const B: string /* the bot */ = \"{{ x }}\";",
        "B=\"${1:-{{ x }}}\"",
        "B=$(echo {{ x }})",
        "read -r B <<< \"{{ x }}\"",
        "for B in {{ y }} {{ x }}; do",
        "(B, key) = (\"{{ x }}\", \"k\")",
        "const [B, key] = [\"{{ x }}\", \"k\"];",
        "B = key = \"{{ x }}\"",
        "key = B = \"{{ x }}\"",
        "B ||= \"{{ x }}\"",
        "B += \"{{ x }}\"",
        "B ?= {{ x }}",
        "B = a ? \"{{ x }}\" : \"b\";",
        "B = a ? \"b\" : \"{{ x }}\";",
        "B = \"b\" if a else \"{{ x }}\"",
        "os.Setenv(\"B\", \"{{ x }}\")",
        "localStorage.setItem(\"B\", \"{{ x }}\");",
        "putenv(\"B={{ x }}\");",
        "for (const B of [\"{{ x }}\"])",
    ] {
        let text = format!("{assignment}\nhttps://${{B}}.example.com");
        assert!(decides_once(&text), "{text}");
        let text = format!("{assignment}\nhttps://${{H}}.example.com/${{B}}");
        assert!(!decides_once(&text), "{text}");
    }
    judge(
        &["A=\"-s {{ x }}\"\ncurl $A"],
        &[
            "Client(host, bot=\"{{ x }}\")\nf\"https://{host}/v1\"",
            "bot = client.bots.get(\"{{ x }}\")\nf\"https://{bot.host}/v1\"",
            "B --bot={{ x }}\nf\"https://{B}/v1\"",
        ],
    );
}

#[test]
fn what_is_joined_goes_on_over_quotes() {
    judge(
        &[
            "curl https://api-\"{{ x }}\".example.com",
            "curl https://\"{{ x }}\".example.com",
            "\"https://api-\" + \"{{ x }}\" + \".example.com\"",
            "'https://api-' . '{{ x }}' . '.example.com'",
            "\"https://\"\n  + \"{{ x }}\"",
            "\"https://\".concat(\"{{ x }}\", \".example.com\")",
            "bot = \"{{ x }}\"\nurl = \"https://\"\n  + bot\n  + \".example.com\"",
            "bot = \"{{ x }}\"\n\"https://\".concat(bot, \".example.com\")",
            "bot = \"{{ x }}\"\n[\"https://\", bot, \".example.com\"].join(\"\")",
            "bot = \"{{ x }}\"\nurl = \"https://api-\"\n  + bot\n  + \".example.com\"",
            "bot = \"{{ x }}\"\n\"https://\" + cfg.bot + \".example.com\"",
            "bot = \"{{ x }}\"\n\"https://\" + bot.lower() + \".example.com\"",
            "$this->bot = '{{ x }}';\n'https://' . $this->bot . '.example.com'",
            "bot = \"{{ x }}\"\n\"https://\" + cfg.bot",
            "a = {\"bot\": \"{{ x }}\"}\n\"https://\" + a[\"bot\"]",
            "bot = \"{{ x }}\"\n\"https://\" + str(bot)",
            "bot = \"{{ x }}\"\n\"https://\" <> bot <> \".example.com\"",
            "bot = \"{{ x }}\"\n\"https://api-\" .. bot .. \".example.com\"",
            "bot = \"{{ x }}\"\nhost = bot",
            "bot = \"{{ x }}\"\n\"https://{b}.example.com\".format(b=bot)",
            "bot = \"{{ x }}\"\nHTTPSConnection(bot)",
            "bot = \"{{ x }}\"\nrequest({ path: \"/\", host: bot })",
            "setenv(\"bot\", \"{{ x }}\")\n\"https://\" + os.Getenv(\"bot\") + \".a\"",
        ],
        &[
            "Client(\"https://api.example.com\", \"{{ x }}\")",
            "curl \"https://api.example.com\" -d \"{{ x }}\"",
            "\"https://api.example.com/bots/\" + \"{{ x }}\" + \"/chat\"",
            "bot = \"{{ x }}\"\n\"https://api.example.com/bots/\"\n  + bot",
            "bot = \"{{ x }}\"\n\"https://\" + \"bot.example.com\"",
            "bot = \"{{ x }}\"\nhttps://bot.example.com",
            "bot = \"{{ x }}\"\nhttps://api.bot.example.com",
            "bot: \"{{ x }}\"\nHOST=bot",
            "Client(host=host, bot=bot)\nbot = \"{{ x }}\"",
        ],
    );
}

#[test]
fn what_is_too_much_to_follow_decides() {
    let chain = |last: usize| {
        let links = (1..=last).map(|i| format!("A{i}=$A{}\n", i - 1));
        let links = links.rev().collect::<String>();
        format!("A0={{{{ x }}}}\n{links}curl $A{last}")
    };
    for last in 0..20 {
        assert!(decides_once(&chain(last)), "{last}");
    }
    let many = |count: usize| {
        let values = (0..count).map(|i| format!("id={{{{ y }}}}-{i}\n"));
        format!("{}id={{{{ x }}}}\n", values.collect::<String>())
    };
    for count in [1, 8, 9, 50] {
        let text = format!("{}curl https://$id.example.com", many(count));
        assert!(decides_once(&text), "{count}");
        let text = format!("{}https://api.example.com/$id", many(count));
        assert!(!decides_once(&text), "{count}");
    }
    let long = format!("B={{{{ x }}}}{}\n", "b".repeat(1 << 16));
    let uses = "https://a.example/$B ".repeat(40);
    assert!(decides_once(&format!(
        "{long}{uses}curl https://$B.example.com"
    )));
    // A name that is assigned its own value gets ever more values.
    let own = "a = \"{{ x }}\"\na = \"a\" + a + \"b\"\nf\"https://api.example.com/{a}\"";
    assert!(!decides_once(own));
}
