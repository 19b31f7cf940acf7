# Sana Studio. `make run` opens the app and `make test` proves it; both set everything up first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test test-slow check setup bench starter references locks check-locks app sign notarize dmg verify verify-dmg clean

run: setup
	@$(BIN)/python -m app

test: check
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadgroup

test-slow: setup
	$(BIN)/python -m pytest -m slow

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

setup:
	@sh packaging/setup.sh "$(PYTHON)"

# Measure the window and the backends of this machine; nothing of it is part of `make test`.
bench: setup
	$(BIN)/python tests/benchmarks/startup.py
	$(BIN)/python tests/benchmarks/responsiveness.py
	$(BIN)/python tests/benchmarks/gallery.py
	$(BIN)/sana-studio bench

# Train the bundled model anew: about three hours on two CPU cores, minutes on a GPU.
starter: setup
	$(BIN)/python packaging/starter_model/make.py
	$(MAKE) references

# Write anew what the self-test compares with; needed whenever the bundled model has changed.
references: setup
	$(BIN)/python packaging/selftest_references.py

# Pin today's newest versions that fit pyproject.toml.
locks: setup
	sh packaging/locks/update.sh

# Prove that the macOS pins resolve for Apple silicon and macOS 14, and that their wheels carry what the bundle needs
# (needs the network).
check-locks: setup
	sh packaging/locks/check.sh
	$(BIN)/python packaging/check_wheels.py

# Build the app into dist/: "Sana Studio.app" on a Mac, the folder "sana-studio" on Linux.
app: setup
	$(BIN)/pyinstaller --noconfirm --workpath build/pyinstaller packaging/sana_studio.spec

# Prove that the built app works where neither the checkout nor .venv is, and print its size by part.
verify: setup
	$(BIN)/python packaging/verify_bundle.py

# On a Mac: make sign SIGN_IDENTITY="Developer ID Application: ...", make notarize NOTARY_PROFILE=..., make dmg.
sign:
	@bash packaging/macos/sign.sh

notarize:
	@bash packaging/macos/notarize.sh

dmg:
	@bash packaging/macos/dmg.sh

verify-dmg: setup
	$(BIN)/python packaging/verify_bundle.py dist/*.dmg

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache
