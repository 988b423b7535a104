#!/usr/bin/env bash
# Makes the project's own virtual environment .venv and installs what is locked: "venv.sh runtime" or "venv.sh test"
# (which holds all of the first). Does nothing when it is there: a stamp knows the locks, the Python and the folder.
set -euo pipefail
cd "$(dirname "$0")/.."
wanted=${1:-runtime}

find_python() {
	local candidate
	for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
		if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
			echo "$candidate"
			return
		fi
	done
	echo "This needs Python 3.11 or newer and found none: apt-get install python3, or say where with PYTHON=…" >&2
	exit 2
}

stamp() { # of one kind of environment
	local locks=(requirements/frappe.txt requirements/runtime.txt)
	if [ "$1" = test ]; then locks+=(requirements/test.txt); fi
	echo "$base $(cat "${locks[@]}" | sha256sum)"
}

there() { [ -x .venv/bin/python ] && [ "$(cat ".venv/.stamp-$1" 2>/dev/null)" = "$(stamp "$1")" ]; }

python=$(find_python)
base="$PWD $("$python" -V)"
if there test || there "$wanted"; then exit 0; fi

if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
	echo "$python cannot make virtual environments: apt-get install python3-venv" >&2
	exit 2
fi
if [ ! -x .venv/bin/python ] || [ "$(cat .venv/.stamp-base 2>/dev/null)" != "$base" ]; then
	echo "· Making the virtual environment .venv ($("$python" -V))"
	rm -rf .venv
	"$python" -m venv .venv
	echo "$base" >.venv/.stamp-base
fi
echo "· Installing Python packages (about a minute the first time)"
pip=(.venv/bin/python -m pip --disable-pip-version-check install --quiet --no-warn-script-location)
"${pip[@]}" --no-deps --require-hashes -r requirements/frappe.txt
"${pip[@]}" --no-deps -r "requirements/$wanted.txt"
stamp "$wanted" >".venv/.stamp-$wanted"
