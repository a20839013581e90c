# shellcheck shell=bash
# np-guard's Network Config Analyzer, in a virtual environment, which stays where it is made: who reaches
# whom by the network policies in some files. netpol-analyzer, its younger sibling in Go, is not to be had
# from the module proxy.

peer nca v2.1.0
heavy
# The lxml that it pins has no package for 3.14.
needs python 3.11 3.13
takes 'installing 65 MB with pip (some ten seconds)'

fetch() {
  local home=$peers_dir/nca
  python_packages "$home" tests/peers/nca/requirements.txt
  python_program "$home" 'import sys; from nca.nca_cli import nca_main; sys.exit(nca_main())' >"$1/nca"
  chmod +x "$1/nca"
  prints 2.1.0 "$1/nca" --version
}
