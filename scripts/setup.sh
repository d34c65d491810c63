# shellcheck shell=bash
# The steps of set-up, each of which does nothing if it was done: models and library, then the program. Sourced by
# `run`, `test` and `fetch-models`.
#
# Whether a step was done is asked of its stamp alone (a few milliseconds). In particular cargo is not started for a
# program that is up to date: it needs some tenths of a second only to find that out.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$root/scripts/system.sh"

target=${CARGO_TARGET_DIR:-$root/target}
case $target in /*) ;; *) target=$root/$target ;; esac
program=$target/release/sledform
venv=$SLEDFORM_HOME/venv
manifest=${SLEDFORM_MANIFEST:-$root/models/manifest.toml}

set_up() {
    if have_models && have_program; then return; fi
    take_lock
    ensure_system
    ensure_models
    ensure_program
    release_lock
}

# Everything the system lacks for what is still to be done, asked for at once and before anything long begins.
ensure_system() { # [PACKAGE...]
    local packages=("$@")
    [ -f "$SLEDFORM_HOME/models.stamp" ] || packages+=("${fetch_packages[@]}")
    have_program || packages+=("${build_packages[@]}")
    [ ${#packages[@]} -eq 0 ] || ensure_packages "${packages[@]}"
    have_program || ensure_rust
}

# Models and the ONNX Runtime library, in $SLEDFORM_HOME.

models_key() { key_of "$manifest" "$root"/tools/requirements.txt "$root"/tools/*.py "$root"/tools/convert/*.py -- "$(uname -m)"; }

have_models() { stamp_is_valid "$SLEDFORM_HOME/models.stamp" "$(models_key)"; }

ensure_models() { have_models || fetch_models; }

# Checks every file by its hash and fetches what is not right. The registries' clients are asked for only then.
fetch_models() {
    local list files
    ensure_venv
    if ! list=$(run_fetch --check); then
        ensure_packages "${fetch_packages[@]}"
        list=$(run_fetch) || exit
    fi
    mapfile -t files <<<"$list"
    write_stamp "$SLEDFORM_HOME/models.stamp" "$(models_key)" "${files[@]}"
}

# -B: leave no compiled files in the repository.
run_fetch() { "$venv/bin/python" -B "$root/tools/fetch.py" "$@" "$manifest" "$SLEDFORM_HOME"; }

# A private Python environment with what conversion needs, every package pinned by hash.
ensure_venv() {
    local key requirements=$root/tools/requirements.txt
    key=$(key_of "$requirements")
    if stamp_is_valid "$venv/stamp" "$key" && "$venv/bin/python" -c '' 2>/dev/null; then return; fi
    ensure_packages "${fetch_packages[@]}"
    step "making a private Python environment in $venv"
    rm -rf "$venv"
    "$(find_python "import venv, ensurepip")" -m venv "$venv" >&2
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes \
        --requirement "$requirements" >&2 || stop "the Python packages for the conversion could not be installed: is there a network?"
    write_stamp "$venv/stamp" "$key" "$requirements"
}

# The program.

# Content rather than times of the sources: a checkout, a copy or an unpacked archive may well have old times. Cargo
# itself lists what a program was made of, with compiled-in files, in the `.d` file beside it (a space is `\ ` there).
program_key() {
    local file files=()
    [ -f "$program.d" ] || return 0
    for file in "$root"/{Cargo.toml,Cargo.lock,.cargo/config.toml,rust-toolchain.toml}; do
        [ ! -f "$file" ] || files+=("$file")
    done
    mapfile -t -O ${#files[@]} files < <(sed 's/^.*sledform: //; s/\\ /\x01/g' "$program.d" | tr ' \001' '\n ')
    key_of "${files[@]}" -- "${RUSTFLAGS:-}" 2>/dev/null || true
}

have_program() { stamp_is_valid "$target/release/sledform.stamp" "$(program_key)"; }

ensure_program() {
    ! have_program || return 0
    step "building sledform (the first time takes some minutes)"
    (cd "$root" && cargo build --release --locked --target-dir "$target") >&2 9>&- || stop "the build failed: see above"
    write_stamp "$target/release/sledform.stamp" "$(program_key)" "$program"
}
