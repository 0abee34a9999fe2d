# The few commands of Hark. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
FAST := tests/flows tests/locales tests/storage/sealing tests/bot/test_docs.py tests/bot/test_how_it_reads.py \
	tests/bot/test_settings.py tests/handlers/test_conversations.py
# One worker more than there are processors: now and then a test waits for a second to pass, or for a disk.
WORKERS = $(shell cores=$$(getconf _NPROCESSORS_ONLN || echo 2); echo $$((cores < 8 ? cores + 1 : 9)))
LINT = $(BIN)/ruff check . && $(BIN)/ruff format --check -q . && $(BIN)/mypy && \
	{ $(BIN)/lint-imports --no-cache >/dev/null || $(BIN)/lint-imports --no-cache; }

.PHONY: help run ready demo test exhaustive check lint messages bench faults mutants clean

help: ## list these commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: .venv/run ## set everything up and start Hark; prints the chat's address and the first lead's invite
	@$(BIN)/python -m bot run

ready: .venv/run ## set everything up and start nothing, for a server where Hark may not write to its own folder
	@$(BIN)/python -c 'import sys; from locales.compile import compile_stale, stale; compile_stale(); sys.exit(bool(stale()))'

demo: .venv/run ## the same bot on throw-away data with a sample school, all chats on one page
	@$(BIN)/python -m bot demo

# mypy keeps one processor busy for half a minute where it has no cache: the tests begin meanwhile.
test: .venv/test ## ruff, mypy, import-linter and every test
	@{ $(LINT); } & $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal; tested=$$?; wait $$! && exit $$tested

exhaustive: export EXHAUSTIVE = 1
exhaustive: test ## the same at every place: each kill, each button, each column, each language; takes twenty minutes

check: .venv/test lint ## the inner loop: ruff, mypy, import-linter and the fast tests; under 90 seconds
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not slow and not browser" $(FAST)

lint: .venv/test
	@$(LINT)

# Where there is room, what tests write lies in memory: no test shows what a disk keeps, and each waited for one.
SHM = $(shell df -Pk /dev/shm 2>/dev/null | awk '$$4 > 2000000 && $$6 == "/dev/shm" {print "/dev/shm"}')
test check: export TMPDIR = $(or $(SHM),/tmp)
# Also where this is set: what is compiled once serves the hundred programs that the tests start.
test check: export PYTHONDONTWRITEBYTECODE :=

messages: .venv/test ## extract, update and compile the translations
	@$(BIN)/python -m locales.messages

bench: .venv/test ## ratios: turns, sending, the queue, start-up; takes 20 minutes
	@$(BIN)/python -m tests.bench

faults: .venv/test ## inject every fault there is and count what is lost or doubled; both engines, takes two hours
	@$(BIN)/python -m tests.faults

mutants: .venv/test ## put small faults into the code that decides who reads, and tell which no test finds; takes an hour
	@$(BIN)/python -m tests.mutants

clean: ## remove the environment, never the data
	rm -rf .venv

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Hark needs Python 3.11 or later") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .venv

.venv/run: requirements/run.txt .venv/bin/python .venv/bin/hark
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

.venv/bin/hark: .venv/bin/python
	@printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s/.venv/bin/python" -m bot "$$@"\n' "$(CURDIR)" "$(CURDIR)" >$@
	@chmod +x $@

.venv/test: requirements/test.txt .venv/bin/python .venv/bin/hark
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@ .venv/run
