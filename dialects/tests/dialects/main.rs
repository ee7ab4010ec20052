//! The dialects as text: every op's syntax, every verifier rule, every reference page.

mod examples;
mod ods_records;
mod pages;
mod syntax;
mod verifier;
