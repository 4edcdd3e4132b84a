# `make help` lists the targets. Everything runs in .venv, made from requirements.lock.

SUPPORTED := 3.11 3.12 3.13
VERSION_OF = $(shell $(1) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
CANDIDATES := python3 python3.11 python3.12 python3.13
PYTHON ?= $(firstword $(foreach p,$(CANDIDATES),$(if $(filter $(SUPPORTED),$(call VERSION_OF,$(p))),$(p))))

BIN := .venv/bin
READY := .venv/ready
CHAPTERS := $(wildcard chapters/*.ipynb)
export TF_CPP_MIN_LOG_LEVEL := 2
export TF_ENABLE_ONEDNN_OPTS ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup book serve notebooks lint unit chapters browser test bench lock art clean distclean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(READY)  ## make the virtual environment with the tested packages

$(READY): requirements.lock pyproject.toml
	@case " $(SUPPORTED) " in *" $(call VERSION_OF,$(PYTHON)) "*) ;; \
	  *) echo "This book needs Python 3.11, 3.12 or 3.13; $(or $(PYTHON),python3) is $(or $(call VERSION_OF,$(or $(PYTHON),python3)),missing). Try: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1;; esac
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

book: $(READY)  ## execute every notebook, build the HTML, say where it is
	@$(BIN)/python -m tools.book

serve: $(READY)  ## serve the built book on this machine (PORT=8000)
	@$(BIN)/python -m tools.serve $(PORT)

notebooks: $(READY)  ## rerun the notebooks; refresh pins, canonical form and addresses
	$(BIN)/python -m tools.notebooks refresh

lint: $(READY)  ## ruff, codespell
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell

unit: $(READY)  ## unit and property tests, doctests
	$(BIN)/python -m pytest -q -m "not browser"

chapters: $(READY)  ## every notebook, its pinned outputs compared
	$(BIN)/python -m pytest -q --nbval-lax --nbval-current-env \
	  --nbval-sanitize-with tests/nbval_sanitize.cfg -p no:cacheprovider chapters

browser: $(READY) book  ## the built book in headless Chromium
	$(BIN)/python -m pytest -q -m browser

test: lint unit chapters browser  ## everything that guards the project

bench: $(READY)  ## speed against TensorFlow, as ratios (on an idle machine)
	$(BIN)/python -m benchmarks

art: $(READY)  ## draw the cover and the favicon anew
	$(BIN)/python -m tools.art

lock: $(READY)  ## write requirements.lock anew from requirements.txt
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header \
	  --no-emit-index-url --no-emit-find-links requirements.txt -o requirements.lock

clean:  ## remove what was built
	rm -rf _build build dist *.egg-info

distclean: clean  ## and the virtual environment
	rm -rf .venv
