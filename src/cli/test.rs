//! `botdocs test`: runs every sample of the pages.

use std::sync::atomic::Ordering;

use clap::Args;

use super::values::GivenValues;
use super::{Ending, ProjectFolders, count, message, result, signals};
use crate::live::trial::{self, Outcome};

/// Runs every sample of the pages against the mock.
#[derive(Args)]
#[command(after_help = NOTES)]
pub(super) struct Test {
    #[command(flatten)]
    project: ProjectFolders,
    #[command(flatten)]
    values: GivenValues,
    /// How many samples to run at once [default: the number of processors]
    #[arg(short, long, value_name = "N")]
    jobs: Option<usize>,
}

const NOTES: &str = "\
`test` runs each sample, plain or streaming, in a temporary folder against `botdocs mock`, with \
the interpreter or compiler of its language. The output must equal the example; for a stream, the \
sample must print the first piece before the mock sends the last item. `test` lists the languages \
whose programs this machine lacks.

Examples:
  botdocs test
  botdocs test docs --jobs 8";

impl Test {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let model = match self.project.model(&self.values) {
            Ok(model) => model,
            Err(ending) => return Ok(ending),
        };
        let values = self.values.or_examples(&model.variables);
        // Samples mostly wait for the mock, so one per processor keeps all processors busy.
        let processors = || std::thread::available_parallelism().map_or(2, usize::from);
        let jobs = self.jobs.unwrap_or_else(processors);
        // A signal sets a flag instead of ending the process, so that the workers stop their
        // programs and delete the temporary folder.
        let stop = signals::end_flag()?;
        let outcomes = trial::run(&model, &values, jobs, &stop, |outcome| {
            result(&line(outcome))
        })?;
        for (language, lacks) in &outcomes.not_run {
            message(&format!("not run: {}: {lacks}\n", language.title()));
        }
        if outcomes.own > 0 {
            let own = count(outcomes.own, "sample");
            message(&format!("not run: {own} written in the spec\n"));
        }
        let ran = count(outcomes.ran, "sample");
        if stop.load(Ordering::Relaxed) {
            message(&format!("stopped after {ran}\n"));
            return Ok(Ending::Machine);
        }
        if outcomes.ran == 0 && !outcomes.not_run.is_empty() {
            message("error: no sample could be run on this machine\n");
            return Ok(Ending::Machine);
        }
        message(&match outcomes.failed {
            0 => format!("{ran} ran, none failed\n"),
            failed => format!("{ran} ran, {failed} failed\n"),
        });
        Ok(match outcomes.failed {
            0 => Ending::Fine,
            _ => Ending::WrongFiles,
        })
    }
}

/// Formats the result of a sample, with the failure below it.
fn line(outcome: &Outcome) -> String {
    let (name, tool) = (&outcome.name, outcome.tool);
    match &outcome.fault {
        None => format!("ok      {name} ({tool})\n"),
        Some(fault) => {
            let fault = fault.trim_end().replace('\n', "\n        ");
            format!("failed  {name} ({tool})\n        {fault}\n")
        }
    }
}
