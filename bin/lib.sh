# Shared by the scripts in bin/; sourced, not run. Works with bash 3.2, which is what macOS has.
# shellcheck shell=bash

# shellcheck disable=SC2034 # Used by the scripts that source this.
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
MARTLET_HOME="${MARTLET_HOME:-${HOME:-/root}/.local/share/martlet}"

# die WHAT WHY FIX: one clear message, the shape that Martlet's own errors have.
die() {
    printf 'error: %s\n  why    %s\n  fix    %s\n' "$1" "$2" "$3" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# The last thing a failed command had to say, on one line.
last_words() {
    local line
    line="$(grep -v '^[[:space:]]*$' "$1" 2>/dev/null | grep -iE '^(E:|error|fatal)|no space' | tail -n 1)" || true
    [ -n "$line" ] || line="$(grep -v '^[[:space:]]*$' "$1" 2>/dev/null | tail -n 1)" || true
    printf '%s' "${line:-it said nothing}"
}

# The same for pip, which calls a missing network a missing package.
pip_words() {
    if grep -qiE 'NewConnectionError|NameResolutionError|ProxyError|SSLError|timed out' "$1"; then
        printf 'pip could not reach the package index'
    else
        printf 'pip said: %s' "$(last_words "$1")"
    fi
}

# Seconds as people say them: 7 s, 3 min 05 s.
duration() {
    if [ "$1" -lt 60 ]; then printf '%d s' "$1"; else printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); fi
}

need_swift() {
    have swift || die "swift is not in PATH" \
        "Martlet is built from source with a Swift 6.3 toolchain, and no \`swift\` was found" \
        "install Swift 6.3 or newer from swift.org/install, or add its usr/bin folder to PATH; then run this again"
}

# Tells tests and tools which DuckDB to load, when bin/setup has installed one of its own.
export_duckdb() {
    if [ -z "${MARTLET_DUCKDB:-}" ] && [ -f "$MARTLET_HOME/lib/libduckdb.so" ]; then
        export MARTLET_DUCKDB="$MARTLET_HOME/lib/libduckdb.so"
    fi
}

# run_quietly LABEL LOG COMMAND...: runs a command whose output nobody wants to read unless it fails. On a terminal one
# line says how it is going; elsewhere one line says that it began.
run_quietly() {
    local label="$1" log="$2" began=$SECONDS status=0 line width
    shift 2
    mkdir -p "$(dirname "$log")"
    if [ ! -t 2 ]; then
        printf '%s (log: %s)\n' "$label" "$log" >&2
        "$@" >"$log" 2>&1 </dev/null || status=$?
    else
        "$@" >"$log" 2>&1 </dev/null &
        local child=$!
        # An interrupted script must not leave a compiler behind.
        trap 'kill "$child" 2>/dev/null || true; printf "\n" >&2; exit 130' INT TERM
        while kill -0 "$child" 2>/dev/null; do
            line="$(tail -n 1 "$log" 2>/dev/null | tr -d '\r' | cut -c 1-200)"
            line="$label, $(duration $((SECONDS - began)))  $line"
            width="$(tput cols 2>/dev/null || echo 80)"
            printf '\r\033[K%s' "${line:0:$((width - 1))}" >&2
            sleep 0.3
        done
        wait "$child" || status=$?
        trap - INT TERM
        printf '\r\033[K' >&2
    fi
    if [ "$status" -eq 0 ]; then
        printf '%s: done in %s\n' "$label" "$(duration $((SECONDS - began)))" >&2
    fi
    return "$status"
}
