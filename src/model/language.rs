//! The languages in which requests are shown as code: one row for each.
//!
//! A row holds everything that differs between languages, except the code that prints a sample,
//! which is the language's printer in [`sample`](crate::model::sample).

/// A language in which samples are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// cURL, for POSIX shells.
    Curl,
    /// PowerShell.
    PowerShell,
    /// Python.
    Python,
    /// JavaScript, for Node.js and whatever has `fetch`.
    JavaScript,
    /// TypeScript.
    TypeScript,
    /// PHP.
    Php,
    /// Go.
    Go,
    /// Ruby.
    Ruby,
}

/// The library or program that a sample sends its request with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// The language's usual one.
    Usual,
    /// Python's standard library in place of `requests`.
    Urllib,
}

/// A language that the site shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleChoice {
    /// The language.
    pub language: Language,
    /// What its samples send requests with.
    pub client: Client,
    /// Whether its samples stand in twins; twins have links to the other samples.
    pub twin: bool,
}

/// Code of the author's own that sends an endpoint's request.
#[derive(Clone, Debug)]
pub struct OwnSample {
    /// What the reader chooses it by, such as `Kotlin`.
    pub title: String,
    /// The name of its language, as fences have it.
    pub language: String,
    /// Whether it reads the stream.
    pub streams: bool,
    /// The code.
    pub code: String,
}

/// Everything that differs between languages, except their printers.
#[derive(Debug)]
pub struct LanguageRow {
    /// What `site.yaml` and addresses call it.
    pub name: &'static str,
    /// What people call it, in any language of theirs.
    pub title: &'static str,
    /// What fences call the language of its samples, by which they are highlighted.
    pub fence: &'static str,
    /// Its clients, the usual one first.
    pub clients: &'static [ClientRow],
    /// The name of a sample's file, where samples are run.
    pub file: &'static str,
    /// The programs that run it. A sample runs in every one that is installed; the last is for
    /// machines that have none of the others.
    pub programs: &'static [Program],
    /// What a sample prints of the answer.
    pub prints: PrintedAnswer,
}

/// A client of a language.
#[derive(Debug)]
pub struct ClientRow {
    /// What `site.yaml` calls it.
    pub name: &'static str,
    /// The client.
    pub client: Client,
    /// Commands that succeed where samples with it can run.
    pub needs: &'static [&'static [&'static str]],
}

/// A program that runs samples.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// What people call it.
    pub name: &'static str,
    /// The commands that run a sample, one after the other, in the folder of its file.
    pub steps: &'static [&'static [&'static str]],
}

/// What a sample prints of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintedAnswer {
    /// The answer's body; of a stream, what the language's reader takes out of its items.
    Read,
    /// What arrives: a stream as it is sent, and the head of an answer to `HEAD`.
    Raw,
    /// A JSON body as a value that the language prints in its own layout; else as
    /// [`Read`](Self::Read).
    Value,
}

const CURL: LanguageRow = LanguageRow {
    name: "curl",
    title: "cURL",
    fence: "sh",
    clients: &[usual("curl", &[&["curl", "--version"]])],
    file: "sample.sh",
    programs: &[
        program("bash", &[&["bash", "sample.sh"]]),
        program("dash", &[&["dash", "sample.sh"]]),
        program("sh", &[&["sh", "sample.sh"]]),
    ],
    prints: PrintedAnswer::Raw,
};

const PYTHON: LanguageRow = LanguageRow {
    name: "python",
    title: "Python",
    fence: "python",
    clients: &[
        usual("requests", &[&["python3", "-c", "import requests"]]),
        ClientRow {
            name: "urllib",
            client: Client::Urllib,
            needs: &[&["python3", "--version"]],
        },
    ],
    file: "sample.py",
    programs: &[program("python3", &[&["python3", "sample.py"]])],
    prints: PrintedAnswer::Read,
};

const JAVASCRIPT: LanguageRow = LanguageRow {
    name: "javascript",
    title: "JavaScript",
    fence: "javascript",
    clients: &[usual("fetch", &[&["node", "--version"]])],
    file: "sample.mjs",
    programs: &[program("node", &[&["node", "sample.mjs"]])],
    prints: PrintedAnswer::Read,
};

const TYPESCRIPT: LanguageRow = LanguageRow {
    name: "typescript",
    title: "TypeScript",
    fence: "typescript",
    clients: &[usual(
        "fetch",
        &[&["tsc", "--version"], &["node", "--version"]],
    )],
    file: "sample.mts",
    programs: &[program(
        "tsc",
        &[
            // `--noCheck`: the types of Node.js are no part of a sample's folder.
            &[
                "tsc",
                "--noCheck",
                "--target",
                "es2022",
                "--module",
                "nodenext",
                "sample.mts",
            ],
            &["node", "sample.mjs"],
        ],
    )],
    prints: PrintedAnswer::Read,
};

const PHP: LanguageRow = LanguageRow {
    name: "php",
    title: "PHP",
    fence: "php",
    clients: &[usual("curl", &[&["php", "-r", "curl_init();"]])],
    file: "sample.php",
    programs: &[program("php", &[&["php", "sample.php"]])],
    prints: PrintedAnswer::Read,
};

const GO: LanguageRow = LanguageRow {
    name: "go",
    title: "Go",
    fence: "go",
    clients: &[usual("net/http", &[&["go", "version"]])],
    file: "sample.go",
    programs: &[program(
        "go",
        &[&["go", "build", "sample.go"], &["./sample"]],
    )],
    prints: PrintedAnswer::Read,
};

const RUBY: LanguageRow = LanguageRow {
    name: "ruby",
    title: "Ruby",
    fence: "ruby",
    clients: &[usual("net/http", &[&["ruby", "--version"]])],
    file: "sample.rb",
    programs: &[program("ruby", &[&["ruby", "sample.rb"]])],
    prints: PrintedAnswer::Read,
};

const POWERSHELL: LanguageRow = LanguageRow {
    name: "powershell",
    title: "PowerShell",
    fence: "powershell",
    clients: &[usual("invoke-restmethod", &[&["pwsh", "-Version"]])],
    file: "sample.ps1",
    programs: &[program(
        "pwsh",
        &[&["pwsh", "-NoProfile", "-File", "sample.ps1"]],
    )],
    prints: PrintedAnswer::Value,
};

const fn usual(name: &'static str, needs: &'static [&'static [&'static str]]) -> ClientRow {
    ClientRow {
        name,
        client: Client::Usual,
        needs,
    }
}

const fn program(name: &'static str, steps: &'static [&'static [&'static str]]) -> Program {
    Program { name, steps }
}

impl Language {
    // A list beside the match, since the order in which a site shows them is a decision of its own.
    /// Every language, in the order in which a site shows them that chooses none.
    // In the order of how often readers ask for them; a site names its own order by `samples`.
    pub const ALL: [Language; 8] = [
        Language::Curl,
        Language::Python,
        Language::JavaScript,
        Language::TypeScript,
        Language::Php,
        Language::Go,
        Language::Ruby,
        Language::PowerShell,
    ];

    /// What differs between it and the others.
    pub const fn row(self) -> &'static LanguageRow {
        match self {
            Language::Curl => &CURL,
            Language::PowerShell => &POWERSHELL,
            Language::Python => &PYTHON,
            Language::JavaScript => &JAVASCRIPT,
            Language::TypeScript => &TYPESCRIPT,
            Language::Php => &PHP,
            Language::Go => &GO,
            Language::Ruby => &RUBY,
        }
    }

    /// What `site.yaml` and addresses call it.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// What people call it, in any language of theirs.
    pub fn title(self) -> &'static str {
        self.row().title
    }

    /// Returns the names of its clients, the usual one first.
    pub fn clients(self) -> Vec<(&'static str, Client)> {
        let rows = self.row().clients.iter();
        rows.map(|row| (row.name, row.client)).collect()
    }

    /// Returns the ending of its files, without a dot.
    pub fn ending(self) -> &'static str {
        let file = self.row().file;
        file.rsplit_once('.').map_or("", |(_, ending)| ending)
    }
}

impl SampleChoice {
    /// What a site shows that chooses nothing: every language, the first one in twins.
    pub fn usual() -> Vec<SampleChoice> {
        let choice = |language| SampleChoice {
            language,
            client: Client::Usual,
            // One language, so that a twin is not mostly code.
            // A twin is read by models, which write other languages themselves: one sample is
            // enough.
            twin: language == Language::ALL[0],
        };
        Language::ALL.map(choice).to_vec()
    }
}
