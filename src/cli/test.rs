//! `botdocs test`: every sample of the pages, run.

use clap::Args;

use super::values::GivenValues;
use super::{Ending, Project, count, result, show, talk};
use crate::check::check;
use crate::diagnostic::Report;
use crate::load;
use crate::trial;

/// Runs every sample that the pages print, against the mock.
#[derive(Args)]
#[command(after_help = NOTES)]
pub(super) struct Test {
    #[command(flatten)]
    project: Project,
    #[command(flatten)]
    values: GivenValues,
    /// How many samples to run at once [default: the number of processors]
    #[arg(short, long, value_name = "N")]
    jobs: Option<usize>,
}

const NOTES: &str = "\
Each sample, plain and streaming, is run by its language in a folder that vanishes, against \
`botdocs mock`. What it prints must be the example; of a stream, the first piece must be printed \
before the last item is sent. Languages whose tool is not on this machine are named.

Examples:
  botdocs test
  botdocs test docs --jobs 8";

impl Test {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let Some(folders) = self.project.folders() else {
            return Ok(Ending::WrongUsage);
        };
        let mut report = Report::default();
        let inputs = load::load(&folders, &mut report);
        let model = check(&inputs, &mut report);
        report.sort(&inputs.sources);
        show(&report, &inputs.sources);
        let Some(model) = model.filter(|_| !report.has_errors()) else {
            return Ok(Ending::WrongFiles);
        };
        if let Some(fault) = self.values.fault(&model.variables) {
            talk(&format!("error: {fault}\n"));
            return Ok(Ending::WrongUsage);
        }
        let values = self.values.or_examples(&model.variables);
        let processors = || std::thread::available_parallelism().map_or(2, usize::from);
        let outcomes = trial::run(&model, &values, self.jobs.unwrap_or_else(processors))?;
        let mut failed = 0;
        for row in &outcomes.rows {
            match &row.fault {
                None => result(&format!("ok      {} ({})\n", row.name, row.tool))?,
                Some(fault) => {
                    failed += 1;
                    let fault = fault.trim_end().replace('\n', "\n        ");
                    result(&format!(
                        "failed  {} ({})\n        {fault}\n",
                        row.name, row.tool
                    ))?;
                }
            }
        }
        for (language, lacks) in &outcomes.not_run {
            talk(&format!("not run: {}: {lacks}\n", language.title()));
        }
        let ran = count(outcomes.rows.len(), "sample");
        talk(&match failed {
            0 => format!("{ran} ran, none failed\n"),
            _ => format!("{ran} ran, {failed} failed\n"),
        });
        Ok(if failed == 0 {
            Ending::Fine
        } else {
            Ending::WrongFiles
        })
    }
}
