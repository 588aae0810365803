//! `linewatch restore`: a backup, checked, in the place of a journal that is gone.

use std::path::PathBuf;

use super::backup::{Bar, copied_json, copied_text};
use super::{Common, Failure, print};
use crate::store;

/// Options of `restore`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A file that linewatch backup has written
    #[arg(value_name = "FILE")]
    backup: PathBuf,
    /// Restore to here [default: the configured journal]
    #[arg(long, value_name = "STORE")]
    to: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    // With a place named, a missing configuration is no mistake.
    let (to, zone, language) = if let Some(to) = &args.to {
        let zone = common.load_config().map_or(chrono_tz::Asia::Shanghai, |config| config.site.zone);
        (to.clone(), zone, common.language_without_config())
    } else {
        let config = common.load_config()?;
        let language = common.language_or(&config);
        (config.store.path, config.site.zone, language)
    };
    let mut bar = Bar::new(language);
    let copied =
        store::restore(&args.backup, &to, |step| bar.step(step)).map_err(|error| Failure(error.sentence(language)))?;
    drop(bar);
    if args.json {
        return print(&format!("{}\n", copied_json(&to, &copied)));
    }
    let labels = language.pick(["恢复", "核对通过"], ["restored", "intact"]);
    print(&copied_text(labels, &to, &copied, zone, language))
}
