#!/usr/bin/env bash
# Ends what start.sh has started, and removes its folder.
#
#   stop.sh [FOLDER]    FOLDER: target/ceph of this module
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly folder=${1:-$here/../../../target/ceph}

for name in tidy rgw osd mon; do
  started=$folder/run/$name.started
  if [[ -f $started ]]; then
    pid=$(< "$started")
    kill "$pid" 2> /dev/null || true
    while kill -0 "$pid" 2> /dev/null; do sleep 0.1; done
  fi
done
rm -rf "$folder"
