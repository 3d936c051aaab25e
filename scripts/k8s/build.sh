#!/bin/sh
# Builds a Kubernetes control plane for the cluster test from public Go modules, once, into .cache/k8s/bin: etcd,
# kube-apiserver, kube-controller-manager, kube-scheduler, kwok, and KEDA's operator and metrics adapter. Each is built
# from its own module at its own pinned dependencies, so nothing of it touches this project's go.mod. What is there
# already is not built again. About 20 minutes of one core, 700 MB.
#
#   K8S_DIR   where they go  (default: .cache/k8s of this checkout)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=${K8S_DIR:-$(cd "$here/../.." && pwd)/.cache/k8s}
go=${GO:-go}
export GOWORK=off GOFLAGS=-buildvcs=false CGO_ENABLED=0

. "$here/../../deploy/tools/versions.env"

mkdir -p "$dir/bin"

# source prints the folder of a module in the module cache, which is read-only.
source() {
	$go mod download -json "$1" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",$/\1/p'
}

# build NAME SOURCE PACKAGE FLAGS…: builds a main package in its module's folder with the go.mod prepared under the same
# name beside bin.
build() {
	name=$1 source=$2 package=$3 modfile=$4
	shift 4
	[ ! -x "$dir/bin/$name" ] || return 0
	echo "building $name" >&2
	began=$(date +%s)
	(cd "$source" && nice -n 10 $go build -mod=mod -modfile="$dir/$modfile.mod" -trimpath "$@" -o "$dir/bin/$name.new" "$package")
	mv "$dir/bin/$name.new" "$dir/bin/$name"
	echo "built $name in $(($(date +%s) - began)) s" >&2
}

# modfile NAME SOURCE: a writable copy of a module's go.mod and go.sum, without its replacements by local folders.
modfile() {
	cp "$2/go.mod" "$dir/$1.mod" && chmod u+w "$dir/$1.mod"
	rm -f "$dir/$1.sum"
	[ ! -f "$2/go.sum" ] || { cp "$2/go.sum" "$dir/$1.sum" && chmod u+w "$dir/$1.sum"; }
}

src=$(source go.etcd.io/etcd/server/v3@$etcd)
modfile etcd "$src"
for module in api pkg client/pkg client; do
	$go mod edit -dropreplace="go.etcd.io/etcd/$module/v3" "$dir/etcd.mod"
done
build etcd "$src" . etcd -ldflags "-s -w"

# Kubernetes keeps its libraries in folders of its own repository; as modules they have the same version with a 0 in front.
src=$(source k8s.io/kubernetes@$kubernetes)
modfile kubernetes "$src"
staged=v0.${kubernetes#v1.}
for module in $(sed -n 's/^[[:space:]]*\([^ ]*\) => \.\/staging\/.*/\1/p' "$src/go.mod"); do
	$go mod edit -replace="$module=$module@$staged" "$dir/kubernetes.mod"
done
stamp="-s -w -X k8s.io/component-base/version.gitVersion=$kubernetes -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=$(echo $kubernetes | cut -d. -f2) -X k8s.io/client-go/pkg/version.gitVersion=$kubernetes"
for name in kube-apiserver kube-controller-manager kube-scheduler; do
	build $name "$src" ./cmd/$name kubernetes -ldflags "$stamp"
done

src=$(source github.com/kedacore/keda/v2@$keda)
modfile keda "$src"
build keda-operator "$src" ./cmd/operator keda -ldflags "-s -w"
build keda-adapter "$src" ./cmd/adapter keda -ldflags "-s -w"

src=$(source sigs.k8s.io/kwok@$kwok)
modfile kwok "$src"
build kwok "$src" ./cmd/kwok kwok -ldflags "-s -w"

# What the nodes' stand-in does with pods and nodes, and KEDA's own resources.
for stage in "$src"/kustomize/stage/pod/fast/pod-*.yaml "$src"/kustomize/stage/node/fast/node-*.yaml "$src"/kustomize/stage/node/heartbeat-with-lease/node-*.yaml; do
	echo ---
	cat "$stage"
done >"$dir/stages.yaml"
for crd in "$(source github.com/kedacore/keda/v2@$keda)"/config/crd/bases/*.yaml; do
	echo ---
	cat "$crd"
done >"$dir/keda.yaml"
