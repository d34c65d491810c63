//! `sledform serve`: starts the web app; makes passwords, tokens and backups for it.

use super::Outcome;
use crate::server::{self, Config, DataFolder, Database, Limits, Role, access};
use anyhow::{Context, bail};
use clap::{Args, Subcommand, ValueEnum};
use std::io::{BufRead, IsTerminal, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// How the app is served.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ServeArguments {
    #[command(subcommand)]
    action: Option<Action>,

    #[command(flatten)]
    data: Data,

    /// The address to listen on; others than this machine's own need a password (sledform serve password).
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    listen: IpAddr,

    /// The port; 0 takes a free one.
    #[arg(long, default_value_t = 7533)]
    port: u16,

    /// Open the browser.
    #[arg(long)]
    open: bool,

    /// Certificate for HTTPS, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,

    /// Its key, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,

    /// The address people use, where it is another: a name, or a proxy's, like <https://clips.example.org>.
    #[arg(long, value_name = "URL", value_parser = public_url)]
    public_url: Option<String>,

    /// Take in clips and results that appear in this folder.
    #[arg(long, value_name = "DIR")]
    watch: Option<PathBuf>,

    /// Clips analysed at a time; each uses all cores.
    #[arg(long, value_name = "N", default_value_t = 1)]
    jobs: usize,

    /// Largest clip taken, MiB.
    #[arg(long, value_name = "MIB", default_value_t = 2048)]
    upload_mib: u64,

    /// Memory that one analysis may use, MiB.
    #[arg(long, value_name = "MIB", default_value_t = 6144)]
    worker_mib: u64,

    /// Minutes that one analysis may take.
    #[arg(long, value_name = "N", default_value_t = 60)]
    worker_minutes: u64,

    /// The program that analyses.
    #[arg(long, value_name = "PROGRAM", hide = true)]
    worker: Option<PathBuf>,
}

/// Where the store is.
#[derive(Args, Debug)]
pub struct Data {
    /// The data folder; by default the user's own (`$XDG_DATA_HOME/sledform`, `~/.local/share/sledform`).
    #[arg(long = "data", value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// What else there is to do.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Make an account or give it a new password: asked for, or from `$SLEDFORM_PASSWORD` or standard input. Or remove one.
    Password {
        /// Its name; "coach" where none is given.
        #[arg(required_if_eq("remove", "true"))]
        name: Option<String>,
        /// What it may do.
        #[arg(long, value_enum, default_value_t = May::Coach)]
        role: May,
        /// Remove the account; without any, nobody is let in from the network, and this machine is asked for no password.
        #[arg(long, conflicts_with = "role")]
        remove: bool,
        #[command(flatten)]
        data: Data,
    },
    /// Write everything into one archive; the app may run meanwhile.
    Backup {
        /// The archive, ZIP.
        file: PathBuf,
        #[command(flatten)]
        data: Data,
    },
    /// Make a token for a program and print it.
    Token {
        /// The program's name.
        name: String,
        /// What it may do.
        #[arg(long, value_enum, default_value_t = May::Coach)]
        role: May,
        #[command(flatten)]
        data: Data,
    },
}

/// What somebody may do.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum May {
    /// Everything.
    Coach,
    /// Look.
    Viewer,
}

impl From<May> for Role {
    fn from(may: May) -> Self {
        match may {
            May::Coach => Self::Coach,
            May::Viewer => Self::Viewer,
        }
    }
}

const MIB: u64 = 1 << 20;

/// Largest file a worker may write, as a multiple of the largest clip: an overlay may be larger than its clip.
const WRITTEN: u64 = 2;

pub(super) fn run(arguments: &ServeArguments) -> anyhow::Result<Outcome> {
    match &arguments.action {
        None => serve(arguments)?,
        Some(Action::Password { name: Some(name), remove: true, data, .. }) => {
            remove_account(&database(data)?, name)?;
        }
        Some(Action::Password { name, role, data, .. }) => {
            let name = name.as_deref().unwrap_or("coach");
            let database = database(data)?;
            let word = password()?;
            database.with(|c| access::set_password(c, name, (*role).into(), &word))?;
            eprintln!("{name} can log in with this password; older logins have ended.");
        }
        Some(Action::Backup { file, data }) => {
            let store = DataFolder::open(&folder(data)?)?;
            let clips = server::write_backup(&store, &database(data)?, file)
                .map_err(|p| anyhow::anyhow!(p.cause.unwrap_or(p.message)))?;
            println!(
                "{}: {clips} clips. To restore: unpack it into an empty folder and give that with --data.",
                file.display()
            );
        }
        Some(Action::Token { name, role, data }) => {
            let (_, token) = database(data)?.with(|c| access::create_token(c, name, (*role).into()))?;
            println!("{token}");
        }
    }
    Ok(Outcome::Done)
}

fn remove_account(database: &Database, name: &str) -> anyhow::Result<()> {
    if !database.with(|c| access::remove_account(c, name))? {
        bail!("there is no account called {name}; nothing was changed");
    }
    let others = database.with(|c| access::has_accounts(c))?;
    let now = if others {
        "the other accounts are as they were"
    } else {
        "nobody has a password now: this machine alone is let in, without one, and nobody from the network or by way of a proxy"
    };
    eprintln!("{name} is removed and logged out; {now}. Tokens of programs stay: Settings removes them.");
    Ok(())
}

fn serve(arguments: &ServeArguments) -> anyhow::Result<()> {
    let tls = arguments.tls_cert.clone().zip(arguments.tls_key.clone());
    let public_url = arguments.public_url.clone();
    let is_secure = tls.is_some() || public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
    let config = Config {
        data: folder(&arguments.data)?,
        listen: SocketAddr::new(arguments.listen, arguments.port),
        names: names(public_url.as_deref()),
        tls,
        is_secure,
        public_url,
        worker: match &arguments.worker {
            Some(program) => program.clone(),
            None => std::env::current_exe().context("the program cannot find itself")?,
        },
        jobs: arguments.jobs,
        limits: Limits {
            upload_bytes: arguments.upload_mib.saturating_mul(MIB),
            worker_mib: arguments.worker_mib,
            worker_s: arguments.worker_minutes.saturating_mul(60),
            worker_file_mib: arguments.upload_mib.saturating_mul(WRITTEN),
        },
        sample: sample(),
        watch: arguments.watch.clone(),
        log: |message| eprintln!("{message}"),
    };
    let open = arguments.open;
    server::serve(config, |address| {
        println!("sledform is at {address}/");
        // Whoever waits for this line reads it through a pipe.
        std::io::stdout().flush().ok();
        if open {
            browse(address);
        }
    })?;
    Ok(())
}

/// Names that lead here: this machine's own, and the public one.
fn names(public_url: Option<&str>) -> Vec<String> {
    let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default().trim().to_ascii_lowercase();
    let mut names = vec!["localhost".to_owned()];
    if !host.is_empty() {
        names.extend([format!("{host}.local"), host]);
    }
    names.extend(public_url.and_then(host_of));
    names
}

fn host_of(url: &str) -> Option<String> {
    let rest = url.split_once("://")?.1;
    Some(rest.split([':', '/']).next()?.to_ascii_lowercase())
}

fn public_url(text: &str) -> Result<String, String> {
    let is_url = ["http://", "https://"]
        .iter()
        .any(|s| text.strip_prefix(s).is_some_and(|r| !r.trim_end_matches('/').contains('/')));
    let is_url =
        is_url && host_of(text).is_some_and(|h| !h.is_empty()) && !text.contains(char::is_whitespace);
    if is_url {
        return Ok(text.trim_end_matches('/').to_owned());
    }
    Err("write it like https://clips.example.org, without a path".to_owned())
}

/// The sample of a checkout, where this is one.
fn sample() -> Option<PathBuf> {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/sled-push.mp4");
    sample.is_file().then_some(sample)
}

pub(super) fn folder(data: &Data) -> anyhow::Result<PathBuf> {
    if let Some(folder) = &data.folder {
        return Ok(folder.clone());
    }
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    set("XDG_DATA_HOME")
        .or_else(|| Some(set("HOME")?.join(".local/share")))
        .map(|base| base.join("sledform"))
        .context("there is no home folder for the data; give one with --data")
}

pub(super) fn database(data: &Data) -> anyhow::Result<Database> {
    let path = folder(data)?;
    let folder = DataFolder::open(&path)
        .with_context(|| format!("{}: the data folder cannot be used", path.display()))?;
    Ok(Database::open(&folder.database())?)
}

/// From the environment, from a pipe, or typed twice without being shown.
fn password() -> anyhow::Result<String> {
    if let Ok(word) = std::env::var("SLEDFORM_PASSWORD") {
        return Ok(word);
    }
    let input = std::io::stdin();
    let line = || -> anyhow::Result<String> {
        let mut line = String::new();
        input.lock().read_line(&mut line)?;
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    };
    if !input.is_terminal() {
        return line();
    }
    let hidden = |prompt: &str| -> anyhow::Result<String> {
        eprint!("{prompt}: ");
        let before = rustix::termios::tcgetattr(&input)?;
        let mut silent = before.clone();
        silent.local_modes.remove(rustix::termios::LocalModes::ECHO);
        rustix::termios::tcsetattr(&input, rustix::termios::OptionalActions::Flush, &silent)?;
        let word = line();
        rustix::termios::tcsetattr(&input, rustix::termios::OptionalActions::Flush, &before)?;
        eprintln!();
        word
    };
    let word = hidden("New password")?;
    if hidden("The same again")? != word {
        bail!("the two passwords differ; nothing was changed");
    }
    Ok(word)
}

/// Opens the browser, where the system has a way to.
fn browse(address: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let started = std::process::Command::new(opener)
        .arg(address)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn();
    if started.is_err() {
        eprintln!("no browser could be opened; type the address into one");
    }
}
