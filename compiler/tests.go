package main

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/open-policy-agent/opa/v1/topdown"
)

type TestArguments struct {
	Sources
	Data map[string]any `json:"data,omitempty"`
	// Filter is a regular expression over data.<package>.<test>.
	Filter string `json:"filter,omitempty"`
	// TimeoutMs is for each test; five seconds unless given.
	TimeoutMs int `json:"timeoutMs,omitempty"`
}

type Tested struct {
	Tests    []Test   `json:"tests"`
	Coverage Coverage `json:"coverage"`
}

type Test struct {
	Package string `json:"package"`
	Name    string `json:"name"`
	Place
	Outcome    string   `json:"outcome"`
	DurationMs float64  `json:"durationMs"`
	Output     string   `json:"output,omitempty"`
	Cases      []Case   `json:"cases,omitempty"`
	FailedAt   *Failure `json:"failedAt,omitempty"`
	Error      *Problem `json:"error,omitempty"`
}

// Case is one of a test's table, named by the keys in the test's head.
type Case struct {
	Name   []string `json:"name"`
	Passed bool     `json:"passed"`
}

func test(a TestArguments) (any, []Problem) {
	modules, wrong := a.parse()
	if len(wrong) > 0 {
		return nil, wrong
	}
	schemas, wrong := a.schemas()
	if len(wrong) > 0 {
		return nil, wrong
	}
	run := testRun{
		arguments: a,
		compiler:  a.compiler(schemas).WithEnablePrintStatements(true).WithRewriteTestRules(true),
	}
	seen := cover.New()
	results, err := run.perform(modules, a.Filter, yielding{tracer: seen, since: new(int)})
	if err != nil {
		return nil, problems(err)
	}
	tests := make([]Test, 0, len(results))
	for _, r := range results {
		t := describe(r)
		if r.Fail {
			t.FailedAt = run.failure(r)
		}
		tests = append(tests, t)
	}
	slices.SortStableFunc(tests, byPlace)
	return Tested{tests, coverage(seen, modules)}, nil
}

type testRun struct {
	arguments TestArguments
	compiler  *ast.Compiler
}

// perform runs what the filter matches; without modules, what the compiler
// has already compiled.
func (t testRun) perform(modules map[string]*ast.Module, filter string, tracer topdown.QueryTracer) ([]*tester.Result, error) {
	ctx := context.Background()
	data := t.arguments.Data
	if data == nil {
		data = map[string]any{}
	}
	store := inmem.NewFromObject(data)
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return nil, err
	}
	defer store.Abort(ctx, txn)

	runner := tester.NewRunner().
		SetCompiler(t.compiler).
		SetStore(store).
		SetModules(modules).
		SetParallel(1).
		SetTimeout(t.timeout()).
		SetCoverageQueryTracer(tracer).
		CapturePrintOutput(true).
		Filter(filter)
	results, err := runner.RunTests(ctx, txn)
	if err != nil {
		return nil, err
	}
	var out []*tester.Result
	for r := range results {
		out = append(out, r)
	}
	return out, nil
}

func (t testRun) timeout() time.Duration {
	if t.arguments.TimeoutMs > 0 {
		return time.Duration(t.arguments.TimeoutMs) * time.Millisecond
	}
	return 5 * time.Second
}

// failure runs a failed test again to see where: to remember that for every
// test would cost all of them.
func (t testRun) failure(r *tester.Result) *Failure {
	last := &lastFailure{}
	only := "^" + regexp.QuoteMeta(r.Package+"."+r.Name) + "$"
	if _, err := t.perform(nil, only, yielding{tracer: last, since: new(int)}); err != nil {
		return nil
	}
	return last.describe()
}

func describe(r *tester.Result) Test {
	t := Test{
		Package:    r.Package,
		Name:       r.Name,
		Place:      place(r.Location),
		Outcome:    outcome(r),
		DurationMs: float64(r.Duration.Microseconds()) / 1000,
		Output:     string(r.Output),
	}
	if r.Error != nil {
		t.Error = evaluationProblem(r.Error)
	}
	for name, sub := range r.SubResults.Iter {
		if len(sub.SubResults) == 0 {
			t.Cases = append(t.Cases, Case{slices.Clone(name), !sub.Fail})
		}
	}
	return t
}

func outcome(r *tester.Result) string {
	switch {
	case r.Skip:
		return "skip"
	case r.Error != nil:
		return "error"
	case r.Fail:
		return "fail"
	}
	return "pass"
}

func evaluationProblem(err error) *Problem {
	var e *topdown.Error
	if errors.As(err, &e) {
		return &Problem{Code: e.Code, Message: e.Message, Place: place(e.Location)}
	}
	return &problems(err)[0]
}

func byPlace(a, b Test) int {
	if a.File != b.File {
		return strings.Compare(a.File, b.File)
	}
	return a.Row - b.Row
}
