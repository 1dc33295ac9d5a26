//! Loads the project's folders into memory: the only code that reads input from the disk.
//!
//! Folders are walked in the order of their names. A link, a pipe or a device is an error, and so
//! is whatever can't be read: only dotfiles and temporary files of editors are ignored.

#![allow(clippy::disallowed_methods, reason = "this module reads the disk")]

mod at_root;
mod conflict;
mod dropping;
mod inside;
mod list;
mod memory;
mod unread;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::WalkDir;

use crate::hole::is_reserved;
use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::name::normal;
use crate::input::page_kind::PageKind;
use crate::input::source::{FileId, SourceFile, Sources, Span};
use crate::input::yaml::{self, Node, reserved_character};

pub use at_root::RootFiles;
pub use conflict::{begins_side, unresolved};
pub use dropping::is_dropping;
pub use inside::{Root, is_inside, link_on_way};
pub use list::{BotList, ListChoice, ListOfSite, bots, watched_bots};
pub use memory::FileCache;
use memory::{ReadPass, Stamp};
use unread::spec_above;
pub use unread::{not_text, unreadable};

/// The largest text file that is read, in bytes.
// Four times the YAML that the limit of values allows (about 4 MB), and so small that 32 bits can
// represent every offset of a span.
const MAX_TEXT: u64 = 16 << 20;

/// The file of the spec that applies to all pages.
const SITE: &str = "site.yaml";

/// The folder of the templates that contains files of messages.
pub const MESSAGES: &str = "messages/";

/// The locations of a project's inputs.
#[derive(Clone, Debug)]
pub struct Folders {
    /// The folder that paths in messages are relative to, as far as they are below it.
    pub here: PathBuf,
    /// The project's folder.
    pub project: PathBuf,
    /// The spec.
    pub spec: Root,
    /// Templates that replace the built-in ones; may be missing.
    pub templates: Root,
    /// Static files that replace the built-in ones or are added to them; may be missing.
    pub statics: Root,
    /// Files that stand at the root of the site as they are; may be missing.
    pub at_root: Root,
}

impl Folders {
    /// Returns the usual folders of a project, for messages that name files relative to it.
    pub fn of_project(project: &Path) -> Folders {
        Folders {
            here: project.to_owned(),
            project: project.to_owned(),
            spec: Root::Own(project.join("spec")),
            templates: Root::Own(project.join("templates")),
            statics: Root::Own(project.join("static")),
            at_root: Root::Own(project.join("root")),
        }
    }

    /// Returns the folders of inputs.
    pub fn roots(&self) -> [&Path; 4] {
        [&self.spec, &self.templates, &self.statics, &self.at_root].map(Root::path)
    }

    /// Returns the absolute path of a file by its path in messages.
    pub fn locate(&self, shown: &Path) -> PathBuf {
        absolute(&self.here.join(shown))
    }
}

/// A project's files in memory.
#[derive(Debug, Default)]
pub struct Inputs {
    /// The text files.
    pub sources: Sources,
    /// `site.yaml`.
    pub site: Option<SettingsFile>,
    /// The files of pages, sorted by name.
    pub pages: Vec<PageFile>,
    /// The names of pages whose files can't be read, or have a wrong ending.
    pub unread: Vec<String>,
    /// The other files of the spec's folder, sorted by path.
    pub files: Vec<StaticFile>,
    /// The project's own templates, sorted by path.
    pub templates: Vec<(String, FileId)>,
    /// The project's own files of messages, by the language's tag.
    pub messages: Vec<(String, FileId)>,
    /// The project's own static files, sorted by path.
    pub statics: Vec<StaticFile>,
    /// The project's files for the root of the site.
    pub at_root: RootFiles,
    /// The list of bots, if one was chosen.
    pub bots: Option<BotList>,
    /// The list of bots that `site.yaml` names, which is not published wherever it is.
    pub list_of_site: Option<ListOfSite>,
    /// Every folder read: the set that watch mode must observe.
    pub folders: BTreeSet<PathBuf>,
}

impl Inputs {
    /// Returns the texts that pages are rendered from.
    pub fn texts(&self) -> impl Iterator<Item = FileId> {
        let pages = self.pages.iter().map(|page| page.file);
        let others = self.templates.iter().chain(&self.messages);
        let files = self.site.iter().map(|site| site.file).chain(pages);
        files.chain(others.map(|it| it.1))
    }

    /// Returns the files that differ from `older`, as sorted paths in messages.
    pub fn changes_since(&self, older: &Inputs) -> Vec<String> {
        let (new, old) = (self.contents(), older.contents());
        let all: BTreeSet<&str> = new.keys().chain(old.keys()).copied().collect();
        let is_same = |path: &&str| match (new.get(path), old.get(path)) {
            // Most files are the same in memory, which saves comparing their contents.
            (Some(new), Some(old)) => std::ptr::eq(*new, *old) || new == old,
            _ => false,
        };
        let changed = all.into_iter().filter(|path| !is_same(path));
        changed.map(str::to_owned).collect()
    }

    /// Returns the content of each file by its path in messages.
    fn contents(&self) -> BTreeMap<&str, &[u8]> {
        let texts = self.sources.iter();
        let texts = texts.map(|file| (file.path.as_str(), file.text.as_bytes()));
        let files = self.files.iter().chain(&self.statics);
        let files = files.chain(&self.at_root.files);
        let files = files.map(|file| (file.shown.as_str(), &*file.bytes));
        let bots = self.bots.iter().filter_map(|list| {
            let hash = list.hash.as_ref()?;
            Some((list.shown.as_str(), hash.as_slice()))
        });
        texts.chain(files).chain(bots).collect()
    }
}

/// `site.yaml` as written: it names the list of bots, which must be known before other files are
/// read.
#[derive(Clone, Debug)]
pub struct SettingsFile {
    /// The file.
    pub file: FileId,
    /// Its tree, if its syntax is valid.
    pub tree: Option<Arc<Node>>,
    /// The errors in its syntax.
    pub syntax: Report,
}

impl SettingsFile {
    /// Parses the file.
    pub fn parse(file: FileId, sources: &Sources) -> SettingsFile {
        let mut syntax = Report::default();
        SettingsFile {
            file,
            tree: yaml::parse(sources, file, &mut syntax).map(Arc::new),
            syntax,
        }
    }
}

/// The file of a page.
#[derive(Debug)]
pub struct PageFile {
    /// The page's name: the file name without its extension.
    pub name: String,
    /// The kind of page that its ending chooses.
    pub kind: PageKind,
    /// The file.
    pub file: FileId,
}

/// A file that is copied to the output.
#[derive(Clone, Debug)]
pub struct StaticFile {
    /// Its path below its folder, with `/`.
    pub path: String,
    /// Its path in messages.
    pub shown: String,
    /// Its content.
    pub bytes: Arc<[u8]>,
}

/// Reads a project's folders, except the chosen list of bots and the list that `site.yaml` names;
/// reports whatever can't be read.
///
/// A file in the cache that is certainly unchanged is not read again, and each file keeps its ID.
pub fn load(
    folders: &Folders,
    list: &ListChoice,
    cache: &mut FileCache,
    report: &mut Report,
) -> Inputs {
    let mut inputs = Inputs::default();
    let pass = &mut cache.next();
    let (spec, templates, statics) = (&folders.spec, &folders.templates, &folders.statics);
    let mut spec = walk(
        folders,
        spec,
        true,
        is_dropping,
        &mut inputs.folders,
        report,
    );
    // `site.yaml` comes first, since it names the list of bots: a list among pages or pictures
    // is never loaded as one of them, nor published. Its tree is passed on to `check`.
    if let Some(at) = spec.iter().position(|found| found.path == SITE) {
        let file = read_text(&spec.remove(at), &mut inputs.sources, pass, report);
        inputs.site = file.map(|file| pass.site(file, &inputs.sources));
    }
    let site = inputs.site.as_ref();
    inputs.list_of_site = site.and_then(|site| ListOfSite::of(site, folders));
    let lists = list.lists(inputs.list_of_site.as_ref());
    let is_list = |found: &FoundFile| {
        let stamp = found.stamp.as_ref();
        stamp.is_some_and(|stamp| lists.iter().any(|&list| stamp.is_of(list)))
    };
    for found in spec {
        if is_list(&found) {
            continue;
        }
        load_spec_file(found, &mut inputs, pass, report);
    }
    if inputs.site.is_none() && !report.has_errors() {
        let path = display(folders, &folders.spec.path().join(SITE));
        report.push(
            Diagnostic::about_file(Code::MissingInput, path, "no `site.yaml`")
                .help("a project needs a file `spec/site.yaml` with a `title` and a `navigation`"),
        );
    }
    for found in walk(
        folders,
        templates,
        false,
        is_dropping,
        &mut inputs.folders,
        report,
    ) {
        if is_list(&found) {
            continue;
        }
        if let Some(file) = read_text(&found, &mut inputs.sources, pass, report) {
            match message_tag(&found.path) {
                Some(tag) => inputs.messages.push((tag.to_owned(), file)),
                None => inputs.templates.push((found.path, file)),
            }
        }
    }
    let left_out = at_root::is_left_out;
    let seen = &mut inputs.folders;
    let mut found = walk(folders, statics, false, left_out, seen, report);
    found.retain(|found| !is_list(found));
    for found in at_root::without_hidden(found, report) {
        inputs.statics.extend(read_file(found, pass, report));
    }
    let at_root = &folders.at_root;
    let mut found = walk(folders, at_root, false, left_out, seen, report);
    found.retain(|found| !is_list(found));
    inputs.at_root = at_root::load(found, &mut inputs.sources, pass, report);
    pass.keep_ids(&mut inputs.sources);
    inputs
}

/// Returns the language of a file in the templates' folder that contains messages; none for a
/// template.
fn message_tag(path: &str) -> Option<&str> {
    let tag = path.strip_prefix(MESSAGES)?.strip_suffix(".ftl")?;
    let is_tag = |c: char| c.is_ascii_alphanumeric() || c == '-';
    // A language tag consists of letters, digits and hyphens (RFC 5646 §2.1); whether the language
    // is known is checked with the messages.
    tag.chars().all(is_tag).then_some(tag)
}

/// A file that a walk found.
struct FoundFile {
    /// The path below the walked folder, with `/`.
    path: String,
    /// The path in messages.
    shown: String,
    /// The location on the disk.
    location: PathBuf,
    /// Its stamp to detect changes, taken before it is read.
    stamp: Option<Stamp>,
    /// Its size in bytes.
    size: u64,
}

fn has_path(found: &[FoundFile], path: &str) -> bool {
    found.iter().any(|file| file.path == path)
}

/// Lists the files below `folder`, and adds the visited folders to `seen`.
fn walk(
    folders: &Folders,
    root: &Root,
    must_exist: bool,
    is_left_out: fn(&OsStr) -> bool,
    seen: &mut BTreeSet<PathBuf>,
    report: &mut Report,
) -> Vec<FoundFile> {
    if let Some(fault) = root.fault(folders) {
        report.push(fault);
        return Vec::new();
    }
    let folder = root.path();
    // Only a folder that is certainly absent is ignored: one that can't be read is reported by the
    // walk.
    if !must_exist && matches!(folder.try_exists(), Ok(false)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    // File systems have their own order of files (ext4 by a hash), which would determine the order
    // of reports.
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter();
    let wanted = |entry: &walkdir::DirEntry| entry.depth() == 0 || !is_left_out(entry.file_name());
    for entry in entries.filter_entry(wanted) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = display(folders, error.path().unwrap_or(folder));
                let is_root = error.depth() == 0;
                let diagnostic = unreadable(path, error.io_error(), is_root);
                let above = is_root.then(|| spec_above(folders)).flatten();
                report.push(diagnostic.maybe_help(above));
                continue;
            }
        };
        let shown = display(folders, entry.path());
        if entry.depth() == 0 && entry.path().is_dir() || entry.file_type().is_dir() {
            seen.insert(entry.into_path());
            continue;
        }
        if !entry.file_type().is_file() {
            let message = if entry.path_is_symlink() {
                "a symbolic link"
            } else {
                "neither a file nor a folder"
            };
            report.push(
                Diagnostic::about_file(Code::NotAFile, shown, message)
                    .help("links, pipes and devices are not read; put a copy of the file here"),
            );
            continue;
        }
        let below = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        let metadata = entry.metadata().ok();
        match slashed(below) {
            Some(path) if !path.is_ascii() && has_path(&found, &path) => {
                // macOS has one file of this name, and a browser would ask for either by one
                // address.
                let message = "a file name that differs from another one only in its Unicode form";
                let diagnostic = Diagnostic::about_file(Code::MisnamedFile, shown, message);
                report.push(diagnostic.help("rename one of the two files, or remove it"));
            }
            Some(path) => found.push(FoundFile {
                path,
                shown,
                stamp: metadata.as_ref().map(Stamp::new),
                size: metadata.map_or(0, |metadata| metadata.len()),
                location: entry.into_path(),
            }),
            None => report.push(Diagnostic::about_file(
                Code::InvalidUtf8,
                shown,
                "a file name that is not UTF-8",
            )),
        }
    }
    found
}

fn load_spec_file(
    found: FoundFile,
    inputs: &mut Inputs,
    pass: &mut ReadPass<'_>,
    report: &mut Report,
) {
    let (name, ending) = found.path.rsplit_once('.').unwrap_or((&found.path, ""));
    let name = name.to_owned();
    // Values of bots, which are read if `--bots` or `bots` of site.yaml names the file.
    let bots = ["yaml", "yml", "csv", "jsonl", "ndjson", "json"];
    if name == "bots" && bots.contains(&ending) {
        return;
    }
    let is_at_top = !name.contains('/');
    if let Some(kind) = PageKind::of_ending(ending).filter(|_| is_at_top) {
        match read_text(&found, &mut inputs.sources, pass, report) {
            Some(file) => inputs.pages.push(PageFile { name, kind, file }),
            None => inputs.unread.push(name),
        }
    } else if let Some((kind, _)) = PageKind::meant_by(&found.path).filter(|_| is_at_top) {
        let message = format!("a file that ends in `.{ending}`");
        let help = format!("rename it to `{name}.{}`", kind.ending());
        let help = match ending {
            "mdx" => format!("{help}, and write its components in Markdown"),
            _ => help,
        };
        let diagnostic = Diagnostic::about_file(Code::MisnamedFile, found.shown, message);
        report.push(diagnostic.help(help));
        // Links and the navigation may name it: it has this report alone.
        inputs.unread.push(name);
    } else {
        inputs.files.extend(read_file(found, pass, report));
    }
}

fn read_file(found: FoundFile, pass: &mut ReadPass<'_>, report: &mut Report) -> Option<StaticFile> {
    let known = pass.bytes(&found.location, found.stamp);
    let bytes = match known.map_or_else(|| std::fs::read(&found.location).map(Arc::from), Ok) {
        Ok(bytes) => {
            if let Some(fault) = conflict::in_bytes(&found.shown, &bytes) {
                // Not cached, so it is read and reported again each time.
                report.push(fault);
                return None;
            }
            pass.keep_bytes(found.location, found.stamp, bytes)
        }
        Err(error) => {
            report.push(unreadable(found.shown, Some(&error), false));
            return None;
        }
    };
    Some(StaticFile {
        path: found.path,
        shown: found.shown,
        bytes,
    })
}

fn read_text(
    found: &FoundFile,
    sources: &mut Sources,
    pass: &mut ReadPass<'_>,
    report: &mut Report,
) -> Option<FileId> {
    let id = pass.id(&found.shown);
    if let Some(text) = pass.text(&found.location, found.stamp) {
        sources.insert(id, text);
        return Some(id);
    }
    let size = found.size;
    // Checked by the size in its metadata, before it is read: a sparse file of 300 MB would fill
    // the memory only to be refused.
    if size > MAX_TEXT {
        let message = format!("{size} bytes, more than the limit of {MAX_TEXT} for one file");
        report.push(
            Diagnostic::about_file(Code::InputTooLarge, &found.shown, message)
                .help("split the page into several"),
        );
        return None;
    }
    let bytes = match std::fs::read(&found.location) {
        Ok(bytes) => bytes,
        Err(error) => {
            report.push(unreadable(found.shown.clone(), Some(&error), false));
            return None;
        }
    };
    let text = utf8(&found.shown, &bytes, report)?;
    let text = pass.same_or(&found.location, SourceFile::new(&*found.shown, text));
    sources.insert(id, Arc::clone(&text));
    // A refused text is not cached, so it is read and reported again each time.
    refuse_reserved(id, sources, report)?;
    pass.keep_text(&found.location, found.stamp, text);
    Some(id)
}

/// Adds a text file to the sources, unless its bytes are not text.
pub fn decode(
    path: &str,
    bytes: &[u8],
    sources: &mut Sources,
    report: &mut Report,
) -> Option<FileId> {
    let text = utf8(path, bytes, report)?;
    let file = sources.add(path, text);
    refuse_reserved(file, sources, report)?;
    Some(file)
}

/// Decodes bytes as text; reports bytes that are not text.
fn utf8<'b>(path: &str, bytes: &'b [u8], report: &mut Report) -> Option<&'b str> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = bytes[..error.valid_up_to()].iter();
            let line = 1 + line.filter(|&&byte| byte == b'\n').count();
            report.push(not_text(path, bytes, &error, line));
            return None;
        }
    };
    Some(text)
}

/// Reports a character that no file may contain, and what an unfinished merge leaves.
fn refuse_reserved(file: FileId, sources: &Sources, report: &mut Report) -> Option<()> {
    let text = &sources.get(file).text;
    if let Some(fault) = conflict::in_text(file, text) {
        report.push(fault);
        return None;
    }
    let reserved = text.char_indices().find(|&(_, c)| is_reserved(c));
    let Some((at, character)) = reserved else {
        return Some(());
    };
    let span = Span::new(file, at..at + character.len_utf8());
    report.push(reserved_character(character, span));
    None
}

fn display(folders: &Folders, path: &Path) -> String {
    let whole = absolute(path);
    let below = whole.strip_prefix(absolute(&folders.here)).unwrap_or(path);
    below
        .to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/")
}

/// Returns an absolute path; links and `..` in it are kept.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    // Not `canonicalize`: it follows links, and then messages would name a path that nobody wrote.
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn slashed(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| normal(&parts.join("/")).into_owned())
}
