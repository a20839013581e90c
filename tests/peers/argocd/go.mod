// Builds both sides of Argo CD's plugin protocol from its published modules; see ../argocd.sh.
module argocd

go 1.26.3

require github.com/argoproj/argo-cd/v3 v3.5.7

// Argo CD replaces its gitops-engine by a folder of its repository, which its module leaves out. This is
// the newest that is published as a module of its own, some weeks older than Argo CD v3.5.7.
replace github.com/argoproj/argo-cd/gitops-engine => github.com/argoproj/argo-cd/gitops-engine v0.0.0-20260914071520-c9c369efcc5b
