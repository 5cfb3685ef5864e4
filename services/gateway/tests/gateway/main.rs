//! The gateway before services that answer what each test tells them: REST, uploads and downloads, gRPC, gRPC-Web, pages.

#![expect(clippy::unwrap_used, reason = "also the helpers of tests fail by panicking")]

mod addresses;
mod backend;
mod contracts;
mod downloads;
mod exports;
mod files;
mod grpc;
mod log;
mod pages;
mod problems;
mod reading;
mod sessions;
mod uploads;
mod web;
mod world;
