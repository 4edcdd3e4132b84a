# `make help` lists the targets. Everything runs in $(VENV), made from $(LOCK).
# GNU make 3.81, which macOS has, must be able to read this.

SUPPORTED := 3.11 3.12 3.13
CANDIDATES := python3 $(SUPPORTED:%=python%)
VERSION_OF = $(shell $(1) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
FOUND = $(firstword $(foreach name,$(CANDIDATES),\
  $(if $(filter $(SUPPORTED),$(call VERSION_OF,$(name))),$(name))))

VENV := .venv
LOCK := requirements.lock
NEWEST := _build/requirements-newest.txt
BIN := $(VENV)/bin
READY := $(VENV)/ready
# How many processes test at the same time: each holds its own TensorFlow.
WORKERS ?= 2
PIP := PIP_ROOT_USER_ACTION=ignore $(BIN)/python -m pip --disable-pip-version-check -qq
export TF_CPP_MIN_LOG_LEVEL := 2

# What is wrong with Python is said in one line, before anything is made: it would show
# much later, in the middle of some package. $(PYTHON) is what the caller names, if any.
GIVEN = $(or $(call VERSION_OF,$(PYTHON)),not a Python)
OURS = $(if $(wildcard $(VENV)),$(or $(call VERSION_OF,$(BIN)/python),gone))
NEED := This book needs Python 3.11, 3.12 or 3.13
TRY = Try: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11
AFRESH := Run `make distclean`, then again
PROBLEM = $(or \
  $(if $(PYTHON),$(if $(filter-out $(SUPPORTED),$(GIVEN)),\
    $(NEED); $(PYTHON) is $(GIVEN). $(TRY))),\
  $(if $(filter-out $(SUPPORTED),$(OURS)),$(NEED); the one in $(VENV) is $(OURS). $(AFRESH)),\
  $(if $(and $(PYTHON),$(OURS)),$(if $(filter-out $(OURS),$(GIVEN)),\
    $(VENV) has Python $(OURS); $(PYTHON) is $(GIVEN). $(AFRESH))),\
  $(if $(PYTHON)$(OURS)$(FOUND),,$(NEED); none of $(CANDIDATES) is one. $(TRY)))

.DEFAULT_GOAL := help
.PHONY: help setup book serve notebooks lint unit chapters browser test bench \
  bench-training bench-book print picture lock art clean distclean \
  check-python check-chromium \
  assignments check-exercises grade refresh lab test-oldest test-newest tarball

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-17s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY)  ## make the virtual environment with the tested packages

check-python:
	$(if $(PROBLEM),$(error $(strip $(PROBLEM))))

$(READY): $(LOCK) pyproject.toml | check-python
	@echo "Setting up $(VENV) with the packages of $(LOCK). The first time takes minutes."
	@test -x $(BIN)/python || $(or $(PYTHON),$(FOUND)) -m venv $(VENV)
	@$(PIP) install -r $(LOCK)
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

book: $(READY)  ## execute every notebook, build the HTML, say where it is
	@$(BIN)/python -m tools.book

serve: $(READY)  ## serve the built book on this machine (PORT=8000)
	@$(BIN)/python -m tools.serve $(PORT)

print: check-chromium book  ## print the book into one PDF, _build/seeing-with-convolutions.pdf
	@$(BIN)/python -m tools.print_edition

notebooks: $(READY)  ## rerun the notebooks; refresh pins, canonical form and addresses
	$(BIN)/python -m tools.notebooks refresh

refresh: $(READY)  ## the same, where a network was trained anew (TRAINED=names)
	$(BIN)/python -m tools.notebooks refresh --trained $(TRAINED)

lab: $(READY)  ## the chapters in JupyterLab
	$(BIN)/jupyter lab chapters

lint: $(READY)  ## ruff, codespell
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell

unit: $(READY)  ## unit and property tests, doctests
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m "not browser" $(TESTS)

chapters: $(READY)  ## every notebook, its pinned outputs compared
	env $$($(BIN)/python -m tools.notebooks environment) \
	  $(BIN)/python -m pytest -q --nbval-lax --nbval-current-env --nbval-cell-timeout 120 \
	  --nbval-sanitize-with tests/nbval_sanitize.cfg -p no:cacheprovider \
	  -n $(WORKERS) --dist loadfile \
	  $(or $(CHAPTERS),chapters)

check-chromium: $(READY)
	@$(BIN)/python -m tools.chromium

browser: $(READY) check-chromium book  ## the built book in headless Chromium
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m browser

assignments: $(READY)  ## exercise sets for students and graders (BANK=folder SEED=1)
	@$(BIN)/python -m tools.exercises.build $(if $(BANK),--bank "$(BANK)") \
	  $(if $(SEED),--seed $(SEED))

check-exercises: $(READY)  ## solutions, stubs and wrong answers of each set (BANK, SEED)
	@$(BIN)/python -m tools.exercises.check $(if $(BANK),--bank "$(BANK)") \
	  $(if $(SEED),--seed $(SEED))

grade: $(READY)  ## marks for a folder of notebooks (SUBMISSIONS=folder)
	@$(BIN)/python -m tools.grading "$(SUBMISSIONS)" \
	  $(if $(ASSIGNMENT),--assignment "$(ASSIGNMENT)") \
	  $(if $(ISOLATION),--isolation $(ISOLATION))

# A Chromium that is not there is better told of now than after minutes. The sets come
# last: what they look through for solutions is the built book.
test: check-chromium lint unit chapters browser check-exercises  ## everything that guards the project

# Two chapters and the tests of what the others stand on.
SAMPLE = CHAPTERS="$(wildcard chapters/0[25]_*.ipynb)" TESTS="helpers $(patsubst \
  %,tests/test_%.py,architectures conv layers metrics pooling pretrained segmentation \
  trained training widgets)"

test-oldest:  ## a sample, with the oldest packages that requirements.txt allows
	@$(MAKE) VENV=.venv-oldest LOCK=requirements-oldest.lock $(SAMPLE) unit chapters

# What stands above this line of requirements.txt stays: its next versions are known
# to be other programs.
RUN_ON := \# what the chapters run on

$(NEWEST): requirements.txt
	@mkdir -p $(@D)
	@sed '/^$(RUN_ON)/,$$ s/,*<[0-9.]*//' $< > $@

test-newest: $(NEWEST)  ## all but the browser, with the newest packages there are
	@$(MAKE) VENV=.venv-newest LOCK=$(NEWEST) unit chapters

bench: $(READY)  ## speed against TensorFlow, as ratios (on an idle machine)
	$(BIN)/python -m benchmarks

bench-book: check-chromium  ## how long building, testing and reading take (an hour, idle machine)
	$(BIN)/python -m benchmarks._book

bench-training: $(READY)  ## the compact network against the usual one (idle machine)
	$(BIN)/python -m benchmarks._training

art: $(READY)  ## draw the cover and the favicon anew
	$(BIN)/python -m tools.art

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate \
  --no-header --no-emit-index-url --no-emit-find-links requirements.txt

picture: check-chromium book  ## take the README's picture of the book anew
	@$(BIN)/python -m tools.screenshot

lock: $(READY)  ## write both locks anew from requirements.txt
	@$(PIP) install uv
	$(COMPILE) -o requirements.lock
	$(COMPILE) --resolution lowest-direct -o requirements-oldest.lock

tarball: book  ## archives of the built book and its source, with checksums (TAG=v1.2.3)
	@$(BIN)/python -m tools.release $(TAG)

clean:  ## remove what was built
	rm -rf _build build dist *.egg-info

distclean: clean  ## and the virtual environments
	rm -rf .venv .venv-*
