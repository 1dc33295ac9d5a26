//! The cache of a build for the next one. It only saves time: output is the same without it.
//!
//! Keys are comparisons of pointers: a file that did not change keeps its place in memory
//! ([`FileCache`](crate::input::load::FileCache)). So a lookup costs nothing, and needs no hash
//! that could be wrong about contents.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::check;
use crate::input::diagnostic::Report;
use crate::input::load::{Inputs, StaticFile};
use crate::input::source::{FileId, SourceFile};
use crate::model;
use crate::pages::asset::Assets;
use crate::pages::render::Edition;
use crate::pages::template::{Quoted, Templates};
use crate::rich::accent::Accent;
use crate::rich::highlight::Highlighter;
use crate::rich::messages::{self, Messages};

use super::lints::{in_template, unused_templates};

/// The results of the last build for a project's files; empty for the first build.
#[derive(Default)]
pub struct SiteCache {
    pub(super) highlighter: Arc<Highlighter>,
    pub(super) pages: check::CheckCache,
    templates: Option<KnownTemplates>,
    assets: Option<KnownAssets>,
    pub(super) edition: Option<Edition>,
    /// The pages without what is internal.
    pub(super) published: PartPages,
    /// The pages at the root, if they have only these endpoints.
    pub(super) of_root: Option<(Option<BTreeSet<String>>, PartPages)>,
    /// The editions of bots, by their choices of endpoints.
    pub(super) of_bots: BTreeMap<Option<BTreeSet<String>>, KnownChoice>,
}

/// Each page of a model by name, and the page with some of its endpoints alone.
pub(super) type PartPages = HashMap<String, (Arc<model::Page>, Arc<model::Page>)>;

/// The results for the bots with one choice of endpoints.
pub(super) struct KnownChoice {
    pub(super) pages: PartPages,
    pub(super) edition: Edition,
}

/// Compiled templates, and all their sources.
struct KnownTemplates {
    language: String,
    files: Vec<(String, Arc<SourceFile>)>,
    templates: Option<Arc<Templates>>,
    report: Report,
}

/// Assets, and all their sources.
struct KnownAssets {
    files: [Vec<(String, Arc<[u8]>)>; 2],
    accent: Option<Accent>,
    assets: Arc<Assets>,
}

impl SiteCache {
    pub(super) fn templates(
        &mut self,
        language: &str,
        inputs: &Inputs,
        report: &mut Report,
    ) -> Option<Arc<Templates>> {
        let files = inputs.templates.iter().chain(&inputs.messages);
        let files = files.map(|(name, file)| (name.clone(), Arc::clone(inputs.sources.get(*file))));
        let files: Vec<_> = files.collect();
        // The templates hold the messages of one language, which is a part of the key.
        let known = self.templates.take().filter(|known| {
            let mut pairs = known.files.iter().zip(&files);
            known.language == language
                && known.files.len() == files.len()
                && pairs.all(|((a, old), (b, new))| a == b && Arc::ptr_eq(old, new))
        });
        let known = known.unwrap_or_else(|| {
            let mut report = Report::default();
            KnownTemplates {
                language: language.to_owned(),
                files,
                templates: templates(language, inputs, &mut report).map(Arc::new),
                report,
            }
        });
        // Warnings belong to the files, so each build reports them.
        report.extend(known.report.clone());
        self.templates.insert(known).templates.clone()
    }

    /// Returns the files beside the pages. Of the spec's folder only files that are `shown`, which
    /// is sorted: a picture that no page names is not published.
    pub(super) fn assets(
        &mut self,
        inputs: &Inputs,
        shown: &[String],
        accent: Option<&Accent>,
    ) -> Arc<Assets> {
        let shared = |files: &mut dyn Iterator<Item = &StaticFile>| {
            let pairs = files.map(|file| (file.path.clone(), Arc::clone(&file.bytes)));
            pairs.collect::<Vec<_>>()
        };
        let is_shown = |file: &&StaticFile| shown.binary_search(&file.path).is_ok();
        let files = [
            shared(&mut inputs.statics.iter()),
            shared(&mut inputs.files.iter().filter(is_shown)),
        ];
        // Names too: a renamed file keeps its bytes in memory but gets another path.
        let are_same = |old: &[(String, Arc<[u8]>)], new: &[(String, Arc<[u8]>)]| {
            let mut pairs = old.iter().zip(new);
            old.len() == new.len()
                && pairs.all(|(old, new)| old.0 == new.0 && Arc::ptr_eq(&old.1, &new.1))
        };
        let known = self.assets.take().filter(|known| {
            let mut pairs = known.files.iter().zip(&files);
            known.accent.as_ref() == accent && pairs.all(|(old, new)| are_same(old, new))
        });
        let known = known.unwrap_or_else(|| {
            let owned = |files: &[(String, Arc<[u8]>)]| {
                // Assets are copied, since the accent and hashed names are written into some of
                // them.
                let pairs = files
                    .iter()
                    .map(|(path, bytes)| (path.clone(), bytes.to_vec()));
                pairs.collect::<Vec<_>>()
            };
            KnownAssets {
                assets: Arc::new(Assets::new(owned(&files[0]), owned(&files[1]), accent)),
                accent: accent.cloned(),
                files,
            }
        });
        Arc::clone(&self.assets.insert(known).assets)
    }
}

fn templates(language: &str, inputs: &Inputs, report: &mut Report) -> Option<Templates> {
    let faults = report.counts().0;
    let messages = messages(language, inputs, report);
    let is_sound = report.counts().0 == faults;
    unused_templates(inputs, report);
    let own = inputs
        .templates
        .iter()
        .map(|(name, file)| (name.clone(), inputs.sources.get(*file).text.clone()));
    match Templates::new(own, messages) {
        // Each template that uses a wrong message would report the error of the message again.
        Ok(templates) => is_sound.then_some(templates),
        Err(errors) => {
            errors
                .into_iter()
                .for_each(|error| report.push(in_template(error, inputs)));
            None
        }
    }
}

/// Returns the messages of the pages; reports errors in the project's own.
fn messages(language: &str, inputs: &Inputs, report: &mut Report) -> Messages {
    let text = |file: FileId| inputs.sources.get(file).text.as_str();
    let quoted = Quoted::new(inputs.templates.iter().map(|&(_, file)| text(file)));
    let is_named = |id: &str| quoted.has(id);
    messages::judge(
        language,
        &inputs.messages,
        &inputs.sources,
        &is_named,
        report,
    );
    let own = inputs.messages.iter();
    Messages::new(language, own.map(|(tag, file)| (tag.as_str(), text(*file))))
}
