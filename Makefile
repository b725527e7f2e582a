# Pixmill's two commands are `make demo` and `make test`. Both set up all they need in .venv.
SHELL := /bin/sh
BIN := .venv/bin

.PHONY: help demo lightbox test check unit bench cold-start overlap uploads faults fuzz bombs privileges corpora screenshots format lock clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

.venv/.ready: requirements/uv.txt requirements/dev.txt pyproject.toml hatch_build.py $(wildcard src/pixmill/engine/lanczos/*.c) scripts/setup
	@sh scripts/setup
	@touch $@

demo: .venv/.ready ## make every rendition of the sample photos and a page to look at
	@$(BIN)/python examples/demo.py

lightbox: .venv/.ready ## the sample photos on a local page: drop pictures and watch
	@mkdir -p build/lightbox && cp -R examples/photos build/lightbox
	@$(BIN)/pixmill serve build/lightbox/photos build/lightbox/renditions --recipe examples/demo.toml --open

test: check unit ## everything that must hold: style, types, layers, tests

check: .venv/.ready ## style, types and layers alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/pyright

.venv/.browser: .venv/.ready scripts/debian
	@sh scripts/debian /usr/bin/chromium chromium "the browser tests"
	@touch $@

.venv/.emulator: .venv/.ready scripts/debian
	@test "$$(uname -m)" = aarch64 || sh scripts/debian qemu-aarch64 qemu-user "the test of the code for ARM"
	@touch $@

unit: .venv/.ready .venv/.browser .venv/.emulator ## the tests alone
	$(BIN)/python -m pytest

cold-start: .venv/.ready ## what the first invocation of the Lambda costs, beside the first sketch
	$(BIN)/python benchmarks/cold_start.py

overlap: .venv/.ready ## what latency of the storage costs a batch in the Lambda, as a ratio
	$(BIN)/python benchmarks/overlap.py

faults: .venv/.ready ## 10,000 faults on 2,000 originals, with a report of what was lost and what is wrong
	$(BIN)/python -m tests.faults

uploads: .venv/.ready ## 300 pictures through the emulated pipeline, with the rate and the time to ready
	$(BIN)/python -m tests.pipeline.uploads --count 300

fuzz: .venv/.ready ## every entrance for foreign bytes, ten minutes; ARGS="--only decode --seconds 7200"
	$(BIN)/python -m fuzz $(ARGS)

bombs: .venv/.ready ## files that would take all memory or time, and what refusing them takes
	@$(BIN)/python -m tests.engine.bombs

bench: .venv/.ready ## the same job done by Pixmill and by its peers, as ratios; ARGS=--quick
	$(BIN)/python benchmarks/run.py $(ARGS)

privileges: .venv/.ready ## every right of a deployed pipeline taken away in turn, and what breaks
	@$(BIN)/python -W ignore -m tests.deploy.privileges

corpora: .venv/.ready ## public test sets through the engine; ARGS=--accept writes the verdicts
	$(BIN)/python -m tests.corpora $(ARGS)

screenshots: .venv/.ready .venv/.browser ## the local page as the README shows it
	$(BIN)/python scripts/screenshots

format: .venv/.ready ## let ruff arrange the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: .venv/.ready ## resolve the dependencies anew (hashes, no addresses)
	sh scripts/lock

clean: ## remove everything that was set up or built
	rm -rf .venv build dist .pytest_cache .ruff_cache .hypothesis
