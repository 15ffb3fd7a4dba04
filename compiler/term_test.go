package main

import (
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

func TestWritesValuesThatReadBackEqual(t *testing.T) {
	for _, text := range []string{
		`null`, `true`, `-1.5e300`, `12345678901234567890123`, `"a\"\\\u0007é😀"`, `"\ufeff"`,
		`[]`, `{}`, `set()`, `{1, {2}, [3]}`, `{1: "a", {2}: set(), null: [set()]}`,
	} {
		want := ast.MustParseTerm(text)
		got, err := read(write(want.Value))
		if err != nil || !got.Equal(want) {
			t.Errorf("%s was written as %s, which reads as %v (%v)", text, write(want.Value), got, err)
		}
	}
}

func TestWritesWhatToNumberLetsThroughAsNumbers(t *testing.T) {
	for given, want := range map[ast.Number]string{"+1": "1", "1_000": "1000", ".5": "0.5", "1.": "1", "2.50": "2.50"} {
		if got := write(given); got != want {
			t.Errorf("%s was written as %s, not %s", given, got, want)
		}
	}
}

func TestKnowsAnAnswererForEveryBuiltin(t *testing.T) {
	for _, b := range ast.Builtins {
		if _, named := refused[b.Name]; !named && categoryOf(b.Name) == refuses {
			t.Errorf("%s is refused without a reason", b.Name)
		}
	}
}

func TestFaultsAreRepliesToo(t *testing.T) {
	for request, want := range map[string]string{
		`{`:                    `{"fault":"the request is not understood: unexpected EOF"}`,
		`{"operation":"bild"}`: `{"fault":"there is no operation \"bild\""}`,
		`{"operation":"check","arguments":{"modles":{}}}`: `{"fault":"the arguments of check are not understood: json: unknown field \"modles\""}`,
	} {
		if got := string(Answer([]byte(request))); got != want+"\n" {
			t.Errorf("%s was answered with %s", request, got)
		}
	}
}
