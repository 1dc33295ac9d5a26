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
    /// JavaScript, for Node.js and all other runtimes with `fetch`.
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
    /// Python's standard library instead of `requests`.
    Urllib,
}

/// A language that the site shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleChoice {
    /// The language.
    pub language: Language,
    /// The client of its samples.
    pub client: Client,
    /// Whether twins contain its samples; they link to the others.
    pub twin: bool,
}

/// Code of the author's own that sends an endpoint's request.
#[derive(Clone, Debug)]
pub struct OwnSample {
    /// Its name for the reader's choice, such as `Kotlin`.
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
    /// Its name in `site.yaml` and in addresses.
    pub name: &'static str,
    /// Its name for people, the same in all their languages.
    pub title: &'static str,
    /// Its name after fences, by which its samples are highlighted.
    pub fence: &'static str,
    /// Its clients, the usual one first.
    pub clients: &'static [ClientRow],
    /// The name of a sample's file, where samples are run.
    pub file: &'static str,
    /// The programs that run it: one, or several shells. A sample runs in every shell that is
    /// installed; the last shell is for machines that have none of the others.
    pub programs: &'static [Program],
    /// The part of the answer that a sample prints.
    pub prints: PrintedAnswer,
}

/// A client of a language.
#[derive(Debug)]
pub struct ClientRow {
    /// Its name in `site.yaml`.
    pub name: &'static str,
    /// The client.
    pub client: Client,
    /// Commands that succeed if samples with it can run.
    pub needs: &'static [&'static [&'static str]],
}

/// A program that runs samples.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// Its name for people.
    pub name: &'static str,
    /// The commands that run a sample, one after the other, in the folder of its file.
    pub steps: &'static [&'static [&'static str]],
}

/// The part of the answer that a sample prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintedAnswer {
    /// The answer's body; of a stream, the texts that the language's reader takes from its items.
    Read,
    /// The received bytes: a stream as it is sent, and the head of an answer to `HEAD`.
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
    // A list apart from the match, since the order on a site does not follow from the variants.
    /// Every language, in the default order of sites.
    // Ordered by how often readers ask for them; a site sets its own order by `samples`.
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

    /// Returns the row with everything that differs between languages.
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

    /// Returns its name in `site.yaml` and in addresses.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Returns its name for people, the same in all their languages.
    pub fn title(self) -> &'static str {
        self.row().title
    }

    /// Returns the names of its clients, the usual one first.
    pub fn clients(self) -> Vec<(&'static str, Client)> {
        let rows = self.row().clients.iter();
        rows.map(|row| (row.name, row.client)).collect()
    }
}

impl SampleChoice {
    /// Returns the default of sites: every language, the first one in twins.
    pub fn usual() -> Vec<SampleChoice> {
        let choice = |language| SampleChoice {
            language,
            client: Client::Usual,
            // One language, so that a twin is not mostly code: models read it, which write other
            // languages themselves.
            twin: language == Language::ALL[0],
        };
        Language::ALL.map(choice).to_vec()
    }
}
