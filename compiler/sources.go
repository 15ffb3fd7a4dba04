package main

import (
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Sources are policies as the author wrote them, and what to hold them to.
type Sources struct {
	Modules      map[string]string `json:"modules"`
	Capabilities *Capabilities     `json:"capabilities,omitempty"`
	Schemas      map[string]any    `json:"schemas,omitempty"`
	// Input names the schema that types `input` wherever an annotation does
	// not; "facts" if there is one.
	Input string `json:"input,omitempty"`
	// Lax allows what strict mode refuses: unused variables and imports.
	Lax bool `json:"lax,omitempty"`
}

const inputSchema = "facts"

// compile parses, resolves and type-checks, and reports every error it can.
func (s Sources) compile(configure ...func(*ast.Compiler)) (*ast.Compiler, map[string]*ast.Module, []Problem) {
	modules, wrong := s.parse()
	if len(wrong) > 0 {
		return nil, nil, wrong
	}
	schemas, wrong := s.schemas()
	if len(wrong) > 0 {
		return nil, nil, wrong
	}
	c := s.compiler(schemas)
	for _, f := range configure {
		f(c)
	}
	if c.Compile(modules); c.Failed() {
		return nil, nil, problems(c.Errors)
	}
	return c, modules, nil
}

func (s Sources) compiler(schemas *ast.SchemaSet) *ast.Compiler {
	return ast.NewCompiler().
		SetErrorLimit(0).
		WithCapabilities(everything()).
		WithUnsafeBuiltins(forbidden(s.Capabilities)).
		WithDefaultRegoVersion(ast.RegoV1).
		WithSchemas(schemas).
		WithStrict(!s.Lax).
		WithUseTypeCheckAnnotations(true)
}

func (s Sources) parse() (map[string]*ast.Module, []Problem) {
	modules, wrong := map[string]*ast.Module{}, []Problem{}
	for _, path := range slices.Sorted(maps.Keys(s.Modules)) {
		m, err := ast.ParseModuleWithOpts(path, s.Modules[path], parserOptions())
		if err != nil {
			wrong = append(wrong, inFile(path, problems(err))...)
			continue
		}
		modules[path] = m
	}
	return modules, wrong
}

func parserOptions() ast.ParserOptions {
	return ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV1, Capabilities: everything()}
}

// inFile says where when OPA did not: of an empty file, for one.
func inFile(path string, ps []Problem) []Problem {
	for i := range ps {
		if ps[i].Row == 0 {
			ps[i].Place = Place{path, 1, 1}
		}
	}
	return ps
}

func (s Sources) schemas() (*ast.SchemaSet, []Problem) {
	if len(s.Schemas) == 0 {
		return nil, nil
	}
	set := ast.NewSchemaSet()
	for name, schema := range s.Schemas {
		set.Put(ast.SchemaRootRef.Append(ast.StringTerm(name)), schema)
	}
	input := s.Input
	if input == "" {
		input = inputSchema
	}
	if schema, ok := s.Schemas[input]; ok {
		set.Put(ast.SchemaRootRef, schema)
		return set, nil
	}
	if s.Input != "" {
		return nil, []Problem{{Code: codeSchema, Message: "input is to follow the schema " + s.Input + ", which was not given"}}
	}
	return set, nil
}
