package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tocsin/services/extractor/watch"
	"tocsin/services/extractor/watch/watchlist"
)

// listFlags gathers repeated --list FORMAT:FILE[,FILE] flags.
type listFlags []string

func (l *listFlags) String() string { return strings.Join(*l, " ") }

// Set implements flag.Value.
func (l *listFlags) Set(s string) error {
	*l = append(*l, s)
	return nil
}

// load reads every list.
func (l *listFlags) load() ([]watch.Entry, error) {
	if len(*l) == 0 {
		return nil, errors.New("give at least one --list FORMAT:FILE")
	}
	var all []watch.Entry
	for _, spec := range *l {
		format, names, ok := strings.Cut(spec, ":")
		if !ok {
			return nil, fmt.Errorf("list %q is not FORMAT:FILE", spec)
		}
		files := strings.Split(names, ",")
		if format == watchlist.OFAC && len(files) == 1 {
			files = append(files, beside(files[0])...)
		}
		entries, err := loadFiles(format, files)
		if err != nil {
			return nil, err
		}
		all = append(all, entries...)
	}
	return all, nil
}

// beside finds OFAC's alt.csv next to its sdn.csv.
func beside(sdn string) []string {
	dir, base := filepath.Split(sdn)
	alt := filepath.Join(dir, strings.Replace(base, "sdn", "alt", 1))
	if _, err := os.Stat(alt); err != nil || alt == sdn || !strings.Contains(base, "sdn.csv") {
		return nil
	}
	return []string{alt}
}

func loadFiles(format string, names []string) ([]watch.Entry, error) {
	files := make([]watchlist.File, len(names))
	for i, name := range names {
		data, err := os.ReadFile(name) //nolint:gosec // a path the caller gave
		if err != nil {
			return nil, err
		}
		files[i] = watchlist.File{Name: name, Data: data}
	}
	entries, _, err := watchlist.ParseFiles(format, files...)
	return entries, err
}
