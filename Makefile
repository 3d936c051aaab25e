# Tocsin: every target below works on a fresh clone with Go alone, unless its line says otherwise.

# The product is built and tested without the workspace, so that what bench needs never lifts its versions.
export GOWORK := off

GO       ?= go
PKG      ?= ./...
FUZZTIME ?= 5s
PACE     ?=
BENCH    ?= .
KILLS    ?= 20
ITEMS    ?= 300
SEED     ?= 1
INDEX    ?= sqlite
OVERLAY  ?= dev
# RACE=1 adds the race detector, NOSKIP=1 fails when a test was skipped, ELASTIC=0 leaves Elasticsearch out. CONTAINERS=1
# also tries the images and docker-compose.yml, on a Docker engine of the tests' own.
RACE     ?=
NOSKIP   ?=

LINT_VERSION := v2.15.0
LINT         := $(CURDIR)/.cache/bin/golangci-lint-$(LINT_VERSION)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Read a built-in newsroom in one process and ring for the names in it
	bin/tocsin run --sample --data .data/sample

build: ## Build the all-in-one and the three services into bin/
	@mkdir -p bin
	$(GO) build -o bin/ ./cmd/tocsin ./services/fetcher/cmd/fetcher ./services/extractor/cmd/extractor ./services/indexer/cmd/indexer

test: ## Run all tests; says what was skipped because a tool is missing, and why
	@GO="$(GO)" RACE=$(RACE) NOSKIP=$(NOSKIP) sh scripts/test.sh $(PKG)

race: ## Run all tests under the race detector (needs a C compiler)
	@$(MAKE) --no-print-directory test RACE=1

lint: $(LINT) ## Check format, go vet and golangci-lint (built once into .cache, about 2 minutes)
	@unformatted=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')); \
		[ -z "$$unformatted" ] || { echo "not formatted, run gofmt -w on:"; echo "$$unformatted"; exit 1; }
	$(GO) vet $(PKG)
	$(LINT) run $(PKG)

$(LINT):
	@mkdir -p $(@D)
	cd / && GOFLAGS= GOBIN=$(@D)/build $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	@mv $(@D)/build/golangci-lint $@ && rmdir $(@D)/build

fuzz: ## Fuzz every byte door for FUZZTIME (5s) each
	@GO="$(GO)" FUZZTIME=$(FUZZTIME) sh scripts/fuzz.sh $(PKG)

bench: ## Measure bus, indexes and pipeline beside peer libraries (half an hour); PACE="--json bus" chooses, PACE=--help lists
	cd bench && $(GO) run ./pace $(PACE)

microbench: ## Run the Go benchmarks of both modules; BENCH chooses by name
	$(GO) test -run '^$$' -bench '$(BENCH)' $(PKG)
	cd bench && $(GO) test -run '^$$' -bench '$(BENCH)' ./...

chaos: ## Kill the real programs KILLS times (20) while ITEMS stories (300) go through; SEED chooses, INDEX=elastic
	$(GO) run ./test/chaos -kills $(KILLS) -items $(ITEMS) -seed $(SEED) -index $(INDEX)

model: ## Rebuild the name model from its manifest, bit for bit (needs ../shared/data; some minutes)
	$(GO) run ./services/extractor/ner/cmd/tocsin-ner train --manifest services/extractor/ner/newswire/manifest.json \
		--dir $${TOCSIN_SHARED:-../shared}/data --out services/extractor/ner/newswire/model.bin

elastic: ## Run the index suite and the dashboards' queries on a real Elasticsearch (needs a JDK and Maven; fetched once into .cache)
	@GO="$(GO)" NOSKIP=1 sh scripts/test.sh ./services/indexer/elastic/... ./internal/kibana

secrets: ## Write random passwords for Compose and for the dev overlay into files that git ignores
	@sh scripts/secrets.sh

k8s: ## Render deploy/k8s for OVERLAY (dev or prod), REGISTRY, FEEDS, WATCHLIST; pipe it into kubectl apply -f -
	@GO="$(GO)" OVERLAY=$(OVERLAY) sh scripts/k8s/render.sh

e2e-k8s: build ## Try the dev overlay on a real control plane with KEDA (builds them once into .cache/k8s: an hour of one core)
	@GO="$(GO)" sh scripts/k8s/e2e.sh

images: ## Build the images from scratch, without pulling anything (needs a Docker engine); REGISTRY pushes them there
	@GO="$(GO)" sh scripts/containers/images.sh

clean: ## Remove what make built, fetched and ran: bin, .cache and the sample's data
	rm -rf bin .cache .data/sample

.PHONY: help run build test race lint fuzz bench microbench model chaos elastic clean
