#!/bin/sh
# Make an empty Python environment, or say exactly what to install first.
#
#   sh locks/new_environment.sh FOLDER [PYTHON]
#
# PYTHON is the interpreter to use; by default the first of python3.11, python3.12, python3.13 and python3 that is
# 3.11 or newer. The locks are made with 3.11; 3.12 and 3.13 install from them too, and are tested.
set -eu
folder=$1
shift

is_new_enough() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

first_of() {
    for candidate in "$@"; do
        if is_new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
}

install_and_repeat() {
    {
        echo "$1"
        echo "On Debian or Ubuntu, as root:"
        echo
        echo "    apt-get update && apt-get install --yes $2"
        echo
        echo "then give the same command again."
    } >&2
    exit 1
}

python=$(first_of "${@:-python3.11}" python3.12 python3.13 python3)
if [ -z "$python" ]; then
    install_and_repeat "afterfall needs Python 3.11 or newer; found none." "python3 python3-venv"
fi
if [ $# -gt 0 ] && [ "$python" != "$1" ]; then
    echo "$1 is not Python 3.11 or newer." >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    install_and_repeat "$python cannot make an environment: ensurepip is missing." "python$version-venv"
fi
"$python" -m venv --clear "$folder"
