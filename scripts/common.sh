# shellcheck shell=bash
# Words shared by the set-up scripts: messages, stamps, the lock. Sourced, not run.
#
# Everything set-up makes outside `target/` lies in $SLEDFORM_HOME, which is git-ignored.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
SLEDFORM_HOME=${SLEDFORM_HOME:-$root/.sledform}
case $SLEDFORM_HOME in /*) ;; *) SLEDFORM_HOME=$PWD/$SLEDFORM_HOME ;; esac
export SLEDFORM_HOME
# OpenCV's FFmpeg otherwise writes its own complaints about broken files over our messages; only the environment stops it.
export OPENCV_FFMPEG_LOGLEVEL=${OPENCV_FFMPEG_LOGLEVEL:--8}

# Progress and complaints go to standard error: standard output belongs to results.
step() { echo "sledform: $*" >&2; }

stop() {
    step "$1"
    shift
    [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
    exit 1
}

# Whatever was being done is done again next time; only its own complaint about the interruption would mislead.
trap 'step "interrupted; start again to go on from here"; exit 130' INT TERM

# One hash over the files named (content and name) and over the arguments after `--`; none if one is not there.
key_of() {
    local sums files=()
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        files+=("$1")
        shift
    done
    sums=$(sha256sum -- "${files[@]}") || return
    printf '%s\n' "$sums" "$*" | sha256sum | cut -c1-64
}

# A stamp says for which key a step was done and how its files looked afterwards (size, time, name). It is written
# last, so an interrupted step has none; a file that was changed, cut or removed since makes it invalid.
stamp_is_valid() { # STAMP KEY
    local line files=()
    [ -n "$2" ] && [ -f "$1" ] || return 1
    {
        read -r line
        [ "$line" = "$2" ] || return 1
        while read -r line; do files+=("${line#* * }"); done
    } <"$1"
    [ "$(look_of "${files[@]}")" = "$(tail -n +2 "$1")" ]
}

write_stamp() { # STAMP KEY FILE...
    local stamp=$1 key=$2
    shift 2
    mkdir -p "$(dirname "$stamp")"
    { echo "$key" && look_of "$@"; } >"$stamp.part"
    mv "$stamp.part" "$stamp"
}

look_of() { stat -c '%s %.Y %n' -- "$@" 2>/dev/null || true; }

# Only one set-up at a time: another one waits, then finds everything done. Descriptor 9 must not reach what is
# started in the end, or a server would keep the lock: callers close it with `release_lock`.
take_lock() {
    mkdir -p "$SLEDFORM_HOME" || stop "cannot write to $SLEDFORM_HOME" "set SLEDFORM_HOME to a folder of yours"
    command -v flock >/dev/null || return 0
    exec 9>"$SLEDFORM_HOME/lock"
    flock -n 9 && return
    step "another set-up is running here: waiting for it"
    flock 9
}

release_lock() { exec 9>&-; }
