package watchlist

import (
	"slices"
	"strings"
	"testing"

	"tocsin/services/extractor/watch"
)

// The samples follow the published forms; the people are made up.
const (
	sampleSDN = "101,\"TESTOV, Ivan\",\"individual\",\"SDGT\",\"Minister of Test\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 14 May 1975; POB Varzob, Tajikistan; nationality Tajikistan; a.k.a. 'THE TESTER'; Linked To: TEST GROUP.\"\r\n" +
		"102,\"TEST TRADING CO.\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n" +
		"103,\"SEA TEST\",\"vessel\",\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\x1a"
	sampleAlt = "101,1,\"aka\",\"TESTOFF, Iwan\",-0- \r\n103,2,\"aka\",\"OLD SEA\",-0- \r\n\x1a"
	sampleUN  = `<?xml version="1.0" encoding="utf-8"?><CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><DATAID>6908</DATAID><FIRST_NAME>IVAN</FIRST_NAME><SECOND_NAME>TESTOV</SECOND_NAME>
<REFERENCE_NUMBER>QDi.999</REFERENCE_NUMBER><NAME_ORIGINAL_SCRIPT>Иван Тестов</NAME_ORIGINAL_SCRIPT><DESIGNATION><VALUE>Commander</VALUE></DESIGNATION><NATIONALITY><VALUE>Tajikistan</VALUE></NATIONALITY>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Abu Test</ALIAS_NAME></INDIVIDUAL_ALIAS><INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1975-05-14</DATE></INDIVIDUAL_DATE_OF_BIRTH></INDIVIDUAL></INDIVIDUALS>
<ENTITIES><ENTITY><DATAID>1</DATAID><FIRST_NAME>TEST GROUP</FIRST_NAME><REFERENCE_NUMBER>QDe.1</REFERENCE_NUMBER></ENTITY></ENTITIES></CONSOLIDATED_LIST>`
	sampleEU = `<?xml version="1.0"?><export xmlns="http://eu.europa.ec/fpi/fsd/export"><sanctionEntity euReferenceNumber="EU.1.2" logicalId="13"><subjectType code="person" classificationCode="P"/>
<nameAlias firstName="Ivan" middleName="" lastName="Testov" wholeName="Ivan Testov" strong="true"/><nameAlias wholeName="Тестов" strong="false"/><citizenship countryIso2Code="TJ"/><birthdate birthdate="1975-05-14" countryIso2Code="00"/></sanctionEntity></export>`
	sampleTargets = "id,schema,name,aliases,birth_date,countries,sanctions,dataset\nNK-1,Person,Ivan Testov,Iwan Testoff;Testov Ivan,1975-05-14,tj;ru,x,y\nv1,Vessel,Sea Test,,,,,\n"
	sampleFTM     = `{"id":"NK-1","caption":"Ivan Testov","schema":"Person","properties":{"name":["Ivan Testov"],"alias":["Iwan Testoff"],"weakAlias":["Tester"],"nationality":["tj"],"birthDate":["1975-05-14"]}}
{"id":"a","caption":"x","schema":"Address","properties":{}}`
	sampleSDNXML = `<?xml version="1.0"?><sdnList><sdnEntry><uid>101</uid><firstName>Ivan</firstName><lastName>TESTOV</lastName><sdnType>Individual</sdnType><akaList><aka><uid>1</uid><type>a.k.a.</type><category>weak</category><lastName>TESTER</lastName></aka></akaList>
<nationalityList><nationality><country>Tajikistan</country></nationality></nationalityList><dateOfBirthList><dateOfBirthItem><dateOfBirth>14 May 1975</dateOfBirth></dateOfBirthItem></dateOfBirthList></sdnEntry><sdnEntry><uid>7</uid><lastName>SEA TEST</lastName><sdnType>Vessel</sdnType></sdnEntry></sdnList>`
	sampleAdvanced = `<?xml version="1.0"?><Sanctions><ReferenceValueSets><NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType><NamePartType ID="1521">First Name</NamePartType></NamePartTypeValues></ReferenceValueSets>
<DistinctParties><DistinctParty FixedRef="101"><Profile PartySubTypeID="4"><Identity><Alias AliasTypeID="1403" Primary="true" LowQuality="false"><DocumentedName><DocumentedNamePart><NamePartValue NamePartGroupID="1" ScriptID="215">TESTOV</NamePartValue></DocumentedNamePart><DocumentedNamePart><NamePartValue NamePartGroupID="2" ScriptID="215">Ivan</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
<NamePartGroups><MasterNamePartGroup><NamePartGroup ID="1" NamePartTypeID="1520"/></MasterNamePartGroup><MasterNamePartGroup><NamePartGroup ID="2" NamePartTypeID="1521"/></MasterNamePartGroup></NamePartGroups></Identity></Profile></DistinctParty></DistinctParties></Sanctions>`
)

func TestPublishedFormatsGiveTheSamePerson(t *testing.T) {
	tests := []struct {
		sentence, format string
		files            []File
		id               string
		birth, country   bool
		skipped          int
	}{
		{"OFAC's tables, 0x1A at their end", OFAC, []File{{"sdn.csv", []byte(sampleSDN)}, {"alt.csv", []byte(sampleAlt)}}, "101", true, true, 1},
		{"OFAC's XML", OFAC, []File{{"sdn.xml", []byte(sampleSDNXML)}}, "101", true, true, 1},
		{"OFAC's advanced XML", OFAC, []File{{"sdn_advanced.xml", []byte(sampleAdvanced)}}, "101", false, false, 0},
		{"the United Nations", UN, []File{{"consolidated.xml", []byte(sampleUN)}}, "QDi-999", true, true, 0},
		{"the European Union", EU, []File{{"eu.xml", []byte(sampleEU)}}, "13", true, true, 0},
		{"OpenSanctions' table", OpenSanctions, []File{{"targets.simple.csv", []byte(sampleTargets)}}, "NK-1", true, true, 1},
		{"OpenSanctions' entities", OpenSanctions, []File{{"entities.ftm.json", []byte(sampleFTM)}}, "NK-1", true, true, 1},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			entries, report, err := ParseFiles("", tt.files...)
			if err != nil {
				t.Fatal(err)
			}
			if report.Format != tt.format || len(report.Skipped) != tt.skipped {
				t.Errorf("report %+v", report)
			}
			e := entries[0]
			if e.ID != tt.id || e.List != tt.format || e.Kind != watch.Person || e.Names[0].Kind != watch.Primary {
				t.Errorf("got %+v", e)
			}
			if tt.birth && e.BirthDate != "1975-05-14" || tt.country && !slices.Contains(e.Countries, "TJ") {
				t.Errorf("birth %q, countries %v", e.BirthDate, e.Countries)
			}
			x, _ := watch.Compile(entries, watch.Options{})
			if m := x.Find(watch.Doc{Text: "They met Ivan Testov of Tajikistan in Dushanbe."}); len(m) != 1 {
				t.Errorf("%d matches in a sentence with the name", len(m))
			}
		})
	}
}

func TestBrokenFilesChangeNothing(t *testing.T) {
	for _, tt := range []struct{ sentence, format, data string }{
		{"XML cut in half", UN, sampleUN[:600]},
		{"another XML", UN, "<a/>"},
		{"a web page in place of the list", OFAC, "<html><body>Sorry</body></html>"},
		{"too few columns", OFAC, "1,2,3\n"},
		{"JSON cut in half", OpenSanctions, sampleFTM[:100]},
		{"a broken gzip", CSV, "\x1f\x8b\x08\x00broken"},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			if entries, _, err := Parse(tt.format, "x", []byte(tt.data)); err == nil || entries != nil {
				t.Errorf("got %d entries, error %v", len(entries), err)
			}
		})
	}
}

func TestOneOfSeveralFilesIsNamedInItsError(t *testing.T) {
	for _, tt := range []struct{ sentence, sdn, alt, want string }{
		{"the first", "1,2,3\n", sampleAlt, "sdn.csv: line 1: "},
		{"the second", sampleSDN, "1,2\n", "alt.csv: line 1: "},
		{"one that is no gzip after all", sampleSDN, "\x1f\x8bbroken", "alt.csv: the gzip header is broken"},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			_, _, err := ParseFiles(OFAC, File{"lists/sdn.csv", []byte(tt.sdn)}, File{"lists/alt.csv", []byte(tt.alt)})
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got error %v, want one that begins with %q", err, tt.want)
			}
		})
	}
}
