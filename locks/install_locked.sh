#!/bin/sh
# Install what a lock names and this package on top, or say what stands in the way.
#
#   sh locks/install_locked.sh PYTHON LOCK
#
# Everything that is downloaded is checked against a hash. Where no package index can be reached, that is said, with what
# to do, in place of pip's account of its attempts.
set -u
python=$1
lock=$2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
UNREACHED='NewConnectionError|ConnectTimeout|Failed to establish|Max retries|ProxyError|No matching distribution found'

pip() {
    "$python" -m pip --quiet --disable-pip-version-check install "$@" 2>"$log" && return
    if grep -qE "$UNREACHED" "$log"; then
        tail -n 1 "$log" >&2
        cat >&2 <<'MESSAGE'

No network? The packages that afterfall needs are downloaded once, and the package index was not reached or lacks one.

  With a network or proxy:   check the connection (pip reads HTTPS_PROXY), then give the same command again.
  With a mirror:             PIP_INDEX_URL=https://mirror.example/simple, then the same command.
  With a folder of wheels:   PIP_NO_INDEX=1 PIP_FIND_LINKS=/path/to/wheels, then the same command. Fill the folder on a
                             machine that has a network: pip download --dest wheels --require-hashes -r LOCK

Once set up, afterfall needs no network.
MESSAGE
    else
        cat "$log" >&2
    fi
    exit 1
}

pip --require-hashes --requirement "$lock"
pip --no-deps --no-build-isolation --editable .
