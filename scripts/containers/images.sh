#!/bin/sh
# Builds the images of this checkout from scratch, without pulling anything: tocsin-fetcher, tocsin-extractor,
# tocsin-extractor-prose, tocsin-indexer and tocsin-tocsin. Needs Go and a Docker engine.
#   VERSION   their tag                    (default: 0.1.0)
#   CA        the certificates to trust    (default: this system's bundle)
#   REGISTRY  where they are pushed as well, such as registry.example.com/news (default: nowhere)
set -eu
cd "$(dirname "$0")/../.."
version=${VERSION:-0.1.0}
revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
folder=.cache/images
for ca in "${CA:-}" /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
	[ -n "$ca" ] && [ -f "$ca" ] && break
	ca=
done
[ -n "$ca" ] || { echo "no bundle of certificates found; name one with CA=FILE" >&2; exit 1; }
VERSION=$version sh scripts/containers/binaries.sh "$folder"
mkdir -p "$folder/etc"
cp "$ca" "$folder/etc/ca-certificates.crt"
for program in fetcher extractor extractor-prose indexer tocsin; do
	docker build -q --build-arg PROGRAM=$program --build-arg VERSION="$version" --build-arg REVISION="$revision" \
		-t "tocsin-$program:$version" -f deploy/image/Dockerfile "$folder"
	if [ -n "${REGISTRY:-}" ]; then
		docker tag "tocsin-$program:$version" "${REGISTRY%/}/tocsin-$program:$version"
		docker push "${REGISTRY%/}/tocsin-$program:$version"
	fi
done
