#!/bin/sh
# Installs the project as another machine would: from a copy of it and the wheelhouse, into a new environment, with no
# network. Whatever asks for one fails at once: there is no index, no configuration of pip's, and the proxies lead nowhere.
#     sh tools/offline.sh [wheelhouse]
set -eu
cd "$(dirname "$0")/.."
wheelhouse=$PWD/${1:-wheelhouse}
place=$PWD/build/offline
rm -rf "$place"
mkdir -p "$place/project"
git checkout-index --all --prefix="$place/project/"
export PIP_CONFIG_FILE=/dev/null PIP_NO_INDEX=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
export http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9 all_proxy=http://127.0.0.1:9
unset PIP_FIND_LINKS PIP_INDEX_URL PIP_EXTRA_INDEX_URL PYTHONPATH
"${PYTHON:-python3}" -m venv "$place/venv"
cd "$place/project"
"$place/venv/bin/python" -m pip install -q --no-compile --no-index --find-links "$wheelhouse" --require-hashes -r requirements.lock
"$place/venv/bin/python" -m pip install -q --no-index --no-deps --no-build-isolation -e .
"$place/venv/bin/township-report" doctor || [ $? = 2 ]  # 2: some office fonts are lacking here, as they may be
rm -rf "$place"
echo "installed without a network: good"
