package watchlist

import (
	"encoding/xml"
	"errors"
	"strings"

	"tocsin/services/extractor/watch"
)

// euRecord is a sanctionEntity of the European Union's consolidated financial sanctions list (schema 1.1).
type euRecord struct {
	LogicalID string `xml:"logicalId,attr"`
	Reference string `xml:"euReferenceNumber,attr"`
	Subject   struct {
		Code           string `xml:"code,attr"`
		Classification string `xml:"classificationCode,attr"`
	} `xml:"subjectType"`
	Names []struct {
		Whole    string `xml:"wholeName,attr"`
		First    string `xml:"firstName,attr"`
		Middle   string `xml:"middleName,attr"`
		Last     string `xml:"lastName,attr"`
		Strong   string `xml:"strong,attr"`
		Function string `xml:"function,attr"`
	} `xml:"nameAlias"`
	Citizenships []struct {
		Code string `xml:"countryIso2Code,attr"`
	} `xml:"citizenship"`
	Births []struct {
		Date string `xml:"birthdate,attr"`
		Year string `xml:"year,attr"`
		Code string `xml:"countryIso2Code,attr"`
	} `xml:"birthdate"`
}

// readEU reads the consolidated list in XML. An entry's id is its logical id.
func readEU(files []File, report *Report) ([]watch.Entry, error) {
	var entries []watch.Entry
	_, err := eachElement(files[0].Data, func(d *xml.Decoder, start xml.StartElement) (bool, error) {
		if start.Name.Local != "sanctionEntity" {
			return false, nil
		}
		var r euRecord
		if err := d.DecodeElement(&r, &start); err != nil {
			return false, err
		}
		report.Records++
		entries = append(entries, r.entry())
		return true, nil
	})
	if err == nil && report.Records == 0 {
		err = errors.New("no sanctionEntity; is this the consolidated list of the European Union?")
	}
	return entries, err
}

func (r *euRecord) entry() watch.Entry {
	e := watch.Entry{ID: tokenID(r.LogicalID), List: EU, Kind: watch.Organization, Source: wholeName("EU", r.Reference, r.LogicalID)}
	if strings.EqualFold(r.Subject.Code, "person") || strings.EqualFold(r.Subject.Classification, "P") {
		e.Kind = watch.Person
	}
	if e.ID == "" {
		e.ID = tokenID(r.Reference)
	}
	for _, n := range r.Names {
		name := watch.Name{Text: wholeName(n.Whole), Kind: watch.Alias, Family: clean(n.Last), Given: wholeName(n.First, n.Middle)}
		if name.Text == "" {
			name.Text = wholeName(n.First, n.Middle, n.Last)
		}
		if len(e.Names) == 0 {
			name.Kind = watch.Primary
		} else if strings.EqualFold(n.Strong, "false") {
			name.Kind = watch.WeakAlias
		}
		e.Names = append(e.Names, name)
		if f := clean(n.Function); f != "" {
			e.Roles = append(e.Roles, f)
		}
	}
	for _, c := range r.Citizenships {
		addCode(&e, c.Code)
	}
	for _, b := range r.Births {
		addCode(&e, b.Code)
		for _, s := range []string{b.Date, b.Year} {
			if e.BirthDate == "" {
				e.BirthDate = birthDate(s)
			}
		}
	}
	return e
}

// addCode adds a country code; "00" stands for unknown.
func addCode(e *watch.Entry, code string) {
	if code = clean(code); len(code) == 2 && code != "00" {
		e.Countries = append(e.Countries, strings.ToUpper(code))
	}
}
