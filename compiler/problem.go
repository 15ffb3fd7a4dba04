package main

import (
	"errors"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Place is where in the policy sources something stands; rows and columns
// count from one, and columns count bytes, as OPA has them.
type Place struct {
	File string `json:"file"`
	Row  int    `json:"row"`
	Col  int    `json:"col"`
}

func place(l *ast.Location) Place {
	if l == nil {
		return Place{}
	}
	return Place{File: l.File, Row: l.Row, Col: max(l.Col, 1)} // the end of a file has column 0 in OPA
}

// Problem is one thing wrong with the author's policies, and where.
type Problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Place
	Details []string `json:"details,omitempty"`
	Builtin string   `json:"builtin,omitempty"`
	Hint    string   `json:"hint,omitempty"`
}

// OPA's own codes begin with rego_; these are the ones we add.
const (
	codeRefused    = "builtin_refused"
	codeUnknown    = "builtin_unknown"
	codeEntrypoint = "entrypoint_unknown"
	codeSchema     = "schema_invalid"
	codeOther      = "compiler_error"
)

// problems turns whatever OPA returned into Problems, in file order.
func problems(err error) []Problem {
	var many ast.Errors
	if errors.As(err, &many) {
		many.Sort()
		out := make([]Problem, 0, len(many))
		for _, e := range many {
			out = append(out, problem(e))
		}
		return out
	}
	var one *ast.Error
	if errors.As(err, &one) {
		return []Problem{problem(one)}
	}
	return []Problem{{Code: codeOther, Message: err.Error()}}
}

func problem(e *ast.Error) Problem {
	p := Problem{Code: e.Code, Message: e.Message, Place: place(e.Location)}
	if e.Details != nil {
		p.Details = e.Details.Lines()
	}
	if strings.HasPrefix(e.Message, "unable to compile the schema") {
		p.Code = codeSchema
	}
	if name, ok := strings.CutPrefix(e.Message, "unsafe built-in function calls in expression: "); ok {
		return refusal(p, name)
	}
	return p
}

func refusal(p Problem, name string) Problem {
	p.Code, p.Builtin = codeRefused, name
	reason, ok := refused[name]
	if !ok {
		reason = refusedBecause{"it is not among the capabilities given", "add it there, or do without"}
	}
	p.Message = name + " is refused: " + reason.why
	p.Hint = reason.hint
	return p
}
