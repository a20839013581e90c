#!/usr/bin/env bash
# What the containers of a pod share: the network with the pod's address, its name, its volumes. Runs the
# containers of the folder POD, one after the other, until one fails; and ends with all that is in it when
# standard input closes. It is started in namespaces of its own, as their first process.
#
#   sandbox.sh POD ADDRESS NAME
set -euo pipefail
pod=$1 address=$2 name=$3
here=$(dirname "${BASH_SOURCE[0]}")

mount --make-rprivate /
ip link set lo up
ip address add "$address/32" dev lo
hostname "$name"

for folder in "$pod"/volumes/*/; do
  # An emptyDir has its limit beside it; all other volumes are files that are already there.
  if [ -e "${folder%/}.limit" ]; then
    mount -t tmpfs -o "size=$(cat "${folder%/}.limit"),mode=2777,gid=$(cat "$pod/group")" tmpfs "$folder"
  fi
done

containers() {
  local container status
  for container in "$pod"/containers/*/; do
    status=0
    unshare --mount --pid --fork --kill-child bash "$here/container.sh" "$pod" "${container%/}" \
      >"$container/out" 2>&1 </dev/null || status=$?
    echo "$status" >"$container/status.making"
    mv "$container/status.making" "$container/status"
    [ "$status" = 0 ] || break
  done
}

containers &
read -r _ || true
