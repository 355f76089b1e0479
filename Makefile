# The one way in: `make` alone says what there is. A machine needs Python 3.11 or later and make;
# Node comes as a Python wheel. The stamps make a second run instant: they are older than what
# they were made from exactly when there is something to do.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# npm's scripts look for `node` by name, and it has to be ours.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
NPM := cd pwa && npm --no-update-notifier
PIP_INSTALL := $(BIN)/python -m pip install --quiet --require-hashes
# Two cores is the least a developer has; each worker has its own database and its own server.
TEST_WORKERS ?= 2

CAN_RUN := .venv/can-run
CAN_TEST := .venv/can-test
NODE_MODULES := pwa/node_modules/.package-lock.json
# The build writes the service worker last, so it stands for the whole app.
APP := pwa/dist/sw.js
# Folders are listed too: their time changes when a file goes.
APP_SOURCES := $(shell find pwa/src pwa/public pwa/index.html pwa/*.ts pwa/tsconfig*.json \
  -not -name '*.test.ts*' 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test faults check bench demo types lock clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(CAN_RUN) $(APP) ## start everything; the address and the sign-ins are printed
	@exec $(BIN)/flask --app server.app serve

test: $(CAN_TEST) $(APP) ## run every test: rules, server, phone app, a real browser
	$(NPM) test
	$(BIN)/python tests/browser.py
	$(BIN)/python -m pytest --numprocesses $(TEST_WORKERS) --dist loadfile

faults: $(CAN_TEST) $(APP) ## lose nothing whatever happens: every fault at full length (an hour at most)
	$(BIN)/python tests/browser.py
	HISTORIES=100 $(BIN)/python -m pytest tests/core/test_histories.py
	$(BIN)/python -m tests.faults

check: $(CAN_TEST) $(NODE_MODULES) ## look without running: format, lint, types, the laws of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/oxlint --deny-warnings pwa
	$(NPM) run types
	$(BIN)/python -m pytest tests/test_architecture.py tests/test_api_types.py

bench: $(CAN_TEST) $(APP) ## measure under bounded load
	$(BIN)/python -m bench

demo: $(CAN_RUN) ## fill the database with invented people and their work
	$(BIN)/flask --app server.app demo-data

types: $(CAN_RUN) ## write docs/openapi.json, docs/permissions.md and the phone app's types
	$(BIN)/flask --app server.app openapi write docs/openapi.json
	$(BIN)/flask --app server.app permissions > docs/permissions.md
	$(BIN)/python pwa/api_types.py docs/openapi.json pwa/src/core/routes.ts

lock: ## pin the newest allowed versions again
	$(PYTHON) -m venv .build/lock
	.build/lock/bin/python -m pip install --quiet uv
	for part in requirements requirements-build requirements-dev; do \
	  .build/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	    --generate-hashes --no-emit-index-url --system-certs \
	    --custom-compile-command 'make lock' --output-file $$part.txt $$part.in || exit 1; \
	done

clean: ## throw away what was built and installed; data stays
	rm -rf .venv .build pwa/node_modules pwa/dist

$(CAN_RUN): requirements.txt requirements-build.txt
	$(PYTHON) -m venv .venv
	$(PIP_INSTALL) -r requirements.txt -r requirements-build.txt
	@touch $@

$(CAN_TEST): requirements-dev.txt $(CAN_RUN)
	$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

$(NODE_MODULES): pwa/package.json pwa/package-lock.json pwa/.npmrc | $(CAN_RUN)
	$(NPM) ci --loglevel error
	@touch $@

$(APP): $(NODE_MODULES) $(APP_SOURCES)
	$(NPM) run --silent build -- --logLevel warn
	@touch $@
