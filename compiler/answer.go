package main

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Request names an operation and carries its arguments.
type Request struct {
	Operation string          `json:"operation"`
	Arguments json.RawMessage `json:"arguments"`
}

// Reply carries exactly one of its members. Errors are the author's to mend;
// Fault is ours: a request that is not understood, or a panic.
type Reply struct {
	Result any       `json:"result,omitempty"`
	Errors []Problem `json:"errors,omitempty"`
	Fault  string    `json:"fault,omitempty"`
}

// Answer never panics: whatever happens, the host gets a reply.
func Answer(request []byte) (reply []byte) {
	defer func() {
		if r := recover(); r != nil {
			reply = encode(Reply{Fault: fmt.Sprintf("panic: %v", r)})
		}
	}()
	var r Request
	if err := decode(request, &r); err != nil {
		return encode(Reply{Fault: "the request is not understood: " + err.Error()})
	}
	return encode(perform(r))
}

func perform(r Request) Reply {
	switch r.Operation {
	case "build":
		return with(r, build)
	case "check":
		return with(r, check)
	case "format":
		return with(r, reformat)
	case "test":
		return with(r, test)
	case "explain":
		return with(r, explain)
	case "builtin":
		return with(r, callBuiltin)
	case "interpret":
		return with(r, interpret)
	case "capabilities":
		return with(r, describeCapabilities)
	case "version":
		return with(r, version)
	}
	return Reply{Fault: fmt.Sprintf("there is no operation %q", r.Operation)}
}

func with[A any](r Request, operation func(A) (any, []Problem)) Reply {
	var arguments A
	if len(r.Arguments) > 0 {
		if err := decode(r.Arguments, &arguments); err != nil {
			return Reply{Fault: fmt.Sprintf("the arguments of %s are not understood: %v", r.Operation, err)}
		}
	}
	result, problems := operation(arguments)
	if len(problems) > 0 {
		return Reply{Errors: problems}
	}
	return Reply{Result: result}
}

// decode refuses unknown members: a misspelt option is a fault, not a default.
func decode(from []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(from))
	d.DisallowUnknownFields()
	d.UseNumber()
	return d.Decode(into)
}

func encode(reply Reply) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(reply); err != nil {
		return encode(Reply{Fault: "the reply could not be written: " + err.Error()})
	}
	return out.Bytes()
}
