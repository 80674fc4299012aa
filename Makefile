# A thin face over CMake. `make run` and `make test` are all a fresh Debian machine needs.
SHELL := /bin/sh
JOBS ?= $(shell nproc)
PRESET ?= release
BUILD := build/$(PRESET)
OUT := out
PACKAGES := gcc cmake ninja-build pkg-config libopenblas-pthread-dev liblapacke-dev libnlopt-dev libjansson-dev libsuitesparse-dev libcmocka-dev python3
CHECK_PACKAGES := clang clang-format clang-tidy libomp-dev libclang-rt-14-dev
export OMP_WAIT_POLICY ?= passive

.PHONY: all help deps check-deps build run test bench bench-engine bench-qaoa install asan tsan fuzz minimal coverage docs format check clean

all: build

help:
	@echo 'make run        install what is missing, build, run the article program and a molecule, show the results'
	@echo 'make test       the same, then all tests'
	@echo 'make bench      measure ours beside Qiskit, Aer, PennyLane Lightning and Qulacs (installs them into a virtual environment)'
	@echo 'make bench-engine   the state vector beside qsim, Qulacs, Lightning and Aer, in turns (BENCH_ENGINE="--only rqc --budget 600")'
	@echo 'make bench-qaoa     QAOA layers beside QOKit and Aer, in turns'
	@echo 'make install    install library, headers and command (PREFIX=/usr/local)'
	@echo 'make asan tsan minimal fuzz   the tests under sanitizers, without options, and 60 s of each fuzzer'
	@echo 'make coverage   line coverage of the kernels and the state-vector engine, which must reach 95 %'
	@echo 'make docs       docs/gates.md from the gate table'
	@echo 'make check      format, layers, lint, generated files'

# Only what is missing is installed; without root through sudo.
deps:
	@missing=''; for p in $(PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ]; then root=''; else root=sudo; fi; \
	  echo "installing:$$missing"; \
	  $$root apt-get update -qq && $$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; fi

check-deps: deps
	@missing=''; for p in $(CHECK_PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ]; then root=''; else root=sudo; fi; \
	  echo "installing:$$missing"; \
	  $$root apt-get update -qq && $$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; fi

$(BUILD)/build.ninja:
	@cmake --preset $(PRESET) > /dev/null

build: deps $(BUILD)/build.ninja
	@cmake --build $(BUILD) -j $(JOBS)

run: build
	@mkdir -p $(OUT)
	@sh examples/article.sh $(BUILD)/cli/quern $(OUT)

test: build
	@OPENBLAS_NUM_THREADS=1 ctest --test-dir $(BUILD) --output-on-failure -j $(JOBS)

# The peers are Python packages: they get a virtual environment of their own.
out/venv/.done: bench/requirements.txt
	@dpkg-query -W -f='$${Status}' python3-venv 2>/dev/null | grep -q 'ok installed' || { \
	  if [ "$$(id -u)" = 0 ]; then root=''; else root=sudo; fi; \
	  $$root apt-get update -qq && $$root apt-get install -y -qq --no-install-recommends python3-venv; }
	@python3 -m venv out/venv && out/venv/bin/pip install -q -r bench/requirements.txt && touch $@

bench: build out/venv/.done
	@cmake --build $(BUILD) --target bench_vqe_loop -j $(JOBS)
	@out/venv/bin/python bench/run.py --build $(BUILD) --out $(OUT)/bench.json

bench-engine: build out/venv/.done
	@cmake --build $(BUILD) --target bench_engine_worker -j $(JOBS)
	@out/venv/bin/python bench/engine.py --build $(BUILD) --out $(OUT)/bench-engine.json $(BENCH_ENGINE)

out/venv-qaoa/.done: bench/requirements-qaoa.txt
	@python3 -m venv out/venv-qaoa && out/venv-qaoa/bin/pip install -q -r bench/requirements-qaoa.txt && touch $@

bench-qaoa: build out/venv-qaoa/.done
	@cmake --build $(BUILD) --target bench_qaoa_worker -j $(JOBS)
	@out/venv-qaoa/bin/python bench/qaoa.py --build $(BUILD) --out $(OUT)/bench-qaoa.json $(BENCH_QAOA)

install: build
	@cmake --install $(BUILD) --prefix $(or $(PREFIX),/usr/local)

# A finding ends a program with 86, which no command returns, so that a test that expects a failure does not take it for one.
asan: check-deps
	@ASAN_OPTIONS=detect_leaks=1:exitcode=86 LSAN_OPTIONS=suppressions=$(CURDIR)/tests/leaks.supp:print_suppressions=0:exitcode=86 \
	  $(MAKE) --no-print-directory test PRESET=asan

tsan: check-deps
	@OMP_TOOL_LIBRARIES=libarcher.so TSAN_OPTIONS=ignore_noninstrumented_modules=1:exitcode=86 $(MAKE) --no-print-directory test PRESET=tsan

# Counts add up over the programs of one build, so old ones go first.
COVERED := src/kernel src/engine/statevector
COVERING := statevector|schedule|stages|rows|kernel|conformance|many_shots|live|engine
coverage: deps
	@cmake --preset cov > /dev/null
	@cmake --build build/cov -j $(JOBS)
	@find build/cov -name '*.gcda' -delete
	@OPENBLAS_NUM_THREADS=1 ctest --test-dir build/cov --output-on-failure -j $(JOBS) -R '$(COVERING)'
	@tools/coverage.py build/cov --least 95 $(COVERED)

minimal: deps
	@$(MAKE) --no-print-directory test PRESET=minimal

FUZZ_SECONDS ?= 60
fuzz: check-deps
	@cmake --preset fuzz > /dev/null
	@cmake --build build/fuzz --target fuzzers -j $(JOBS)
	@for target in build/fuzz/fuzz/fuzz_*; do [ -x $$target ] && [ ! -d $$target ] || continue; name=$$(basename $$target); \
	  mkdir -p out/fuzz/$$name; echo "== $$name"; corpus=fuzz/corpus/$${name#fuzz_}; \
	  $$target -max_total_time=$(FUZZ_SECONDS) -timeout=10 -print_final_stats=1 -verbosity=0 -artifact_prefix=out/fuzz/$${name}_ \
	    out/fuzz/$$name $$corpus || exit 1; done

docs:
	@python3 tools/make_gates_doc.py docs/gates.md

FORMATTED := $(shell git ls-files '*.c' '*.h' 2>/dev/null)
format: check-deps
	@clang-format -i $(FORMATTED)

check: check-deps
	@sh tools/check.sh

clean:
	@rm -rf build out
