//! Skips a test that this machine can't run. The unit tests of `src/output` include this file too.

/// Ends a test that this machine can't run; fails it where all tests have to run, as `./test` asks.
#[track_caller]
pub(crate) fn skip(why: &str) {
    let skips_nothing =
        std::env::var_os("BOTDOCS_TESTS_SKIP_NOTHING").is_some_and(|value| value == "1");
    assert!(!skips_nothing, "the test can't run here: {why}");
    eprintln!("SKIPPED: {why}");
}
