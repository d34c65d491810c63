//! The web app for coaches: clips come in by the browser or by programs, a worker process analyses each, pages show what
//! came out. One folder holds everything; one process serves it; nothing is asked of the network.
//!
//! It never decodes a video itself: that is the worker's, a process of its own (`worker`). What a report says is `report`'s.

pub mod access;
mod api;
mod app;
mod archive;
mod assets;
mod athletes;
mod backup;
mod bring;
mod clips;
mod comparison;
mod database;
mod files;
mod folder;
mod guard;
mod intake;
mod judged;
mod metadata;
mod outcome;
mod overlay;
mod pages;
mod problem;
mod queue;
mod routes;
mod secret;
mod team;
mod time;
mod told;
mod upload;
mod watch;
mod worker;

pub use access::Role;
pub use backup::write as write_backup;
pub use bring::{Brought, folders as results_below, results as take_results};
pub use database::{Database, DatabaseError};
pub use folder::DataFolder;
pub use problem::Problem;

use app::{App, Shared};
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::fs::{File, TryLockError};
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What a server may use.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Largest clip taken, bytes.
    pub upload_bytes: u64,
    /// Memory of one worker, MiB.
    pub worker_mib: u64,
    /// Time of one worker, s.
    pub worker_s: u64,
    /// Largest file a worker may write, MiB.
    pub worker_file_mib: u64,
}

/// How a server is started.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// Address and port; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Certificate and key, PEM.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Whether browsers reach it by HTTPS, here or at a proxy.
    pub is_secure: bool,
    /// The address that people use where it is not the one listened on, without a slash at the end.
    pub public_url: Option<String>,
    /// Host names it goes by besides its addresses.
    pub names: Vec<String>,
    /// The program that analyses; usually this one.
    pub worker: PathBuf,
    /// Clips analysed at a time.
    pub jobs: usize,
    /// What may be used.
    pub limits: Limits,
    /// A clip to try it with, where there is one.
    pub sample: Option<PathBuf>,
    /// A folder whose clips and results are taken in.
    pub watch: Option<PathBuf>,
    /// Takes messages for whoever runs it.
    pub log: fn(&str),
}

impl Config {
    /// Whether others than this machine reach it, at its own address or by way of a proxy.
    fn is_open(&self) -> bool {
        !self.listen.ip().is_loopback() || self.public_url.is_some()
    }
}

/// Why it does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The data folder.
    #[error("{path}: the data folder cannot be used ({source}); give another with --data")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another one runs on it.
    #[error("{0}: another sledform serve uses this data folder; stop it, or give another folder with --data")]
    Busy(PathBuf),
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The address.
    #[error(
        "{address}: cannot listen there ({source}); give another port with --port, or another address with --listen"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// Open to a network without a password.
    #[error(
        "{0}: others on the network could see everybody's clips; set a password first: sledform serve password coach"
    )]
    NoPassword(IpAddr),
    /// Certificate or key.
    #[error(
        "{path}: no TLS with this certificate and key ({source}); both must be PEM files that fit each other"
    )]
    Tls {
        /// The certificate.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The store, or the network later on.
    #[error("the server stopped: {0}")]
    Stopped(String),
}

/// Open requests get so long to end when the server is told to stop.
const PARTING: Duration = Duration::from_secs(2);

/// The head of a request may take so long.
const HEADERS: Duration = Duration::from_secs(10);

/// Threads that answer; the work itself is done elsewhere.
const THREADS: usize = 2;

/// Serves until the process is interrupted. `ready` gets the address once it answers.
///
/// # Errors
/// When it cannot start, or the network fails.
pub fn serve(config: Config, ready: impl FnOnce(&str)) -> Result<(), ServerError> {
    let failed = |source| ServerError::Folder { path: config.data.clone(), source };
    let folder = DataFolder::open(&config.data).map_err(failed)?;
    let lock = File::create(folder.lock()).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(ServerError::Busy(config.data)),
        Err(TryLockError::Error(source)) => return Err(failed(source)),
    }
    let database = Database::open(&folder.database())?;
    let has_accounts = database.with(|c| access::has_accounts(c)).map_err(stopped)?;
    if config.is_open() && !has_accounts {
        return Err(ServerError::NoPassword(config.listen.ip()));
    }
    let listen = |source| ServerError::Listen { address: config.listen, source };
    let listener = TcpListener::bind(config.listen).map_err(listen)?;
    listener.set_nonblocking(true).map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(THREADS)
        .enable_all()
        .build()
        .map_err(|e| ServerError::Stopped(e.to_string()))?;
    let app = Arc::new(App::new(folder, database, config).map_err(stopped)?);
    runtime.block_on(run(app, listener, &address_of(address), ready))
}

fn stopped(problem: Problem) -> ServerError {
    ServerError::Stopped(problem.cause.unwrap_or(problem.message))
}

fn address_of(address: SocketAddr) -> String {
    match address.ip() {
        // All of the machine's addresses; this one it certainly has.
        ip if ip.is_unspecified() => format!("127.0.0.1:{}", address.port()),
        _ => address.to_string(),
    }
}

async fn run(
    app: Shared,
    listener: TcpListener,
    at: &str,
    ready: impl FnOnce(&str),
) -> Result<(), ServerError> {
    let tls = match &app.config.tls {
        Some((certificate, key)) => {
            // Another library of the process may have chosen one before; then that one serves.
            rustls::crypto::ring::default_provider().install_default().ok();
            let tls = RustlsConfig::from_pem_file(certificate, key).await;
            Some(tls.map_err(|source| ServerError::Tls { path: certificate.clone(), source })?)
        }
        None => None,
    };
    queue::recover(&app).map_err(stopped)?;
    upload::recover(&app).await.map_err(stopped)?;
    for _ in 0..app.config.jobs.max(1) {
        tokio::spawn(queue::lane(Arc::clone(&app)));
    }
    if let Some(folder) = app.config.watch.clone() {
        tokio::spawn(watch::watch(Arc::clone(&app), folder));
    }
    let handle = Handle::new();
    tokio::spawn(stop_on_signal(handle.clone()));
    let scheme = if tls.is_some() { "https" } else { "http" };
    let service = routes::routes(&app).into_make_service_with_connect_info::<SocketAddr>();
    ready(&app.config.public_url.clone().unwrap_or_else(|| format!("{scheme}://{at}")));
    let failed = |e: io::Error| ServerError::Stopped(e.to_string());
    if let Some(tls) = tls {
        let mut server = axum_server::from_tcp_rustls(listener, tls).map_err(failed)?;
        let_go(server.http_builder());
        return server.handle(handle).serve(service).await.map_err(failed);
    }
    let mut server = axum_server::from_tcp(listener).map_err(failed)?;
    let_go(server.http_builder());
    server.handle(handle).serve(service).await.map_err(failed)
}

/// Clients that never finish what they ask hold no connection for long.
fn let_go(builder: &mut Builder<TokioExecutor>) {
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
}

/// Ctrl-C or the system's request to end. Workers end with us; what they did is queued again at the next start.
async fn stop_on_signal(handle: Handle<SocketAddr>) {
    let terminated = async {
        #[cfg(unix)]
        if let Ok(mut signal) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            signal.recv().await;
            return;
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
    handle.graceful_shutdown(Some(PARTING));
}
