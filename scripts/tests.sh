# shellcheck shell=bash
# What only tests need beyond a build: a browser and the packages that drive it, and the Python readers of other people.
# Each lies in $SLEDFORM_HOME, is installed once, and is done without where it cannot be had: the tests that need it then
# say so. Sourced by `test`, after setup.sh.

browser_tests=$SLEDFORM_HOME/browser
readers=$SLEDFORM_HOME/readers
# The oldest Node.js that the package driving the browser supports.
oldest_node=18

# Packages of the system for these tests, where it has them as packages.
ensurable_test_packages() {
    echo python3 python3-venv
    if [ "$(system_id)" != ubuntu ] && { [ -n "$(find_chromium)" ] || may_install; }; then echo chromium npm; fi
}

# A machine on which nobody may install a browser still runs every other test.
may_install() { have apt-get && { [ "$(id -u)" -eq 0 ] || may_sudo; }; }

# Installs what the tests in a browser need and says where it is; says why not where it cannot be had.
ensure_browser_tests() {
    local key chromium node
    chromium=$(find_chromium)
    node=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/') || true
    if [ -z "$chromium" ]; then
        without "a browser" "no Chromium was found (Ubuntu has it as a snap alone, which cannot read the tests' files);" \
            "one of your own is taken from SLEDFORM_CHROMIUM"
    elif [ "${node:-0}" -lt "$oldest_node" ] || ! have npm; then
        without "a browser" "they need npm and Node.js $oldest_node or newer; found ${node:-none}"
    else
        key=$(key_of "$root"/tests/browser/package.json "$root"/tests/browser/package-lock.json)
        stamp_is_valid "$browser_tests/stamp" "$key" || install_browser_tests "$key" || return 0
        export SLEDFORM_CHROMIUM=$chromium SLEDFORM_BROWSER_TESTS=$browser_tests
    fi
}

install_browser_tests() { # KEY
    step "installing the packages that drive the browser in tests"
    rm -rf "$browser_tests"
    mkdir -p "$browser_tests"
    cp "$root"/tests/browser/package.json "$root"/tests/browser/package-lock.json "$browser_tests"
    if ! (cd "$browser_tests" && npm ci --silent --ignore-scripts --no-audit --no-fund) >"$browser_tests/install.log" 2>&1 9>&-; then
        without "a browser" "npm could not install the packages (is there a network? $browser_tests/install.log)"
        return 1
    fi
    write_stamp "$browser_tests/stamp" "$1" "$browser_tests/package-lock.json"
}

# A Chromium or Chrome that can read any file: not the stub that starts a snap.
find_chromium() {
    local name path
    for name in "${SLEDFORM_CHROMIUM:-}" chromium google-chrome google-chrome-stable chromium-browser; do
        [ -n "$name" ] && path=$(command -v "$name") || continue
        case $(readlink -f "$path") in */snap | */snap/*) continue ;; esac
        ! head -c 4096 "$path" | grep -qa '/snap/' || continue
        echo "$path"
        return
    done
}

# A private Python environment with other people's readers of our files, every package pinned by hash.
ensure_readers() {
    local key python requirements=$root/tests/readers/requirements.txt
    key=$(key_of "$requirements")
    if ! stamp_is_valid "$readers/stamp" "$key"; then
        step "installing Python readers for the tests of the exports"
        rm -rf "$readers"
        python=$(find_python "import venv, ensurepip")
        if ! { "$python" -m venv "$readers" &&
            "$readers/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes \
                --requirement "$requirements"; } >"$SLEDFORM_HOME/readers.log" 2>&1 9>&-; then
            without "other people's readers" "pip could not install them (is there a network? $SLEDFORM_HOME/readers.log)"
            return 0
        fi
        write_stamp "$readers/stamp" "$key" "$requirements"
    fi
    export SLEDFORM_READERS=$readers/bin/python
}

without() { step "skipping the tests with $1: ${*:2}"; }

system_id() {
    # shellcheck disable=SC1090
    (. "${SLEDFORM_OS_RELEASE:-/etc/os-release}" 2>/dev/null && echo "${ID:-}") || true
}
