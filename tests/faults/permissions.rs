//! Files that may not be read: their reports, and the examples of `botdocs explain`.

use crate::blocks::Needs;
use crate::project::Project;
use crate::support::reports::{Way, check_examples, check_reports};
use crate::tool::project;

const WITHOUT_POWERS: Way = Way {
    needs: Needs::Permissions,
    project,
    run: Project::without_powers,
};

#[test]
fn every_report_of_permissions_reads_as_it_is_written_down() {
    check_reports(WITHOUT_POWERS);
}

#[test]
fn every_example_of_permissions_has_its_fault_or_none() {
    check_examples(WITHOUT_POWERS);
}
