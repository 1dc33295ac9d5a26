//! `llms.txt` and `llms-full.txt`: the list of the twins, and all of them in one file.

use super::block::Blocks;
use super::{LLMS_FULL, MarkdownBody, MarkdownWriter};
use crate::model::link::Destination;
use crate::model::{Link, OutlinePage};
use crate::pages::view::{Context, to_twin};
use crate::rich::markdown::inline_link;

/// Returns the list of the twins in the format of llmstxt.org, with its holes.
///
/// Links are absolute if the site has an address, except in a bot's folder.
pub fn llms(context: &Context<'_>) -> String {
    let writer = MarkdownWriter { context };
    let model = context.outline;
    let mut blocks = writer.title();
    if context.options.root.is_empty() {
        let full = inline_link(LLMS_FULL, &writer.address(LLMS_FULL));
        blocks.push(&format!(
            "{}: {full}",
            writer.message("all-in-one-file", &[])
        ));
    }
    for group in &model.navigation {
        let title = group.title.as_deref().map(|title| writer.words(title));
        blocks.heading(2, &title.unwrap_or_else(|| writer.message("pages", &[])));
        let pages = group.pages.iter().map(|&index| &model.pages[index]);
        blocks.push(&writer.pages(pages));
    }
    let listed = |index| {
        model
            .navigation
            .iter()
            .any(|group| group.pages.contains(&index))
    };
    let others = model
        .pages
        .iter()
        .enumerate()
        .filter(|&(index, _)| !listed(index));
    let others = writer.pages(others.map(|(_, page)| page));
    if !others.is_empty() {
        blocks.heading(2, &writer.message("other-pages", &[]));
        blocks.push(&others);
    }
    let links = model.site.header.iter().chain(&model.site.footer);
    let links: Vec<_> = links.filter_map(|link| writer.link(link)).collect();
    if !links.is_empty() {
        // Not a message: the format lets readers skip a section with exactly this heading.
        blocks.heading(2, "Optional");
        blocks.push(&links.join("\n"));
    }
    blocks.into_file()
}

/// Returns all twins in one file, with their holes; `bodies` are in the order of the pages.
pub fn llms_full(context: &Context<'_>, bodies: &[&MarkdownBody]) -> String {
    let writer = MarkdownWriter { context };
    let bodies: Vec<&Blocks> = bodies.iter().map(|body| &body.0).collect();
    let mut blocks = writer.title();
    blocks.append(&writer.reader(&bodies));
    for (page, body) in context.outline.pages.iter().zip(&bodies) {
        let twin = context.twin_link(&page.name);
        blocks.push("---");
        blocks.push(&format!(
            "{}: {}",
            writer.message("source", &[]),
            inline_link(&twin, &writer.address(&twin))
        ));
        blocks.append(body);
    }
    blocks.into_file()
}

impl MarkdownWriter<'_> {
    /// Returns the site's title and description.
    fn title(self) -> Blocks {
        let site = &self.context.outline.site;
        let mut blocks = Blocks::new();
        blocks.heading(1, &self.words(&site.title));
        if let Some(description) = &site.description {
            blocks.push(&format!("> {}", self.words(description)));
        }
        blocks
    }

    fn pages<'p>(self, pages: impl Iterator<Item = &'p OutlinePage>) -> String {
        let items = pages.map(|page| {
            let address = self.address(&self.context.twin_link(&page.name));
            let link = inline_link(&self.words(&page.title), &address);
            match &page.description {
                Some(description) => format!("- {link}: {}", self.words(description)),
                None => format!("- {link}"),
            }
        });
        items.collect::<Vec<_>>().join("\n")
    }

    /// Returns a link of the header or the footer; none if the bot does not have what it leads to.
    fn link(self, link: &Link) -> Option<String> {
        let url = self.context.link_url(&link.url)?;
        let url = match Destination::parse(&link.url) {
            Destination::Page(..) => self.address(&to_twin(&url)),
            Destination::External(_) | Destination::Anchor(_) | Destination::File(_) => url,
        };
        Some(format!("- {}", inline_link(&self.words(&link.title), &url)))
    }

    /// Returns the link to a file of the output.
    fn address(self, path: &str) -> String {
        let options = self.context.options;
        match &options.site_url {
            Some(url) if options.root.is_empty() => format!("{url}{path}"),
            _ => path.to_owned(),
        }
    }
}
