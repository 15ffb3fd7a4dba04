package main

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
)

// Coverage is of the policies; the tests themselves are left out.
type Coverage struct {
	Percentage float64                 `json:"percentage"`
	Files      map[string]CoverageFile `json:"files"`
}

type CoverageFile struct {
	Percentage float64 `json:"percentage"`
	Covered    []Rows  `json:"covered"`
	Uncovered  []Rows  `json:"uncovered"`
}

// Rows is a range with both ends in it.
type Rows struct {
	From int `json:"from"`
	To   int `json:"to"`
}

func coverage(seen *cover.Cover, modules map[string]*ast.Module) Coverage {
	out := Coverage{Files: map[string]CoverageFile{}}
	covered, counted := 0, 0
	for path, report := range seen.Report(modules).Files {
		if strings.HasSuffix(path, "_test.rego") {
			continue
		}
		covered += report.CoveredLines
		counted += report.CoveredLines + report.NotCoveredLines
		out.Files[path] = CoverageFile{report.Coverage, rows(report.Covered), rows(report.NotCovered)}
	}
	if counted > 0 {
		out.Percentage = 100 * float64(covered) / float64(counted)
	}
	return out
}

// rows joins what touches: OPA reports each expression on its own.
func rows(ranges []cover.Range) []Rows {
	out := []Rows{}
	for _, r := range ranges {
		if last := len(out) - 1; last >= 0 && r.Start.Row <= out[last].To+1 {
			out[last].To = max(out[last].To, r.End.Row)
			continue
		}
		out = append(out, Rows{r.Start.Row, r.End.Row})
	}
	return out
}
