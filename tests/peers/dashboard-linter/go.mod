// Builds dashboard-linter from its published module; see ../dashboard-linter.sh.
module dashboard-linter

go 1.26.3

require github.com/grafana/dashboard-linter v0.2.0

// Both are under the AGPL, and nothing that we lint needs them: stand-ins that refuse what they are given.
replace (
	github.com/grafana/grafana/apps/dashboard => ./grafana-dashboard
	github.com/grafana/loki/v3 => ./loki
)
