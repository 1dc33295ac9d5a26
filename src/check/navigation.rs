//! The navigation of `site.yaml` as written: names of pages, and groups of them.

use crate::input::explain::Code;
use crate::input::yaml::{MapEntry, Node, Value};

use super::noted::{PageUse, WrittenGroup, WrittenNavigation};
use super::reader::{Map, Reader};

const GROUP_KEYS: [&str; 2] = ["title", "pages"];

/// How many pages of a wrong item the lines of its help name.
const MOST_SHOWN: usize = 4;

/// Returns the names of the pages in the sidebar, by its groups.
pub(super) fn lower<'n>(reader: &mut Reader<'_>, map: &Map<'n>) -> WrittenNavigation<'n> {
    let node = reader.require(map, "navigation");
    if let Some(Node {
        value: Value::Sequence(items),
        place,
        ..
    }) = node
        && items.is_empty()
    {
        reader.error(
            Code::EmptyValue,
            *place,
            "a navigation without pages",
            "name the pages in their order; the first is the index",
        );
    }
    let items = node.and_then(|node| reader.list(node)).unwrap_or_default();
    let groups = items.iter().filter_map(|item| group(reader, item));
    WrittenNavigation {
        groups: groups.collect(),
        place: node.map(|node| node.place),
    }
}

fn group<'n>(reader: &mut Reader<'_>, item: &'n Node) -> Option<WrittenGroup<'n>> {
    let (title, names) = match &item.value {
        Value::Mapping(entries) => {
            if let Some((message, help)) = of_another_format(entries) {
                reader.error(Code::UnknownKey, item.span, message, help);
                return Some(unreadable());
            }
            let map = reader.map(item, "a group of pages", &GROUP_KEYS)?;
            let title = reader.require(&map, "title");
            let title = title.and_then(|node| reader.text(node));
            let list = reader.require(&map, "pages");
            let place = list.map(|node| node.place);
            let list = list.and_then(|node| reader.list(node));
            if let (Some([]), Some(place)) = (list, place) {
                let help = "name its pages in their order, or remove the group";
                reader.error(Code::EmptyValue, place, "a group without pages", help);
            }
            (title, list.unwrap_or_default())
        }
        _ => (None, std::slice::from_ref(item)),
    };
    let pages = names.iter().map(|node| page(reader, node));
    Some(WrittenGroup {
        pages: pages.collect(),
        title,
    })
}

/// Returns a group that stands for an item with an error, whose pages are unknown.
fn unreadable<'n>() -> WrittenGroup<'n> {
    WrittenGroup {
        pages: vec![None],
        title: None,
    }
}

/// Lowers the name of a page in the navigation, or in a group.
fn page<'n>(reader: &mut Reader<'_>, node: &'n Node) -> Option<PageUse<'n>> {
    match &node.value {
        Value::Mapping(entries) => {
            let (message, help) = of_another_format(entries).unwrap_or_else(|| nested(entries));
            reader.error(Code::WrongType, node.span, message, help);
            None
        }
        Value::Sequence(items) => {
            let message = "a list inside of a group";
            let help = format!("write the names in one list: pages: [{}]", names(items));
            reader.error(Code::WrongType, node.span, message, help);
            None
        }
        _ => {
            let written = reader.word(node)?;
            let span = node.span;
            Some(PageUse { written, span })
        }
    }
}

/// Returns the message and the help for a group in a group.
fn nested(entries: &[MapEntry]) -> (String, String) {
    let of = |key: &str| entries.iter().find(|entry| entry.key == key);
    let title = of("title").and_then(|entry| text_of(&entry.value));
    let pages = of("pages").map(|entry| items(&entry.value));
    let help = format!(
        "the navigation has two levels: write the group beside this one, as `- {{title: {}, pages: [{}]}}`",
        title.unwrap_or("…"),
        pages.map_or_else(|| "…".to_owned(), names)
    );
    ("a group in a group".to_owned(), help)
}

/// Returns the message and the help for an item as other programs write it: a link, a page with its
/// title, a page as the value of its title.
fn of_another_format(entries: &[MapEntry]) -> Option<(String, String)> {
    let of = |keys: &[&str]| {
        let found = entries.iter().find(|entry| keys.contains(&&*entry.key))?;
        Some(text_of(&found.value).unwrap_or("…"))
    };
    let title = of(&["title", "label", "text", "name"]).unwrap_or("…");
    let is_link = |text: &&str| text.contains("://") || text.starts_with("mailto:");
    if let Some(address) = of(&["url", "href", "link"]).filter(|text| is_link(text)) {
        let help = format!(
            "links to other sites are in `header` or `footer`: header: [{{title: {title}, url: \"{address}\"}}]"
        );
        return Some(("a link in the navigation".to_owned(), help));
    }
    if let Some(page) = of(&["url", "href", "link", "page", "path", "file", "slug"]) {
        return Some(with_title(page));
    }
    match entries {
        [entry] if !GROUP_KEYS.contains(&&*entry.key) => match &entry.value.value {
            Value::String(text) if is_link(&text.as_str()) => {
                let help = format!(
                    "links to other sites are in `header` or `footer`: header: [{{title: {}, url: \"{text}\"}}]",
                    entry.key
                );
                Some(("a link in the navigation".to_owned(), help))
            }
            // `page: Title` in place of `Title: page.md`.
            Value::String(title) if !is_page(title) && is_page(&entry.key) => {
                Some(with_title(&entry.key))
            }
            Value::String(page) => Some(with_title(page)),
            Value::Sequence(pages) => {
                let help = format!(
                    "write the keys of a group: `- {{title: {}, pages: [{}]}}`",
                    entry.key,
                    names(pages)
                );
                Some((
                    "a group without the keys `title` and `pages`".to_owned(),
                    help,
                ))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Returns whether a text can be the name of a page or of its file, and not a title.
fn is_page(text: &str) -> bool {
    !text.contains(char::is_uppercase) && !text.contains(char::is_whitespace)
}

/// Returns the message and the help for a page with a title.
fn with_title(page: &str) -> (String, String) {
    let name = page.trim_matches('/');
    let name = name
        .strip_suffix(".md")
        .or_else(|| name.strip_suffix(".yaml"))
        .unwrap_or(name);
    let help =
        format!("write the name of the page alone, `- {name}`: the page's file has its title");
    ("a page with a title in the navigation".to_owned(), help)
}

/// Returns the text of a scalar.
fn text_of(node: &Node) -> Option<&str> {
    match &node.value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn items(node: &Node) -> &[Node] {
    match &node.value {
        Value::Sequence(items) => items,
        _ => std::slice::from_ref(node),
    }
}

/// Lists the names of pages as YAML has them in brackets.
fn names(items: &[Node]) -> String {
    let names = items.iter().take(MOST_SHOWN);
    let mut names: Vec<&str> = names.map(|item| text_of(item).unwrap_or("…")).collect();
    if items.len() > MOST_SHOWN {
        names.push("…");
    }
    names.join(", ")
}
