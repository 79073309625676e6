# Two commands: `make run` serves the site with a demo class, `make test` runs every test.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
GUNICORN := $(BIN)/gunicorn jkrel.wsgi --worker-class gthread --workers 2 --threads 4 --preload --log-level warning --no-control-socket
DEMO_ENV := DEMO=1

.PHONY: run dev manage test check bench bench-kill bench-load mutate messages lock clean
.DELETE_ON_ERROR:

run: .venv/installed
	@$(DEMO_ENV) $(BIN)/python manage.py setup --demo
	@echo "Two Shores is at http://127.0.0.1:$(PORT)/  (stop with Ctrl-C)"
	@$(DEMO_ENV) exec $(GUNICORN) --bind 127.0.0.1:$(PORT)

dev: .venv/installed
	@$(DEMO_ENV) DEBUG=1 $(BIN)/python manage.py setup --demo
	$(DEMO_ENV) DEBUG=1 $(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

manage: .venv/installed
	@$(DEMO_ENV) $(BIN)/python manage.py $(c)

test: .venv/installed-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile $(t)

check: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	DEMO=1 $(BIN)/mypy .
	git ls-files -z 'templates/*.html' | xargs -0 $(BIN)/djade --check --target-version 5.2
	DEMO=1 $(BIN)/python manage.py makemigrations --check --dry-run
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') ALLOWED_HOSTS=two-shores.example \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

bench: .venv/installed-dev
	$(BIN)/python -m tests.bench

bench-kill bench-load: .venv/installed-dev
	$(BIN)/python -m tests.$(subst -,_,$@) $(a)

mutate: .venv/installed-dev
	$(BIN)/python -m tests.mutation $(m)

messages: .venv/installed
	$(DEMO_ENV) $(BIN)/python manage.py makemessages --all --no-location --ignore .venv

# The locks name no index: anybody's mirror will do.
lock: .venv/installed-dev
	for file in requirements requirements-dev; do \
		$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
			--no-emit-index-url --no-emit-find-links --output-file $$file.txt $$file.in; done

clean:
	rm -rf .venv var

.venv/installed: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
