package main

import (
	"runtime"

	opa "github.com/open-policy-agent/opa/v1/version"
)

type Versions struct {
	OPA      string                `json:"opa"`
	Go       string                `json:"go"`
	Builtins map[Category][]string `json:"builtins"`
}

func version(struct{}) (any, []Problem) {
	return Versions{OPA: opa.Version, Go: runtime.Version(), Builtins: categories()}, nil
}
