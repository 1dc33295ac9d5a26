//! `botdocs schema`: what editors need.

use clap::{Args, ValueEnum};

use super::{Ending, result};
use crate::cli::json_schema::{self, SCHEMA};

/// Prints the JSON Schema of the spec's files, for editors.
#[derive(Args)]
#[command(after_help = "\
Editors with the YAML language server read it where the first line of a file names it:
  # yaml-language-server: $schema=../botdocs.schema.json
Which of site.yaml and an API page a file is, its keys say; `--kind` gives the schema of one alone. \
After an update of botdocs, write the file anew: botdocs schema > botdocs.schema.json")]
pub(super) struct Schema {
    /// Of one kind of file alone: `site` for site.yaml, `api` for API pages, `guide` for the front
    /// matter of guides
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
