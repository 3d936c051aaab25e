#!/bin/sh
# Renders deploy/k8s for a cluster of yours, without a file being edited; pipe it into kubectl apply -f -. All by environment:
#   OVERLAY       dev or prod                                             (default: dev)
#   REGISTRY      where the images are, such as registry.example.com/news (default: on the nodes already)
#   FEEDS, WATCHLIST  files in the place of base/feeds.yaml and base/watchlist.yaml
#   WITH, WITHOUT     components to add or to leave out, such as WITH=tracing or WITH=hpa WITHOUT=keda
# For prod also:
#   NATS, ELASTIC     such as tls://nats.example.org:4222 and https://elastic.example.org:9200
#   NATS_MONITOR      host:port of the monitoring page of NATS, which KEDA asks (default: the host of NATS, port 8222)
set -eu
cd "$(dirname "$0")/../.."
overlay=${OVERLAY:-dev}
fail() { echo "render.sh: $*" >&2; exit 1; }

[ -d "deploy/k8s/overlays/$overlay" ] || fail "there is no overlay $overlay; there are: $(ls deploy/k8s/overlays | tr '\n' ' ')"
[ "$overlay" != dev ] || sh scripts/secrets.sh
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cp -R deploy/k8s deploy/nats deploy/grafana "$tmp"
file=$tmp/k8s/overlays/$overlay/kustomization.yaml

list() { # list FILE NAME: puts a list of the user's into base
	[ -n "$1" ] || return 0
	[ -f "$1" ] || fail "there is no file $1"
	[ "$(wc -c <"$1")" -lt 900000 ] || fail "$1 has more than a ConfigMap holds; import it with tocsin feeds import or tocsin watch import"
	cp "$1" "$tmp/k8s/base/$2"
}
list "${FEEDS:-}" feeds.yaml
list "${WATCHLIST:-}" watchlist.yaml

put() { # put FILE OLD NEW: replaces a text, in which | does not occur
	grep -qF -- "$2" "$1" || fail "$overlay has no $2 to replace"
	awk -v old="$2" -v new="$3" '{ while (at = index($0, old)) { out = out substr($0, 1, at - 1) new; $0 = substr($0, at + length(old)) }; print out $0; out = "" }' "$1" >"$tmp/new"
	cp "$tmp/new" "$1"
}
port() { # port URL DEFAULT
	rest=${1##*:}
	case $rest in '' | *[!0-9]*) echo "$2" ;; *) echo "$rest" ;; esac
}
host() { # host URL: without scheme, login and port
	rest=${1#*://}
	rest=${rest##*@}
	echo "${rest%%[:/]*}"
}
if [ "$overlay" = prod ]; then
	network=$tmp/k8s/overlays/prod/network.yaml
	if [ -n "${NATS:-}" ]; then
		NATS_MONITOR=${NATS_MONITOR:-$(host "$NATS"):8222}
		put "$file" tls://nats.example.com:4222 "$NATS"
		put "$network" 'port: 4222' "port: $(port "$NATS" 4222)"
	fi
	[ -z "${NATS_MONITOR:-}" ] || put "$file" nats.example.com:8222 "$NATS_MONITOR"
	if [ -n "${ELASTIC:-}" ]; then
		put "$file" https://elasticsearch.example.com:9200 "$ELASTIC"
		put "$network" 'port: 9200' "port: $(port "$ELASTIC" 443)"
	fi
fi
for c in ${WITHOUT:-}; do
	grep -q "components/$c\$" "$file" || fail "$overlay has no component $c to leave out"
	sed -i.old "/components\/$c\$/d" "$file"
done
for c in ${WITH:-}; do
	[ -d "deploy/k8s/components/$c" ] || fail "there is no component $c; there are: $(ls deploy/k8s/components | tr '\n' ' ')"
	sed -i.old "s|^components:|&\\
  - ../../components/$c|" "$file"
done
if [ -n "${REGISTRY:-}" ]; then
	echo "images:" >>"$file"
	for p in fetcher extractor indexer tocsin; do
		printf '  - {name: tocsin-%s, newName: %s/tocsin-%s}\n' $p "${REGISTRY%/}" $p >>"$file"
	done
fi
GOFLAGS= GOWORK=off "${GO:-go}" -C deploy/tools tool kustomize build "$tmp/k8s/overlays/$overlay"
