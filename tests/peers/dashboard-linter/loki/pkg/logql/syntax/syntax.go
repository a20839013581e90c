// Package syntax stands in for Loki's: it has the names that dashboard-linter's rules on Loki targets
// compile against, and refuses every LogQL expression, so that none can pass unread.
package syntax

import (
	"errors"
	"time"
)

type (
	Expr any

	BinOpExpr             struct{ SampleExpr, RHS Expr }
	LabelReplaceExpr      struct{ Left Expr }
	RangeAggregationExpr  struct{ Left Expr }
	VectorAggregationExpr struct{ Left Expr }

	LogRangeExpr struct {
		Left     Expr
		Interval time.Duration
	}
	PipelineExpr struct {
		Left        Expr
		MultiStages []Expr
	}
)

func ParseExpr(string) (Expr, error) {
	return nil, errors.New("LogQL is not read by this build of dashboard-linter")
}
