//! The real executable, as a process of its own.
