#!/usr/bin/env bash
# Copy an election's folder while it is in use, and verify the copy: backup.sh DIR COPY. Run again, it adds to the copy what is new.
#
# The record first, then the files: an event is written after the file that it names, so a record of a moment ago finds all its files, and
# files that came later are named by nobody yet. Databases are copied by SQLite itself, with what waits in their logs.
set -euo pipefail
from=${1:?the folder of the election} to=${2:?where the copy lies}
bin=${RACECALL_BIN:-/opt/racecall/bin}

copy_database() {
  "$bin/python" - "$from/$1" "$to/.$1.new" <<'PYTHON'
import sqlite3, sys
source, target = (sqlite3.connect(name) for name in sys.argv[1:])
source.backup(target)
target.close()
PYTHON
  mv "$to/.$1.new" "$to/$1"
}

mkdir -p "$to"
for name in ledger.db outbox.db desk.db; do
  if [ -e "$from/$name" ]; then rm -f "$to/.$name.new"; copy_database "$name"; fi
done
for name in captures counts; do
  if [ -d "$from/$name" ]; then mkdir -p "$to/$name" && cp -a --no-clobber "$from/$name/." "$to/$name/"; fi
done
for name in election.toml alerts.toml shapes.json; do
  if [ -e "$from/$name" ]; then cp -a "$from/$name" "$to/$name"; fi
done
"$bin/racecall" verify "$to"
