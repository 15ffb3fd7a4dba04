package main

import (
	"context"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/topdown/print"
)

// InterpretArguments ask OPA's own evaluator one question, the reference for
// what a compiled policy must answer.
type InterpretArguments struct {
	Sources
	Entrypoint string         `json:"entrypoint"`
	Data       map[string]any `json:"data,omitempty"`
	// Input is a Rego value as text; without it, input is undefined.
	Input string `json:"input,omitempty"`
}

// Interpreted carries one of Term, Undefined and Error, and what was printed.
type Interpreted struct {
	Term      string   `json:"term,omitempty"`
	Undefined bool     `json:"undefined,omitempty"`
	Error     *Problem `json:"error,omitempty"`
	Output    string   `json:"output,omitempty"`
}

const interpretPatience = 60 * time.Second

func interpret(a InterpretArguments) (any, []Problem) {
	c, _, wrong := a.compile(func(c *ast.Compiler) { c.WithEnablePrintStatements(true) })
	if len(wrong) > 0 {
		return nil, wrong
	}
	query, answer, err := question(c, a.Entrypoint)
	if err != nil {
		return nil, problems(err)
	}
	if a.Input != "" {
		input, err := read(a.Input)
		if err != nil {
			return nil, problems(err)
		}
		query = query.WithInput(input)
	}
	printed := &printer{}
	answers, err := run(query.WithCompiler(c).WithPrintHook(printed), a.Data)
	if err != nil {
		return Interpreted{Error: evaluationProblem(err), Output: printed.String()}, nil
	}
	if len(answers) == 0 {
		return Interpreted{Undefined: true, Output: printed.String()}, nil
	}
	return Interpreted{Term: write(answers[0][answer].Value), Output: printed.String()}, nil
}

// question asks for the document at an entrypoint.
func question(c *ast.Compiler, entrypoint string) (*topdown.Query, ast.Var, error) {
	const answer = ast.Var("answer")
	document := ast.NewTerm(reference(entrypoint))
	compiler := c.QueryCompiler()
	body, err := compiler.Compile(ast.NewBody(ast.Equality.Expr(ast.NewTerm(answer), document)))
	if err != nil {
		return nil, answer, err
	}
	return topdown.NewQuery(body).WithQueryCompiler(compiler), answer, nil
}

func run(query *topdown.Query, data map[string]any) (topdown.QueryResultSet, error) {
	if data == nil {
		data = map[string]any{}
	}
	ctx := context.Background()
	store := inmem.NewFromObject(data)
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return nil, err
	}
	defer store.Abort(ctx, txn)
	return query.
		WithStore(store).
		WithTransaction(txn).
		WithTime(time.Now()).
		WithCancel(deadline(time.Now().Add(interpretPatience))).
		Run(ctx)
}

type printer struct{ strings.Builder }

func (p *printer) Print(_ print.Context, message string) error {
	p.WriteString(message + "\n")
	return nil
}
