.PHONY: run test test-usb test-install package torture platform-sdks setup setup-dev lint lock clean fuzz

run: setup          ## start the terminal with simulated devices and an embedded central service
	.venv/bin/kiosk demo

test: setup-dev     ## everything that must hold: style, types, layers, behaviour
	deploy/check.sh

test-usb: setup-dev ## the USB drivers of Linux, in an emulated machine (two to five minutes)
	tests/usb_guest/run.sh

package: setup      ## the Debian package: build/invoice-terminal_*.deb (two minutes)
	deploy/package.sh

test-install:       ## installs the package into a fresh Debian, runs it there and removes it (needs root)
	deploy/test_install.sh build/invoice-terminal_*.deb

torture: setup-dev  ## the long proofs: kills, power cuts, the models (about an hour)
	.venv/bin/python -m benches.torture.kills --kills 1000 --halls 4
	.venv/bin/python -m benches.torture.cuts --cuts 1000 --disturbances 40
	HYPOTHESIS_PROFILE=nightly QUEUE_KILLS=1000 QUEUE_CUTS=600 .venv/bin/python -m pytest tests/offline_queue

platform-sdks: setup ## the platforms' own SDKs against the stand-ins (installs them under build/)
	PATH="$(CURDIR)/.venv/bin:$$PATH" benches/platform_sdks.sh

setup:              ## install what is missing to run
	deploy/setup.sh requirements.lock

setup-dev:
	deploy/setup.sh requirements-dev.lock

lint: setup-dev
	deploy/check.sh --no-tests

lock:               ## pin the direct dependencies again (needs the network)
	deploy/lock.sh

clean:              ## forget what the demo terminal kept
	rm -rf var out

FUZZ_SECONDS ?= 60
FUZZED = text xml xbrl ofd zip pdf

fuzz: build/fuzz    ## fuzz what reads a stranger's text or file: FUZZ_SECONDS for each kind
	for kind in $(FUZZED); do PYTHONPATH=. build/fuzz/bin/python benches/fuzz_einvoice.py $$kind \
	  build/corpus/$$kind -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=build/corpus/ || exit 1; done

build/fuzz: requirements.lock requirements-fuzz.in
	python3 -m venv build/fuzz
	build/fuzz/bin/pip install --quiet --requirement requirements.lock
	build/fuzz/bin/pip install --quiet --requirement requirements-fuzz.in
	touch build/fuzz
