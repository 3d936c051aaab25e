package watchlist

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"tocsin/services/extractor/watch"
)

// readOFAC reads the files of the US Office of Foreign Assets Control: sdn.csv with alt.csv beside it, sdn.xml, or the
// advanced XML. Individuals and entities are kept; vessels and aircraft are skipped.
func readOFAC(files []File, report *Report) ([]watch.Entry, error) {
	if bytes.HasPrefix(bytes.TrimSpace(files[0].Data), []byte("<")) {
		return readOFACXML(files, report)
	}
	entries, at, err := ofacPrimary(files[0], report)
	if err != nil {
		return nil, inFile(files, 0, err)
	}
	for i, f := range files[1:] {
		if err := ofacAliases(f, entries, at, report); err != nil {
			return nil, inFile(files, 1+i, err)
		}
	}
	return entries, nil
}

// Columns of sdn.csv and alt.csv, as OFAC documents them.
const (
	sdnID, sdnName, sdnType, sdnTitle, sdnRemarks = 0, 1, 2, 4, 11
	altID, altType, altName                       = 0, 2, 3
	sdnColumns, altColumns                        = 12, 4
)

func ofacPrimary(f File, report *Report) ([]watch.Entry, map[string]int, error) {
	var entries []watch.Entry
	at := map[string]int{}
	err := eachRow(f.Data, func(line int, row []string) error {
		if len(row) < sdnColumns {
			return fmt.Errorf("line %d: %d columns where sdn.csv has 12; is this the right file?", line, len(row))
		}
		report.Records++
		id := clean(row[sdnID])
		switch kind := strings.ToLower(clean(row[sdnType])); kind {
		case "individual", "":
			at[id] = len(entries)
			entries = append(entries, ofacEntry(id, kind, row))
		default:
			at[id] = -1
			report.skip(id, "%s", kind)
		}
		return nil
	})
	if err == nil && report.Records == 0 {
		err = errors.New("no records; fetch sdn.csv again")
	}
	return entries, at, err
}

func ofacEntry(id, kind string, row []string) watch.Entry {
	e := watch.Entry{ID: id, List: OFAC, Kind: watch.Organization, Source: "OFAC SDN"}
	name := watch.Name{Text: clean(row[sdnName]), Kind: watch.Primary}
	if kind == "individual" {
		e.Kind = watch.Person
		if title := clean(row[sdnTitle]); title != "" {
			e.Roles = splitCell(title)
		}
	}
	e.Names = append([]watch.Name{name}, ofacRemarks(&e, clean(row[sdnRemarks]))...)
	return e
}

// Parts of the free remarks. Weak aliases stand only there, between single quotes.
var (
	weakAKA     = regexp.MustCompile(`a\.k\.a\. '([^']+(?:'[^'; ,.][^']*)*)'`)
	birthRemark = regexp.MustCompile(`(?:^|; )DOB (?:circa )?(?:(\d{1,2}) )?(?:([A-Z][a-z]{2}) )?(\d{4})`)
	linkedTo    = regexp.MustCompile(`Linked To: ([^;)]+)`)
	passport    = regexp.MustCompile(`(?:Passport|National ID No\.|Tax ID No\.|Cedula No\.) [^;(]*\(([A-Z][A-Za-z ,.']+)\)`)
	countryNote = regexp.MustCompile(`(?:^|; )(?:alt\. )?(?:nationality|citizen|POB) ([^;]+)`)
)

// ofacRemarks fills in birth, countries and organisations, and returns the weak aliases.
func ofacRemarks(e *watch.Entry, remarks string) []watch.Name {
	var weak []watch.Name
	for _, m := range weakAKA.FindAllStringSubmatch(remarks, -1) {
		weak = append(weak, watch.Name{Text: m[1], Kind: watch.WeakAlias})
	}
	if m := birthRemark.FindStringSubmatch(remarks); m != nil {
		e.BirthDate = isoDate(m[1], m[2], m[3])
	}
	for _, m := range linkedTo.FindAllStringSubmatch(remarks, -1) {
		if strings.Contains(m[1], ", ") { // a person: FAMILY, Given
			e.Associates = append(e.Associates, m[1])
			continue
		}
		e.Organizations = append(e.Organizations, m[1])
	}
	for _, re := range []*regexp.Regexp{countryNote, passport} {
		for _, m := range re.FindAllStringSubmatch(remarks, -1) {
			addCountry(e, m[1])
		}
	}
	return weak
}

// addCountry adds the country that a phrase ends with, such as "Varzob, Tajikistan."; unknown ones are left out.
func addCountry(e *watch.Entry, phrase string) {
	phrase = strings.TrimSuffix(phrase, ".")
	if i := strings.LastIndexByte(phrase, ','); i >= 0 {
		phrase = phrase[i+1:]
	}
	code := watch.CountryCode(phrase)
	if code == "" && len(strings.TrimSpace(phrase)) == 2 {
		code = strings.ToUpper(strings.TrimSpace(phrase))
	}
	if code != "" {
		e.Countries = append(e.Countries, code)
	}
}

var months = map[string]string{
	"jan": "01", "feb": "02", "mar": "03", "apr": "04", "may": "05", "jun": "06",
	"jul": "07", "aug": "08", "sep": "09", "oct": "10", "nov": "11", "dec": "12",
}

// isoDate writes as much of a date as is known.
func isoDate(day, month, year string) string {
	m := months[strings.ToLower(month)]
	switch {
	case m == "":
		return year
	case day == "":
		return year + "-" + m
	}
	return fmt.Sprintf("%s-%s-%02s", year, m, day)
}

// ofacAliases adds the names of alt.csv to their entries.
func ofacAliases(f File, entries []watch.Entry, at map[string]int, report *Report) error {
	return eachRow(f.Data, func(line int, row []string) error {
		if len(row) < altColumns {
			return fmt.Errorf("line %d: %d columns where alt.csv has 5; is this the right file?", line, len(row))
		}
		i, ok := at[clean(row[altID])]
		switch {
		case !ok:
			report.skip(clean(row[altID]), "alias of an unknown record")
		case i >= 0:
			entries[i].Names = append(entries[i].Names, watch.Name{Text: clean(row[altName]), Kind: watch.Alias})
		}
		return nil
	})
}

// eachRow walks a CSV file as OFAC writes it: no header, stray quotes, and a closing 0x1A.
func eachRow(data []byte, visit func(line int, row []string) error) error {
	r := csv.NewReader(bytes.NewReader(bytes.TrimRight(data, "\x1a\r\n \x00")))
	r.FieldsPerRecord = -1
	r.LazyQuotes = true
	r.ReuseRecord = true
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("not readable as CSV; fetch it again: %w", err)
		}
		line, _ := r.FieldPos(0)
		if len(row) == 1 && clean(row[0]) == "" {
			continue
		}
		if err := visit(line, row); err != nil {
			return err
		}
	}
}
