#!/usr/bin/env bash
# One container: a root file system that nobody can write to, with the pod's volumes, a /proc, /sys and /dev
# of its own, and in it a program with a user and an environment, as process 1. It is started by sandbox.sh,
# in namespaces of its own. The folder CONTAINER says the rest, in files of texts that end with a zero byte:
#
#   argv    the program and its arguments
#   env     all that its environment holds, NAME=VALUE
#   mounts  three texts for each: the volume, where, and `ro` or `rw`
#   needs   paths that its user must be able to reach
#   user    user, group, further group, working directory
set -euo pipefail
pod=$1 container=$2

# /proc is still the one of outside, where the test looks for this process.
read -r outside _ </proc/self/stat
echo "$outside" >"$container/pid"

mapfile -d '' -t argv <"$container/argv"
mapfile -d '' -t env <"$container/env"
mapfile -d '' -t mounts <"$container/mounts"
mapfile -d '' -t needs <"$container/needs"
mapfile -d '' -t user <"$container/user"

layers=$container/layers root=$container/layers/root
mkdir "$layers"
mount -t tmpfs -o mode=755 tmpfs "$layers"
mkdir "$layers/upper" "$layers/work" "$root"
mount -t overlay -o "lowerdir=/,upperdir=$layers/upper,workdir=$layers/work" overlay "$root"

# place PATH: prints where the path is, seen from outside. Its links lead to places in the container.
place() { echo "$root$(chroot "$root" realpath -m "$1")"; }

for path in "${needs[@]}"; do
  target=$(place "$path")
  # What another file system holds is not in the lower layer.
  if [ ! -e "$target" ]; then
    mkdir -p "$target"
    mount --rbind "$path" "$target"
    mount -o remount,bind,ro "$target"
  fi
  # A folder that is root's alone, such as its home: the change stays in the upper layer.
  while [ "$target" != "$root" ]; do
    chmod o+rx "$target"
    target=$(dirname "$target")
  done
done

rm -f "$root/etc/resolv.conf" "$root/etc/hosts" "$root/etc/hostname"
cp "$pod/hosts" "$root/etc/hosts"
hostname >"$root/etc/hostname"
echo 'nameserver 10.96.0.10' >"$root/etc/resolv.conf"

for ((i = 0; i < ${#mounts[@]}; i += 3)); do
  target=$(place "${mounts[i + 1]}")
  mkdir -p "$target"
  mount --bind "$pod/volumes/${mounts[i]}" "$target"
  [ "${mounts[i + 2]}" = rw ] || mount -o remount,bind,ro "$target"
done

mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys"
mount -t tmpfs -o nosuid,mode=755,size=64k tmpfs "$root/dev"
for device in null zero full random urandom; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
mkdir "$root/dev/shm"
mount -t tmpfs -o nosuid,nodev,noexec,mode=1777,size=64m tmpfs "$root/dev/shm"
mount -o remount,ro "$root/dev"
mount -o remount,ro "$root"

exec chroot "$root" "$(command -v setpriv)" --reuid "${user[0]}" --regid "${user[1]}" --groups "${user[2]}" \
  --no-new-privs --bounding-set=-all --inh-caps=-all \
  "$(command -v env)" -i -C "${user[3]}" "${env[@]}" "${argv[@]}"
