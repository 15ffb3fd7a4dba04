package main

import (
	"cmp"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// DataRef is a place where a policy reads data that no rule gives: what stands
// there at run time is for whoever supplies the data to say.
type DataRef struct {
	// Path is as far as it is written down: mcp, config, limit.
	Path []string `json:"path"`
	Place
}

func dataRefs(c *ast.Compiler, modules map[string]*ast.Module) []DataRef {
	out := []DataRef{}
	for _, path := range slices.Sorted(maps.Keys(modules)) {
		m := c.Modules[path] // with imports resolved
		if m == nil {
			continue
		}
		for _, r := range m.Rules {
			eachRef(r, func(ref ast.Ref, at *ast.Location) {
				if segments := constantData(ref); len(segments) > 0 && !isVirtual(c, segments) {
					out = append(out, DataRef{segments, place(at)})
				}
			})
		}
	}
	return out
}

// eachRef visits what a rule reads; what `with` replaces is not read.
func eachRef(x any, f func(ast.Ref, *ast.Location)) {
	var visitor *ast.GenericVisitor
	var expression *ast.Location // some terms are the compiler's, and stand nowhere
	visitor = ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case *ast.With:
			visitor.Walk(x.Value)
			return true
		case *ast.Expr:
			expression = x.Location
		case *ast.Term:
			if ref, ok := x.Value.(ast.Ref); ok {
				f(ref, cmp.Or(x.Location, expression))
			}
		}
		return false
	})
	visitor.Walk(x)
}

// constantData is the written part of a reference to data.
func constantData(ref ast.Ref) []string {
	if len(ref) == 0 || !ref[0].Equal(ast.DefaultRootDocument) {
		return nil
	}
	var out []string
	for _, t := range ref[1:] {
		s, ok := t.Value.(ast.String)
		if !ok {
			break
		}
		out = append(out, string(s))
	}
	return out
}

// isVirtual is true of rules, what lies in their values, and packages.
func isVirtual(c *ast.Compiler, segments []string) bool {
	node := c.RuleTree.Child(ast.DefaultRootDocument.Value)
	for _, s := range segments {
		if node == nil {
			return false
		}
		if len(node.Values) > 0 {
			return true
		}
		node = node.Child(ast.String(s))
	}
	return node != nil
}
