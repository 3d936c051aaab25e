package watch

// Options steer Compile. The zero value is the shipped behaviour.
type Options struct{}

// Problem is an entry, or a name of one, that was left out, and why.
type Problem struct {
	List, Entry string
	Sentence    string
}

// Index is a compiled set of watchlists: immutable, safe for concurrent use.
type Index struct{}

// Compile builds an Index. Entries that cannot be watched are left out and reported, in input order; the rest are in.
func Compile(entries []Entry, o Options) (*Index, []Problem) { return &Index{}, nil }

// Find returns one Match per entry that rings in doc, in order of list and entry.
func (x *Index) Find(doc Doc) []Match { return nil }
