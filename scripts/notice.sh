#!/bin/sh
# Writes the list of Go modules that end up in the binaries, with the licence each one states, into NOTICE below its
# marker line; what stands above the marker is kept by hand. With -check it only says whether the list is current.
#   sh scripts/notice.sh [-check]
set -eu
cd "$(dirname "$0")/.."
export GOWORK=off GOOS=linux GOARCH=amd64 CGO_ENABLED=0
marker='Go modules in the binaries (module, version, licence):'

# licence names the licences in a module folder by words that only each of them uses; a file may hold several.
licence() {
	text=$(find "$1" -maxdepth 1 -type f \( -iname 'licen[cs]e*' -o -iname 'copying*' -o -iname 'unlicense*' \) ! -iname '*3rd*' -exec cat {} + |
		tr -s ' \n\r\t' ' ')
	found=
	says() { # says NAME PATTERN
		case $text in $2) found="${found:+$found and }$1" ;; esac
	}
	says Apache-2.0 '*Apache License*Version 2.0*'
	says MPL-2.0 '*Mozilla Public License*2.0*'
	says LGPL '*[Ll][Ee][Ss][Ss][Ee][Rr] [Gg][Ee][Nn][Ee][Rr][Aa][Ll] [Pp][Uu][Bb][Ll][Ii][Cc]*'
	says GPL '*GNU GENERAL PUBLIC*'
	says AGPL '*GNU AFFERO*'
	says MIT '*Permission is hereby granted, free of charge*'
	says ISC '*Permission to use, copy, modify, and*distribute this software*'
	case $text in
	*'Redistribution and use'*[Nn]'either the name'* | *'Redistribution and use'*'may not be used to endorse'*) says BSD-3-Clause '*' ;;
	*'Redistribution and use'*) says BSD-2-Clause '*' ;;
	esac
	says CC0-1.0 '*CC0 1.0*'
	says Unlicense '*unencumbered software released into the public domain*'
	echo "${found:-unknown}"
}

list=$(go list -deps -f '{{with .Module}}{{if .Version}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' \
	./cmd/... ./services/fetcher/cmd/... ./services/extractor/cmd/... ./services/indexer/cmd/...)
modules() {
	echo "$list" | sort -u | while read -r path version dir; do
		echo "  $path $version $(licence "$dir")"
	done
}

fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
{
	sed "/^$marker\$/,\$d" NOTICE
	echo "$marker"
	echo
	modules
} >"$fresh"
if grep -q ' unknown$' "$fresh"; then
	echo "no licence recognised for:$(sed -n 's/^ \(.*\) unknown$/\1/p' "$fresh"); read it and teach scripts/notice.sh" >&2
	exit 1
fi
if [ "${1:-}" = -check ]; then
	diff NOTICE "$fresh" || { echo "NOTICE is not current; run sh scripts/notice.sh" >&2; exit 1; }
else
	cat "$fresh" >NOTICE
fi
