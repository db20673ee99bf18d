#!/bin/bash
# The platforms' official SDKs against the stand-ins, with only the address changed.
#
# They are not among the requirements: Alipay's alone weighs 440 MB. This makes a virtual
# environment of their own under build/, starts `kiosk sandbox`, and asks through each.
# Alipay's SDK cannot be told a port, so its part needs the right to listen on 127.0.0.1:80
# (root, or net.ipv4.ip_unprivileged_port_start=80).
set -euo pipefail
cd "$(dirname "$0")/.."
venv=build/platform-sdks
if [ ! -x $venv/bin/python ]; then
    python3 -m venv $venv
    $venv/bin/pip install -q tencentcloud-sdk-python-ocr==3.1.193 alipay-sdk-python==3.7.1411 \
        baidu-aip==4.16.13 chardet==7.7.0  # chardet: baidu-aip does not say that it needs it
fi
kiosk sandbox --dir build/platform-sdks-sandbox --first-port 8570 >/dev/null &
sandbox=$!
trap 'kill $sandbox' EXIT
$venv/bin/python benches/platform_sdks.py 8570 build/platform-sdks-sandbox
