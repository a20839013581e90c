# shellcheck shell=bash
# KCL, and a Python that reads YAML. KCL's command, kcl-lang.io/cli, is not to be had from the module proxy; its
# library is on PyPI, with the whole compiler in it. So a Python program of two lines is the command.

peer kcl v0.13.2
peer pyyaml v6.0.4
needs python 3.11 3.14
takes 'installing 30 MB with pip (some ten seconds)'

fetch() {
  local home=$peers_dir/kcl
  python_packages "$home" benches/peers/kcl/requirements.txt
  python_program "$home" 'import sys; from kcl_lib import api
print(api.API().exec_program(api.ExecProgramArgs(k_filename_list=sys.argv[1:])).yaml_result)' >"$1/kcl"
  python_program "$home" >"$1/pyyaml"
  chmod +x "$1/kcl" "$1/pyyaml"
  echo 'a = 1' >"$1/a.k"
  prints 'a: 1' "$1/kcl" "$1/a.k"
  prints 6.0.4 "$1/pyyaml" -c 'import yaml; yaml.CSafeLoader; print(yaml.__version__)'
}
