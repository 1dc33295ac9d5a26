//! Joins the pages of a site to the model, and checks what needs all pages: names, navigation,
//! links, redirects.
//!
//! No file is lowered here, so the result for each page's file can be cached.

mod active;
mod drawings;
mod file_names;
mod from_link;
mod in_folder;
mod joiner;
mod links;
mod names;
mod navigation;
mod pages;
mod published;
mod redirects;
mod routes;
mod secrets;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::hole::variable::Variables;
use crate::input::load::Inputs;
use crate::model::Model;

use super::page::Checked;
use super::site::WrittenSite;

use pages::Pages;
use published::published;

pub use from_link::deciding;
pub(super) use joiner::Joiner;
pub(super) use published::Published;

/// Joins the pages to a model, if `site.yaml` has its settings; reports the errors between them.
/// `known` caches the contents of published files.
pub(super) fn join(
    joiner: &mut Joiner<'_>,
    site: WrittenSite<'_>,
    inputs: &Inputs,
    checked: &[Arc<Checked>],
    known: &mut BTreeMap<String, Arc<Published>>,
) -> Option<Model> {
    let variables = from_link::without_origins(joiner, site.node, inputs, checked);
    pages::judge_names_of(joiner, checked);
    let (pages, navigation) = navigation::join(joiner, &site.navigation, inputs, checked);
    // All files, for links to find; only those that are linked are published.
    let files = inputs.files.iter().map(|file| file.path.clone()).collect();
    let home = pages.first();
    let home = home.map_or_else(String::new, |page| page.name.clone());
    let mut model = Model {
        site: site.settings?,
        variables: Variables::default(),
        pages,
        navigation,
        redirects: Vec::new(),
        hidden: Vec::new(),
        home,
        files,
        waived: Vec::new(),
        absent: Vec::new(),
        internal_files: Vec::new(),
        internal_endpoints: BTreeSet::new(),
        used: site.used,
    };
    let pages = Pages::new(&model, inputs, checked);
    routes::judge(joiner, checked);
    let linked = links::judge(joiner, &site.links, &pages);
    let of_branding: BTreeSet<&str> = model.site.branding.files().collect();
    let internal = linked.internal.difference(&linked.public);
    let internal = internal.filter(|file| !of_branding.contains(*file));
    let internal_files: Vec<String> = internal.map(|&file| file.to_owned()).collect();
    let files = linked.public.union(&linked.internal);
    let mut files: Vec<String> = files.map(|&file| file.to_owned()).collect();
    let redirects = redirects::join(joiner, &site.redirects, &pages);
    model.redirects = redirects;
    model.internal_files = internal_files;
    files.extend(model.site.branding.files().map(str::to_owned));
    files.sort_unstable();
    files.dedup();
    links::warn_of_unused(joiner, inputs, &files);
    model.files = files;
    let files = published(inputs, &model.files, known);
    model.waived = names::judge(joiner, &model, checked, &site.waivers.names);
    model.site.public = secrets::judge(joiner, inputs, site.waivers.values, checked, &files);
    file_names::judge(joiner, &files);
    drawings::warn_of_scripts(joiner, &files);
    drawings::refuse_lost_parts(joiner, &files);
    model.variables = variables;
    Some(model)
}
