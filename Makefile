# Jejak. `make` alone explains the verbs.
SHELL      := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
GO         ?= go
export CGO_ENABLED ?= 0
VERSION    := $(shell git describe --tags --always --dirty 2>/dev/null || echo unversioned)
LDFLAGS    := -s -w -X main.version=$(VERSION)
LINT       := $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.6.2

.PHONY: help
help: ## show the verbs
	@awk 'BEGIN{FS=":.*## "} /^[a-zA-Z_-]+:.*## /{printf "  make %-14s %s\n",$$1,$$2}' $(MAKEFILE_LIST)

.PHONY: run
run: toolchain postgresql ## the whole product on http://127.0.0.1:8080, with real figures and invented people
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/jejak ./cmd/jejak
	exec ./bin/jejak serve --demo $(RUN)

.PHONY: build
build: toolchain ## the binary, in bin/jejak
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/jejak ./cmd/jejak

.PHONY: test
test: toolchain postgresql ## all tests (browser tests run where Chromium is installed)
	$(GO) test -timeout 40m ./...

.PHONY: test-race
test-race: toolchain postgresql ## all tests under the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -timeout 40m ./...

.PHONY: browser
browser: postgresql chromium ## only the tests in a real browser, for every role; screenshots in artefacts/
	JEJAK_TEST_ALL_ROLES=1 $(GO) test -timeout 60m -run 'Browser' -v ./cmd/jejak

.PHONY: kill
kill: postgresql ## 30 cycles of kill -9 under writing load, with the history checker
	JEJAK_TEST_KILL_CYCLES=$${CYCLES:-30} $(GO) test -timeout 30m -run 'KillNine' -v ./cmd/jejak

.PHONY: chaos
chaos: postgresql compiler ## kills, restarts, bad networks, full disks, frozen replicas under load; LONG=1 for hours; JEJAK_TEST_SEED repeats
	JEJAK_TEST_LONG=$(LONG) $(if $(LONG),JEJAK_TEST_REBUILD_PEOPLE=1600 JEJAK_TEST_REPLICA_CYCLES=40 JEJAK_TEST_OUTAGE=60s) $(GO) test -count 1 -timeout $(if $(LONG),600m,30m) -v -run 'KillNine|KilledOrRestarted|BadNetwork|FullDisk|OrderlyEnd|Replica|Rebuilt|Parks|Killed' ./cmd/jejak
	$(if $(LONG),JEJAK_TEST_OUTAGE=60s) $(GO) test -count 1 -timeout 30m -v -run 'Outage|Restart|Killed|Silent|Frozen|Delayed|Skip' ./internal/eventlog ./internal/node

.PHONY: elections
elections: postgresql ## commands on what was just acknowledged, through elections: ELECTIONS=20 COMMANDS=10000
	JEJAK_TEST_ELECTIONS=$${ELECTIONS:-20} JEJAK_TEST_ELECTION_COMMANDS=$${COMMANDS:-10000} $(GO) test -count 1 -timeout 30m -v -run 'ThroughElections' ./internal/eventlog

.PHONY: bench
bench: postgresql ## the gates, as ratios to limits and peers of the same run: GATES=G1,G2 ROUNDS=6 RUNS=3 SLICE=2s EVENTS=400000 STRICT=1
	GATES=$${GATES:-all} $(GO) test -count 1 -p 1 -timeout 180m -run 'TestGate' -v ./internal/bench/gates ./cmd/jejak

.PHONY: measure
measure: postgresql ## benchmarks of single parts, and the product's own goals
	$(GO) test -run '^$$' -bench . -benchtime 3x -timeout 60m ./internal/node ./internal/eventlog ./internal/vault ./projections/engine ./projections/catalog
	$(GO) test -count 1 -timeout 30m -run 'Measure' -v ./cmd/jejak -measure

.PHONY: fmt
fmt: ## format Go and templ files
	gofmt -w $$(git ls-files '*.go')
	$(GO) tool templ fmt api/web

.PHONY: lint
lint: ## vet and golangci-lint (the first run builds it, which takes minutes)
	$(GO) vet ./...
	$(LINT) run ./...

.PHONY: generate
generate: ## pages, scripts, OpenAPI and glossary from their sources
	$(GO) generate ./...

.PHONY: golden-events
golden-events: ## write golden event bodies that are missing; existing ones are never touched
	$(GO) test ./domain/catalog -run Golden -update-golden

.PHONY: golden
golden: postgresql ## the node against all recorded answers of a real server; JEJAK_TEST_GOLDEN=FOLDER for others, too
	JEJAK_TEST_GOLDEN=$${JEJAK_TEST_GOLDEN:-all} $(GO) test -count 1 -timeout 30m -run Golden ./internal/node/golden/...

.PHONY: verify
verify: ## what git holds is what the generators make, and everything is formatted
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'run: make fmt'; exit 1; }
	$(GO) generate ./...
	git diff --exit-code
	$(GO) mod verify

.PHONY: ci
ci: ## what continuous integration runs
	$(GO) vet ./...
	$(MAKE) verify
	CGO_ENABLED=1 $(GO) test -race -timeout 40m ./domain/... ./commands/... ./projections/... ./internal/... ./api/...
	$(GO) test -timeout 30m ./cmd/...

.PHONY: dependencies
dependencies: toolchain postgresql chromium compiler npm promtool python ## install what the tests need, by Debian's packages

.PHONY: postgresql
postgresql:
	@sh internal/pgrun/install.sh

# A program from a Debian package of (mostly) the same name, installed as root, or
# asked for in one line.
define package
	@command -v $(1) >/dev/null 2>&1 || { test "$$(id -u)" = 0 || { echo '$(1) is missing: sudo apt-get install $(2)'; exit 1; }; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(2) >/dev/null; }
endef

.PHONY: chromium compiler npm promtool python
chromium: ; $(call package,chromium,chromium)
compiler: ; $(call package,gcc,gcc libc6-dev)
npm: ; $(call package,npm,nodejs npm)
promtool: ; $(call package,promtool,--no-install-recommends prometheus)
python: ; $(call package,grpc_python_plugin,python3-grpcio python3-protobuf protobuf-compiler protobuf-compiler-grpc)

.PHONY: toolchain
toolchain:
	@command -v $(GO) >/dev/null 2>&1 || { echo 'Go is missing: install Go 1.26 or newer from https://go.dev/dl/ and put it on the PATH'; exit 1; }
	@$(GO) version | grep -qE 'go(1\.(2[6-9]|[3-9][0-9])|[2-9])' || { echo "$$($(GO) version) is too old: install Go 1.26 or newer from https://go.dev/dl/"; exit 1; }
