//! `botdocs schema`: what editors need.

use clap::Args;

use super::{Ending, result};
use crate::cli::json_schema::{self, SCHEMA, SchemaKind};

/// Prints the JSON Schema of the spec's files, for editors.
#[derive(Args)]
#[command(after_help = "\
Editors with the YAML language server read it where the first line of a file names it:
  # yaml-language-server: $schema=../botdocs.schema.json
Which of site.yaml and an API page a file is, its keys say; `--kind` gives the schema of one alone. \
After an update of botdocs, write the file anew: botdocs schema > botdocs.schema.json")]
pub(super) struct Schema {
    #[arg(long, value_enum, hide_possible_values = true, help = SchemaKind::help())]
    kind: Option<SchemaKind>,
}

impl Schema {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let schema = match self.kind {
            None => SCHEMA.to_owned(),
            Some(kind) => json_schema::of(kind),
        };
        result(&schema)?;
        Ok(Ending::Fine)
    }
}
