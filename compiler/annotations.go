package main

import "github.com/open-policy-agent/opa/v1/ast"

// Annotation is one METADATA block; its place is that of the package or rule
// it describes.
type Annotation struct {
	Path             string         `json:"path"`
	Scope            string         `json:"scope"`
	Title            string         `json:"title,omitempty"`
	Description      string         `json:"description,omitempty"`
	Entrypoint       bool           `json:"entrypoint,omitempty"`
	RelatedResources []Resource     `json:"relatedResources,omitempty"`
	Authors          []Author       `json:"authors,omitempty"`
	Organizations    []string       `json:"organizations,omitempty"`
	Custom           map[string]any `json:"custom,omitempty"`
	Labels           map[string]any `json:"labels,omitempty"`
	Place
}

type Resource struct {
	Ref         string `json:"ref"`
	Description string `json:"description,omitempty"`
}

type Author struct {
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
}

func annotations(c *ast.Compiler) []Annotation {
	out := []Annotation{}
	for _, ref := range c.GetAnnotationSet().Flatten() {
		out = append(out, annotation(ref))
	}
	return out
}

func annotation(ref *ast.AnnotationsRef) Annotation {
	a := ref.Annotations
	out := Annotation{
		Path:          ref.Path.String(),
		Scope:         a.Scope,
		Title:         a.Title,
		Description:   a.Description,
		Entrypoint:    a.Entrypoint,
		Organizations: a.Organizations,
		Custom:        a.Custom,
		Labels:        a.Labels,
		Place:         place(ref.Location),
	}
	for _, r := range a.RelatedResources {
		out.RelatedResources = append(out.RelatedResources, Resource{r.Ref.String(), r.Description})
	}
	for _, w := range a.Authors {
		out.Authors = append(out.Authors, Author{w.Name, w.Email})
	}
	return out
}
