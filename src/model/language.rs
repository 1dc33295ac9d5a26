//! The part of the model that says in which languages requests are shown as code.

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

/// What a sample sends its request with, where a language has more than one usual way.
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
    /// Whether its samples stand in twins; of the others, twins have links.
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

impl Language {
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

    /// What `site.yaml` and addresses call it.
    pub fn name(self) -> &'static str {
        match self {
            Language::Curl => "curl",
            Language::PowerShell => "powershell",
            Language::Python => "python",
            Language::JavaScript => "javascript",
            Language::TypeScript => "typescript",
            Language::Php => "php",
            Language::Go => "go",
            Language::Ruby => "ruby",
        }
    }

    /// What people call it, in any language of theirs.
    pub fn title(self) -> &'static str {
        match self {
            Language::Curl => "cURL",
            Language::PowerShell => "PowerShell",
            Language::Python => "Python",
            Language::JavaScript => "JavaScript",
            Language::TypeScript => "TypeScript",
            Language::Php => "PHP",
            Language::Go => "Go",
            Language::Ruby => "Ruby",
        }
    }

    /// What fences call the language of its samples.
    pub fn fence(self) -> &'static str {
        match self {
            // Highlighters know `sh` on every host; `curl` is a language of ours alone.
            Language::Curl => "sh",
            other => other.name(),
        }
    }

    /// The names of its clients, the usual one first.
    pub fn clients(self) -> &'static [(&'static str, Client)] {
        match self {
            Language::Curl => &[("curl", Client::Usual)],
            Language::PowerShell => &[("invoke-restmethod", Client::Usual)],
            Language::Python => &[("requests", Client::Usual), ("urllib", Client::Urllib)],
            Language::JavaScript | Language::TypeScript => &[("fetch", Client::Usual)],
            Language::Php => &[("curl", Client::Usual)],
            Language::Go => &[("net/http", Client::Usual)],
            Language::Ruby => &[("net/http", Client::Usual)],
        }
    }
}

impl SampleChoice {
    /// What a site shows that chooses nothing: every language, cURL in twins.
    pub fn usual() -> Vec<SampleChoice> {
        let choice = |language| SampleChoice {
            language,
            client: Client::Usual,
            // A twin is read by models, which write other languages themselves: one sample is
            // enough.
            twin: language == Language::Curl,
        };
        Language::ALL.map(choice).to_vec()
    }
}
