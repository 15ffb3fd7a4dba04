package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

const (
	readsLimit     = 60
	readValueLimit = 160
)

// reading watches an evaluation and notes which facts and data the rules that
// came out true had before them.
//
// `some a in input.session.attempts; a.accepted` reads accepted of one attempt:
// the compiler has turned `a` into another name for an element, and the names
// are followed back to where they came from.
type reading struct {
	compiler *ast.Compiler
	roots    map[string]ast.Value
	aliases  map[ast.Var]ast.Ref
	// frames maps a query, and everything evaluated inside its body, to the rule
	// that it evaluates.
	frames map[uint64]*frame
	byRule map[*ast.Rule]paths
	found  []put
	sets   []string
}

type frame struct {
	rule  *ast.Rule
	reads paths
}

type paths map[string]ast.Ref

// put is one member that a rule gave to a set.
type put struct {
	rule  *ast.Rule
	value ast.Value
	frame *frame
}

func newReading(c *ast.Compiler, input, data ast.Value, sets []string) *reading {
	r := &reading{
		compiler: c,
		roots:    map[string]ast.Value{"input": input, "data": data},
		aliases:  map[ast.Var]ast.Ref{},
		frames:   map[uint64]*frame{},
		byRule:   map[*ast.Rule]paths{},
		sets:     sets,
	}
	for _, m := range c.Modules {
		ast.WalkExprs(m, r.noteAlias)
	}
	return r
}

// noteAlias learns from `__local3__ = input.session.attempts[__local2__]`.
func (r *reading) noteAlias(e *ast.Expr) bool {
	if !e.IsEquality() && !e.IsAssignment() {
		return false
	}
	left, right := e.Operand(0), e.Operand(1)
	for _, pair := range [][2]*ast.Term{{left, right}, {right, left}} {
		name, named := pair[0].Value.(ast.Var)
		ref, referred := pair[1].Value.(ast.Ref)
		if named && referred {
			r.aliases[name] = ref
		}
	}
	return false
}

func (*reading) Enabled() bool               { return true }
func (*reading) Config() topdown.TraceConfig { return topdown.TraceConfig{} }

func (r *reading) TraceEvent(e topdown.Event) {
	switch e.Op {
	case topdown.EnterOp:
		r.enter(e)
	case topdown.ExitOp:
		r.exit(e)
	}
}

func (r *reading) enter(e topdown.Event) {
	if rule, ok := e.Node.(*ast.Rule); ok {
		r.frames[e.QueryID] = &frame{rule, paths{}}
		return
	}
	if outer, ok := r.frames[e.ParentID]; ok {
		r.frames[e.QueryID] = outer
	}
}

func (r *reading) exit(e topdown.Event) {
	current, ok := r.frames[e.QueryID]
	if !ok {
		return
	}
	r.visit(e.Node, &e, current.reads)
	rule, ok := e.Node.(*ast.Rule)
	if !ok {
		return
	}
	if r.byRule[rule] == nil {
		r.byRule[rule] = paths{}
	}
	maps.Copy(r.byRule[rule], current.reads)
	if rule.Head.Key != nil && rule.Head.Value == nil {
		if key := e.Plug(rule.Head.Key); key.IsGround() {
			r.found = append(r.found, put{rule, key.Value, current})
		}
	}
}

// visit notes what the node refers to, with the variables it has by now.
func (r *reading) visit(node any, e *topdown.Event, into paths) {
	eachRef(node, func(ref ast.Ref, _ *ast.Location) {
		for _, path := range r.origin(ref, 0) {
			if concrete := pluggedPrefix(path, e); r.isBase(concrete) {
				into[concrete.String()] = concrete
			}
		}
	})
	ast.WalkVars(node, func(v ast.Var) bool { // an element that is used whole
		if alias, ok := r.aliases[v]; ok {
			for _, path := range r.origin(alias, 0) {
				if concrete := pluggedPrefix(path, e); r.isBase(concrete) {
					into[concrete.String()] = concrete
				}
			}
		}
		return false
	})
}

const aliasDepth = 8

// origin writes a reference from input or data, however many names lie between.
func (r *reading) origin(ref ast.Ref, depth int) []ast.Ref {
	if ref[0].Equal(ast.InputRootDocument) || ref[0].Equal(ast.DefaultRootDocument) {
		return []ast.Ref{ref}
	}
	name, ok := ref[0].Value.(ast.Var)
	if !ok || depth > aliasDepth {
		return nil
	}
	alias, ok := r.aliases[name]
	if !ok {
		return nil
	}
	return r.origin(slices.Concat(alias, ref[1:]), depth+1)
}

func pluggedPrefix(ref ast.Ref, e *topdown.Event) ast.Ref {
	out := ast.Ref{ref[0]}
	for _, t := range ref[1:] {
		if e != nil && !t.IsGround() {
			t = e.Plug(t)
		}
		if !t.IsGround() {
			break
		}
		if _, nested := t.Value.(ast.Ref); nested {
			break
		}
		out = append(out, t)
	}
	return out
}

// isBase is true of facts and of data that no rule gives.
func (r *reading) isBase(ref ast.Ref) bool {
	if len(ref) < 2 {
		return false
	}
	return ref[0].Equal(ast.InputRootDocument) || !isVirtual(r.compiler, constantData(ref))
}

// explained tells each finding with its own reads and those of every rule it
// relies on, whether that was true or not.
func (r *reading) explained() []TrueRule {
	out := []TrueRule{}
	seen := map[string]bool{}
	for _, m := range r.found {
		name, set := m.rule.Module.Package.Path.String(), m.rule.Head.Ref().String()
		key := m.rule.Location.String() + write(m.value)
		if !slices.Contains(r.sets, name+"."+set) || seen[key] {
			continue
		}
		seen[key] = true
		reads := maps.Clone(m.frame.reads)
		for dependency := range r.dependencies(m.rule) {
			maps.Copy(reads, r.byRule[dependency])
			r.visit(dependency, nil, reads)
		}
		out = append(out, TrueRule{name, set, place(m.rule.Location), asJSON(m.value), r.valued(reads)})
	}
	slices.SortStableFunc(out, func(a, b TrueRule) int { return strings.Compare(a.File, b.File) })
	return out
}

func (r *reading) dependencies(rule *ast.Rule) map[*ast.Rule]bool {
	out, queue := map[*ast.Rule]bool{}, []*ast.Rule{rule}
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		for x := range r.compiler.Graph.Dependencies(next) {
			if dependency, ok := x.(*ast.Rule); ok && !out[dependency] && dependency != rule {
				out[dependency] = true
				queue = append(queue, dependency)
			}
		}
	}
	return out
}

// valued drops a whole of which a part was read, and adds what stood there.
func (r *reading) valued(reads paths) []Read {
	out := []Read{}
	texts := slices.Sorted(maps.Keys(reads))
	for _, text := range texts {
		if slices.ContainsFunc(texts, func(other string) bool { return extends(other, text) }) {
			continue
		}
		ref := reads[text]
		value, err := r.roots[string(ref[0].Value.(ast.Var))].Find(ref[1:])
		if err != nil {
			out = append(out, Read{text, ""})
			continue
		}
		out = append(out, Read{text, brief(value)})
	}
	if len(out) > readsLimit {
		return out[:readsLimit]
	}
	return out
}

func extends(longer, shorter string) bool {
	rest, ok := strings.CutPrefix(longer, shorter)
	return ok && (strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "["))
}

func brief(v ast.Value) string {
	text := []rune(write(v))
	if len(text) <= readValueLimit {
		return string(text)
	}
	return string(text[:readValueLimit-1]) + "…"
}
