package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// Comparison is what a failed expression compared: what was got, what the test
// wrote down, and where the two differ.
type Comparison struct {
	Operator    string       `json:"operator"`
	Got         Side         `json:"got"`
	Expected    Side         `json:"expected"`
	Differences []Difference `json:"differences,omitempty"`
}

// Side is one operand: its source, and its value as Rego; none when undefined.
type Side struct {
	Source string `json:"source"`
	Value  string `json:"value,omitempty"`
}

// Difference is one place inside the two values; a side without it is empty.
type Difference struct {
	At       string `json:"at"`
	Got      string `json:"got,omitempty"`
	Expected string `json:"expected,omitempty"`
}

const (
	valueLimit      = 4000
	differenceLimit = 10
)

var comparing = map[string]string{
	"eq": "==", "equal": "==", "assign": "==", "neq": "!=",
	"lt": "<", "lte": "<=", "gt": ">", "gte": ">=",
	"internal.member_2": "in",
}

// compared reads the operands of the expression that failed, while their
// bindings still stand. It is nil where nothing is compared.
func compared(e *topdown.Event) *Comparison {
	expr, ok := e.Node.(*ast.Expr)
	if !ok || expr.Negated || !expr.IsCall() {
		return nil
	}
	base := expr.BaseCogeneratedExpr()
	operator, ok := comparing[base.Operator().String()]
	operands := base.Operands()
	if !ok || len(operands) != 2 || isHidden(base) {
		return nil
	}
	got, expected := side(e, operands[0]), side(e, operands[1])
	if got.value == nil && expected.value == nil {
		return nil
	}
	if (operator == "==" || operator == "!=") && isWritten(operands[0]) && !isWritten(operands[1]) {
		got, expected = expected, got
	}
	out := &Comparison{Operator: operator, Got: got.Side, Expected: expected.Side}
	if operator == "==" && got.value != nil && expected.value != nil {
		out.Differences = differences("", got.value, expected.value)
	}
	return out
}

type plugged struct {
	Side
	value ast.Value
}

func side(e *topdown.Event, operand *ast.Term) plugged {
	out := plugged{Side: Side{Source: sourceOf(operand)}}
	if value := e.Plug(operand); value.IsGround() {
		if _, ref := value.Value.(ast.Ref); !ref {
			out.value = value.Value
			out.Value = shortened(write(value.Value))
		}
	}
	return out
}

func sourceOf(t *ast.Term) string {
	if t.Location == nil {
		return ""
	}
	return string(t.Location.Text)
}

// isWritten is true of a value that stands in the test itself.
func isWritten(t *ast.Term) bool {
	switch t.Value.(type) {
	case ast.Null, ast.Boolean, ast.Number, ast.String, *ast.Array, ast.Object, ast.Set:
		return t.IsGround()
	}
	return false
}

// isHidden is true of what the compiler wrote: nobody compared anything there.
func isHidden(e *ast.Expr) bool { return e.Location == nil || len(e.Location.Text) == 0 }

func shortened(s string) string {
	runes := []rune(s)
	if len(runes) <= valueLimit {
		return s
	}
	return fmt.Sprintf("%s… (+%d characters)", string(runes[:valueLimit]), len(runes)-valueLimit)
}

func differences(at string, got, expected ast.Value) []Difference {
	out := walkDifferences(at, got, expected, nil)
	if len(out) > differenceLimit {
		return out[:differenceLimit]
	}
	return out
}

func walkDifferences(at string, got, expected ast.Value, out []Difference) []Difference {
	if got.Compare(expected) == 0 || len(out) > differenceLimit {
		return out
	}
	switch g := got.(type) {
	case ast.Object:
		if x, ok := expected.(ast.Object); ok {
			return objectDifferences(at, g, x, out)
		}
	case *ast.Array:
		if x, ok := expected.(*ast.Array); ok {
			return arrayDifferences(at, g, x, out)
		}
	case ast.Set:
		if x, ok := expected.(ast.Set); ok {
			return setDifferences(at, g, x, out)
		}
	}
	return append(out, Difference{here(at), shortened(write(got)), shortened(write(expected))})
}

func objectDifferences(at string, got, expected ast.Object, out []Difference) []Difference {
	keys := got.Keys()
	for _, k := range expected.Keys() {
		if got.Get(k) == nil {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b *ast.Term) int { return a.Value.Compare(b.Value) })
	for _, k := range keys {
		out = pairDifference(at+member(k), got.Get(k), expected.Get(k), out)
	}
	return out
}

func arrayDifferences(at string, got, expected *ast.Array, out []Difference) []Difference {
	for i := range max(got.Len(), expected.Len()) {
		out = pairDifference(fmt.Sprintf("%s[%d]", at, i), element(got, i), element(expected, i), out)
	}
	return out
}

// setDifferences looks into two members only where there is no doubt that they
// are meant to be the same one.
func setDifferences(at string, got, expected ast.Set, out []Difference) []Difference {
	extra, missing := got.Diff(expected).Slice(), expected.Diff(got).Slice()
	if len(extra) == 1 && len(missing) == 1 && isComposite(extra[0]) && isComposite(missing[0]) {
		return walkDifferences(at+"{…}", extra[0].Value, missing[0].Value, out)
	}
	for _, t := range extra {
		out = pairDifference(at+"{…}", t, nil, out)
	}
	for _, t := range missing {
		out = pairDifference(at+"{…}", nil, t, out)
	}
	return out
}

func isComposite(t *ast.Term) bool {
	switch t.Value.(type) {
	case ast.Object, *ast.Array:
		return true
	}
	return false
}

func pairDifference(at string, got, expected *ast.Term, out []Difference) []Difference {
	switch {
	case got == nil:
		return append(out, Difference{At: here(at), Expected: shortened(write(expected.Value))})
	case expected == nil:
		return append(out, Difference{At: here(at), Got: shortened(write(got.Value))})
	}
	return walkDifferences(at, got.Value, expected.Value, out)
}

func element(a *ast.Array, i int) *ast.Term {
	if i >= a.Len() {
		return nil
	}
	return a.Elem(i)
}

func here(at string) string { return strings.TrimPrefix(at, ".") }

// member is a key as Rego writes it behind a reference.
func member(k *ast.Term) string {
	if s, ok := k.Value.(ast.String); ok && ast.IsVarCompatibleString(string(s)) {
		return "." + string(s)
	}
	return "[" + write(k.Value) + "]"
}
