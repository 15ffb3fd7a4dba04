package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/compile"
)

type BuildArguments struct {
	Sources
	Entrypoints []string `json:"entrypoints"`
	// Portable leaves every built-in to OPA's WASM that has it: for hosts other
	// than the gate, which know nothing of the names we ask for.
	Portable bool `json:"portable,omitempty"`
}

// Built is a policy and what there is to know about it. No data is inside: the
// host supplies that when it evaluates.
type Built struct {
	Checked
	Wasm        []byte   `json:"wasm"`
	Entrypoints []string `json:"entrypoints"`
}

func build(a BuildArguments) (any, []Problem) {
	c, modules, wrong := a.compile()
	if len(wrong) > 0 {
		return nil, wrong
	}
	if wrong := unknownEntrypoints(c, a.Entrypoints); len(wrong) > 0 {
		return nil, wrong
	}
	checked := checked(c, modules) // before linking, which drops the entrypoints from the modules
	if a.Portable {
		unmended(checked.BuiltinsUsed)
	}
	wasm, err := link(a, modules)
	if err != nil {
		return nil, problems(err)
	}
	return Built{checked, wasm, a.Entrypoints}, nil
}

// link plans the policy and emits WASM. The linker compiles the modules once
// more, with its own options; ours have been checked by then.
func link(a BuildArguments, modules map[string]*ast.Module) ([]byte, error) {
	capabilities := everything()
	if !a.Portable {
		mended, err := mend(modules)
		if err != nil {
			return nil, err
		}
		modules, capabilities = mended, linkable()
	}
	b := &bundle.Bundle{Data: map[string]any{}}
	b.SetRegoVersion(ast.RegoV1)
	b.Manifest.Init()
	for path, m := range modules {
		b.Modules = append(b.Modules, bundle.ModuleFile{URL: path, Path: path, Parsed: m, Raw: []byte(a.source(path))})
	}
	slices.SortFunc(b.Modules, func(x, y bundle.ModuleFile) int { return strings.Compare(x.Path, y.Path) })

	linker := compile.New().
		WithTarget(compile.TargetWasm).
		WithCapabilities(capabilities).
		WithRegoVersion(ast.RegoV1).
		WithEntrypoints(a.Entrypoints...).
		WithBundle(b)
	if err := linker.Build(context.Background()); err != nil {
		return nil, err
	}
	return linker.Bundle().WasmModules[0].Raw, nil
}

func unknownEntrypoints(c *ast.Compiler, entrypoints []string) []Problem {
	if len(entrypoints) == 0 {
		return []Problem{{Code: codeEntrypoint, Message: "no entrypoint was named; expected at least one <package>/<rule>"}}
	}
	var wrong []Problem
	for _, e := range entrypoints {
		if len(c.GetRules(reference(e))) == 0 {
			wrong = append(wrong, Problem{Code: codeEntrypoint, Message: fmt.Sprintf("no rule or package is at the entrypoint %q", e)})
		}
	}
	return wrong
}

// reference is data.mcp.gate.deny for mcp/gate/deny.
func reference(entrypoint string) ast.Ref {
	ref := ast.Ref{ast.DefaultRootDocument}
	for _, part := range strings.Split(entrypoint, "/") {
		ref = append(ref, ast.StringTerm(part))
	}
	return ref
}

func (a BuildArguments) source(path string) string {
	if path == nativesFile {
		return nativesSource
	}
	return a.Modules[path]
}
