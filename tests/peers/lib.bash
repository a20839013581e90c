# shellcheck shell=bash
# How ./test installs its peers. Each *.sh file beside this one declares what it brings with the words
# below and defines `fetch DIR`, which leaves the programs in DIR; all the rest happens here.
#
# A program comes into target/peers/bin only as a whole: it is made in a temporary folder, asked for its
# version, renamed into place, and stamped last. What has no stamp is made again.

# From ./test: a folder for logs, whether --all was said; and its say, show and fail.
: "${logs:?}" "${all:?}"

# The real folder: what is installed may name it, and a second work tree may share it by a link.
mkdir -p target/peers
peers_dir=$(cd target/peers && pwd -P)

# --- the words of a peer file -----------------------------------------------------------------------

# peer TOOL VERSION: what the file brings; a file may bring several.
peer() { tools="${tools:+$tools }$1-$2"; }

# takes TEXT: what getting it takes, for the person who waits.
takes() { effort=$1; }

# heavy: only ./test --all installs it.
heavy() { is_heavy=true; }

# needs WHAT [VERSION [NEWEST]]: what this machine must have for it. Of Rust, exactly that version, and
# what to do where it is another.
needs() {
  case $1 in
    go)
      if ! command -v go >/dev/null; then
        lack "Go $2 or newer, and there is no go on the PATH: install Go"
      elif ! printf '%s\n' "$2" "$(go_version)" | sort -C -V; then
        lack "Go $2 or newer, and this is $(go_version): install a newer Go"
      fi
      ;;
    npm)
      command -v npm >/dev/null || lack 'npm, and there is none on the PATH: install Node.js with npm'
      ;;
    python)
      python3 -c "import ensurepip, sys; sys.exit(not (${2/./, }) <= sys.version_info[:2] <= (${3/./, }))" \
        2>/dev/null || lack "Python $2 to $3 with venv and pip, and python3 is none: install it"
      ;;
    pods)
      runs_pods 2>/dev/null ||
        lack 'root with namespaces and overlayfs (unshare, setpriv, nsenter, ip), which this machine lacks'
      ;;
    debian)
      shift
      if ! has "$@" && ! { command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; }; then
        lack "$*: install them, or run as root where there is apt-get"
      fi
      ;;
    apt)
      has apt-get dpkg-deb || lack 'apt-get and dpkg-deb, which Debian and Ubuntu have'
      ;;
    kpt)
      has kpt || lack 'kpt, and there is none on the PATH: install it'
      ;;
    rust)
      case $(rustc --version 2>/dev/null) in
        "rustc $2 "*) ;;
        *) lack "Rust $2, and this is $(rustc --version 2>/dev/null || echo none): $3" ;;
      esac
      ;;
    unzip)
      command -v unzip >/dev/null || command -v python3 >/dev/null ||
        lack 'unzip or python3, and neither is on the PATH: install unzip'
      ;;
    linux-x86_64)
      [ "$(uname -sm)" = 'Linux x86_64' ] ||
        lack "Linux on x86_64, the only machine its package is made for, and this is $(uname -sm)"
      ;;
    *) echo "tests/peers: unknown need $1" >&2 && return 1 ;;
  esac
}

# go_install DIR PACKAGE VERSION HASH [FLAG…]: builds the program with the Go that is here, whatever the
# caller's environment says of flags, workspaces and targets. HASH is the h1: of its module.
go_install() {
  local dir=$1 package=$2 version=$3 hash=$4
  shift 4
  env GOBIN="$dir" GOFLAGS=-trimpath GOTOOLCHAIN=local GOWORK=off GO111MODULE=on GOOS= GOARCH= \
    CGO_ENABLED=0 go install "$@" "$package@$version"
  prints "$hash" go version -m "$dir"
}

# python_packages HOME REQUIREMENTS: makes the virtual environment HOME, which cannot be moved later, of
# packages with known hashes. They are unpacked, never built.
python_packages() {
  rm -rf "$1"
  python3 -m venv "$1"
  "$1/bin/python" -I -m pip install --quiet --disable-pip-version-check --no-input --no-cache-dir \
    --require-hashes --only-binary :all: -r "$2"
}

# python_program HOME [CODE]: prints a program that starts the Python of the virtual environment, on CODE.
python_program() { printf '#!/bin/sh\nexec %q -I %s "$@"\n' "$1/bin/python" "${2:+-c '$2'}"; }

# npm_package DIR PACKAGE VERSION SHA256: unpacks the package into DIR/package; runs nothing of it.
npm_package() {
  local dir=$1 package=$2 version=$3 sha256=$4
  (cd "$dir" && npm pack --loglevel=error --ignore-scripts "$package@$version")
  prints "$sha256 " sha256sum "$dir"/*.tgz
  tar -xzf "$dir"/*.tgz -C "$dir"
}

# unpack_zip ZIP DIR
unpack_zip() {
  if command -v unzip >/dev/null; then
    unzip -q "$1" -d "$2"
  else
    python3 -m zipfile -e "$1" "$2"
  fi
}

# prints TEXT COMMAND…: fails unless the command's output holds TEXT.
prints() {
  local text=$1 output
  shift
  output=$("$@")
  case $output in
    *"$text"*) ;;
    *) printf 'expected %s from %s, which printed:\n%s\n' "$text" "$*" "$output" && return 1 ;;
  esac
}

# --- what stands behind them ------------------------------------------------------------------------

# has PROGRAM…: whether all are on the PATH.
has() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || return
  done
}

lack() { lacks="${lacks:+$lacks; }$1"; }

# Whether tests/pods could run: each pod has namespaces, a user and a file system of its own.
runs_pods() {
  local name
  for name in setpriv nsenter ip; do
    command -v "$name" >/dev/null || return
  done
  # shellcheck disable=SC2016 # for the shell inside
  unshare --mount --uts --ipc --net --pid --fork sh -c '
    mount --make-rprivate / && mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work /mnt/root &&
    mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root &&
    mount -t proc proc /mnt/root/proc && chroot /mnt/root setpriv --reuid 1000 --clear-groups true'
}

# newer_python OLDEST NEWEST: the folder of a Python of these minor versions: the one on the PATH, or one
# that pyenv keeps. Nothing where there is none.
newer_python() {
  local python
  for python in "$(command -v python3)" "$(pyenv root 2>/dev/null)"/versions/3.*/bin/python3; do
    if "$python" -c "import ensurepip, sys; sys.exit(not (3, $1) <= sys.version_info[:2] <= (3, $2))" \
      2>/dev/null; then
      dirname "$python"
      return
    fi
  done
}

go_version() { go env GOVERSION 2>/dev/null | sed 's/^go//'; }

# read_peer FILE: what it declares, in the variables that the words above set.
read_peer() {
  tools='' effort='' lacks='' is_heavy=false
  # shellcheck source=/dev/null
  . "$1"
  label=$(sed -e 's/ /, /g' -e 's/-v\([0-9]\)/ v\1/g' <<<"$tools")
}

# installed TOOL-VERSION
installed() { [ -e "$peers_dir/stamps/$1" ] && [ -x "$peers_dir/bin/${1%-v*}" ]; }

# The names of the tools that are declared and not there, one a line.
missing_tools() (
  for file in tests/peers/*.sh; do
    read_peer "$file"
    for tool in $tools; do
      installed "$tool" || echo "${tool%-v*}"
    done
  done
)

# install_peer FILE, in a process of its own.
install_peer() {
  local tool there=true made start=$SECONDS
  read_peer "$1"
  for tool in $tools; do
    installed "$tool" || there=false
  done
  if $there; then
    say "$label: already there"
    return
  fi
  if $is_heavy && ! $all; then
    return
  fi
  if [ -n "$lacks" ]; then
    echo "$label: needs $lacks" >>"$logs/skipped"
    return
  fi

  say "$label: $effort"
  made=$(mktemp -d "$peers_dir/making.XXXXXX")
  # shellcheck disable=SC2064 # the folder of now
  trap "rm -rf '$made'" EXIT
  fetch "$made" >"$logs/$(basename "$1")" 2>&1
  for tool in $tools; do
    rm -f "$peers_dir/stamps/${tool%-v*}"-v*
    mv -f "$made/${tool%-v*}" "$peers_dir/bin/"
    touch "$peers_dir/stamps/$tool"
  done
  say "$label: ready, $((SECONDS - start)) s"
}

# All side by side, as some wait for the network and some for the processor.
install_peers() {
  local file installs='' install
  mkdir -p "$peers_dir/bin" "$peers_dir/stamps"
  # What killed runs left behind; a run that is under way is younger.
  find "$peers_dir" -maxdepth 1 -name 'making.*' -mmin +120 -exec rm -rf {} +
  if $all && ! grep -qx heavy tests/peers/*.sh; then
    say 'heavy peers: there are none yet'
  fi

  for file in tests/peers/*.sh; do
    set -m # a process group for each, so that stop_installs ends it with all that it started
    install_peer "$file" </dev/null &
    set +m
    installs="$installs $!:$file"
  done
  for install in $installs; do
    if ! wait "${install%%:*}"; then
      file=$(basename "$install")
      say "${file%.sh}: FAILED"
      show "$logs/$file"
      fail "${file%.sh}"
    fi
  done
}

stop_installs() {
  local group
  for group in $(jobs -p); do
    kill -- "-$group" 2>/dev/null || true
  done
  wait
}
