package watchlist

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tocsin/services/extractor/watch"
)

// readOpenSanctions reads targets.simple.csv, or entities.ftm.json with one FollowTheMoney entity a line.
func readOpenSanctions(files []File, report *Report) ([]watch.Entry, error) {
	if bytes.HasPrefix(bytes.TrimSpace(files[0].Data), []byte("{")) {
		return readFTM(files[0].Data, report)
	}
	return readTargets(files[0].Data, report)
}

// schemaKind says what a FollowTheMoney schema is to us; empty for what is not watched.
func schemaKind(schema string) watch.Kind {
	switch schema {
	case "Person":
		return watch.Person
	case "Organization", "Company", "LegalEntity", "PublicBody", "Asset":
		return watch.Organization
	}
	return ""
}

func readTargets(data []byte, report *Report) ([]watch.Entry, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	header, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("no header line; is this targets.simple.csv? %w", err)
	}
	column := func(row []string, name string) string {
		if i := slices.Index(header, name); i >= 0 && i < len(row) {
			return row[i]
		}
		return ""
	}
	if !slices.Contains(header, "id") || !slices.Contains(header, "schema") || !slices.Contains(header, "name") {
		return nil, errors.New("line 1: no columns id, schema and name; is this targets.simple.csv?")
	}
	var entries []watch.Entry
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return entries, nil
		}
		if err != nil {
			return nil, fmt.Errorf("not readable as CSV; fetch it again: %w", err)
		}
		report.Records++
		id, schema := column(row, "id"), clean(column(row, "schema"))
		kind := schemaKind(schema)
		if kind == "" {
			report.skip(id, "%s", strings.ToLower(schema))
			continue
		}
		e := watch.Entry{ID: tokenID(id), List: OpenSanctions, Kind: kind, Source: column(row, "dataset")}
		e.Names = []watch.Name{{Text: column(row, "name"), Kind: watch.Primary}}
		addNames(&e, watch.Alias, column(row, "aliases"))
		for _, c := range splitCell(column(row, "countries")) {
			addCode(&e, c)
		}
		if births := splitCell(column(row, "birth_date")); len(births) > 0 {
			e.BirthDate = birthDate(births[0])
		}
		entries = append(entries, e)
	}
}

// ftmEntity is one line of entities.ftm.json.
type ftmEntity struct {
	ID         string              `json:"id"`
	Caption    string              `json:"caption"`
	Schema     string              `json:"schema"`
	Properties map[string][]string `json:"properties"`
}

// longestLine bounds one line of JSON.
const longestLine = 16 << 20

func readFTM(data []byte, report *Report) ([]watch.Entry, error) {
	var entries []watch.Entry
	sc := bufio.NewScanner(bytes.NewReader(data))
	sc.Buffer(nil, longestLine)
	for line := 1; sc.Scan(); line++ {
		if len(bytes.TrimSpace(sc.Bytes())) == 0 {
			continue
		}
		var f ftmEntity
		if err := json.Unmarshal(sc.Bytes(), &f); err != nil {
			return nil, fmt.Errorf("line %d: not a JSON object; fetch it again: %w", line, err)
		}
		report.Records++
		if schemaKind(f.Schema) == "" {
			report.skip(f.ID, "%s", strings.ToLower(f.Schema))
			continue
		}
		entries = append(entries, f.entry())
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("a line is longer than 16 MiB; is this entities.ftm.json? %w", err)
	}
	return entries, nil
}

func (f *ftmEntity) entry() watch.Entry {
	e := watch.Entry{ID: tokenID(f.ID), List: OpenSanctions, Kind: schemaKind(f.Schema), Roles: f.Properties["position"]}
	names := f.Properties["name"]
	if f.Caption != "" {
		names = append([]string{f.Caption}, names...)
	}
	for i, n := range names {
		kind := watch.Alias
		if i == 0 {
			kind = watch.Primary
		}
		e.Names = append(e.Names, watch.Name{Text: n, Kind: kind})
	}
	for _, n := range f.Properties["alias"] {
		e.Names = append(e.Names, watch.Name{Text: n, Kind: watch.Alias})
	}
	for _, n := range f.Properties["weakAlias"] {
		e.Names = append(e.Names, watch.Name{Text: n, Kind: watch.WeakAlias})
	}
	for _, p := range []string{"nationality", "citizenship", "country", "birthCountry"} {
		for _, c := range f.Properties[p] {
			addCode(&e, c)
		}
	}
	if births := f.Properties["birthDate"]; len(births) > 0 {
		e.BirthDate = birthDate(births[0])
	}
	return e
}
