//! Which lines a planned window or an exclusion is for.

use linewatch_core::record::Scope;

use crate::config::Config;

/// Exactly one of these.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("scope").required(true).args(["line", "trunk", "township", "class", "all"]))]
pub struct ScopeArgs {
    /// One line; of those below it only the time that it cuts them off
    #[arg(long, value_name = "LINE")]
    line: Option<String>,
    /// A line with all lines below it
    #[arg(long, value_name = "LINE")]
    trunk: Option<String>,
    /// The lines of a township
    #[arg(long, value_name = "TOWNSHIP")]
    township: Option<String>,
    /// The lines of a class, by name or label
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,
    /// All lines
    #[arg(long)]
    all: bool,
}

impl ScopeArgs {
    /// What they come to.
    pub fn scope(&self, config: &Config) -> Scope {
        of([&self.line, &self.trunk, &self.township, &self.class].map(Option::as_deref), config)
    }
}

/// The scope of a line, a trunk, a township or a class; of none of them all lines.
pub fn of(given: [Option<&str>; 4], config: &Config) -> Scope {
    match given {
        [Some(line), ..] => Scope::Line(line.into()),
        [_, Some(trunk), ..] => Scope::Trunk(trunk.into()),
        [_, _, Some(township), _] => Scope::Township(township.into()),
        [_, _, _, Some(class)] => {
            let named = config.classes.iter().find(|known| known.label == class);
            Scope::Class(named.map_or_else(|| class.into(), |known| known.name.clone()))
        }
        [None, None, None, None] => Scope::All,
    }
}
