# Everything from a bare Python 3.11+: `make run` to use it, `make test` to change it. CONTRIBUTING.md says more.
PYTHON ?= python3
SCALE ?= 10000
export PYTHONUNBUFFERED = 1

bin := .venv/bin
# A third process works while the other two wait for their browsers; who has nothing left takes from the others.
together := -n 3 --dist worksteal
rooms := engine web background accounts frame notices leads intake scoring studio handoff insights leadqual devserver \
         benchmarks
templates := $(wildcard templates */templates)

.PHONY: run setup services test test-quick test-deep chaos bench lint messages tools

run: setup  ## the demo, in the foreground; PORT=8123 make run for another port
	@exec $(bin)/python -m devserver.supervisor

setup:  ## environment, browser files, compiled messages
	@$(PYTHON) -I devserver/bootstrap.py demo

services: setup  ## the embedded PostgreSQL and Valkey only, in the foreground
	@exec $(bin)/python -m devserver.supervisor --services-only

tools:  # what tests and lint need on top
	@$(PYTHON) -I devserver/bootstrap.py dev

test: tools  ## the whole suite, on servers of its own
	@$(bin)/pytest $(together) -q

test-quick: tools  ## the same without a browser
	@$(bin)/pytest -n 2 --dist worksteal -q -m "not browser and not deep"

test-deep: tools  ## also what takes long, except breaking things and measuring
	@$(bin)/pytest $(together) -q -m "not chaos"

chaos: tools  ## kill processes and servers in the middle of the work
	@$(bin)/pytest tests/chaos -q -m chaos

bench: tools  ## SCALE=100000 make bench; builds its own data, prints the table
	@$(bin)/python -m devserver.scratch bench --scale $(SCALE)

lint: tools  ## style, templates, types, migrations, messages
	@$(bin)/ruff check --quiet .
	@$(bin)/ruff format --quiet --check .
	@# not --check: its layout adds white space inside links and buttons, where it shows
	@$(bin)/djlint --quiet --lint $(templates)
	@LEADQUAL_DEMO=1 $(bin)/mypy $(rooms)
	@LEADQUAL_DEMO=1 $(bin)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@LEADQUAL_DEMO=1 $(bin)/python manage.py messages --check

messages: tools  ## extract new strings into every app's Japanese catalog
	@LEADQUAL_DEMO=1 $(bin)/python manage.py messages
	@LEADQUAL_DEMO=1 $(bin)/python manage.py messages --compile
