//! `sledform profiles list | show | check | export`.

use super::arguments::ProfilesCommand;
use super::{Outcome, WrongUsage, say};
use crate::technique::{self, Profile, show::show};
use anyhow::Context;
use std::path::Path;

pub(super) fn run(command: &ProfilesCommand) -> anyhow::Result<Outcome> {
    match command {
        ProfilesCommand::List => {
            for profile in technique::names().filter_map(technique::builtin) {
                say(&format!("{:20} {}\n", profile.name, profile.title));
            }
        }
        ProfilesCommand::Show { name } => {
            let profile = match technique::builtin(name) {
                Some(profile) => profile,
                None if Path::new(name).is_file() => own(Path::new(name))?,
                None => return Err(unknown(name)),
            };
            say(&show(&profile));
        }
        ProfilesCommand::Check { file } => {
            let profile = own(file)?;
            println!("{} is right: {} with {} rules", file.display(), profile.title, profile.rules.len());
        }
        ProfilesCommand::Export { name } => {
            say(technique::text(name).ok_or_else(|| unknown(name))?);
        }
    }
    Ok(Outcome::Done)
}

/// A profile of the user's own.
pub(super) fn own(file: &Path) -> anyhow::Result<Profile> {
    let text = std::fs::read_to_string(file).with_context(|| {
        format!("{} cannot be read; `sledform profiles export NAME` writes one to start from", file.display())
    })?;
    Ok(technique::parse(&text, &file.display().to_string())?)
}

fn unknown(name: &str) -> anyhow::Error {
    let known: Vec<&str> = technique::names().collect();
    WrongUsage(format!("there is no profile {name:?}; known are {}", known.join(", "))).into()
}
