# `make demo` and `make test` are all a newcomer needs: both install what is missing first.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup demo test dev wheel lint docs test-rust test-python conformance valgrind fmt clean

# rustup puts cargo here, and a shell that has not been restarted since does not know it.
export PATH := $(CURDIR)/.venv/bin:$(PATH):$(HOME)/.cargo/bin
export VIRTUAL_ENV := $(CURDIR)/.venv

python := .venv/bin/python
maturin := .venv/bin/maturin
pip_install := $(python) -m pip install --quiet --disable-pip-version-check --no-deps --no-index --force-reinstall

# Where `make dev` tells the interpreter of .venv to look for the package.
in_place := .venv/lib/python3.13/site-packages/stepwell-in-place.pth

help:  ## this list
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

setup:  ## install what is missing: LLVM and MLIR, .venv
	@tools/setup.sh

demo: wheel  ## build the release wheel, install it into .venv and take the tour
	$(python) examples/tour.py

test: setup  ## everything that CI runs
	$(MAKE) --no-print-directory lint
	$(MAKE) --no-print-directory test-rust
	$(MAKE) --no-print-directory wheel
	$(MAKE) --no-print-directory test-python
	$(MAKE) --no-print-directory conformance

lint:  ## formatting, clippy, and the links in the documentation
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings -A rustdoc::private_intra_doc_links" \
	    cargo doc --workspace --no-deps --document-private-items --locked

test-rust:  ## the tests of the crates
	cargo test --workspace --locked

wheel: setup  ## build the release wheel into dist/ and install it into .venv
	rm -rf dist $(in_place)
	$(maturin) build --release --locked --out dist
	$(pip_install) dist/stepwell-*.whl

test-python:  ## the tests of the Python package, against the wheel or build that is in .venv
	$(python) -m pytest tests/python

conformance:  ## CPython's own tests and generated programs, compiled against interpreted (where the kit is)
	$(python) tests/python/conformance/run.py

valgrind:  ## every operation under valgrind's memcheck, some twenty minutes
	PYTHONMALLOC=malloc STEPWELL_REPETITIONS=4 valgrind --quiet --error-exitcode=1 --suppressions=tests/python/valgrind.supp \
	    $(python) -m pytest tests/python/test_references.py -p no:cacheprovider

# By hand what maturin's develop does, because maturin's settings would have PyO3 compiled anew at each change between
# it and cargo.
dev: setup  ## quick build for working on it: debug, the Python files used in place
	cargo build --package stepwell-pybind --locked
	install target/debug/lib_stepwell.so pybind/python/stepwell/_stepwell.cpython-313-$$(uname -m)-linux-gnu.so
	$(python) -m pip uninstall --quiet --yes stepwell
	echo $(CURDIR)/pybind/python > $(in_place)

docs:  ## write the reference pages of the dialects, the modes and the opcodes anew
	STEPWELL_BLESS=1 cargo test -p stepwell-dialects --test dialects --locked pages
	STEPWELL_BLESS=1 cargo test -p stepwell-passes --test it --locked page_is_current
	STEPWELL_BLESS=1 cargo test -p stepwell-frontend --test it --locked list_of_programs_is_current
	STEPWELL_BLESS=1 cargo test -p stepwell-frontend --test it --locked page_is_current

fmt:  ## format the Rust sources
	cargo fmt --all

clean:  ## remove everything that was built
	rm -rf target dist .venv
