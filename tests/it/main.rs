//! Stories of the whole system, told through its public port.

mod attachments;
mod bad_input;
mod faults;
mod house;
mod issuing;
mod kill;
mod process;
mod rights;
