//! The words that people type from habit, each with what botdocs has in its place.
//!
//! A test runs every command line between backquotes through the parser, so no answer names a flag
//! that is gone.

/// Commands of other tools (MkDocs, Docusaurus, Mintlify, Sphinx, Hugo, Jekyll, Redocly, Cargo, npm)
/// and what to type here. All spellings are in lower case.
pub(super) const COMMANDS: [(&[&str], &str); 21] = [
    (
        &[
            "lint",
            "validate",
            "verify",
            "audit",
            "doctor",
            "vet",
            "analyze",
            "analyse",
            "checks",
            "linkcheck",
            "broken-links",
            "a11y",
            "dry-run",
        ],
        "`botdocs check` reports all errors, and builds nothing",
    ),
    (
        &[
            "dev",
            "start",
            "preview",
            "server",
            "develop",
            "live",
            "up",
            "livereload",
            "autobuild",
            "preview-docs",
            "host",
            "s",
        ],
        "`botdocs serve` shows the site in a browser, and updates it after each change",
    ),
    (
        &["watch", "w"],
        "`botdocs serve` shows each change in a browser; `botdocs build --watch` builds after each change",
    ),
    (
        &["open", "browse", "launch", "view"],
        "`botdocs serve --open` shows the site in a browser",
    ),
    (
        &["run", "exec", "r"],
        "`botdocs serve` shows the site in a browser; `botdocs test` runs the samples of the pages",
    ),
    (
        &[
            "new",
            "create",
            "scaffold",
            "initialize",
            "initialise",
            "quickstart",
            "setup",
            "create-project",
            "ini",
            "inti",
            "bootstrap",
            "starter",
        ],
        "`botdocs init DIR` creates a new project",
    ),
    (
        &[
            "generate",
            "gen",
            "make",
            "html",
            "compile",
            "render",
            "doc",
            "docs",
            "rustdoc",
            "build-docs",
            "buildsite",
            "site",
            "static",
            "docgen",
            "b",
            "all",
            "rebuild",
        ],
        "`botdocs build` writes the site into a folder",
    ),
    (
        &[
            "bundle", "export", "archive", "pack", "package", "tar", "zip", "dist",
        ],
        "`botdocs build` writes the site into a folder, and `botdocs build --archive FILE` into one archive",
    ),
    (
        &[
            "deploy",
            "publish",
            "upload",
            "release",
            "push",
            "gh-deploy",
            "sync",
            "ship",
        ],
        "botdocs uploads nothing: `botdocs build` writes the site, and docs/hosting.md shows how to upload it",
    ),
    (
        &[
            "install",
            "update",
            "upgrade",
            "self-update",
            "add",
            "mod",
            "plugin",
            "plugins",
            "selfupdate",
        ],
        "botdocs downloads nothing; install a new version as you installed this one",
    ),
    (
        &[
            "rm",
            "remove",
            "delete",
            "clear",
            "purge",
            "distclean",
            "clobber",
            "clean-site",
        ],
        "`botdocs clean` deletes the files that `botdocs build` wrote",
    ),
    (
        &["join", "combine", "concat", "assemble", "unite"],
        "`botdocs merge PART --out FOLDER` joins the parts of a site that several machines built",
    ),
    (
        &[
            "fake",
            "stub",
            "sandbox",
            "simulate",
            "prism",
            "mock-server",
            "mockserver",
            "emulate",
        ],
        "`botdocs mock` serves the documented API on this machine",
    ),
    (
        &["tests", "try", "e2e", "spec", "samples", "snippets"],
        "`botdocs test` runs every sample of the pages against the mock",
    ),
    (
        &["fmt", "format", "prettier", "fix"],
        "botdocs changes no file of a project; `botdocs check` reports all errors",
    ),
    (
        &["version", "ver"],
        "`botdocs --version` prints the version",
    ),
    (
        &["completion", "complete", "autocomplete"],
        "`botdocs completions SHELL` prints the completion script for a shell",
    ),
    (
        &["manual", "manpage", "manpages"],
        "`botdocs man` prints the manual page",
    ),
    (
        &[
            "rules", "codes", "why", "describe", "error", "errors", "info",
        ],
        "`botdocs explain CODE` explains the code of a message",
    ),
    (
        &[
            "swizzle",
            "eject",
            "themes",
            "template",
            "templates",
            "customize",
        ],
        "`botdocs theme list` lists the files of the theme, and `botdocs theme eject FILE` copies one to change it",
    ),
    (
        &["jsonschema", "json-schema", "schemas", "types"],
        "`botdocs schema` prints the JSON Schema of the spec files",
    ),
];

/// Flags of other tools, and ours where another one does the work.
pub(super) struct FlagWords {
    /// The commands that the answer is for; none for all.
    pub(super) under: &'static [&'static str],
    /// The spellings without hyphens before them, in kebab case; a letter is a short flag.
    pub(super) words: &'static [&'static str],
    /// What to type; `{command}` is the command that was typed.
    pub(super) answer: &'static str,
}

const BUILDS: &[&str] = &["build"];
const SERVES: &[&str] = &["serve"];
const LISTENS: &[&str] = &["serve", "mock"];
const ANY: &[&str] = &[];

const fn row(
    under: &'static [&'static str],
    words: &'static [&'static str],
    answer: &'static str,
) -> FlagWords {
    FlagWords {
        under,
        words,
        answer,
    }
}

/// The rows; the first that fits counts.
#[rustfmt::skip]
pub(super) const FLAGS: [FlagWords; 53] = [
    // The folder to write.
    row(&["build", "clean", "merge"],
        &["output", "out-dir", "outdir", "output-dir", "output-folder", "output-path", "site-dir",
          "destination", "dest", "dest-dir", "target", "target-dir", "build-dir", "dist", "dist-dir",
          "into", "to", "d", "site-folder", "publish-dir"],
        "`--out FOLDER` names the folder: `botdocs {command} --out FOLDER`"),
    row(SERVES,
        &["output", "out", "out-dir", "outdir", "output-dir", "destination", "dest", "dist", "d", "site-dir"],
        "`botdocs serve` writes no files; `botdocs build --out FOLDER` writes the site"),
    row(SERVES, &["o"],
        "`botdocs serve --open` opens the site in a browser; `botdocs build --out FOLDER` writes it"),
    row(&["check"],
        &["output", "out", "o", "output-file", "report-file"],
        "`botdocs check --format json` prints the report; `botdocs build --out FOLDER` writes the site"),
    row(&["init"],
        &["out", "o", "output", "name", "dest", "destination", "path", "dir", "d", "directory", "template"],
        "name the folder without a flag: `botdocs init DIR`"),
    // The address of the site.
    row(BUILDS,
        &["base-url", "baseurl", "base-uri", "b", "url", "domain", "public-url", "root-url", "base-path",
          "base", "site-address", "canonical-url", "canonical", "hostname", "publish-url", "site-root"],
        "`--site-url URL` gives the address of the published site: `botdocs build --site-url URL`"),
    row(SERVES,
        &["base-url", "baseurl", "b", "url", "site-url", "base-path", "base", "domain"],
        "links are relative, so the preview needs no address; for the published site, it is `botdocs build --site-url URL`"),
    // The project.
    row(ANY,
        &["config", "config-file", "config-dir", "conf", "c", "f", "settings", "config-path"],
        "the settings are in `spec/site.yaml`; `--spec FOLDER` names another folder for the spec"),
    row(&["build", "serve", "check", "mock", "test", "clean"],
        &["source", "src", "s", "input", "i", "docs-dir", "content-dir", "content", "project",
          "cwd", "dir", "directory", "project-dir", "manifest-path", "path", "prefix", "C", "folder",
          "source-dir", "in"],
        "name the project's folder without a flag: `botdocs {command} DIR`"),
    row(ANY, &["spec-dir", "specs", "spec-folder", "openapi"],
        "`--spec FOLDER` names the folder of the spec"),
    row(ANY, &["theme", "t", "theme-dir", "themes-dir", "layouts", "layout", "layout-dir", "template",
               "template-dir", "templates-dir", "custom-dir"],
        "`--templates FOLDER` names the folder of templates; `botdocs theme list` lists those of the built-in theme"),
    row(ANY, &["assets", "assets-dir", "static-dir", "public", "public-dir", "static-folder", "statics", "resources"],
        "`--static FOLDER` names the folder of static files"),
    row(ANY, &["title", "name", "site-name", "description"],
        "`title` in `spec/site.yaml` is the title of the site"),
    row(ANY, &["language", "lang", "locale", "l", "L"],
        "`language` in `spec/site.yaml` is the language of the interface"),
    // Messages.
    row(ANY, &["version", "V"], "`botdocs --version` prints the version"),
    row(ANY,
        &["verbose", "v", "debug", "trace", "log-level", "loglevel", "log", "stacktrace", "show-traceback",
          "T", "print-path-warnings", "print-unused-templates", "profile-build"],
        "botdocs has no levels of messages: it always prints all of them"),
    row(ANY, &["quiet", "q", "Q", "silent", "no-progress", "hide-progress", "no-log"],
        "messages go to standard error: `2>/dev/null` hides them"),
    row(ANY, &["color", "no-color", "colour", "no-colour", "colors", "no-colors", "N"],
        "the environment variable `NO_COLOR=1` turns colours off"),
    row(ANY, &["yes", "y", "no-input", "non-interactive", "noinput", "interactive", "assume-yes"],
        "botdocs never asks a question"),
    row(&["check"],
        &["json", "reporter", "output-format", "message-format", "report", "as-json", "generate-ignore-file"],
        "`botdocs check --format json` prints the report as JSON"),
    row(BUILDS,
        &["format", "json", "reporter", "output-format", "message-format", "report", "as-json"],
        "`--format` is a flag of `botdocs check`: `botdocs check --format json` prints the report as JSON"),
    // Warnings.
    row(&["build", "check"],
        &["fail-on-warning", "fail-on-warnings", "w-error", "werror", "warnings-as-errors", "W", "n",
          "error-on-warning", "error-on-warnings", "deny-warnings", "max-warnings", "strict-mode",
          "panic-on-warning", "nitpicky", "fail-on-warn", "keep-going", "strict-front-matter", "pedantic"],
        "`--strict` treats warnings as errors: `botdocs {command} --strict`"),
    row(&["check"], &["fix", "write", "apply", "autofix"],
        "botdocs changes no file of a project: correct what `botdocs check` reports"),
    // What a build does.
    row(BUILDS,
        &["dry-run", "dryrun", "no-write", "check", "check-only", "noop", "no-op", "validate", "lint",
          "render-to-memory", "test"],
        "`botdocs check` reports all errors, and builds nothing"),
    row(BUILDS,
        &["clean", "c", "clean-destination-dir", "cleanup", "clear", "delete", "dirty", "incremental", "I",
          "full-rebuild", "fresh-env", "E", "a", "write-all", "rebuild", "no-cache", "ignore-cache",
          "no-clean", "empty-out-dir", "gc", "cache-dir", "prune", "fresh", "update", "replace"],
        "`botdocs build` writes the files that changed, and deletes those of its last build that the site no longer has"),
    row(ANY,
        &["drafts", "draft", "build-drafts", "D", "unpublished", "future", "F", "build-future",
          "build-expired", "show-drafts", "include-drafts"],
        "botdocs leaves out pages and endpoints with `internal: true`: `botdocs build --internal` includes them"),
    row(BUILDS,
        &["minify", "no-minify", "optimize", "production", "prod", "mode", "environment", "env", "e",
          "release", "profile", "development", "dev"],
        "nothing to choose: `botdocs build` always writes files that are ready to publish"),
    row(BUILDS,
        &["compress", "compression", "brotli", "br", "zstd", "gz", "precompress", "gzipped"],
        "`--gzip beside` writes a compressed file beside each text: `botdocs build --gzip beside`"),
    row(BUILDS,
        &["tar", "zip", "bundle", "single-file", "standalone", "tarball", "tgz", "pack"],
        "`--archive FILE` writes one archive: `botdocs build --archive FILE`"),
    row(BUILDS,
        &["jobs", "j", "threads", "parallel", "workers", "concurrency", "max-workers"],
        "`botdocs build` uses all processors; `--shard K/N` divides the bots among machines"),
    row(BUILDS,
        &["deploy", "publish", "upload", "remote", "remote-branch", "push", "message", "m", "p"],
        "botdocs uploads nothing: docs/hosting.md shows how to upload the folder that `botdocs build` writes"),
    row(BUILDS, &["host"],
        "`--host` is a flag of `botdocs serve` and `botdocs mock`; `botdocs build --hosting NAME` compares the site with the limits of a host"),
    row(BUILDS, &["provider", "platform", "limits", "host-limits", "adapter"],
        "`--hosting NAME` compares the site with the limits of a host: `botdocs build --hosting NAME`"),
    row(BUILDS, &["open", "browser", "open-browser", "launch"],
        "`--open` is a flag of `botdocs serve`: `botdocs serve --open` shows the site in a browser"),
    row(BUILDS, &["w", "live", "hot", "livereload", "live-reload", "auto", "auto-reload", "autoreload", "dev-server"],
        "`botdocs build --watch` builds after each change; `botdocs serve` shows each change in a browser"),
    row(BUILDS, &["serve", "server", "preview", "s"],
        "`botdocs serve` shows the site in a browser"),
    row(BUILDS, &["part", "parts", "shards", "split", "chunk", "slice", "partition", "shard-index"],
        "`--shard K/N` builds part K of N: `botdocs build --shard 1/2`"),
    row(BUILDS, &["max-removed", "allow-removal", "allow-remove", "max-delete", "allow-delete"],
        "`botdocs build --help` explains how many bots may lose their pages, and which flag changes that"),
    // Serving.
    row(SERVES,
        &["watch", "w", "livereload", "live-reload", "l", "live", "hot", "reload", "auto", "auto-reload",
          "autoreload", "hmr", "watch-theme", "incremental", "I"],
        "nothing to add: `botdocs serve` updates the site after each change"),
    row(SERVES,
        &["no-watch", "no-livereload", "no-live-reload", "disable-live-reload", "no-reload", "no-hot", "hot-only",
          "disable-fast-render"],
        "`botdocs serve` always updates the site after a change; `botdocs build` builds it once"),
    row(SERVES, &["open-browser", "browser", "launch", "launch-browser", "navigate-to-changed", "open-url"],
        "`--open` opens the site in a browser: `botdocs serve --open`"),
    row(SERVES, &["no-open", "no-browser", "no-open-browser"],
        "`botdocs serve` opens a browser only with `--open`"),
    row(LISTENS, &["dev-addr", "a", "bind", "address", "addr", "listen", "ip", "H", "interface", "hostname", "b"],
        "`--host ADDR` and `--port N` give the address: `botdocs {command} --host 127.0.0.1 --port 9000`"),
    row(LISTENS, &["P", "http-port", "listen-port", "port-number"],
        "`--port N` gives the port: `botdocs {command} --port 9000`"),
    row(LISTENS, &["https", "ssl", "tls", "cert", "key", "ssl-cert", "ssl-key", "ca"],
        "botdocs serves HTTP for this machine; put a reverse proxy with TLS before it"),
    row(LISTENS, &["allowed-hosts", "allowed-host", "allow-hosts", "disable-host-check", "origin", "server-name"],
        "`--allow-host NAME` permits requests with another name: `botdocs {command} --allow-host NAME`"),
    row(&["mock"], &["delay", "latency", "d", "dynamic", "interval", "speed", "slow", "chunk-delay"],
        "`--pace MS` is the delay between the items of a stream: `botdocs mock --pace 500`"),
    row(&["mock"], &["allow-origin", "allow-cors", "enable-cors", "cors-origin", "cors-origins", "access-control-allow-origin"],
        "`--cors ORIGIN` lets pages of an origin read the answers: `botdocs mock --cors http://localhost:3000`"),
    row(&["mock"], &["watch", "w", "live", "hot", "reload", "live-reload", "livereload"],
        "nothing to add: `botdocs mock` answers by the new version after each change"),
    // Watching where there is nothing to serve.
    row(&["check", "test"], &["watch", "w", "live"],
        "`--watch` is a flag of `botdocs build`; `botdocs serve` also shows the errors after each change"),
    // Bots.
    row(&["build", "serve", "mock", "test"],
        &["var", "variable", "variables", "vars", "define", "data", "param", "params", "value", "set-var",
          "a-value", "variant", "env-var"],
        "`--set NAME=VALUE` gives the value of a variable: `botdocs {command} --set NAME=VALUE`"),
    row(&["build", "serve", "check"],
        &["list", "bots-file", "bot-list", "botlist", "roster", "csv", "customers", "tenants", "bots-csv", "all-bots"],
        "`--bots FILE` names the list of bots: `botdocs {command} --bots FILE`"),
    row(&["merge"], &["replace", "update", "in-place", "overwrite", "append", "inplace"],
        "nothing to add: `botdocs merge PART --out FOLDER` updates a folder that botdocs wrote"),
];

/// Flags that a typing error may suggest: the worst that they do is a wrong or an extra output.
#[rustfmt::skip]
pub(super) const MAY_BE_GUESSED: [&str; 29] = [
    "archive", "bot", "bots", "dir", "editor", "format", "gzip", "help", "hosting",
    "ignore-columns", "jobs", "kind", "open", "out", "pace", "poll", "port", "render", "root",
    "set", "shard", "site-url", "spec", "static", "strict", "templates", "verify", "version", "watch",
];

/// Flags that overwrite, delete, publish or open what was closed: only who writes one means it.
#[cfg(test)]
#[rustfmt::skip]
pub(super) const NEVER_GUESSED: [&str; 8] = [
    "allow-host", "cors", "force", "generic", "host", "internal", "remove-up-to", "skip-bad-bots",
];

/// Commands that a typing error may suggest.
#[rustfmt::skip]
pub(super) const MAY_BE_GUESSED_COMMANDS: [&str; 11] = [
    "build", "check", "completions", "explain", "help", "man", "mock", "schema", "serve", "test",
    "theme",
];

/// Commands that create, overwrite or delete files under a name that the user gives.
#[cfg(test)]
pub(super) const NEVER_GUESSED_COMMANDS: [&str; 3] = ["clean", "init", "merge"];
