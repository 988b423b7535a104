# make demo    plays the story on an embedded site and serves it      make test          everything that needs no service
# make serve   desk and portal on loopback                            make test-mariadb  the same on a private MariaDB
# make lint    ruff and the rules between rooms                       make test-bench    the same on a bench site
# make clean   removes all that was built here                        make benchmark     figures of the core
# make test-security  the isolation table and all that is marked as security (docs/security.md)
# make translations   brings main.pot and sv.po in line with the code and lists what to translate

SHELL := /bin/bash
VENV := .venv/bin/python
PYTEST := $(VENV) -m pytest
FOLDERS = $(wildcard tests/core tests/site tests/portal)

.PHONY: demo serve test test-security test-mariadb test-bench test-bench-desk benchmark translations lint clean venv venv-test lock

demo: venv
	@$(VENV) -m embedded.demo

serve: venv
	@$(VENV) -m embedded serve $(if $(SITE),--site "$(SITE)") $(if $(PORT),--port "$(PORT)")

test: venv-test
	@$(PYTEST) $(FOLDERS) $(ARGS)

test-security: venv-test
	@$(PYTEST) $(FOLDERS) -m security $(ARGS)

# What several workers commit stays on their site: each folder has a site of its own.
test-mariadb: venv-test
	@for folder in tests/site tests/concurrency; do SUPPORT_RETAINER_SITE=mariadb $(VENV) -m embedded mariadb run -- \
		$(PYTEST) $$folder $(ARGS) || exit 1; done

# SITE is the site's name, BENCH the bench's folder; with BENCH_URL (http://my.site:8000) a browser drives its desk too.
# What pytest needs is put beside the bench's environment, not into it.
test-bench:
	@if [ -z "$(SITE)" ] || [ ! -x "$(BENCH)/env/bin/python" ]; then \
		echo "Say which site of which bench: make test-bench SITE=my.site BENCH=/home/frappe/frappe-bench" >&2; exit 2; fi
	@python3 -m pip --version >/dev/null 2>&1 || { echo "pip is missing: apt-get install python3-pip" >&2; exit 2; }
	@sum=$$(sha256sum < requirements/bench.txt); \
	if [ "$$sum" != "$$(cat .bench/stamp 2>/dev/null)" ]; then rm -rf .bench && mkdir .bench && \
		"$(BENCH)/env/bin/python" -m pip install --quiet --no-deps --target .bench/packages -r requirements/bench.txt && \
		echo "$$sum" > .bench/stamp; fi
	@here="$$PWD"; cd "$(BENCH)/sites" && SUPPORT_RETAINER_SITE=bench FRAPPE_SITE="$(SITE)" \
		PYTHONPATH="$$here/.bench/packages" ../env/bin/python -m pytest -p no:cacheprovider \
		--rootdir "$$here" -c "$$here/pyproject.toml" "$$here/tests/site" $(ARGS)
	@if [ -n "$(BENCH_URL)" ]; then $(MAKE) --no-print-directory test-bench-desk; fi

# An agency's first day in a real browser, on the desk that BENCH_URL serves. BENCH_PASSWORD is Administrator's (admin).
test-bench-desk: venv-test
	@BENCH_URL="$(BENCH_URL)" $(PYTEST) tests/portal/test_first_day.py $(BROWSER_ARGS)

benchmark: venv-test
	@for file in benchmarks/*.py; do echo "== $$file"; PYTHONPATH=. $(VENV) "$$file" || exit 1; done

# Ends with an error while there is something to translate.
translations: venv-test
	@$(VENV) -m tools.translations

lint: venv-test
	@$(VENV) -m ruff check . && $(VENV) -m ruff format --check .

clean:
	@rm -rf .venv .embedded .bench .pytest_cache .ruff_cache .hypothesis embedded/assets/node_modules
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

venv:
	@bash embedded/venv.sh runtime

venv-test:
	@bash embedded/venv.sh test

# Writes the locks anew from runtime.in and test.in (needs the registry).
lock:
	@bash embedded/lock.sh
