#!/usr/bin/env bash
# Copy a published site to a bucket, or to anything else that rclone can write: sync.sh SITE TARGET, e.g. sync.sh site bucket:results
#
# In the order in which a reader's page asks: data, pages, pointers, manifest. Each kind of file carries how long it may be kept
# (docs/site.md, Headers). Nothing is ever removed: a page of an hour ago may still ask for what it named.
set -euo pipefail
site=${1:?the folder of the site} target=${2:?where rclone is to put it}
site=${site%/} copy=${site%/}.sending

# A site that is being published is a site of two versions, so we wait until that is over. Files are only ever replaced, never written
# into: a second name for each of them is the site as it stands now, and the publisher waits for no upload.
exec 9<"$site"
flock 9
rm -rf "$copy"
cp -al "$site" "$copy"
exec 9<&-

send() {  # how long it may be kept, which files
  local keep=$1; shift
  rclone copy "$copy" "$target" --checksum --fast-list --transfers 16 --header-upload "Cache-Control: $keep" "$@"
}
send "public, max-age=31536000, immutable" --ignore-existing --include '/v/**' --include '/static/**'
send "public, max-age=15, stale-while-revalidate=60, stale-if-error=86400" \
  --exclude '/v/**' --exclude '/static/**' --exclude latest.json --exclude /manifest.json --exclude '.*'
send "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400" --include '/latest.json' --include '/c/*/latest.json'
send "public, max-age=15, stale-while-revalidate=60, stale-if-error=86400" --include /manifest.json
rm -rf "$copy"
