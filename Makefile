# chibo. `make demo` shows it, `make test` proves it.

SHELL := /bin/bash
export CGO_ENABLED := 0

SCALE ?= commune
SEED  ?= 138
DATA  ?= data/demo
ADDR  ?= 127.0.0.1:8080

TEMPL   := go run github.com/a-h/templ/cmd/templ@v0.3.977
GOFUMPT := go run mvdan.cc/gofumpt@v0.12.0

.PHONY: demo build assets generate fmt check test bench clean tools

## demo: build, fill a demo commune if there is none yet, and serve it
demo: build
	@test -e $(DATA)/chibo.db || bin/chibo demo --scale $(SCALE) --seed $(SEED) --data $(DATA)
	bin/chibo serve --data $(DATA) --addr $(ADDR)

## build: bin/chibo with everything inside
build: assets
	go build -trimpath -ldflags='-s -w' -o bin/chibo ./cmd/chibo

## assets: the style sheets, scripts and fonts that the program embeds
assets: internal/web/static/dist/manifest.json

internal/web/static/dist/manifest.json: frontend/node_modules/.installed $(shell find frontend -path frontend/node_modules -prune -o -type f -print)
	go run ./frontend/build
	@touch $@

frontend/node_modules/.installed: frontend/package.json frontend/package-lock.json
	@$(MAKE) --no-print-directory tools
	cd frontend && npm ci --loglevel=error
	@touch $@

# Go, Node and make are expected; what else may be missing on a bare machine
# is asked of Debian.
tools:
	@command -v go >/dev/null || { echo "chibo: please install Go 1.26 first" >&2; exit 1; }
	@command -v npm >/dev/null || scripts/install-packages nodejs npm

## generate: the Go of the pages, from *.templ
generate:
	$(TEMPL) generate -log-level error
	go generate ./internal/api/client

## fmt: format all sources
fmt:
	git ls-files -co --exclude-standard '*.go' | grep -vE '_(templ|gen)\.go$$' | xargs $(GOFUMPT) -w
	$(TEMPL) fmt -log-level error internal

## check: format, vet, generated files, modules, types
check: assets
	scripts/check

## test: everything, on both databases and in a browser
test: assets
	scripts/install-test-needs
	$(MAKE) --no-print-directory check
	CHIBO_TEST_BROWSER=$${CHIBO_TEST_BROWSER:-$$(command -v chromium)} scripts/with-postgres go test -timeout 20m ./...

## bench: the budgets, measured on this machine
bench: build
	bin/chibo bench all --json

## clean: what was built; the demo data too
clean:
	rm -rf bin data/demo
	find internal/web/static/dist -type f ! -name .gitkeep -delete
