package main

import (
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

type Package struct {
	Path string `json:"path"`
	Place
}

// Rule is one rule as written; the same name may stand in several of them.
type Rule struct {
	Package string `json:"package"`
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Default bool   `json:"default"`
	Place
}

// inventory lists every package and rule in the order of the files.
func inventory(modules map[string]*ast.Module) ([]Package, []Rule) {
	packages, rules := []Package{}, []Rule{}
	for _, path := range slices.Sorted(maps.Keys(modules)) {
		m := modules[path]
		name := m.Package.Path.String()
		packages = append(packages, Package{name, place(m.Package.Location)})
		for _, r := range m.Rules {
			rules = append(rules, Rule{name, r.Head.Ref().String(), kind(r), r.Default, place(r.Location)})
		}
	}
	return packages, rules
}

func kind(r *ast.Rule) string {
	if r.Head.RuleKind() == ast.MultiValue {
		return "set"
	}
	if len(r.Head.Args) > 0 {
		return "function"
	}
	if r.Head.DocKind() == ast.PartialObjectDoc {
		return "object"
	}
	return "complete"
}
