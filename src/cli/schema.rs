//! `botdocs schema`: prints the JSON Schema for editors.

use clap::Args;

use super::{Ending, result};
use crate::cli::json_schema::{self, SCHEMA, SchemaKind};

/// Prints the JSON Schema of the spec files, for editors.
#[derive(Args)]
#[command(after_help = "\
Editors with the YAML language server read the schema from the path in the first line of a file:
  # yaml-language-server: $schema=../botdocs.schema.json
The schema recognises site.yaml and API pages by their keys; `--kind` prints the schema of one \
kind. After an update of botdocs, write the file again: botdocs schema > botdocs.schema.json")]
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
