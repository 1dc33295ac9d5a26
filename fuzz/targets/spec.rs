//! A spec is reported on or rendered, whatever it says.
#![no_main]

use botdocs_fuzz::render;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    render(text);
});
