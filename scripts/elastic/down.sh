#!/bin/sh
# Stops the Elasticsearch that up.sh started, by the pid it wrote; same ELASTIC_DIR and ELASTIC_PORT. Does nothing when
# there is none.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=${ELASTIC_DIR:-$(cd "$here/../.." && pwd)/.cache/elastic}
pid=$dir/run-${ELASTIC_PORT:-19200}/pid
[ -s "$pid" ] || exit 0
server=$(cat "$pid")
tries=100
while kill "$server" 2>/dev/null && [ "$tries" -gt 0 ]; do
	tries=$((tries - 1))
	sleep 0.2
done
kill -9 "$server" 2>/dev/null || true
rm -f "$pid"
