//! The signals by which a system, or Ctrl-C, asks a process to end.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::iterator::Signals;

const ENDS: [i32; 3] = [SIGINT, SIGTERM, SIGHUP];

/// Returns a flag that is set when the process is asked to end.
pub(super) fn end_flag() -> io::Result<Arc<AtomicBool>> {
    let is_asked = Arc::new(AtomicBool::new(false));
    for signal in ENDS {
        flag::register(signal, Arc::clone(&is_asked))?;
    }
    Ok(is_asked)
}

/// Calls `stop` when the process is asked to end; asked twice, it ends at once.
pub(super) fn stop_by_signal(stop: impl Fn() + Send + 'static) -> io::Result<()> {
    let was_asked = Arc::new(AtomicBool::new(false));
    for signal in ENDS {
        flag::register_conditional_default(signal, Arc::clone(&was_asked))?;
        flag::register(signal, Arc::clone(&was_asked))?;
    }
    let mut signals = Signals::new(ENDS)?;
    std::thread::spawn(move || signals.forever().for_each(|_| stop()));
    Ok(())
}
