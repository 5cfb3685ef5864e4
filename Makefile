# Everything that is done with this repository by hand. `make` lists it.

.DEFAULT_GOAL := help
.PHONY: help run run-postgres test check fmt lint bench image proto-baseline openapi clean-var

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build, start everything on SQLite in ./var/demo, play the main job, keep serving
	cargo run -p congvan --bin congvan -- up --data ./var/demo --demo

run-postgres: ## The same as four processes on PostgreSQL, kept in ./var
	cargo build -p congvan --bin congvan
	deploy/local/run-postgres

test: ## Install what is missing, then format, lints, contracts and all tests on both engines
	tests/tools/test

check: ## Compile everything, tests included, without running it
	cargo check --workspace --all-targets

fmt: ## Format the Rust sources
	cargo fmt --all

lint: ## Lint the Rust sources and the protos
	cargo clippy --workspace --all-targets -- -D warnings
	tests/tools/buf

bench: ## Measure against the same SQL run raw, on both engines
	tests/tools/bench

image: ## Build the container image congvan:dev
	docker build --file deploy/Dockerfile --tag congvan:dev .

proto-baseline: ## Make the protos as they are now the baseline of the compatibility check
	tests/tools/buf baseline

openapi: ## Derive services/gateway/openapi.json from the protos anew
	cargo run -q -p gateway --example openapi > services/gateway/openapi.json.new
	mv services/gateway/openapi.json.new services/gateway/openapi.json

clean-var: ## Remove ./var: demo data and installed test tools
	@test ! -e var/postgres/data/postmaster.pid || { echo "PostgreSQL runs there: deploy/local/postgres stop var/postgres"; exit 1; }
	rm -rf var
