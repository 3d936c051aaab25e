package watchlist

import (
	"encoding/xml"
	"errors"
	"strings"

	"tocsin/services/extractor/watch"
)

// unRecord is an INDIVIDUAL or ENTITY of the United Nations Security Council consolidated list.
type unRecord struct {
	DataID       string   `xml:"DATAID"`
	Reference    string   `xml:"REFERENCE_NUMBER"`
	First        string   `xml:"FIRST_NAME"`
	Second       string   `xml:"SECOND_NAME"`
	Third        string   `xml:"THIRD_NAME"`
	Fourth       string   `xml:"FOURTH_NAME"`
	Original     string   `xml:"NAME_ORIGINAL_SCRIPT"`
	Designations []string `xml:"DESIGNATION>VALUE"`
	Nations      []string `xml:"NATIONALITY>VALUE"`
	Aliases      []struct {
		Quality string `xml:"QUALITY"`
		Name    string `xml:"ALIAS_NAME"`
	} `xml:"INDIVIDUAL_ALIAS"`
	EntityAliases []struct {
		Quality string `xml:"QUALITY"`
		Name    string `xml:"ALIAS_NAME"`
	} `xml:"ENTITY_ALIAS"`
	Births []struct {
		Date string `xml:"DATE"`
		Year string `xml:"YEAR"`
		From string `xml:"FROM_YEAR"`
	} `xml:"INDIVIDUAL_DATE_OF_BIRTH"`
	Places []struct {
		Country string `xml:"COUNTRY"`
	} `xml:"INDIVIDUAL_PLACE_OF_BIRTH"`
}

// readUN reads the consolidated list in XML. An entry's id is its reference number, with dashes for dots.
func readUN(files []File, report *Report) ([]watch.Entry, error) {
	var entries []watch.Entry
	_, err := eachElement(files[0].Data, func(d *xml.Decoder, start xml.StartElement) (bool, error) {
		kind := watch.Person
		switch start.Name.Local {
		case "INDIVIDUAL":
		case "ENTITY":
			kind = watch.Organization
		default:
			return false, nil
		}
		var r unRecord
		if err := d.DecodeElement(&r, &start); err != nil {
			return false, err
		}
		report.Records++
		entries = append(entries, r.entry(kind))
		return true, nil
	})
	if err == nil && report.Records == 0 {
		err = errors.New("no INDIVIDUAL and no ENTITY; is this the consolidated list of the United Nations?")
	}
	return entries, err
}

func (r *unRecord) entry(kind watch.Kind) watch.Entry {
	e := watch.Entry{ID: tokenID(r.Reference), List: UN, Kind: kind, Source: wholeName("UN", r.Reference, r.DataID), Roles: r.Designations}
	if e.ID == "" {
		e.ID = tokenID(r.DataID)
	}
	e.Names = []watch.Name{{Text: wholeName(r.First, r.Second, r.Third, r.Fourth), Kind: watch.Primary}}
	for _, a := range append(r.Aliases, r.EntityAliases...) {
		name := watch.Alias
		if strings.EqualFold(clean(a.Quality), "low") {
			name = watch.WeakAlias
		}
		addNames(&e, name, a.Name)
	}
	addNames(&e, watch.OriginalScript, r.Original)
	for _, b := range r.Births {
		for _, s := range []string{b.Date, b.Year, b.From} {
			if e.BirthDate == "" {
				e.BirthDate = birthDate(s)
			}
		}
	}
	for _, n := range r.Nations {
		addCountry(&e, n)
	}
	for _, p := range r.Places {
		addCountry(&e, p.Country)
	}
	return e
}
