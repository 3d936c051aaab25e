#!/bin/sh
# Starts a real Elasticsearch for the tests on the loopback and prints its address. Does nothing when it is up already.
# Everything it fetches, unpacks and writes stays under ELASTIC_DIR; down.sh stops the server.
#
#   ELASTIC_DIR       where it lives               (default: .cache/elastic of this checkout)
#   ELASTIC_PORT      HTTP port, +100 transport    (default: 19200)
#   ELASTIC_HEAP      heap                         (default: 256m, enough for 100,000 articles)
#   ELASTIC_VERSION   8.x, needs Java 17 or newer  (default: 8.19.7)
#   ELASTIC_SETTINGS  extra lines for elasticsearch.yml
#   ELASTIC_OPTS      more JVM options             (default: a quick start; "" for the server's own)
#   ELASTIC_KEEP      keep the data of the last run when set
#
# Exit status 75 means that this machine cannot run it (no JDK, no Maven, nothing to download from); anything else but
# 0 is a fault.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=${ELASTIC_DIR:-$(cd "$here/../.." && pwd)/.cache/elastic}
version=${ELASTIC_VERSION:-8.19.7}
port=${ELASTIC_PORT:-19200}
heap=${ELASTIC_HEAP:-256m}
# A test server lives for seconds: the first compiler alone and the serial collector halve what a start costs.
opts=${ELASTIC_OPTS--XX:TieredStopAtLevel=1 -XX:-UseG1GC -XX:+UseSerialGC}
url=http://127.0.0.1:$port
home=$dir/elasticsearch-$version
run=$dir/run-$port
pid=$run/pid
log=$run/start.log

cannot() {
	echo "elastic: $1" >&2
	exit 75
}

# fetch gets the server's integration-test zip from Maven Central, into a Maven repository of its own that is dropped
# again: the unpacked server is all that stays.
fetch() {
	command -v mvn >/dev/null || cannot "mvn is not installed; install Maven or set TOCSIN_ELASTIC_URL to a server of yours"
	rm -rf "$dir/fetch"
	mkdir -p "$dir/fetch/unpacked"
	mvn -q -B -Dmaven.repo.local="$dir/fetch/maven" org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy \
		-Dartifact="org.elasticsearch.distribution.integ-test-zip:elasticsearch:$version:zip" \
		-DoutputDirectory="$dir/fetch" >&2 || cannot "Elasticsearch $version could not be downloaded; check the network and Maven's settings"
	(cd "$dir/fetch/unpacked" && "$ES_JAVA_HOME/bin/jar" xf "../elasticsearch-$version.zip")
	chmod +x "$dir/fetch/unpacked/elasticsearch-$version"/bin/*
	mv "$dir/fetch/unpacked/elasticsearch-$version" "$home"
	rm -rf "$dir/fetch"
}

configure() {
	[ -n "${ELASTIC_KEEP:-}" ] || rm -rf "$run/data"
	mkdir -p "$run/config" "$run/data" "$run/logs" "$run/repo" "$run/tmp"
	cp "$home/config/log4j2.properties" "$run/config/"
	grep -v -e '^-Xlog:gc' -e '^[0-9-]*:-Xlog:gc' "$home/config/jvm.options" >"$run/config/jvm.options"
	cat >"$run/config/elasticsearch.yml" <<YAML
cluster.name: tocsin-tests
node.name: test
discovery.type: single-node
xpack.security.enabled: false
network.host: 127.0.0.1
http.port: $port
transport.port: $((port + 100))
path.data: $run/data
path.logs: $run/logs
path.repo: $run/repo
cluster.routing.allocation.disk.threshold_enabled: false
action.destructive_requires_name: false
${ELASTIC_SETTINGS:-}
YAML
}

# unprivileged prints the words to put before a command when this shell is root, as which Elasticsearch refuses to run.
# It uses the account nobody, which every system has, and makes none.
unprivileged() {
	[ "$(id -u)" = 0 ] || return 0
	command -v setpriv >/dev/null || cannot "Elasticsearch does not run as root, and setpriv (util-linux) is not here to change to nobody; run the tests as a user"
	chown -R nobody "$run"
	chmod -R a+rX "$home"
	as="setpriv --reuid=nobody --regid=$(id -g nobody) --clear-groups"
	$as test -x "$home/bin/elasticsearch" -a -w "$run" ||
		cannot "Elasticsearch does not run as root, and nobody may not enter $dir; run the tests as a user or set ELASTIC_DIR"
	echo "$as"
}

failed() {
	tail -n 40 "$log" >&2
	exit 1
}

# running says whether the noted process is still our server, and not another that has its number since.
running() {
	[ -s "$pid" ] || return 1
	{ cat "/proc/$(cat "$pid")/cmdline" || ps -p "$(cat "$pid")" -o args=; } 2>/dev/null | grep -qa "$home"
}

# One start at a time, on whatever port: they share the unpacked server. The folder is the lock, and holds its owner.
lock=$dir/starting
mkdir -p "$dir"
tries=600
until mkdir "$lock" 2>/dev/null; do
	if [ -s "$lock/pid" ] && ! kill -0 "$(cat "$lock/pid")" 2>/dev/null; then
		rm -rf "$lock" # its owner was killed
		continue
	fi
	tries=$((tries - 1))
	if [ "$tries" = 0 ]; then
		echo "elastic: somebody else has been starting it for 5 minutes; if nobody is, remove $lock" >&2
		exit 1
	fi
	sleep 0.5
done
trap 'rm -rf "$lock"' EXIT
trap 'exit 130' INT TERM
echo $$ >"$lock/pid"

if running; then
	echo "$url"
	exit 0
fi
if [ -z "${ES_JAVA_HOME:-}" ]; then
	command -v javac >/dev/null || cannot "javac is not installed; install a JDK 17 or newer or set TOCSIN_ELASTIC_URL to a server of yours"
	ES_JAVA_HOME=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
fi
export ES_JAVA_HOME
[ -d "$home" ] || fetch
jar=$home/plugins/test-analysis/test-analysis.jar
if [ ! -f "$jar" ] || [ -n "$(find "$here" -name '*.java' -newer "$jar")" ]; then
	sh "$here/build-plugin.sh" "$home" >&2
fi
configure
as=$(unprivileged)
# -d returns when the node is up; the pid file then holds the server itself and the launcher is gone.
ES_PATH_CONF=$run/config ES_TMPDIR=$run/tmp CLI_JAVA_OPTS=-XX:TieredStopAtLevel=1 \
	ES_JAVA_OPTS="-Xms$heap -Xmx$heap -XX:-AlwaysPreTouch $opts" \
	$as "$home/bin/elasticsearch" -d -p "$pid" >"$log" 2>&1 || failed
curl -fsS --noproxy '*' --retry 30 --retry-connrefused --retry-delay 1 --max-time 60 \
	"$url/_cluster/health?wait_for_status=yellow&timeout=30s" >/dev/null || failed
echo "$url"
