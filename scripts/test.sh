#!/bin/sh
# Runs the tests of the given packages and lists what was skipped, and why. Where a JDK and Maven are installed it first
# starts a real Elasticsearch (fetched once into .cache) and stops it afterwards; where they are not, the tests that
# need it are among the skipped. A server named in TOCSIN_ELASTIC_URL is used instead, and left running.
#   sh scripts/test.sh ./...
#   RACE=1     under the race detector
#   NOSKIP=1   a skipped test fails the run
#   ELASTIC=0  start no Elasticsearch
set -eu
cd "$(dirname "$0")/.."
go=${GO:-go}
export GOWORK=off

if [ -z "${TOCSIN_ELASTIC_URL:-}" ] && [ "${ELASTIC:-1}" != 0 ]; then
	export ELASTIC_PORT="${ELASTIC_PORT:-19201}" # beside the one a developer may have up, which stays up
	trap 'sh scripts/elastic/down.sh' EXIT
	status=0
	TOCSIN_ELASTIC_URL=$(sh scripts/elastic/up.sh) || status=$?
	case $status in
	0) export TOCSIN_ELASTIC_URL ;;
	75) unset TOCSIN_ELASTIC_URL ;; # this machine cannot run it; up.sh has said why
	*) echo "Elasticsearch did not start; mend that, or leave it out with ELASTIC=0" >&2; exit 1 ;;
	esac
fi
# The report tells from the events whether all is well, so the exit status of go test itself is not needed.
$go test -json -timeout 15m ${RACE:+-race} "$@" | $go run ./scripts/testreport ${NOSKIP:+-noskip}
