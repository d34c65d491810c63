//! `sledform models list | fetch | verify`.

use super::Outcome;
use super::arguments::ModelsCommand;
use crate::models::{self, StoredFile};

pub(super) fn run(command: &ModelsCommand) -> anyhow::Result<Outcome> {
    match command {
        ModelsCommand::List => list(),
        ModelsCommand::Fetch => {
            models::fetch()?;
            println!("Everything is there and has the right hash, in {}", models::home().display());
        }
        ModelsCommand::Verify => return verify(),
    }
    Ok(Outcome::Done)
}

/// Every file sledform needs on this machine.
pub(super) fn files() -> Vec<&'static StoredFile> {
    let runtime = models::runtime().ok().map(|runtime| &runtime.stored);
    let manifest = models::manifest();
    manifest.models.iter().map(|model| &model.stored).chain(runtime).chain(&manifest.pages).collect()
}

fn list() {
    for model in &models::manifest().models {
        println!("{}", model.stored.name);
        println!("  role     {}", model.role);
        println!("  skeleton {}", model.skeleton);
        println!("  licence  {}", model.stored.licence);
        println!("  sha256   {}", model.stored.sha256);
        println!("  file     {}", models::home().join(&model.stored.file).display());
    }
    for stored in &models::manifest().pages {
        println!("{}", stored.name);
        println!("  role     part of report.html, from {} {}", stored.source.package, stored.source.version);
        println!("  licence  {}", stored.licence);
        println!("  sha256   {}", stored.sha256);
        println!("  file     {}", models::home().join(&stored.file).display());
    }
}

fn verify() -> anyhow::Result<Outcome> {
    let mut wrong = Vec::new();
    for stored in files() {
        match models::verify(stored) {
            Ok(verified) => println!("ok     {} ({} bytes)", stored.name, verified.bytes),
            Err(error) => {
                println!("wrong  {}", stored.name);
                wrong.push(error.to_string());
            }
        }
    }
    if wrong.is_empty() { Ok(Outcome::Done) } else { Err(anyhow::anyhow!(wrong.join("\n       "))) }
}
