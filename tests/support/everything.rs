//! The golden project with every construct, for one bot and for a list of bots.

use super::project::Project;

/// The project with a list of bots.
pub(crate) fn everything() -> Project {
    Project::copy_of("tests/golden/everything").file("bots.csv", BOTS)
}

/// The list of bots.
pub(crate) const BOTS: &str = "\
bot_id,bot_name,endpoints
ada-2,Ada & Co,
bob-7,Bob,upload-document
cem-9,\"Cem, the \"\"bot\"\"\",
";

/// For one bot, and for a list of bots.
pub(crate) const KINDS: [[&str; 2]; 2] = [["--bot", "ada-2"], ["--bots", "bots.csv"]];

/// What a build makes.
pub(crate) fn build(project: &Project, kind: [&str; 2]) -> Vec<(String, Vec<u8>)> {
    let of = [&["build", "--out", "out"], &kind[..]].concat();
    project.run(&of).exits(0);
    project.tree("out")
}
