#!/bin/sh
# Compiles TestAnalysis.java against an unpacked Elasticsearch and installs it there as a plugin.
#   build-plugin.sh ES_HOME
set -eu
home=${1:?usage: build-plugin.sh ES_HOME}
here=$(cd "$(dirname "$0")" && pwd)
bin=${ES_JAVA_HOME:+$ES_JAVA_HOME/bin/}
version=$(basename "$home"/lib/elasticsearch-core-*.jar .jar)
version=${version#elasticsearch-core-}
plugin=$home/plugins/test-analysis
classes=$home/plugins/.classes
trap 'rm -rf "$classes"' EXIT
rm -rf "$classes" "$plugin"
mkdir -p "$classes"
"${bin}javac" --release 17 -proc:none -Xlint:-options -cp "$home/lib/*" -d "$classes" "$here/TestAnalysis.java"
mkdir -p "$plugin"
"${bin}jar" --create --file "$plugin/test-analysis.jar" -C "$classes" .
cat >"$plugin/plugin-descriptor.properties" <<PROPERTIES
name=test-analysis
description=the analysis parts of a full distribution that the index uses, for tests
version=1
classname=tocsin.testanalysis.TestAnalysis
java.version=17
elasticsearch.version=$version
PROPERTIES
chmod -R a+rX "$plugin"
