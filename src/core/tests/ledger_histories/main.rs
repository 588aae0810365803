//! Histories told to the ledger: hard cases one by one, the rows they leave, and properties over random ones.

mod entered;
mod facts;
mod forgotten;
mod gaps;
mod inspected;
mod late;
mod noted;
mod people;
mod properties;
mod rows;
mod scenarios;
mod shown;
mod steps;
mod tables;
mod text;
