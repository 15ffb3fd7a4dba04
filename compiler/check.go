package main

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Checked is what can be said of policies that compile.
type Checked struct {
	Packages     []Package     `json:"packages"`
	Rules        []Rule        `json:"rules"`
	Annotations  []Annotation  `json:"annotations"`
	BuiltinsUsed []BuiltinUsed `json:"builtinsUsed"`
	DataRefs     []DataRef     `json:"dataRefs"`
}

type BuiltinUsed struct {
	Name       string   `json:"name"`
	AnsweredBy Category `json:"answeredBy"`
}

func check(s Sources) (any, []Problem) {
	c, modules, wrong := s.compile()
	if len(wrong) > 0 {
		return nil, wrong
	}
	return checked(c, modules), nil
}

func checked(c *ast.Compiler, modules map[string]*ast.Module) Checked {
	packages, rules := inventory(modules)
	return Checked{packages, rules, annotations(c), builtinsUsed(c), dataRefs(c, modules)}
}

func builtinsUsed(c *ast.Compiler) []BuiltinUsed {
	out := []BuiltinUsed{}
	for _, b := range c.Required.Builtins {
		if category := categoryOf(b.Name); category != erased {
			out = append(out, BuiltinUsed{b.Name, category})
		}
	}
	slices.SortFunc(out, func(x, y BuiltinUsed) int { return strings.Compare(x.Name, y.Name) })
	return out
}
