// Package v2 stands in for Grafana's second dashboard schema: it has the names that dashboard-linter
// compiles against, and refuses every such dashboard, so that none can pass unread. Classic dashboards
// do not come here.
package v2

import "errors"

type DashboardSpec struct {
	Title       string
	Editable    *bool
	Elements    map[string]DashboardElement
	Variables   []DashboardVariableKind
	Annotations []DashboardAnnotationQueryKind
}

func (*DashboardSpec) UnmarshalJSON([]byte) error {
	return errors.New("dashboards of schema v2 are not read by this build of dashboard-linter")
}

type kind[Spec any] struct{ Spec Spec }

type (
	DashboardElement struct{ PanelKind *kind[DashboardPanelSpec] }

	DashboardPanelSpec struct {
		Id                 float64
		Title, Description string
		Data               kind[queries]
		VizConfig          struct {
			Group string
			Spec  struct{ FieldConfig, Options any }
		}
	}
	queries                 struct{ Queries []DashboardPanelQueryKind }
	DashboardPanelQueryKind = kind[panelQuery]
	panelQuery              struct {
		RefId  string
		Hidden bool
		Query  DashboardDataQueryKind
	}

	DashboardDataQueryKind struct {
		Group      string
		Datasource *struct{ Name *string }
		Spec       map[string]any
	}

	DashboardAnnotationQueryKind = kind[annotation]
	annotation                   struct {
		Name  string
		Query DashboardDataQueryKind
	}
)

type (
	DashboardVariableKind struct {
		QueryVariableKind                          *kind[variable[DashboardDataQueryKind]]
		AdhocVariableKind, ConstantVariableKind    *kind[variable[string]]
		CustomVariableKind, DatasourceVariableKind *kind[variable[string]]
		GroupByVariableKind, IntervalVariableKind  *kind[variable[string]]
		SwitchVariableKind, TextVariableKind       *kind[variable[string]]
	}
	variable[Query any] struct {
		Name, PluginId  string
		Label, AllValue *string
		Multi           bool
		Query           Query
		Refresh         DashboardVariableRefresh
	}
	DashboardVariableRefresh string
)

const (
	DashboardVariableRefreshOnDashboardLoad    DashboardVariableRefresh = "onDashboardLoad"
	DashboardVariableRefreshOnTimeRangeChanged DashboardVariableRefresh = "onTimeRangeChanged"
)
