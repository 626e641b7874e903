# Two commands: `make serve` and `make test`. Both begin with `make setup`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV := .venv/bin/uv
export UV_PYTHON_DOWNLOADS := never

.PHONY: help setup serve test check coverage mutants docs frontend wheel peers benchmarks pins clean

help:
	@echo "make serve   set up, build the graph if there is none, serve it on http://127.0.0.1:8000"
	@echo "make test    set up what the tests need, run every check"
	@echo "make setup   only .venv/bin/tiaokuai;  make check: the checks, nothing installed first"
	@echo "make coverage   branches that the tests reach;  make mutants: changes that they notice"
	@echo "make docs    the documentation as a site, in dist/docs"
	@echo "make benchmarks   every figure of docs/benchmarks.md again (an hour)"
	@echo "make wheel   dist/*.whl;  make pins: compile requirements/ again;  make clean: forget it all"

setup: .venv/.run

# test.txt holds all of run.txt: where the tests were set up once, they stay.
.venv/.run: requirements/run.txt pyproject.toml viz/frontend.py $(UV)
	@$(MAKE) --no-print-directory .venv/.install-$(if $(wildcard .venv/.test),test,run)

.venv/.test: requirements/test.txt pyproject.toml viz/frontend.py $(UV)
	@$(MAKE) --no-print-directory .venv/.install-test

# The sync takes our own package away, so it is installed after it; the front end needs both.
.venv/.install-run .venv/.install-test: .venv/.install-%: requirements/%.txt
	$(UV) pip sync --quiet --python .venv/bin/python --require-hashes requirements/$*.txt
	$(UV) pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
	.venv/bin/python -m viz.frontend
	@touch .venv/.run .venv/.$*

.PHONY: .venv/.install-run .venv/.install-test

# The other servers of the benchmarks have an environment of their own, and so has the site.
peers: .venv/peers/.done

.venv/peers/.done: requirements/peers.txt $(UV)
	$(UV) venv --quiet --allow-existing --python .venv/bin/python .venv/peers
	$(UV) pip sync --quiet --python .venv/peers/bin/python --require-hashes requirements/peers.txt
	@touch $@

$(UV): requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.version_info < (3, 11) and sys.exit("Python 3.11 or newer is needed")'
	test -x .venv/bin/python || $(PYTHON) -m venv --without-pip .venv
	$(PYTHON) -m pip --python .venv/bin/python install --quiet --require-hashes -r requirements/uv.txt
	@touch $@

serve: setup
	.venv/bin/tiaokuai serve

test: .venv/.test
	@.ci/tools
	@$(MAKE) --no-print-directory check

check:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	left=$$(.ci/tools --expression) && .venv/bin/python -m pytest -q -n 2 -m "$$left"

# Browsers and engines add nothing that the rest does not reach.
coverage: .venv/.test
	.venv/bin/coverage erase
	.venv/bin/coverage run -m pytest -q -m "not chromium and not virtuoso"
	.venv/bin/coverage report

mutants: .venv/.test
	.venv/bin/python -m benchmarks.mutants --write docs/testing.md

docs: .venv/docs/.done .venv/.run
	.venv/bin/python docs/draw_architecture.py
	NO_MKDOCS_2_WARNING=1 .venv/docs/bin/python -m mkdocs build --strict --quiet

.venv/docs/.done: requirements/docs.txt $(UV)
	$(UV) venv --quiet --allow-existing --python .venv/bin/python .venv/docs
	$(UV) pip sync --quiet --python .venv/docs/bin/python --require-hashes requirements/docs.txt
	@touch $@

frontend: setup
	.venv/bin/python -m viz.frontend

# Everything is measured again and written down.
PAGE := --write docs/benchmarks.md

benchmarks: .venv/.test peers
	.venv/bin/python -m benchmarks.peers $(PAGE)
	.venv/bin/python -m benchmarks.pages $(PAGE)
	.venv/bin/python -m benchmarks.reading $(PAGE)
	.venv/bin/python -m benchmarks.corpus $(PAGE)
	.venv/bin/python -m benchmarks.sizes $(PAGE)

wheel: setup
	.venv/bin/python -m hatchling build -t wheel

COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make pins" $(PINS)

# `make pins PINS=--upgrade` takes newer releases.
pins: $(UV)
	$(COMPILE) requirements/uv.in -o requirements/uv.txt
	$(COMPILE) requirements/node.in -o requirements/node.txt
	$(COMPILE) requirements/peers.in -o requirements/peers.txt
	$(COMPILE) requirements/docs.in -o requirements/docs.txt
	$(COMPILE) pyproject.toml requirements/run.in -o requirements/run.txt
	$(COMPILE) --extra geo --extra mcp --extra ocr pyproject.toml requirements/run.in \
		requirements/test.in -c requirements/run.txt \
		-o requirements/test.txt

clean:
	rm -rf .venv dist viz/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis
