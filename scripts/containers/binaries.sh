#!/bin/sh
# Builds what goes into the images: static, stripped programs and a bill of materials (CycloneDX) for each.
#   sh scripts/containers/binaries.sh FOLDER
#   VERSION   what they say they are   (default: the commit)
# extractor is lean, without the prose recogniser; extractor-prose has it.
set -eu
out=$1
cd "$(dirname "$0")/../.."
go=${GO:-go}
export GOWORK=off CGO_ENABLED=0
mkdir -p "$out"

build() { # build NAME PACKAGE FLAGS…
	name=$1 package=$2
	shift 2
	$go build -trimpath -ldflags "-s -w -X tocsin/internal/assembly.release=${VERSION:-}" "$@" -o "$out/$name" "$package"
	$go run ./scripts/sbom "$out/$name" >"$out/$name.cdx.json"
}

build fetcher ./services/fetcher/cmd/fetcher
build extractor ./services/extractor/cmd/extractor -tags lean
build extractor-prose ./services/extractor/cmd/extractor
build indexer ./services/indexer/cmd/indexer
build tocsin ./cmd/tocsin
