//! The files of a new project; their comments explain the format.

use include_dir::{Dir, include_dir};

use crate::cli::json_schema::SCHEMA;
use crate::cli::scaffold::NewFile;
use crate::input::embedded;

static STARTER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/starter");

/// The schema's file, which the first line of each YAML file names.
const SCHEMA_FILE: &str = "botdocs.schema.json";

/// Returns the files of a new project, sorted by path.
pub fn files() -> Vec<NewFile> {
    let mut files = vec![NewFile {
        // The schema lies beside the spec, so that an editor without a network finds it.
        path: SCHEMA_FILE.to_owned(),
        bytes: SCHEMA.as_bytes().into(),
    }];
    let starter = embedded::files(&STARTER).into_iter();
    files.extend(starter.map(|(path, bytes)| NewFile {
        path: path.to_owned(),
        bytes: bytes.into(),
    }));
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    files
}
