package watchlist

import (
	"encoding/xml"
	"errors"
	"strings"

	"tocsin/services/extractor/watch"
)

// ofacName is a name of sdn.xml in its parts.
type ofacName struct {
	Last     string `xml:"lastName"`
	First    string `xml:"firstName"`
	Category string `xml:"category"`
}

func (n ofacName) name(kind watch.NameKind) watch.Name {
	return watch.Name{Text: wholeName(n.First, n.Last), Kind: kind, Family: familyOf(n), Given: clean(n.First)}
}

// familyOf is empty for organisations, whose whole name stands as last name.
func familyOf(n ofacName) string {
	if clean(n.First) == "" {
		return ""
	}
	return clean(n.Last)
}

// ofacRecord is an sdnEntry of sdn.xml.
type ofacRecord struct {
	UID string `xml:"uid"`
	ofacName
	Type          string     `xml:"sdnType"`
	Title         string     `xml:"title"`
	Remarks       string     `xml:"remarks"`
	Aliases       []ofacName `xml:"akaList>aka"`
	Nationalities []string   `xml:"nationalityList>nationality>country"`
	Citizenships  []string   `xml:"citizenshipList>citizenship>country"`
	Births        []string   `xml:"dateOfBirthList>dateOfBirthItem>dateOfBirth"`
	Places        []string   `xml:"placeOfBirthList>placeOfBirthItem>placeOfBirth"`
}

// readOFACXML reads sdn.xml, or the advanced form of it.
func readOFACXML(files []File, report *Report) ([]watch.Entry, error) {
	var entries []watch.Entry
	advanced := newAdvanced()
	_, err := eachElement(files[0].Data, func(d *xml.Decoder, start xml.StartElement) (bool, error) {
		switch start.Name.Local {
		case "sdnEntry":
			var r ofacRecord
			if err := d.DecodeElement(&r, &start); err != nil {
				return false, err
			}
			report.Records++
			if e, ok := r.entry(report); ok {
				entries = append(entries, e)
			}
			return true, nil
		case "DistinctParty":
			var p advancedParty
			if err := d.DecodeElement(&p, &start); err != nil {
				return false, err
			}
			report.Records++
			if e, ok := advanced.entry(&p, report); ok {
				entries = append(entries, e)
			}
			return true, nil
		case "PartySubType", "NamePartType", "Script":
			return false, advanced.learn(d, start)
		}
		return false, nil
	})
	if err == nil && report.Records == 0 {
		err = errors.New("no sdnEntry and no DistinctParty; is this a list of OFAC?")
	}
	return entries, err
}

func (r *ofacRecord) entry(report *Report) (watch.Entry, bool) {
	e := watch.Entry{ID: tokenID(r.UID), List: OFAC, Source: "OFAC SDN"}
	switch kind := strings.ToLower(clean(r.Type)); kind {
	case "individual":
		e.Kind = watch.Person
		e.Roles = splitCell(clean(r.Title))
	case "entity":
		e.Kind = watch.Organization
	default:
		report.skip(r.UID, "%s", kind)
		return e, false
	}
	e.Names = []watch.Name{r.name(watch.Primary)}
	for _, a := range r.Aliases {
		kind := watch.Alias
		if strings.EqualFold(clean(a.Category), "weak") {
			kind = watch.WeakAlias
		}
		e.Names = append(e.Names, a.name(kind))
	}
	e.Names = append(e.Names, ofacRemarks(&e, clean(r.Remarks))...)
	for _, list := range [][]string{r.Nationalities, r.Citizenships, r.Places} {
		for _, c := range list {
			addCountry(&e, c)
		}
	}
	if len(r.Births) > 0 {
		if m := birthRemark.FindStringSubmatch("DOB " + clean(r.Births[0])); m != nil {
			e.BirthDate = isoDate(m[1], m[2], m[3])
		}
	}
	return e, true
}

// advanced reads the advanced form: parties refer by number to types that the file defines.
type advanced struct {
	subType, partType, script map[string]string
}

func newAdvanced() *advanced {
	return &advanced{subType: map[string]string{}, partType: map[string]string{}, script: map[string]string{}}
}

// learn takes one definition of a type.
func (a *advanced) learn(d *xml.Decoder, start xml.StartElement) error {
	var v struct {
		ID        string `xml:"ID,attr"`
		PartyType string `xml:"PartyTypeID,attr"`
		Code      string `xml:"ScriptCode,attr"`
		Text      string `xml:",chardata"`
	}
	if err := d.DecodeElement(&v, &start); err != nil {
		return err
	}
	switch start.Name.Local {
	case "PartySubType":
		a.subType[v.ID] = strings.ToLower(clean(v.Text)) + " " + v.PartyType
	case "NamePartType":
		a.partType[v.ID] = strings.ToLower(clean(v.Text))
	case "Script":
		a.script[v.ID] = clean(v.Code)
	}
	return nil
}

// advancedParty is a DistinctParty.
type advancedParty struct {
	FixedRef string `xml:"FixedRef,attr"`
	Profiles []struct {
		SubType    string `xml:"PartySubTypeID,attr"`
		Identities []struct {
			Aliases []struct {
				Primary bool `xml:"Primary,attr"`
				Low     bool `xml:"LowQuality,attr"`
				Names   []struct {
					Parts []struct {
						Group  string `xml:"NamePartGroupID,attr"`
						Script string `xml:"ScriptID,attr"`
						Text   string `xml:",chardata"`
					} `xml:"DocumentedNamePart>NamePartValue"`
				} `xml:"DocumentedName"`
			} `xml:"Alias"`
			Groups []struct {
				ID   string `xml:"ID,attr"`
				Type string `xml:"NamePartTypeID,attr"`
			} `xml:"NamePartGroups>MasterNamePartGroup>NamePartGroup"`
		} `xml:"Identity"`
	} `xml:"Profile"`
}

// Numbers that OFAC gives the sub-types and the Latin script.
const (
	advancedVessel, advancedAircraft = "1", "2"
	advancedEntity                   = "3"
	advancedLatin                    = "215"
)

func (a *advanced) entry(p *advancedParty, report *Report) (watch.Entry, bool) {
	e := watch.Entry{ID: tokenID(p.FixedRef), List: OFAC, Kind: watch.Person, Source: "OFAC SDN"}
	for _, profile := range p.Profiles {
		kind := a.subType[profile.SubType]
		switch {
		case profile.SubType == advancedVessel || strings.HasPrefix(kind, "vessel"):
			report.skip(p.FixedRef, "vessel")
			return e, false
		case profile.SubType == advancedAircraft || strings.HasPrefix(kind, "aircraft"):
			report.skip(p.FixedRef, "aircraft")
			return e, false
		case profile.SubType == advancedEntity:
			e.Kind = watch.Organization
		}
		for _, identity := range profile.Identities {
			types := map[string]string{}
			for _, g := range identity.Groups {
				types[g.ID] = a.partType[g.Type]
			}
			for _, alias := range identity.Aliases {
				for _, documented := range alias.Names {
					var n watch.Name
					var family, given []string
					latin := true
					for _, part := range documented.Parts {
						latin = latin && (part.Script == "" || part.Script == advancedLatin || a.script[part.Script] == "Latn")
						if strings.HasPrefix(types[part.Group], "last") {
							family = append(family, part.Text)
						} else {
							given = append(given, part.Text)
						}
					}
					n.Text = wholeName(append(given, family...)...)
					if len(family) > 0 && len(given) > 0 {
						n.Family, n.Given = wholeName(family...), wholeName(given...)
					}
					n.Kind = advancedKind(alias.Primary && latin, alias.Low, latin)
					e.Names = append(e.Names, n)
				}
			}
		}
	}
	primaryFirst(e.Names)
	return e, true
}

func advancedKind(primary, low, latin bool) watch.NameKind {
	switch {
	case primary:
		return watch.Primary
	case !latin:
		return watch.OriginalScript
	case low:
		return watch.WeakAlias
	}
	return watch.Alias
}

// primaryFirst moves the primary name to the front.
func primaryFirst(names []watch.Name) {
	for i, n := range names {
		if n.Kind == watch.Primary {
			copy(names[1:i+1], names[:i])
			names[0] = n
			return
		}
	}
}
