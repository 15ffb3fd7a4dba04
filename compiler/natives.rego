# What the code inside OPA's WASM answers otherwise than OPA's evaluator does, put right where that can be said in Rego.
# The rest is asked of the evaluator's own implementation, under the name behind `mcp_gate_opa`.
package mcp_gate.natives

# A set has no order there.
concatenated(delimiter, parts) := concat(delimiter, sort(parts)) if is_set(parts)

else := concat(delimiter, parts) if not is_set(parts)

# There, looking for nothing never ends.
replaced(text, old, new) := replace(text, old, new) if old != ""

else := mcp_gate_opa.replace(text, old, new) if old == ""

index(text, wanted) := indexof(text, wanted) if wanted != ""

merged(objects) := object.union_n(objects) if {
	is_array(objects)
	objects != []
}

else := {} if objects == []

# Numbers beyond 32 bits, nanoseconds among them, end the evaluation there.
formatted(n, base) := format_int(n, base) if not large(n)

else := digits if {
	base == 10
	floor(n) == n
	digits := $"{n}"
	trim(digits, "-0123456789") == ""
}

else := mcp_gate_opa.format_int(n, base) if large(n)

large(n) if {
	is_number(n)
	abs(n) >= 1000000000
}

# 18 digits are kept there, 20 in the evaluator: the same only where nothing is left over.
quotient(x, y) := q if {
	is_number(x)
	y != 0
	abs(x) < 1000000000000000
	q := x / y
	floor(q) == q
	q * y == x
}

else := mcp_gate_opa.div(x, y) if {
	is_number(x)
	is_number(y)
	y != 0
}

# "-" and "1e" are numbers there.
number(x) := to_number(x) if not is_string(x)

else := to_number(x) if {
	x != ""
	count(x) < 16
	trim(x, "0123456789") == ""
}

else := mcp_gate_opa.to_number(x) if is_string(x)

# Brackets are read differently, and bad ones accepted.
globbed(pattern, delimiters, text) := glob.match(pattern, delimiters, text) if not bracketed(pattern)

else := mcp_gate_opa.glob.match(pattern, delimiters, text) if bracketed(pattern)

bracketed(pattern) if {
	some c in ["(", ")", "[", "]", "{", "}", "|", "\\"]
	contains(pattern, c)
}

# A pattern ends there at a zero.
matched(pattern, text) := regex.match(pattern, text) if not contains(pattern, "\u0000")

else := mcp_gate_opa.regex.match(pattern, text) if contains(pattern, "\u0000")

# Nothing stops a long one there.
ranged(a, b) := numbers.range(a, b) if abs(b - a) < 1000000

else := mcp_gate_opa.numbers.range(a, b) if abs(b - a) >= 1000000

# Sets and keys are in no order there, and letters are escaped differently.
marshalled(x) := strings.replace_n(escapes, json.marshal(x)) if not unlike(x)

else := mcp_gate_opa.json.marshal(x) if unlike(x)

escapes := {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}

unlike(x) if {
	walk(x, [_, y])
	type_name(y) in ["object", "set"]
}

unlike(x) if {
	some escape in ["\\u0008", "\\u000c"]
	contains(json.marshal(x), escape)
}
