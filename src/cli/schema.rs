//! `botdocs schema`: prints the JSON Schema for editors.

use clap::{Args, ValueEnum};

use super::{Ending, result};
use crate::cli::json_schema::{self, SCHEMA};

/// Prints the JSON Schema of the spec files, for editors.
#[derive(Args)]
#[command(after_help = "\
Editors with the YAML language server read the schema that the first line of a file names:
  # yaml-language-server: $schema=../botdocs.schema.json
The schema recognises site.yaml and API pages by their keys; `--kind` prints the schema of one \
kind. After an update of botdocs, write the file again: botdocs schema > botdocs.schema.json")]
pub(super) struct Schema {
    /// Print the schema of one kind of file: `site` for site.yaml, `api` for API pages, `guide`
    /// for the front matter of guides
    #[arg(long, value_enum, hide_possible_values = true)]
    kind: Option<SchemaChoice>,
}

#[derive(Clone, Copy, ValueEnum)]
enum SchemaChoice {
    Site,
    Api,
    Guide,
}

impl Schema {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let schema = match self.kind {
            None => SCHEMA.to_owned(),
            Some(SchemaChoice::Site) => json_schema::of(json_schema::SchemaKind::Site),
            Some(SchemaChoice::Api) => json_schema::of(json_schema::SchemaKind::Api),
            Some(SchemaChoice::Guide) => json_schema::of(json_schema::SchemaKind::Guide),
        };
        result(&schema)?;
        Ok(Ending::Fine)
    }
}
