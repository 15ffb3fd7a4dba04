package main

import (
	"runtime"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// yielding lets the scheduler look at its timers now and then. There is one
// thread here and nothing interrupts it, so without this no timeout of a test
// that loops would ever fire.
type yielding struct {
	tracer topdown.QueryTracer
	since  *int
}

const yieldEvery = 1024

func (y yielding) Enabled() bool               { return true }
func (y yielding) Config() topdown.TraceConfig { return y.tracer.Config() }

func (y yielding) TraceEvent(e topdown.Event) {
	y.tracer.TraceEvent(e)
	if *y.since++; *y.since%yieldEvery == 0 {
		runtime.Gosched()
	}
}

// Failure is the expression that made a test fail, and as Text the source with
// the values its variables had.
type Failure struct {
	Place
	Text       string      `json:"text"`
	Comparison *Comparison `json:"comparison,omitempty"`
}

// lastFailure remembers the expression that failed last, which is what OPA's
// own reporter shows.
type lastFailure struct {
	event      *topdown.Event
	comparison *Comparison
}

func (l *lastFailure) Enabled() bool               { return true }
func (l *lastFailure) Config() topdown.TraceConfig { return topdown.TraceConfig{PlugLocalVars: true} }

func (l *lastFailure) TraceEvent(e topdown.Event) {
	if e.Op != topdown.FailOp || e.Location == nil || e.QueryID == 0 || isEvery(e.Node) {
		return
	}
	l.event, l.comparison = &e, compared(&e)
}

// isEvery is true of a loop, whose body holds the expression that failed.
func isEvery(n ast.Node) bool {
	expr, ok := n.(*ast.Expr)
	if !ok {
		return false
	}
	_, ok = expr.Terms.(*ast.Every)
	return ok
}

func (l *lastFailure) describe() *Failure {
	if l.event == nil {
		return nil
	}
	var text strings.Builder
	if err := topdown.PrettyEvent(&text, l.event, topdown.PrettyEventOpts{PrettyVars: true}); err != nil {
		return nil
	}
	return &Failure{place(l.event.Location), strings.TrimRight(text.String(), "\n"), l.comparison}
}
