#!/usr/bin/env bash
# Installs what Stepwell is built and tested with: LLVM and MLIR from the distribution, and the Python tools into
# .venv. Safe to run at any time; does nothing, quickly, when nothing is missing.
#
# Exits with a list of what is missing and how to get it where something cannot be installed from here.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly llvm=22
readonly packages=(
    "llvm-$llvm-dev" "libmlir-$llvm-dev" "mlir-$llvm-tools" # the compiler's levels, and the tools that read ODS
    "libpolly-$llvm-dev"                                   # llvm-config lists its archives among LLVM's own
    "libclang-$llvm-dev"                                   # bindgen reads C headers with it
    "lld-$llvm"                                            # GNU ld takes minutes and gigabytes for these archives
    libzstd-dev zlib1g-dev libxml2-dev libz3-dev           # what LLVM's archives refer to
)
readonly rust_minimum=90
readonly stamp=.venv/.setup-stamp

say() { printf 'setup: %s\n' "$*"; }

# die WHAT HOW...: names what is missing, then how to get it.
die() {
    printf '\nsetup: missing: %s\n' "$1" >&2
    shift
    printf '       %s\n' "$@" >&2
    exit 1
}

# --- Rust -----------------------------------------------------------------------------------------------------------

check_rust() {
    local how=("Install Rust with rustup (https://rustup.rs), then run this again." \
        "The rustc of Debian 12 is too old.")
    command -v cargo >/dev/null && cargo --version >/dev/null 2>&1 ||
        die "cargo (Rust 1.$rust_minimum or newer)" "${how[@]}"
    local minor
    minor=$(cargo --version | sed -E 's/^cargo 1\.([0-9]+).*/\1/')
    ((minor >= rust_minimum)) ||
        die "Rust 1.$rust_minimum or newer ($(cargo --version) is what there is)" "rustup update stable"
    local tool
    for tool in fmt clippy; do
        cargo "$tool" --version >/dev/null 2>&1 || die "cargo $tool" "rustup component add rustfmt clippy"
    done
}

# --- The distribution's packages ------------------------------------------------------------------------------------

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing_packages() {
    local package
    for package in "${packages[@]}"; do
        installed "$package" || echo "$package"
    done
    command -v c++ >/dev/null || echo g++
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
    local by_hand="As root: apt-get update && apt-get install $*"
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        die "the packages $*, and neither root nor sudo to install them with" "$by_hand"
    fi
    say "installing $*"
    as_root apt-get update -qq || say "apt-get update failed; trying with the package lists there are"
    # Debian's 'env' call, because sudo does not hand the variable on.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null ||
        die "the packages $* (apt-get could not install them, see above)" \
            "$by_hand" \
            "Debian 12 has LLVM $llvm in bookworm-security: see that /etc/apt/sources.list* names this suite." \
            "For other releases of Debian and Ubuntu, https://apt.llvm.org has the same packages."
}

check_packages() {
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        [ -x "/usr/lib/llvm-$llvm/bin/mlir-tblgen" ] && return
        die "LLVM and MLIR $llvm, and no apt-get to install them with" \
            "With this system's own package manager install LLVM, MLIR, Polly, libclang and lld $llvm (static" \
            "libraries and headers), zlib, zstd, libxml2, z3 and a C++ compiler; /usr/lib/llvm-$llvm must be their prefix."
    fi
    local missing
    mapfile -t missing < <(missing_packages)
    [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
}

# --- CPython 3.13 ---------------------------------------------------------------------------------------------------

# Prints why the interpreter $1 will not do; nothing if it will. A pyenv shim exists even where it cannot run.
objection() {
    "$1" - 2>/dev/null <<'PY' || echo "does not run"
import os, sys, sysconfig
include = sysconfig.get_path("include")
if sys.implementation.name != "cpython" or sys.version_info[:2] != (3, 13):
    print("is", sys.implementation.name, "%d.%d" % sys.version_info[:2])
elif sysconfig.get_config_var("Py_GIL_DISABLED"):
    print("is the free-threaded build")
elif not os.path.exists(os.path.join(include, "internal", "pycore_frame.h")):
    print("has no C headers in", include, "(python3.13-dev)")
else:
    try:
        import ensurepip, venv
    except ImportError as error:
        print("cannot make virtual environments:", error, "(python3.13-venv)")
PY
}

python_candidates() {
    [ -z "${PYTHON313:-}" ] || echo "$PYTHON313"
    type -aP python3.13 python3 python || true
    local root
    for root in "${PYENV_ROOT:-}" "$HOME/.pyenv"; do
        [ -z "$root" ] || ls -d "$root"/versions/3.13*/bin/python3.13 2>/dev/null | sort -rV || true
    done
    ls -d /usr/local/bin/python3.13 /usr/local/*/bin/python3.13 /opt/*/bin/python3.13 2>/dev/null || true
}

find_python() {
    local candidate why tried=()
    while read -r candidate; do
        [ -x "$candidate" ] || continue
        why=$(objection "$candidate")
        if [ -z "$why" ]; then
            echo "$candidate"
            return
        fi
        tried+=("$candidate $why")
    done < <(python_candidates | awk '!seen[$0]++')
    die "a CPython 3.13 with its C headers" \
        "With pyenv: pyenv install 3.13. With uv: uv python install 3.13." \
        "Any place will do: it is looked for on PATH, among pyenv's versions, in /usr/local and in /opt; or set" \
        "PYTHON313 to its full path." \
        "Tried:" "${tried[@]/#/  }"
}

# --- The virtual environment ----------------------------------------------------------------------------------------

make_venv() {
    local python
    python=$(find_python)
    say "making .venv with $python"
    rm -rf .venv
    "$python" -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt ||
        die "the Python packages of tests/requirements.txt (pip could not install them, see above)" \
            "They come from PyPI: see that it, or a mirror that pip is configured for, can be reached."
}

check_venv() {
    local fingerprint
    fingerprint=$(cat tools/setup.sh tests/requirements.txt | sha256sum)
    if [ "$(cat "$stamp" 2>/dev/null)" = "$fingerprint" ] && .venv/bin/python -c '' 2>/dev/null; then
        return
    fi
    make_venv
    echo "$fingerprint" >"$stamp"
}

check_rust
check_packages
check_venv
