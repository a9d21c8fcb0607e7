# Everything here sets itself up in .venv; it needs Python 3.11 or newer and the package index, nothing else.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test check lint size prices format docs site expected texts benchmark fuzz losses mutants clean

demo: $(VENV)/installed
	@$(BIN)/migrascope demo

test: $(VENV)/tools
	$(BIN)/pytest -n 3 --dist worksteal

check: lint test

# Everything that is checked but the tests.
lint: $(VENV)/tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --config setup.cfg
	$(BIN)/migrascope rules lint
	$(BIN)/migrascope rules test
	$(BIN)/python -m docs.generate --check

format: $(VENV)/tools
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/tools
	$(BIN)/python -m docs.generate

expected: $(VENV)/tools
	$(BIN)/python -m docs.generate --expected

# The derived tables of the price book, out of packages.
prices: $(VENV)/tools
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group prices
	$(BIN)/python -m tools.price_book

# The documentation as a static site in build/site, with the reports of the examples.
site: $(VENV)/tools
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group site
	$(BIN)/python -m docs.site

texts: $(VENV)/tools
	$(BIN)/python -m docs.generate --texts

benchmark: $(VENV)/tools
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench
	$(BIN)/python -m benchmarks.start_up
	-$(BIN)/python -m benchmarks.engines
	-$(BIN)/python -m benchmarks.large_estate
	-$(BIN)/python -m benchmarks.cost

# Ten thousand instances in one page, in a limited room. The emulator wants a version of the SDK of its own.
size: $(VENV)/tools
	@test -x $(VENV)-ministack/bin/ministack || { $(BIN)/python -m venv --without-pip $(VENV)-ministack \
	  && $(BIN)/python -m pip --python $(VENV)-ministack/bin/python --quiet --disable-pip-version-check install 'ministack>=1.5,<2'; }
	$(BIN)/python -m benchmarks.collect_large --server $(VENV)-ministack/bin/python --limit $(or $(LIMIT_MB),300)

# For a nightly run; FUZZ_SECONDS=600 by default.
fuzz: $(VENV)/tools
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group fuzz
	$(BIN)/python -m benchmarks.fuzz_rules -max_total_time=$(or $(FUZZ_SECONDS),600) -timeout=5 -rss_limit_mb=1500

# For a nightly run: each single loss of three estates and what it clears, some thirteen minutes; and the whole law of losses,
# of which STEP=1 takes a night.
losses: $(VENV)/tools
	$(BIN)/python -m benchmarks.nothing_lost
	$(BIN)/python -m benchmarks.law $(STEP)

# For a nightly run: deliberate faults put into the code, and how many of them the tests do not notice.
mutants: $(VENV)/tools
	$(BIN)/python -m benchmarks.mutants $(or $(MUTANTS),400)

clean:
	rm -rf $(VENV) $(VENV)-ministack build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# A Debian Python may come without ensurepip; then the machine's own pip fills the environment.
$(VENV)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "migrascope needs Python 3.11 or newer; name one with: make PYTHON=python3.12"; exit 1; }
	@echo "setting up $(VENV), the first time only"
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 \
	  || { rm -rf $(VENV) && $(PYTHON) -m venv --without-pip $(VENV) \
	       && $(PYTHON) -m pip --quiet --python $(BIN)/python install pip; } \
	  || { echo "no pip for $(PYTHON): install python3-venv or python3-pip first"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/installed: $(VENV)/pip pyproject.toml
	@echo "installing migrascope"
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/tools: $(VENV)/installed
	@echo "installing the tools for tests and checks"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@
