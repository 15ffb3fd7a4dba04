package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/topdown/builtins"
)

// BuiltinArguments are the operands, in one of two writings.
//
// Args are JSON: a set becomes an array, an object's keys become strings, and
// the answer loses the same. Terms are Rego values as text ({1, 2}, {1: "a"},
// set()), and nothing is lost; the answer is written the same way.
type BuiltinArguments struct {
	Name  string   `json:"name"`
	Args  []any    `json:"args,omitempty"`
	Terms []string `json:"terms,omitempty"`
}

// Answered carries one of its members. Undefined is an answer too; an Error is
// what OPA would make undefined, with the reason it had, unless it Halts: then
// OPA would have ended the evaluation.
type Answered struct {
	Result    any    `json:"result,omitempty"`
	Term      string `json:"term,omitempty"`
	Undefined bool   `json:"undefined,omitempty"`
	Error     string `json:"error,omitempty"`
	Halts     bool   `json:"halts,omitempty"`
}

func callBuiltin(a BuiltinArguments) (any, []Problem) {
	f, b := topdown.GetBuiltin(a.Name), ast.BuiltinMap[a.Name]
	if f == nil || b == nil {
		return nil, []Problem{{Code: codeUnknown, Message: "no built-in is called " + a.Name, Builtin: a.Name}}
	}
	if categoryOf(a.Name) == refuses {
		return nil, []Problem{refusal(Problem{}, a.Name)}
	}
	operands, err := operands(a)
	if err != nil {
		return nil, problems(err)
	}
	if wanted := b.Decl.Arity(); len(operands) != wanted {
		return Answered{Error: fmt.Sprintf("%s takes %d arguments; %d were given", a.Name, wanted, len(operands))}, nil
	}
	answer, err := apply(f, operands)
	if err != nil {
		return failed(err), nil
	}
	if answer == nil {
		return Answered{Undefined: true}, nil
	}
	if a.Terms != nil {
		return Answered{Term: write(answer.Value)}, nil
	}
	result, err := ast.JSON(answer.Value)
	if err != nil {
		return Answered{Error: err.Error()}, nil
	}
	return answeredJSON{result}, nil
}

func failed(err error) Answered {
	var halt topdown.Halt
	return Answered{Error: err.Error(), Halts: errors.As(err, &halt)}
}

// answeredJSON keeps a result of null, which omitempty would drop.
type answeredJSON struct {
	Result any `json:"result"`
}

func operands(a BuiltinArguments) ([]*ast.Term, error) {
	var out []*ast.Term
	for _, text := range a.Terms {
		t, err := read(text)
		if err != nil {
			return nil, err
		}
		if !t.IsGround() {
			return nil, errors.New("an operand is not a value: " + text)
		}
		out = append(out, t)
	}
	for _, x := range a.Args {
		v, err := ast.InterfaceToValue(x)
		if err != nil {
			return nil, err
		}
		out = append(out, ast.NewTerm(v))
	}
	return out, nil
}

// patience is what one call may take; a few built-ins can be asked for more
// than there is (every address in ::/0).
const patience = time.Second

// deadline is a cancellation that needs nobody to run it: there is one thread
// here, and the built-in holds it.
type deadline time.Time

func (d deadline) Cancel()         {}
func (d deadline) Cancelled() bool { return time.Now().After(time.Time(d)) }

// apply calls an implementation as the evaluator would, with nothing that
// leads outside: no runtime, no cache, no network, and a clock that stands.
func apply(f topdown.BuiltinFunc, operands []*ast.Term) (*ast.Term, error) {
	var answer *ast.Term
	err := f(topdown.BuiltinContext{
		Context:      context.Background(),
		Time:         ast.UIntNumberTerm(uint64(time.Now().UnixNano())),
		Cancel:       deadline(time.Now().Add(patience)),
		Cache:        builtins.Cache{},
		Capabilities: everything(),
	}, operands, func(t *ast.Term) error {
		answer = t
		return nil
	})
	return answer, err
}
