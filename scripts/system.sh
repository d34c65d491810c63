# shellcheck shell=bash
# What the system must have: which packages, whether they are there, and how to get them. Sourced after common.sh.
#
# A package counts as there when what is needed of it is: the same check then serves other systems, other sources of
# the same thing (a Python of the user's own, npm from elsewhere), and machines without dpkg.

# Debian package | test for what is needed of it. Names are the same on Debian 12 and 13 and Ubuntu 22.04 and 24.04.
# OpenCV's modules one by one: the package with everything brings several hundred more.
declare -A needed_of=(
    [build-essential]='have cc && have c++ && have make'
    [ca-certificates]='[ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/ssl/cert.pem ] || [ -e /etc/pki/tls/certs/ca-bundle.crt ]'
    [chromium]='[ -n "$(find_chromium)" ]'
    [clang]='have clang'
    [ffmpeg]='have ffmpeg && have ffprobe'
    [libclang-dev]='[ -n "${LIBCLANG_PATH:-}" ] || have_libclang'
    [libopencv-calib3d-dev]='have_opencv calib3d'
    [libopencv-core-dev]='have_opencv core'
    [libopencv-imgproc-dev]='have_opencv imgproc'
    [libopencv-video-dev]='have_opencv video'
    [libopencv-videoio-dev]='have_opencv videoio'
    [npm]='have npm'
    [pkg-config]='have pkg-config'
    [python3]='[ -n "$(find_python "")" ]'
    [python3-venv]='[ -n "$(find_python "import venv, ensurepip")" ]'
)
build_packages=(build-essential ca-certificates clang libclang-dev libopencv-calib3d-dev libopencv-core-dev
    libopencv-imgproc-dev libopencv-video-dev libopencv-videoio-dev pkg-config)
# To fetch the models; nothing of it is needed afterwards.
fetch_packages=(ca-certificates npm python3 python3-venv)
# Tests write their own clips and look into the written ones.
test_packages=(ffmpeg)

have() { command -v "$1" >/dev/null 2>&1; }

some_file() {
    local file
    for file in "$@"; do [ ! -e "$file" ] || return 0; done
    return 1
}

# OpenCV's binding links against libclang, for which the name without a version behind it must be there. libclang-cpp is
# another library; it and libclang.so.1 come with programs that only run.
have_libclang() {
    local folder
    for folder in "${library_folders[@]}"; do
        ! some_file "$folder"/libclang.so "$folder"/libclang-[0-9]*.so || return 0
    done
    return 1
}
library_folders=(/usr/lib/llvm-*/lib /usr/local/llvm*/lib* /usr/lib* /usr/lib*/* /usr/local/lib*)

have_opencv() {
    [ -n "${OPENCV_INCLUDE_PATHS:-}" ] || some_file {/usr,/usr/local}/include{/opencv4,}/"opencv2/$1.hpp"
}

# A Python of 3.10 or newer that can import what is given. The system's own first: one that a version manager put in
# the path may be gone tomorrow.
find_python() {
    local python
    for python in /usr/bin/python3 python3 /usr/local/bin/python3; do
        if have "$python" && "$python" -c "import sys; assert sys.version_info >= (3, 10); $1" >/dev/null 2>&1; then
            echo "$python"
            return
        fi
    done
}

ensure_packages() { # PACKAGE...
    local package missing=()
    for package in $(printf '%s\n' "$@" | sort -u); do
        eval "${needed_of[$package]}" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    install_packages "${missing[@]}"
    for package in "${missing[@]}"; do
        eval "${needed_of[$package]}" || stop "package $package is installed, but what sledform needs of it was not found" \
            "looked for: ${needed_of[$package]}"
    done
}

install_packages() { # PACKAGE...
    local as_root=()
    have apt-get || stop "this system ($(system_name)) has no apt-get, so these must be installed by hand:" "$*" \
        "(names of Debian's packages; others are called alike. Then start this again.)"
    if [ "$(id -u)" -ne 0 ]; then
        may_sudo || stop "these packages are missing, and only root can install them:" "$*" "" \
            "As root: apt-get update && apt-get install --no-install-recommends $*" "Then start this again."
        as_root=(sudo)
    fi
    step "installing $* (may take some minutes)"
    mkdir -p "$SLEDFORM_HOME"
    local log=$SLEDFORM_HOME/install.log
    apt "${as_root[@]}" -- update -qq >"$log" 2>&1 ||
        step "the package lists could not be updated; trying with those that are there"
    apt "${as_root[@]}" -- install -y -qq --no-install-recommends "$@" >>"$log" 2>&1 ||
        stop "these packages could not be installed:" "$*" "The package manager's last words ($log):" "$(tail -n 8 "$log")"
}

# sudo without a password, or with somebody there to type it.
may_sudo() { have sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; }

apt() { # [sudo] -- COMMAND...
    local as_root=()
    while [ "$1" != -- ]; do as_root+=("$1"); shift; done
    shift
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

system_name() {
    # shellcheck disable=SC1090
    (. "${SLEDFORM_OS_RELEASE:-/etc/os-release}" 2>/dev/null && echo "${PRETTY_NAME:-$NAME}") || uname -s
}

# Rust new enough for Cargo.toml, found even where a fresh installation is not in the path yet.
ensure_rust() { # [COMPONENT...]
    local wanted found component
    have cargo || PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin
    wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml")
    have cargo || stop "Rust $wanted or newer is needed and not installed" "${how_to_get_rust[@]}"
    found=$(cd "$root" && rustc --version 2>/dev/null | cut -d' ' -f2) || true
    # Nothing found sorts first, too.
    [ "$(printf '%s\n' "$wanted" "${found%%-*}" | sort -V | head -n 1)" = "$wanted" ] ||
        stop "Rust $wanted or newer is needed; $(command -v rustc || echo rustc) is ${found:-not working}" "${how_to_get_rust[@]}"
    for component in "$@"; do
        have "cargo-$component" || stop "cargo $component is needed for the tests" "rustup component add ${component/fmt/rustfmt}"
    done
}
how_to_get_rust=("Install it from rust-lang.org (the \`rustup\` tool; newer systems have it as a package: rustup)."
    "With rustup there already: rustup update stable" "Then start this again.")
