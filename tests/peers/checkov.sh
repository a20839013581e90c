# shellcheck shell=bash
# checkov, in a virtual environment, which stays where it is made. What comes into bin starts it, without
# the network: it looks for no newer version and loads nothing from its maker's platform. Its settings and
# its cache would lie in a home folder; that is the virtual environment.

peer checkov v3.3.30
heavy
needs python 3.11 3.14
takes 'installing 290 MB with pip (some forty seconds)'

fetch() {
  local home=$peers_dir/checkov
  python_packages "$home" tests/peers/checkov/requirements.txt
  {
    printf '#!/bin/sh\nexport HOME=%q CKV_SKIP_PACKAGE_UPDATE_CHECK=true\n' "$home"
    python_program "$home" 'import sys; from checkov.main import Checkov; sys.exit(Checkov().run())' |
      sed -e 1d -e 's/ "\$@"$/ --skip-download "$@"/'
  } >"$1/checkov"
  chmod +x "$1/checkov"
  prints 3.3.30 "$1/checkov" --version
}
