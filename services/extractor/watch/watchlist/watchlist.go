// Package watchlist reads watch entries from the formats that lists come in: Tocsin's own YAML and CSV, and the files
// that OFAC, the United Nations, the European Union and OpenSanctions publish.
//
// Parsing is all or nothing: a broken file gives an error and no entries. What a readable file holds but cannot be
// watched (vessels, aircraft, empty names) is skipped and counted in the Report with its reason.
package watchlist

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/watch"
)

// Format names.
const (
	YAML          = "yaml"
	CSV           = "csv"
	OFAC          = "ofac"
	UN            = "un"
	EU            = "eu"
	OpenSanctions = "opensanctions"
)

// File is one input; Name is only used to choose a reader and in messages.
type File struct {
	Name string
	Data []byte
}

// Report says what a Parse read.
type Report struct {
	// Format is the reader that was used.
	Format string
	// Records counts what the file holds, Entries and Names what is watched now.
	Records, Entries, Names int
	Skipped                 []Skip
}

// Skip is one record or name that is not watched, and why.
type Skip struct {
	// Where is the record's own id or line.
	Where string
	Why   string
}

// Reasons counts the skipped records by reason, commonest first, as "12 × vessel".
func (r Report) Reasons() []string {
	count := map[string]int{}
	for _, s := range r.Skipped {
		count[s.Why]++
	}
	reasons := make([]string, 0, len(count))
	for why := range count {
		reasons = append(reasons, why)
	}
	slices.SortFunc(reasons, func(a, b string) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return strings.Compare(a, b)
	})
	for i, why := range reasons {
		reasons[i] = fmt.Sprintf("%d × %s", count[why], why)
	}
	return reasons
}

func (r *Report) skip(where, format string, args ...any) {
	r.Skipped = append(r.Skipped, Skip{where, fmt.Sprintf(format, args...)})
}

// Formats are the values that Parse accepts.
func Formats() []string { return []string{YAML, CSV, OFAC, UN, EU, OpenSanctions} }

// Detect chooses a format by file name and, where the extension leaves it open, by the first bytes; empty when unsure.
func Detect(name string, data []byte) string {
	base := strings.TrimSuffix(strings.ToLower(baseName(name)), ".gz")
	if d, err := unpack(data); err == nil {
		data = d
	}
	head := string(data[:min(len(data), 4096)])
	switch {
	case strings.HasSuffix(base, ".yaml"), strings.HasSuffix(base, ".yml"):
		return YAML
	case strings.Contains(base, "targets.simple"), strings.HasSuffix(base, ".jsonl"), strings.HasSuffix(base, ".ftm.json"):
		return OpenSanctions
	case strings.HasSuffix(base, ".csv"):
		return detectCSV(base, head)
	case strings.Contains(head, "<CONSOLIDATED_LIST"):
		return UN
	case strings.Contains(head, "fsdexport"), strings.Contains(head, "<export"):
		return EU
	case strings.Contains(head, "<sdnList"), strings.Contains(head, "<Sanctions"):
		return OFAC
	}
	return ""
}

// baseName is what follows the last slash, of either lean.
func baseName(name string) string { return path.Base(strings.ReplaceAll(name, `\`, "/")) }

func detectCSV(base, head string) string {
	line, _, _ := strings.Cut(head, "\n")
	switch {
	case strings.Contains(line, "schema") && strings.Contains(line, "aliases") && strings.Contains(line, "sanctions"):
		return OpenSanctions
	case strings.Contains(base, "sdn") || strings.Contains(head, "-0-"):
		return OFAC
	}
	return CSV
}

// Parse reads one file; see ParseFiles.
func Parse(format, filename string, data []byte) ([]watch.Entry, Report, error) {
	return ParseFiles(format, File{filename, data})
}

// ParseFiles reads the files that together make one list (OFAC's sdn.csv and alt.csv; one file otherwise). An empty
// format is detected. Files may be gzip-compressed. Entries are complete: list, id and kinds of names are filled in,
// and no two share a list and id.
//
// An error says where in the file and what to do. It does not name the file, which the caller knows, unless there are
// several to tell apart.
func ParseFiles(format string, files ...File) ([]watch.Entry, Report, error) {
	report := Report{Format: format}
	if len(files) == 0 {
		return nil, report, errors.New("no file given; name the list to read")
	}
	for i := range files {
		data, err := unpack(files[i].Data)
		if err != nil {
			return nil, report, inFile(files, i, err)
		}
		files[i].Data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	}
	if report.Format == "" {
		report.Format = Detect(files[0].Name, files[0].Data)
	}
	read, ok := readers()[report.Format]
	if !ok {
		return nil, report, fmt.Errorf("cannot tell the format %q; say one of %s", format, strings.Join(Formats(), ", "))
	}
	entries, err := read(files, &report)
	if err == nil {
		entries, err = finish(entries, &report)
	}
	if err != nil {
		return nil, report, err
	}
	return entries, report, nil
}

// inFile says which of several files an error is about.
func inFile(files []File, i int, err error) error {
	if len(files) == 1 {
		return err
	}
	return fmt.Errorf("%s: %w", baseName(files[i].Name), err)
}

// reader turns files into entries; it notes in the report what it leaves out.
type reader func(files []File, report *Report) ([]watch.Entry, error)

func readers() map[string]reader {
	return map[string]reader{YAML: readYAML, CSV: readCSV, OFAC: readOFAC, UN: readUN, EU: readEU, OpenSanctions: readOpenSanctions}
}

// largest bounds what a compressed file may unpack to.
const largest = 1 << 30

func unpack(data []byte) ([]byte, error) {
	if !bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		return data, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("the gzip header is broken; fetch the file again: %w", err)
	}
	out, err := io.ReadAll(io.LimitReader(z, largest+1))
	if err != nil {
		return nil, fmt.Errorf("the gzip data is broken; fetch the file again: %w", err)
	}
	if len(out) > largest {
		return nil, errors.New("unpacks to more than 1 GiB; split the list")
	}
	return out, nil
}

// finish completes identities, merges records that share one, and checks that every id can be a subject token.
func finish(entries []watch.Entry, report *Report) ([]watch.Entry, error) {
	type key struct{ list, id string }
	at := make(map[key]int, len(entries))
	out := entries[:0]
	for _, e := range entries {
		e = tidy(e)
		if len(e.Names) == 0 {
			report.skip(e.ID, "no usable name")
			continue
		}
		e = e.WithIdentity()
		if !messages.IsToken(e.List) {
			return nil, fmt.Errorf("list %q cannot be part of a subject; use letters, digits, dash and underscore", e.List)
		}
		if !messages.IsToken(e.ID) {
			return nil, fmt.Errorf("id %q of list %q cannot be part of a subject; use letters, digits, dash and underscore", e.ID, e.List)
		}
		k := key{e.List, e.ID}
		if i, ok := at[k]; ok {
			out[i].Names = tidyNames(append(out[i].Names, e.Names...))
			report.skip(e.ID, "id repeats: its names were joined to the first")
			continue
		}
		at[k] = len(out)
		out = append(out, e)
	}
	report.Entries = len(out)
	for _, e := range out {
		report.Names += len(e.Names)
	}
	return out, nil
}

func tidy(e watch.Entry) watch.Entry {
	e.Names = tidyNames(e.Names)
	e.Countries = tidyList(e.Countries)
	e.Organizations = tidyList(e.Organizations)
	e.Roles = tidyList(e.Roles)
	e.Associates = tidyList(e.Associates)
	return e
}

// tidyNames trims spellings, drops empty ones and repeats, and keeps the first of equals.
func tidyNames(names []watch.Name) []watch.Name {
	seen := make(map[string]bool, len(names))
	out := names[:0]
	for _, n := range names {
		n.Text = clean(n.Text)
		k := strings.ToLower(n.Text)
		if n.Text == "" || seen[k] {
			continue
		}
		seen[k] = true
		out = append(out, n)
	}
	return out
}

func tidyList(values []string) []string {
	out := values[:0]
	for _, v := range values {
		if v = clean(v); v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// clean collapses white space and drops what real lists write for "nothing".
func clean(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == 0x1A || r == '\u00a0'
	}), " ")
	switch strings.ToLower(s) {
	case "-0-", "na", "n/a", "-", "none", "null":
		return ""
	}
	return s
}
