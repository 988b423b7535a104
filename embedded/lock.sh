#!/usr/bin/env bash
# Writes requirements/runtime.txt and test.txt anew from what runtime.in and test.in ask for. Run it with the oldest
# Python that must work (Debian 12 has 3.11.2): PYTHON=/usr/bin/python3 make lock
set -euo pipefail
cd "$(dirname "$0")/.."
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
"${PYTHON:-python3}" -m venv "$fresh/venv"
pip=("$fresh/venv/bin/python" -m pip --disable-pip-version-check --quiet)
"${pip[@]}" install -r requirements/runtime.in
# docopt serves a command of num2words alone, and has to be compiled.
"${pip[@]}" freeze | grep -vi '^docopt==' >"$fresh/runtime"
"${pip[@]}" install -r requirements/test.in
"${pip[@]}" freeze >"$fresh/all"
{ echo "# Lock of runtime.in. Written by \`make lock\`."; cat "$fresh/runtime"; } >requirements/runtime.txt
{
	echo "# Lock of test.in, on top of runtime.txt. Written by \`make lock\`."
	echo "-r runtime.txt"
	grep -vxFf "$fresh/runtime" "$fresh/all"
} >requirements/test.txt
