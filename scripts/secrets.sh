#!/bin/sh
# Writes random secrets for docker-compose.yml and for deploy/k8s/overlays/dev, each into a file that git ignores. What a
# file holds already is kept, so it can be run again after an update; remove a file to get new ones.
#   sh scripts/secrets.sh [FOLDER]     FOLDER instead of this checkout
set -eu
root=${1:-$(cd "$(dirname "$0")/.." && pwd)}
umask 077

random() { printf s; od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# fill FILE NAME…: gives each name that has no line in the file yet a secret: a letter, or NATS would read some as numbers, and 48 hexadecimal digits.
fill() {
	file=$1
	shift
	touch "$file"
	for name; do
		grep -q "^$name=" "$file" || echo "$name=$(random)" >>"$file"
	done
	echo "secrets are in $file" >&2
}

nats='NATS_OPERATOR_PASSWORD NATS_FETCHER_PASSWORD NATS_EXTRACTOR_PASSWORD NATS_INDEXER_PASSWORD NATS_SUBSCRIBER_PASSWORD'
fill "$root/.env" $nats ELASTIC_PASSWORD KIBANA_SYSTEM_PASSWORD KIBANA_ENCRYPTION_KEY GRAFANA_PASSWORD
fill "$root/deploy/k8s/overlays/dev/secrets.env" $nats NATS_CLUSTER_PASSWORD ELASTIC_PASSWORD
