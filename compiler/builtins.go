package main

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// Category says who answers a built-in when a compiled policy calls it.
type Category string

const (
	native  Category = "native"  // code inside the policy's own WASM
	host    Category = "host"    // the JavaScript host, from facts it holds
	module  Category = "module"  // this program, through the builtin operation, if only now and then
	erased  Category = "erased"  // the compiler replaces the call; nothing is left to answer
	refuses Category = "refused" // nobody: the policy does not compile
)

type refusedBecause struct{ why, hint string }

// A policy must give the same answer for the same facts, offline. What cannot
// promise that is refused here and nowhere else.
var refused = map[string]refusedBecause{
	"http.send":              {"a policy sees facts, not the network", "let a probe record the fact, or pass it as data"},
	"net.lookup_ip_addr":     {"a policy sees facts, not the network", "let a probe record the fact, or pass it as data"},
	"opa.runtime":            {"no OPA is running, and its environment is not the gate's", "read input.gate, or pass the value as data"},
	"rand.intn":              {"two runs on the same facts must agree", "derive the value from input or data"},
	"uuid.rfc4122":           {"two runs on the same facts must agree", "derive the id from input, with crypto.sha256 for example"},
	"io.jwt.encode_sign":     {"signatures differ from run to run, and a policy has no business holding a key", "verify tokens with io.jwt.verify_*; let a probe mint them"},
	"io.jwt.encode_sign_raw": {"signatures differ from run to run, and a policy has no business holding a key", "verify tokens with io.jwt.verify_*; let a probe mint them"},
}

// time.now_ns is the one clock a policy sees: the start of the run, frozen.
var answeredByHost = []string{"time.now_ns"}

// The compiler replaces these before a policy is planned.
var rewritten = []string{"assign", "eq", "internal.print", "internal.test_case", "print", "rego.metadata.chain", "rego.metadata.rule"}

// What OPA's WASM back end implements itself, well or not (see mend). OPA keeps the table internal;
// a test compiles a call to every built-in and compares.
var nativeNames = []string{
	"abs", "and", "array.concat", "array.flatten", "array.reverse", "array.slice",
	"base64.decode", "base64.encode", "base64.is_valid", "base64url.decode", "base64url.encode",
	"bits.and", "bits.lsh", "bits.negate", "bits.or", "bits.rsh", "bits.xor",
	"ceil", "concat", "contains", "count", "div", "endswith", "equal", "floor", "format_int",
	"glob.match", "graph.reachable", "gt", "gte", "indexof",
	"internal.member_2", "internal.member_3", "internal.template_string", "intersection",
	"is_array", "is_boolean", "is_null", "is_number", "is_object", "is_set", "is_string",
	"json.filter", "json.is_valid", "json.marshal", "json.remove", "json.unmarshal",
	"lower", "lt", "lte", "max", "min", "minus", "mul",
	"neq", "net.cidr_contains", "net.cidr_intersects", "numbers.range",
	"object.filter", "object.get", "object.keys", "object.remove", "object.union", "object.union_n",
	"or", "plus", "product", "regex.find_all_string_submatch_n", "regex.is_valid", "regex.match",
	"rem", "replace", "round", "sort", "split", "startswith", "strings.replace_n", "strings.reverse",
	"substring", "sum", "to_number", "trim", "trim_left", "trim_prefix", "trim_right", "trim_space", "trim_suffix",
	"type_name", "union", "upper", "walk",
}

func categoryOf(name string) Category {
	if _, ok := refused[name]; ok {
		return refuses
	}
	if slices.Contains(answeredByHost, name) {
		return host
	}
	if slices.Contains(rewritten, name) {
		return erased
	}
	if slices.Contains(partly, name) || slices.Contains(outsourced, name) {
		return module
	}
	if slices.Contains(nativeNames, name) {
		return native
	}
	if topdown.GetBuiltin(name) == nil {
		return refuses
	}
	return module
}

// usable leaves out what OPA deprecates, which Rego v1 does not compile.
func usable() []*ast.Builtin {
	return slices.DeleteFunc(everything().Builtins, (*ast.Builtin).IsDeprecated)
}

func categories() map[Category][]string {
	out := map[Category][]string{}
	for _, b := range usable() {
		c := categoryOf(b.Name)
		out[c] = append(out[c], b.Name)
	}
	return out
}
