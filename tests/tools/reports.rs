//! Reports of projects that a shell makes, and examples of `botdocs explain` that need one.

use crate::blocks::Needs;
use crate::project::Project;
use crate::support::reports::{Way, check_examples, check_reports};
use crate::tool::project;

const BY_SHELL: Way = Way {
    needs: Needs::Shell,
    project,
    run: Project::run,
};

#[test]
fn every_report_of_a_shells_project_reads_as_it_is_written_down() {
    check_reports(BY_SHELL);
}

#[test]
fn every_example_of_a_shell_has_its_fault_or_none() {
    check_examples(BY_SHELL);
}
