#!/usr/bin/env bash
# Boots Debian's kernel in an emulated machine with a printer, a serial scanner and a keyboard
# scanner on its USB (gadgets on dummy_hcd), and runs on_gadgets.py there with the project's drivers.
#   tests/usb_guest/run.sh [PYTHON]          about two minutes; nothing is installed in the guest
# Needs (60 MB): qemu-system-x86 busybox-static kmod cpio udev; downloads the kernel package (70 MB)
# once into build/usb-guest.
set -euo pipefail
cd "$(dirname "$0")/../.."
repo="$PWD"
python="$(realpath -s "${1:-.venv/bin/python}")"
for tool in qemu-system-x86_64 busybox depmod cpio; do
    command -v "$tool" >/dev/null || { echo "missing: $tool (see tests/usb_guest/run.sh)"; exit 2; }
done
mkdir -p build/usb-guest
cd build/usb-guest

if [ ! -d kernel ]; then
    package="$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image-/ {print $2; exit}')"
    apt-get download -q "$package"
    dpkg -x linux-image-*.deb kernel.new
    mv kernel.new kernel
fi
version="$(basename kernel/lib/modules/*)"
depmod -b kernel "$version"

rm -rf root
mkdir -p root/bin root/modules root/proc root/sys root/dev
cp "$(command -v busybox)" root/bin/busybox
ln -s busybox root/bin/sh
for module in virtio_pci 9pnet_virtio 9p overlay libcomposite dummy_hcd usb_f_printer usb_f_acm \
    usb_f_hid usblp cdc-acm usbhid hid-generic evdev; do
    modprobe -S "$version" -d "$PWD/kernel" -D "$module" | awk '$1 == "insmod" {print $2}' |
        while read -r file; do
            cp -n "$file" root/modules/
            echo "/modules/$(basename "$file")"
        done >"root/modules/$module.list"
done
install -m 755 "$repo/tests/usb_guest/init" root/init
(cd root && find . | cpio -o -H newc --quiet | gzip -1) >initramfs.gz

timeout 600 qemu-system-x86_64 -accel tcg -cpu max -m 1500 -smp 2 -nographic -no-reboot -net none \
    -kernel kernel/boot/vmlinuz-* -initrd initramfs.gz \
    -append "console=ttyS0 quiet panic=-1 usb_guest_repo=$repo usb_guest_python=$python" \
    -virtfs local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap \
    </dev/null | tee guest.log
grep -q USB-GUEST-PASSED guest.log
