package main

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Capabilities narrow what a policy may use. The WASM versions are ours to say.
type Capabilities struct {
	Builtins []struct {
		Name string `json:"name"`
	} `json:"builtins"`
}

// everything is what OPA knows, with the WASM versions its release has. OPA
// lists those only when built with a tag that brings a WASM runtime along.
func everything() *ast.Capabilities {
	c := ast.CapabilitiesForThisVersion(ast.CapabilitiesRegoVersion(ast.RegoV1))
	c.WasmABIVersions = []ast.WasmABIVersion{{Version: 1, Minor: 1}, {Version: 1, Minor: 2}, {Version: 1, Minor: 3}}
	c.AllowNet = []string{}
	return c
}

// forbidden names the built-ins no policy may call. The compiler is told of
// them as unsafe rather than unknown, so that a message can say why.
func forbidden(given *Capabilities) map[string]struct{} {
	out := map[string]struct{}{}
	for _, b := range ast.Builtins {
		if categoryOf(b.Name) == refuses || !given.allow(b) {
			out[b.Name] = struct{}{}
		}
	}
	return out
}

func (c *Capabilities) allow(b *ast.Builtin) bool {
	if c == nil {
		return true
	}
	for _, a := range c.Builtins {
		if a.Name == b.Name {
			return true
		}
	}
	return false
}

// describeCapabilities writes OPA's own capabilities file for what this
// program compiles, so that `opa check` and editors can agree with the gate.
func describeCapabilities(struct{}) (any, []Problem) {
	c := everything()
	c.Builtins = slices.DeleteFunc(usable(), func(b *ast.Builtin) bool {
		return categoryOf(b.Name) == refuses
	})
	return c, nil
}
