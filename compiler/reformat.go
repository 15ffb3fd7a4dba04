package main

import (
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
)

type FormatArguments struct {
	Modules map[string]string `json:"modules"`
}

type Formatted struct {
	Source  string `json:"source"`
	Changed bool   `json:"changed"`
}

func reformat(a FormatArguments) (any, []Problem) {
	out, wrong := map[string]Formatted{}, []Problem{}
	options := parserOptions()
	for _, path := range slices.Sorted(maps.Keys(a.Modules)) {
		source := a.Modules[path]
		tidy, err := format.SourceWithOpts(path, []byte(source), format.Opts{RegoVersion: ast.RegoV1, ParserOptions: &options})
		if err != nil {
			wrong = append(wrong, inFile(path, problems(err))...)
			continue
		}
		out[path] = Formatted{string(tidy), string(tidy) != source}
	}
	return map[string]any{"modules": out}, wrong
}
