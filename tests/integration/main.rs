//! x

mod identity;
