//! Reports as people see them: `tests/diagnostics/*.md` each hold a project and its report.
//!
//! `UPDATE_GOLDEN=1` writes the reports anew; read the difference before it goes in. The targets `tools`
//! and `faults` check the projects that need a shell or permissions.

use botdocs::input::explain::Code;

use crate::blocks::{Needs, project};
use crate::project::Project;
use crate::support::reports::{Way, check_reports, reported};

#[test]
fn every_report_reads_as_it_is_written_down() {
    check_reports(Way {
        needs: Needs::Nothing,
        project,
        run: Project::run,
    });
}

#[test]
fn every_code_has_a_report() {
    let reported = reported();
    let codes = Code::ALL.iter();
    let missing: Vec<_> = codes
        .filter(|code| !reported.contains(code.as_str()))
        .collect();
    assert!(missing.is_empty(), "no report shows {missing:?}");
}
