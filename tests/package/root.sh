#!/bin/sh
# Makes a root of its own over the machine's, in mount, network and process namespaces of its own, says so, and holds
# it until its standard input ends. Whatever happens inside goes to a file system in memory and is gone afterwards.
# Argument: a folder, shared with the inside as /mnt.
set -eu
shared=$1
layers="$shared/layers"
mkdir -p "$layers"
mount -t tmpfs tmpfs "$layers"
mkdir "$layers/upper" "$layers/work" "$layers/root"
root="$layers/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$layers/upper,workdir=$layers/work" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --bind "$shared" "$root/mnt"
ip link set lo up
echo ready
cat
