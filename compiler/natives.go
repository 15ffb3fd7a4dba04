package main

import (
	_ "embed"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// OPA's WASM implements some built-ins itself, and a few of those answer
// otherwise than OPA's evaluator: the gate would judge differently from the
// author's tests. Calls of these are led elsewhere before a policy is linked.

//go:embed natives.rego
var nativesSource string

const (
	nativesFile = "mcp_gate/natives.rego"
	nativesPath = "mcp_gate.natives"
	// opaPrefix makes a name that WASM does not implement, so that the host is asked.
	opaPrefix = "mcp_gate_opa"
)

// mended are answered by a function in natives.rego.
var mended = map[string]string{
	"concat":         "concatenated",
	"replace":        "replaced",
	"indexof":        "index",
	"object.union_n": "merged",
	"div":            "quotient",
	"format_int":     "formatted",
	"to_number":      "number",
	"glob.match":     "globbed",
	"json.marshal":   "marshalled",
	"regex.match":    "matched",
	"numbers.range":  "ranged",
}

// partly are those of mended that ask for the evaluator's implementation now and then.
var partly = []string{"div", "format_int", "glob.match", "json.marshal", "numbers.range", "regex.match", "replace", "to_number"}

// outsourced are always answered by the evaluator's implementation: what WASM
// decodes is too lax, and what it writes has no order.
var outsourced = []string{
	"base64.decode", "base64.is_valid", "base64url.decode", "bits.rsh",
	"json.is_valid", "json.unmarshal",
}

// mend leads calls of what WASM answers badly to what answers well, and adds
// the module that does. The modules given are left as they are.
func mend(modules map[string]*ast.Module) (map[string]*ast.Module, error) {
	taken := declared(modules)
	out, used := map[string]*ast.Module{}, false
	for path, m := range modules {
		m = m.Copy()
		out[path] = m
		shadowed := maps.Clone(taken[m.Package.Path.String()])
		for _, i := range m.Imports {
			shadowed[i.Name()] = true
		}
		used = redirect(m, shadowed) || used
	}
	if !used {
		return out, nil
	}
	natives, err := ast.ParseModuleWithOpts(nativesFile, nativesSource, parserOptions())
	if err != nil {
		return nil, err
	}
	out[nativesFile] = natives
	return out, nil
}

// declared lists the names that each package gives its own meaning.
func declared(modules map[string]*ast.Module) map[string]map[ast.Var]bool {
	out := map[string]map[ast.Var]bool{}
	for _, m := range modules {
		path := m.Package.Path.String()
		if out[path] == nil {
			out[path] = map[ast.Var]bool{}
		}
		for _, r := range m.Rules {
			if head, ok := r.Head.Ref()[0].Value.(ast.Var); ok {
				out[path][head] = true
			}
		}
	}
	return out
}

// redirect rewrites the calls in a module, and what `with` replaces; it tells whether there were any.
func redirect(m *ast.Module, shadowed map[ast.Var]bool) bool {
	used := false
	operator := func(t *ast.Term) {
		ref, ok := t.Value.(ast.Ref)
		if !ok {
			return
		}
		head, ok := ref[0].Value.(ast.Var)
		if !ok || shadowed[head] {
			return
		}
		if elsewhere := destination(ref.String()); elsewhere != nil {
			t.Value, used = elsewhere, true
		}
	}
	ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case *ast.Expr:
			if terms, ok := x.Terms.([]*ast.Term); ok && len(terms) > 0 {
				operator(terms[0])
			}
		case ast.Call:
			operator(x[0])
		case *ast.With:
			operator(x.Target)
			operator(x.Value)
		}
		return false
	}).Walk(m)
	return used
}

// destination is nil for what WASM answers well.
func destination(builtin string) ast.Ref {
	if function, ok := mended[builtin]; ok {
		return ast.MustParseRef("data." + nativesPath + "." + function)
	}
	if slices.Contains(outsourced, builtin) {
		return ast.MustParseRef(opaPrefix + "." + builtin)
	}
	return nil
}

// linkable is everything, with the names under which the host is asked for
// what WASM has too.
func linkable() *ast.Capabilities {
	c := everything()
	for _, name := range slices.Concat(partly, outsourced) {
		renamed := *ast.BuiltinMap[name]
		renamed.Name, renamed.Infix, renamed.Relation = opaPrefix+"."+name, "", false
		c.Builtins = append(c.Builtins, &renamed)
	}
	return c
}

// unmended says who answers in a policy whose calls are left as they are.
func unmended(used []BuiltinUsed) {
	for i, b := range used {
		if slices.Contains(nativeNames, b.Name) {
			used[i].AnsweredBy = native
		}
	}
}
