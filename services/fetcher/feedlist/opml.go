package feedlist

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html/charset"
)

// space is the namespace of the attributes OPML has no name for.
const space = "urn:tocsin:feedlist"

// maxFolders is how deep outlines may nest.
const maxFolders = 50

// ParseOPML reads OPML 2.0. Every outline with an xmlUrl is a feed; the outlines around it are its tags, outermost first.
// It is lenient: what cannot be used is a Problem and the rest stands. Only a file that is no OPML at all, or that breaks
// off, is an error, which wraps ErrList.
func ParseOPML(data []byte) ([]Entry, []Problem, error) {
	decoder := xml.NewDecoder(bytes.NewReader(bytes.TrimLeft(data, " \t\r\n\ufeff")))
	decoder.Strict = false
	decoder.Entity = xml.HTMLEntity
	decoder.CharsetReader = charset.NewReaderLabel
	r := opmlReader{decoder: decoder}
	if err := r.read(); err != nil {
		return nil, nil, err
	}
	entries, repeated := once(r.entries)
	problems := append(r.problems, repeated...)
	slices.SortStableFunc(problems, func(a, b Problem) int { return a.Line - b.Line })
	return entries, problems, nil
}

type opmlReader struct {
	decoder  *xml.Decoder
	entries  []Entry
	problems []Problem
	// folders are the outlines around the present place; "" for one that is a feed itself or has no name.
	folders []string
	root    bool
}

func (r *opmlReader) read() error {
	for {
		token, err := r.decoder.Token()
		line, _ := r.decoder.InputPos()
		switch {
		case errors.Is(err, io.EOF) && r.root:
			return nil
		case errors.Is(err, io.EOF):
			return fmt.Errorf("%w: it is not OPML; the file must hold an <opml> element", ErrList)
		case err != nil:
			return fmt.Errorf("%w: line %d: %w", ErrList, line, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := r.start(t, line); err != nil {
				return err
			}
		case xml.EndElement:
			if t.Name.Local == "outline" && len(r.folders) > 0 {
				r.folders = r.folders[:len(r.folders)-1]
			}
		}
	}
}

func (r *opmlReader) start(t xml.StartElement, line int) error {
	switch {
	case !r.root && !strings.EqualFold(t.Name.Local, "opml"):
		return fmt.Errorf("%w: line %d: it begins with <%s>, not with <opml>", ErrList, line, t.Name.Local)
	case !r.root:
		r.root = true
	case t.Name.Local == "outline" && len(r.folders) >= maxFolders:
		return fmt.Errorf("%w: line %d: outlines nest more than %d deep", ErrList, line, maxFolders)
	case t.Name.Local == "outline":
		r.folders = append(r.folders, r.outline(t, line))
	}
	return nil
}

// outline enters a feed, or returns the name of a folder.
func (r *opmlReader) outline(t xml.StartElement, line int) (folder string) {
	e := Entry{Line: line, Tags: r.tags()}
	var text, title, kind string
	isFeed := false
	for _, a := range t.Attr {
		value := strings.TrimSpace(a.Value)
		if a.Name.Space == space || a.Name.Space == "tocsin" {
			r.own(&e, a.Name.Local, value)
			continue
		}
		switch strings.ToLower(a.Name.Local) {
		case "xmlurl":
			e.URL, isFeed = value, true
		case "text":
			text = value
		case "title":
			title = value
		case "language":
			e.Language = value
		case "category":
			e.Tags = appendNew(e.Tags, splitCategory(value)...)
		case "type":
			kind = strings.ToLower(value)
		}
	}
	e.Name = title
	if e.Name == "" {
		e.Name = text
	}
	if !isFeed {
		if kind == "rss" || kind == "atom" {
			r.problem(line, "outline %q says it is a feed but has no xmlUrl", e.Name)
			return ""
		}
		return e.Name
	}
	if bad := checkURL(e.URL); bad != "" {
		r.problem(line, "%s", bad)
		return ""
	}
	if e.Name == e.URL {
		e.Name = ""
	}
	r.entries = append(r.entries, e)
	return ""
}

// own reads an attribute of ours.
func (r *opmlReader) own(e *Entry, name, value string) {
	switch name {
	case "id":
		e.ID = value
	case "source":
		e.Source = value
	case "zone":
		e.Zone = value
	case "country":
		e.Country = value
	case "every":
		d, err := time.ParseDuration(value)
		if err != nil || d < time.Second {
			r.problem(e.Line, "every is %q; write an interval of a second or more, such as 15m; it is ignored", value)
			return
		}
		e.Every = d
	case "pages":
		pages := value == "true"
		e.Pages = &pages
	}
}

func (r *opmlReader) problem(line int, format string, args ...any) {
	r.problems = append(r.problems, Problem{line, fmt.Sprintf(format, args...)})
}

// tags are the folders around the present place, each once.
func (r *opmlReader) tags() []string {
	var tags []string
	for _, f := range r.folders {
		if f != "" {
			tags = appendNew(tags, f)
		}
	}
	return tags
}

// splitCategory reads a comma-separated list of slash-delimited paths (OPML 2.0); the last part of each is the tag.
func splitCategory(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		part = strings.Trim(strings.TrimSpace(part), "/")
		if i := strings.LastIndexByte(part, '/'); i >= 0 {
			part = part[i+1:]
		}
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func appendNew(list []string, more ...string) []string {
	for _, m := range more {
		if !slices.Contains(list, m) {
			list = append(list, m)
		}
	}
	return list
}
