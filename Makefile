# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# A thin index of tools/: nothing of the product depends on make.
# ARGS is handed on: make test ARGS="-k window"

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all coverage mutation faults fuzz lint bench docs build clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup: ## make the environment: pinned tools and the collection path, outside the checkout
	@tools/setup

demo: ## watch the collection work, on the sandbox (two minutes at most)
	@tools/run-in-env python tools/demo $(ARGS)

test: ## unit tests
	@tools/test $(ARGS)

test-all: ## make test, and what takes long: Molecule, ansible-test on several cores, Galaxy checks
	@tools/test-all

coverage: ## branches of pure conversions and client that their tests take
	@tools/coverage $(ARGS)

mutation: ## mutation testing of pure conversions: change each line, and see a test fail
	@tools/mutation $(ARGS)

faults: ## play every fault of the guide in every operation, and print the matrix
	@tools/run-in-env python tools/faults.py $(ARGS)

fuzz: ## search every property of the fuzz tests for a counterexample, 20 seconds each
	@tools/run-in-env python tools/fuzz.py $(ARGS)

lint: ## every linter
	@tools/lint

bench: ## measure speed
	@tools/run-in-env python tools/bench $(ARGS)

docs: ## HTML documentation
	@tools/docs

build: ## the collection's artifact for Galaxy
	@tools/build

clean: ## remove the build folder
	@tools/clean
