# Needs Python 3.11 or newer and git; works with the make of macOS (3.81). `make` alone lists the commands.

PORT ?= 8501
CAMPAIGN := $(or $(CAMPAIGN),$(DASHBOARD_CAMPAIGN),data)
PYTHON ?=
# A folder that `make wheelhouse` has filled: packages come from there alone, without a network.
WHEELHOUSE ?=

PY := .venv/bin/python
USER := .venv/installed-to-run
DEV := .venv/installed-to-develop
SPARK := .venv/installed-to-share
COMPILE := -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --strip-extras \
	--custom-compile-command "make requirements"
UPGRADES = $(if $(UPGRADE),$(if $(filter all,$(UPGRADE)),--upgrade,--upgrade-package "$(UPGRADE)"))

# A file whose hash is not in the list is refused, whoever sent it.
INSTALL := deploy/packages.py --require-hashes $(if $(WHEELHOUSE),--no-index --find-links "$(WHEELHOUSE)")

export PIP_DISABLE_PIP_VERSION_CHECK = 1
# What is installed to run has no bytecode yet: it is made, and kept, when it is first used.
unexport PYTHONDONTWRITEBYTECODE

# Whether .venv can be used: it cannot when making it was interrupted, or when its Python is gone or too old.
VENV_WORKS := $(shell $(PY) -c 'import sys, pip._internal.cli.main; print(sys.version_info >= (3, 11))' 2>/dev/null)
ifneq ($(VENV_WORKS),True)
REMAKE := remake-venv
endif

# The tests on every core: with which browser, those of which marks, with how many drawn examples. A process takes whole
# groups (`tests/conftest.py`), the largest first. Bytecode is kept: to make it anew in every process that a
# test starts takes longer than what most of them do.
run-tests = unset DASHBOARD_CAMPAIGN PYTHONDONTWRITEBYTECODE; DASHBOARD_CHROMIUM="$(1)" $(PY) -m pytest -n auto \
	-m "$(2)" --hypothesis-profile=$(3)

.NOTPARALLEL:
.PHONY: help run serve build spark test test-quick test-nightly check format wheel bench soak unattended requirements audit wheelhouse guides clean \
	remake-venv

help:  ## List the commands
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:[^#]*## /|/' | awk -F'|' '{ printf "  make %-13s %s\n", $$1, $$2 }'

run: $(USER)  ## Install, build the snapshot and show the pages; PORT=8600 chooses another port
	@DASHBOARD_CAMPAIGN="$(CAMPAIGN)" $(PY) -m dashboard start --port "$(PORT)"

serve: $(USER)  ## Show the pages of the snapshot built before
	@DASHBOARD_BASE_URL="$${DASHBOARD_BASE_URL:-http://127.0.0.1:$(PORT)}" \
		DASHBOARD_CAMPAIGN="$(CAMPAIGN)" DASHBOARD_STAFF="$${DASHBOARD_STAFF:-open}" \
		DASHBOARD_NEWSLETTER="$${DASHBOARD_NEWSLETTER:-on}" DASHBOARD_LOG_LEVEL="$${DASHBOARD_LOG_LEVEL:-warning}" \
		$(PY) -m dashboard serve --port "$(PORT)"

build: $(USER)  ## Read the exports and publish a snapshot; CAMPAIGN=folder chooses another campaign
	@$(PY) -m etl build --campaign "$(CAMPAIGN)"

test: $(DEV)  ## Run the tests that a change must pass (six minutes on two cores); installs a Chromium if there is none
	@chromium="$$($(PY) tests/chromium.py)" || exit 1; $(call run-tests,$$chromium,not nightly,few)

test-quick: $(DEV)  ## Run those that need no browser, kill nothing and are quick (a minute and a half)
	@$(call run-tests,,not (browser or kills or hostile or slow or nightly),few)

test-nightly: $(DEV) $(if $(shell command -v java),$(SPARK))  ## Run what `make test` leaves out: more cases, kills and drawn examples, every page by axe, Spark where it is
	@chromium="$$($(PY) tests/chromium.py)" || exit 1; $(call run-tests,$$chromium,nightly or drawn,many)

# The types in one process beside the SQL: mypy's own workers must start within three seconds, and on a machine that runs
# the tests they do not.
check: $(DEV)  ## Check format, code, types, direction of imports and SQL
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -c 'from importlinter.cli import lint_imports_command as check; check()'
	$(PY) -m sqlfluff lint etl dashboard benchmarks & sql=$$!; $(PY) -m mypy; types=$$?; wait $$sql && exit $$types

format: $(DEV)  ## Put code into the project's format
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	$(PY) -m sqlfluff fix --quiet etl dashboard benchmarks

wheel: $(DEV)  ## Build the installable program into dist/
	$(PY) -m hatchling build -t wheel

bench: $(DEV)  ## Measure speed and memory; docs/performance.md says how to read the tables
	@chromium="$$($(PY) tests/chromium.py)" || exit 1; export DASHBOARD_CHROMIUM="$$chromium"; \
		$(PY) -m benchmarks.etl_build && $(PY) -m benchmarks.pages && $(PY) -m benchmarks.replay && $(PY) -m benchmarks.readers && $(PY) -m benchmarks.extract && \
		$(PY) -m benchmarks.extract_formats && $(PY) -m benchmarks.downloads && \
		$(PY) -m benchmarks.pictures && $(PY) -m benchmarks.embeds && $(PY) -m benchmarks.flood && $(PY) -m benchmarks.attacks

soak: $(DEV)  ## Readers, downloads, embeds and publications for MINUTES=30; docs/testing.md says what must hold
	$(PY) -m benchmarks.soak --minutes $(or $(MINUTES),30) --log soak.log

unattended: $(DEV)  ## From new answers to open pages, with nobody at hand, for MINUTES=60; docs/links-and-charts.md says how long it takes
	@chromium="$$($(PY) tests/chromium.py)" || exit 1; export DASHBOARD_CHROMIUM="$$chromium"; \
		$(PY) -m benchmarks.unattended --minutes $(or $(MINUTES),60) --log unattended.log

spark: $(SPARK)  ## Install what `etl build --engine spark` needs besides (435 MB); Java 17 or newer is the system's

requirements: $(DEV)  ## Compile pyproject.toml into requirements*.txt; UPGRADE=package (or all) takes newer versions
	$(PY) $(COMPILE) $(UPGRADES) -o requirements.txt pyproject.toml
	$(PY) $(COMPILE) $(UPGRADES) -o requirements-dev.txt requirements.txt --group dev
	$(PY) $(COMPILE) $(UPGRADES) -o requirements-spark.txt -c requirements.txt --group spark

audit: $(DEV)  ## Ask for known weaknesses, check licences, list what is in the program (audit/sbom.cdx.json)
	@$(PY) -m tests.supply.audit $(if $(REPORT),--report "$(REPORT)")

wheelhouse: $(USER)  ## Fetch all packages for installing offline; PLATFORM=linux-x86_64 PYTHON_VERSION=3.12 for elsewhere
	@$(PY) -m tests.supply.wheelhouse --to "$(or $(WHEELHOUSE),wheelhouse)" \
		$(if $(PLATFORM),--platform $(PLATFORM)) $(if $(PYTHON_VERSION),--python $(PYTHON_VERSION))

guides: $(DEV)  ## Take the pictures of the guides anew, from the fictional sample (some minutes)
	@chromium="$$($(PY) tests/chromium.py)" || exit 1; unset DASHBOARD_CAMPAIGN; DASHBOARD_CHROMIUM="$$chromium" \
		$(PY) -m tests.browser.guides.pictures

clean:  ## Remove what the tools made (.venv, caches, benchmark results); data stays
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache benchmarks/results audit
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(USER): requirements.txt $(REMAKE)
	@$(MAKE) -s --no-print-directory .venv/bin/python
	@echo "Installing what the dashboard needs: 240 MB to fetch, 700 MB on the disk, some minutes ..."
	@$(PY) $(INSTALL) -r requirements.txt --slim
	@touch $(USER)

$(DEV): requirements.txt requirements-dev.txt $(REMAKE)
	@$(MAKE) -s --no-print-directory .venv/bin/python
	@echo "Installing what development and tests need (the first time takes a minute or two) ..."
	@$(PY) $(INSTALL) -r requirements-dev.txt
	@$(PY) -m pytest -q --collect-only >/dev/null || true  # the bytecode is made once, not in each process of the tests
	@touch $(USER) $(DEV)

$(SPARK): requirements-spark.txt $(USER)
	@echo "Installing Spark (435 MB) ..."
	@$(PY) $(INSTALL) -r requirements-spark.txt
	@touch $(SPARK)

remake-venv:
	@rm -rf .venv

.venv/bin/python:
	@found=""; \
	for candidate in "$(PYTHON)" python3 python3.14 python3.13 python3.12 python3.11 python; do \
		if [ -n "$$candidate" ] && "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			found="$$candidate"; break; \
		fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Python 3.11 or newer was not found. Install it, or name it: make run PYTHON=/path/to/python3" >&2; exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$found lacks the venv module. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; \
	fi; \
	"$$found" -m venv .venv
