# Sana Studio. `make run` opens the app and `make test` proves it; both set everything up first. `make help` lists the rest.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := run

.PHONY: help run test test-slow check format coverage hooks setup bench bench-record starter starter-video references locks check-locks app sign notarize dmg verify verify-dmg clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## open the app
	@$(BIN)/python -m app

test: check ## what a change must pass: the checks, and all tests but the slow ones
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadgroup

test-slow: setup ## the slow tests
	$(BIN)/python -m pytest -m slow

check: setup ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## let ruff mend and format the source
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

coverage: setup ## the tests again, and which lines of app/ they reach
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadgroup --cov

hooks: setup ## let git run the checks before each commit
	$(BIN)/pre-commit install

setup: ## make .venv ready
	@sh packaging/setup.sh "$(PYTHON)"

# Measure the window and the backends of this machine, a quarter of an hour; nothing of it is part of `make test`.
# make bench PEER=FOLDER also measures a checkout of https://github.com/Ray0907/sanasprint-mlx beside our networks.
bench: setup ## measure the window and the backends of this machine, and name what has become slower
	$(BIN)/python tests/benchmarks/run.py $(if $(PEER),--peer "$(PEER)")

bench-record: setup ## measure the same, record it, and write README's table from it
	$(BIN)/python tests/benchmarks/run.py --record $(if $(PEER),--peer "$(PEER)")

# Train the bundled model anew: about three hours on two CPU cores, minutes on a GPU.
starter: setup ## train the bundled model anew
	$(BIN)/python packaging/starter_model/make.py
	$(MAKE) references

# Train the bundled model for clips anew, from the one for pictures: a night on a CPU, half an hour on a GPU.
starter-video: setup ## train the bundled model for clips anew
	$(BIN)/python packaging/starter_video/make_video.py

# Write anew what the self-test compares with; needed whenever the bundled model has changed.
references: setup ## write anew what the self-test compares with
	$(BIN)/python packaging/selftest_references.py

# Pin today's newest versions that fit pyproject.toml.
locks: setup ## pin today's newest versions that fit pyproject.toml
	sh packaging/locks/update.sh

# Prove that the macOS pins resolve for Apple silicon and macOS 14, and that their wheels carry what the bundle needs
# (needs the network).
check-locks: setup ## prove that the macOS pins resolve and can be bundled (needs the network)
	sh packaging/locks/check.sh
	$(BIN)/python packaging/check_wheels.py

# Build the app into dist/: "Sana Studio.app" on a Mac, the folder "sana-studio" on Linux.
app: setup ## build the app into dist/
	$(BIN)/pyinstaller --noconfirm --workpath build/pyinstaller packaging/sana_studio.spec

# Prove that the built app works where neither the checkout nor .venv is, and print its size by part.
verify: setup ## prove that the built app works by itself
	$(BIN)/python packaging/verify_bundle.py

# On a Mac: make sign SIGN_IDENTITY="Developer ID Application: ...", make notarize NOTARY_PROFILE=..., make dmg.
sign: ## sign the app on a Mac
	@bash packaging/macos/sign.sh

notarize: ## notarize the app on a Mac
	@bash packaging/macos/notarize.sh

dmg: ## make the disk image on a Mac
	@bash packaging/macos/dmg.sh

verify-dmg: setup ## prove that the disk image works
	$(BIN)/python packaging/verify_bundle.py dist/*.dmg

clean: ## remove everything that was made
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache
