package watchlist

import (
	"strings"
	"testing"

	"tocsin/services/extractor/watch"
)

// Files as they are published: repeated names, fields that hold nothing or a sign for nothing, records of other kinds,
// bytes of another age. Made for this test.
const (
	dirtySDN = "201,\"PROBAN, Ruslan\",\"individual\",\"SDGT\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB circa 1961; alt. DOB 1963; POB Herat, Afghanistan.\"\r\n" +
		"202,\"PROBE HOLDING, O.O.O. \"\"NORD\"\"\",-0- ,\"UKRAINE-EO13662\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n" +
		"203,\"EP-PRB\",\"aircraft\",\"IRAN\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n" +
		"204,-0- ,\"individual\",\"SDGT\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n" +
		"201,\"PROBAN, Ruslan\",\"individual\",\"SDGT\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\x1a\r\n"
	dirtyAlt = "201,1,\"aka\",\"PROBAN, Ruslan\",-0- \r\n201,2,\"aka\",\"PROBANN, Rouslan\",-0- \r\n201,3,\"aka\",\"PROBANN, Rouslan\",-0- \r\n" +
		"201,4,\"aka\",-0- ,-0- \r\n203,5,\"aka\",\"OLD TAIL\",-0- \r\n999,6,\"aka\",\"NOBODY, Here\",-0- \r\n\x1a"
	dirtyUN = "\ufeff" + `<?xml version="1.0" encoding="utf-8"?>
<CONSOLIDATED_LIST><INDIVIDUALS>
<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME> RUSLAN
</FIRST_NAME><SECOND_NAME>PROBAN </SECOND_NAME><THIRD_NAME>na</THIRD_NAME><REFERENCE_NUMBER>QDi.901 </REFERENCE_NUMBER>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME/></INDIVIDUAL_ALIAS><INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Ruslan Proban</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1961</FROM_YEAR><TO_YEAR>1963</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH></INDIVIDUAL>
<INDIVIDUAL><DATAID>2</DATAID><FIRST_NAME/><REFERENCE_NUMBER>QDi.902</REFERENCE_NUMBER></INDIVIDUAL>
</INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>`
	dirtyEU = `<?xml version="1.0" encoding="UTF-8"?><export xmlns="http://eu.europa.ec/fpi/fsd/export">
<sanctionEntity logicalId="21"><subjectType code="person" classificationCode="P"/><nameAlias wholeName="Ruslan Proban" strong="true"/>
<nameAlias firstName="Ruslan" lastName="Proban" wholeName="" strong="true"/><nameAlias wholeName="  Ruslan  Proban " strong="true"/><citizenship countryIso2Code="00"/><birthdate circa="true" year="1961"/></sanctionEntity>
<sanctionEntity logicalId="22"><subjectType code="person" classificationCode="P"/><nameAlias wholeName=" " strong="true"/></sanctionEntity>
<sanctionEntity logicalId="23"><subjectType code="person" classificationCode="P"/></sanctionEntity></export>`
	dirtyTargets = "\ufeffid,schema,name,aliases,birth_date,countries,sanctions,dataset\r\nNK-21,Person,Ruslan Proban,;Ruslan Proban;;Rouslan Probann;,1961;1963-02-03,af;;,\"a;b\",x\r\n" +
		"NK-22,Person,,,,,,\r\nNK-23,CryptoWallet,0xabc,,,,,\r\nNK-24,Company,Probe Holding,,,,,\r\n\r\n"
	dirtyFTM = "\n" + `{"id":"NK-21","caption":"Ruslan Proban","schema":"Person","properties":{"name":["Ruslan Proban","Ruslan Proban",""],"birthDate":["1961","1963-02-03"],"country":[]}}` + "\r\n" +
		`{"id":"NK-25","caption":"A street","schema":"Address","properties":{"full":["A street"]}}` + "\n" +
		`{"id":"NK-22","caption":"","schema":"Person","properties":{}}` + "\n\n"
)

func TestDirtyFilesAreReadAndEachThingLeftOutIsCounted(t *testing.T) {
	for _, tt := range []struct {
		sentence         string
		files            []File
		records, entries int
		names            int // of the first entry
		birth            string
		skipped          []string // where
	}{
		{"OFAC", []File{{"sdn.csv", []byte(dirtySDN)}, {"alt.csv", []byte(dirtyAlt)}}, 5, 2, 2, "1961", []string{"203", "204", "201", "999"}},
		{"UN", []File{{"un.xml", []byte(dirtyUN)}}, 2, 1, 1, "1961", []string{"QDi-902"}},
		{"EU", []File{{"eu.xml", []byte(dirtyEU)}}, 3, 1, 1, "1961", []string{"22", "23"}},
		{"OpenSanctions' table", []File{{"targets.simple.csv", []byte(dirtyTargets)}}, 4, 2, 2, "1961", []string{"NK-22", "NK-23"}},
		{"OpenSanctions' entities", []File{{"entities.ftm.json", []byte(dirtyFTM)}}, 3, 1, 1, "1961", []string{"NK-25", "NK-22"}},
	} {
		t.Run(tt.sentence, func(t *testing.T) {
			entries, report, err := ParseFiles("", tt.files...)
			if err != nil {
				t.Fatal(err)
			}
			if report.Records != tt.records || report.Entries != tt.entries || len(entries) != tt.entries {
				t.Errorf("%d records, %d entries of %d; want %d and %d", report.Records, report.Entries, len(entries), tt.records, tt.entries)
			}
			if e := entries[0]; len(e.Names) != tt.names || e.BirthDate != tt.birth || !strings.Contains(strings.ToLower(e.Names[0].Text), "proban") {
				t.Errorf("first entry is %+v", e)
			}
			for _, where := range tt.skipped {
				if !skips(report, where) {
					t.Errorf("nothing says why %s was left out: %+v", where, report.Skipped)
				}
			}
			x, problems := watch.Compile(entries, watch.Options{})
			if m := x.Find(watch.Doc{Text: "They met Ruslan Proban in Herat."}); len(m) != 1 || len(problems) > 0 {
				t.Errorf("%d matches in a sentence with the name, problems %v", len(m), problems)
			}
		})
	}
}

func skips(r Report, where string) bool {
	for _, s := range r.Skipped {
		if strings.Contains(s.Where, where) && s.Why != "" {
			return true
		}
	}
	return false
}
