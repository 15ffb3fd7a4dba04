package main

import (
	"context"
	"encoding/json"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
)

type ExplainArguments struct {
	Sources
	Data  map[string]any `json:"data,omitempty"`
	Facts map[string]any `json:"facts"`
	// Sets are the sets of findings to ask for: data.mcp.session.deny.
	Sets []string `json:"sets"`
	// NowMs is what time.now_ns says, in milliseconds.
	NowMs int64 `json:"nowMs,omitempty"`
}

type Explained struct {
	Rules []TrueRule `json:"rules"`
}

// TrueRule is a rule that put a member into a set, and what was read for it.
type TrueRule struct {
	Package string `json:"package"`
	Name    string `json:"name"`
	Place
	Finding any    `json:"finding"`
	Reads   []Read `json:"reads"`
}

// Read is one value of input or data, as far as Rego tells where it came from:
// the path of an element that was picked, not of the whole list.
type Read struct {
	Path  string `json:"path"`
	Value string `json:"value"`
}

// explain evaluates sets of findings in OPA's own evaluator, and watches.
func explain(a ExplainArguments) (any, []Problem) {
	c, _, wrong := a.compile()
	if len(wrong) > 0 {
		return nil, wrong
	}
	input, err := ast.InterfaceToValue(a.Facts)
	if err != nil {
		return nil, problems(err)
	}
	if a.Data == nil {
		a.Data = map[string]any{}
	}
	data, err := ast.InterfaceToValue(a.Data)
	if err != nil {
		return nil, problems(err)
	}
	watch := newReading(c, input, data, a.Sets)
	for _, set := range a.Sets {
		if err := evaluateSet(c, set, a, input, watch); err != nil {
			return nil, []Problem{*evaluationProblem(err)}
		}
	}
	return Explained{watch.explained()}, nil
}

func evaluateSet(c *ast.Compiler, set string, a ExplainArguments, input ast.Value, watch *reading) error {
	query, err := ast.ParseBody("x = " + set)
	if err != nil {
		return err
	}
	ctx := context.Background()
	store := inmem.NewFromObject(a.Data)
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return err
	}
	defer store.Abort(ctx, txn)
	return topdown.NewQuery(query).
		WithCompiler(c).
		WithStore(store).
		WithTransaction(txn).
		WithInput(ast.NewTerm(input)).
		WithTime(time.UnixMilli(a.NowMs)).
		WithCancel(deadline(time.Now().Add(explainPatience))).
		WithQueryTracer(watch).
		Iter(ctx, func(topdown.QueryResult) error { return nil })
}

const explainPatience = 10 * time.Second

// asJSON is a finding as the gate's own judge gets it.
func asJSON(v ast.Value) any {
	out, err := ast.JSON(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return out
}
