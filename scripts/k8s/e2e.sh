#!/bin/sh
# Tries deploy/k8s/overlays/dev on a control plane that scripts/k8s/build.sh has built, and prints the timeline; see
# test/cluster. Everything runs on loopback and ends with it.
#   K8S_DIR   where the control plane is  (default: .cache/k8s of this checkout)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
dir=${K8S_DIR:-$root/.cache/k8s}
go=${GO:-go}
export GOWORK=off K8S_DIR="$dir"
sh "$here/build.sh"
cd "$root"
(cd deploy/tools && GOFLAGS= CGO_ENABLED=0 $go build -o "$dir/bin/nats-server" github.com/nats-io/nats-server/v2)
$go build -o "$dir/bin/" ./cmd/tocsin ./services/extractor/cmd/extractor
make --no-print-directory k8s OVERLAY=dev >"$dir/dev.yaml"
$go run ./test/cluster "$dir" "$dir/dev.yaml"
