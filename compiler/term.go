package main

import (
	"encoding/json"
	"math/big"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// write puts a value into the text that opa_value_parse of a compiled policy
// reads: JSON, with set literals, and keys of any type.
func write(v ast.Value) string {
	var out strings.Builder
	writeTo(&out, v)
	return out.String()
}

func writeTo(out *strings.Builder, v ast.Value) {
	switch v := v.(type) {
	case ast.Set:
		if v.Len() == 0 {
			out.WriteString("set()")
			return
		}
		list(out, "{", v.Slice(), "}")
	case *ast.Array:
		terms := make([]*ast.Term, 0, v.Len())
		v.Foreach(func(t *ast.Term) { terms = append(terms, t) })
		list(out, "[", terms, "]")
	case ast.Object:
		out.WriteString("{")
		for i, key := range v.Keys() {
			separate(out, i)
			writeTo(out, key.Value)
			out.WriteString(":")
			writeTo(out, v.Get(key).Value)
		}
		out.WriteString("}")
	case ast.String:
		text, _ := json.Marshal(string(v)) // a Go string always marshals
		out.Write(text)
	case ast.Number:
		out.WriteString(numeral(v))
	default:
		out.WriteString(v.String())
	}
}

func list(out *strings.Builder, open string, terms []*ast.Term, shut string) {
	out.WriteString(open)
	for i, t := range terms {
		separate(out, i)
		writeTo(out, t.Value)
	}
	out.WriteString(shut)
}

func separate(out *strings.Builder, i int) {
	if i > 0 {
		out.WriteString(",")
	}
}

// read is the opposite of write. Rego's scanner takes no byte-order mark, not
// even in a string, and only in a string can one be.
func read(text string) (*ast.Term, error) {
	return ast.ParseTerm(strings.ReplaceAll(text, "\ufeff", `\ufeff`))
}

// numeral writes what to_number lets through, "+1" and "1_000" and ".5", as numbers are written.
func numeral(n ast.Number) string {
	if json.Valid([]byte(n)) {
		return string(n)
	}
	value, ok := new(big.Float).SetString(strings.ReplaceAll(string(n), "_", ""))
	if !ok {
		return string(n)
	}
	return value.Text('g', -1)
}
