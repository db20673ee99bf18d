#!/usr/bin/env bash
# In the guest: udev with the project's rules, three gadgets plugged in, then the tests.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=/tmp_of_guest PYTHONDONTWRITEBYTECODE=1
repo="$(sed 's/.*usb_guest_repo=\([^ ]*\).*/\1/' /proc/cmdline)"
python="$(sed 's/.*usb_guest_python=\([^ ]*\).*/\1/' /proc/cmdline)"
load() { while read -r file; do insmod "$file" ${2:-} 2>/dev/null; done <"/modules/$1.list"; }

mkdir -p /run/udev /etc/udev/rules.d
groupadd -r kiosk 2>/dev/null
cp "$repo/deploy/udev/90-kiosk.rules" /etc/udev/rules.d/
/lib/systemd/systemd-udevd --daemon
for module in libcomposite usblp cdc-acm usbhid hid-generic evdev usb_f_printer usb_f_acm usb_f_hid; do
    load "$module"
done
load dummy_hcd num=3
mount -t configfs none /sys/kernel/config 2>/dev/null

gadget() { # NAME VID PID FUNCTION CONTROLLER MAKER PRODUCT
    local gadget="/sys/kernel/config/usb_gadget/$1"
    mkdir -p "$gadget/strings/0x409" "$gadget/configs/c.1/strings/0x409" "$gadget/functions/$4"
    echo "0x$2" >"$gadget/idVendor"
    echo "0x$3" >"$gadget/idProduct"
    echo "$6" >"$gadget/strings/0x409/manufacturer"
    echo "$7" >"$gadget/strings/0x409/product"
    echo 1234 >"$gadget/strings/0x409/serialnumber"
    if [ "$4" = hid.0 ]; then
        # A boot keyboard: report descriptor of the USB HID specification 1.11, appendix B.1.
        echo 1 >"$gadget/functions/hid.0/protocol"
        echo 1 >"$gadget/functions/hid.0/subclass"
        echo 8 >"$gadget/functions/hid.0/report_length"
        printf '\x05\x01\x09\x06\xa1\x01\x05\x07\x19\xe0\x29\xe7\x15\x00\x25\x01\x75\x01\x95\x08\x81\x02\x95\x01\x75\x08\x81\x03\x95\x05\x75\x01\x05\x08\x19\x01\x29\x05\x91\x02\x95\x01\x75\x03\x91\x03\x95\x06\x75\x08\x15\x00\x26\xff\x00\x05\x07\x19\x00\x2a\xff\x00\x81\x00\xc0' \
            >"$gadget/functions/hid.0/report_desc"
    fi
    ln -s "$gadget/functions/$4" "$gadget/configs/c.1/"
    echo "$5" >"$gadget/UDC"
}
gadget printer 0416 5011 printer.0 dummy_udc.0 SNBC Printer
gadget scanner 1eab 1d06 acm.0 dummy_udc.1 Newland Scanner
gadget keyboard 0c2e 0b61 hid.0 dummy_udc.2 Honeywell Keyboard
udevadm settle -t 20

cd "$repo" || exit
if "$python" -m pytest -v -p no:cacheprovider tests/usb_guest/on_gadgets.py; then
    echo "kernel $(uname -r), tainted $(cat /proc/sys/kernel/tainted)"
    echo USB-GUEST-PASSED
fi
