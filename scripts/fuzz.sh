#!/bin/sh
# Fuzzes every fuzz target of the given packages for FUZZTIME each, one after another. An input that breaks a property
# is kept by go test under testdata/fuzz and fails every later test run until it is mended.
#   FUZZTIME=5s sh scripts/fuzz.sh ./...
set -eu
go=${GO:-go}
time=${FUZZTIME:-5s}
export GOWORK=off
count=0
for dir in $($go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.Dir}}{{end}}' "$@"); do
	for target in $(cat "$dir"/*_test.go | sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p'); do
		out=$(cd "$dir" && $go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 100x . 2>&1) ||
			{ echo "$out"; exit 1; }
		echo "$target in ${dir#"$PWD"/}: $(echo "$out" | sed -n 's/.*execs: \([0-9]*\).*/\1/p' | tail -n 1) inputs"
		count=$((count + 1))
	done
done
echo "$count fuzz targets, $time each: no property broke"
