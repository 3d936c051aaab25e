#!/bin/sh
# Stops the Elasticsearch that up.sh started, by the pid it wrote; same ELASTIC_DIR and ELASTIC_PORT. Does nothing when
# there is none.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=${ELASTIC_DIR:-$(cd "$here/../.." && pwd)/.cache/elastic}
pid=$dir/run-${ELASTIC_PORT:-19200}/pid
[ -s "$pid" ] || exit 0
server=$(cat "$pid")

# running says whether the noted process is still our server, and not another that has its number since.
running() {
	{ cat "/proc/$server/cmdline" || ps -p "$server" -o args=; } 2>/dev/null | grep -qa "$dir/elasticsearch-"
}

tries=100
while running && [ "$tries" -gt 0 ]; do
	kill "$server"
	tries=$((tries - 1))
	sleep 0.2
done
if running; then
	kill -9 "$server"
fi
rm -f "$pid"
