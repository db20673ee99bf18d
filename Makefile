.PHONY: run test setup setup-dev lint lock clean

run: setup          ## start the terminal with simulated devices and an embedded central service
	.venv/bin/kiosk demo

test: setup-dev     ## everything that must hold: style, types, layers, behaviour
	deploy/check.sh

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
