package main

import (
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	const (
		pass    = `{"Action":"output","Package":"a","Test":"TestX","Output":"chatter\n"}` + "\n" + `{"Action":"pass","Package":"a","Test":"TestX"}` + "\n"
		okLine  = `{"Action":"output","Package":"a","Output":"ok  \ta\t0.1s\n"}` + "\n" + `{"Action":"pass","Package":"a"}` + "\n"
		skip    = `{"Action":"output","Package":"a","Test":"TestS","Output":"=== RUN   TestS\n"}` + "\n" + `{"Action":"output","Package":"a","Test":"TestS","Output":"    s_test.go:7: no JDK: install one\n"}` + "\n" + `{"Action":"output","Package":"a","Test":"TestS","Output":"--- SKIP: TestS (0.00s)\n"}` + "\n" + `{"Action":"skip","Package":"a","Test":"TestS"}` + "\n"
		seed    = `{"Action":"skip","Package":"a","Test":"FuzzX/seed#0"}` + "\n"
		fail    = `{"Action":"output","Package":"a","Test":"TestF","Output":"=== RUN   TestF\n"}` + "\n" + `{"Action":"output","Package":"a","Test":"TestF","Output":"    f_test.go:7: wrong\n"}` + "\n" + `{"Action":"fail","Package":"a","Test":"TestF"}` + "\n" + `{"Action":"output","Package":"a","Output":"FAIL\ta\t0.1s\n"}` + "\n" + `{"Action":"fail","Package":"a"}` + "\n"
		noTests = `{"Action":"output","Package":"b","Output":"?   \tb\t[no test files]\n"}` + "\n" + `{"Action":"skip","Package":"b"}` + "\n"
		build   = `{"ImportPath":"a","Action":"build-output","Output":"x.go:1: undefined: y\n"}` + "\n" + `{"ImportPath":"a","Action":"build-fail"}` + "\n" + `{"Action":"output","Package":"a","Output":"FAIL\ta [build failed]\n"}` + "\n" + `{"Action":"fail","Package":"a"}` + "\n"
	)
	for _, row := range []struct {
		sentence, in string
		noskip, good bool
		want         string
	}{
		{"a good package is one line, its chatter stays away", pass + okLine, false, true, "ok  \ta\t0.1s\nnothing was skipped\n"},
		{"a skip is listed with its reason", skip + okLine, false, true, "ok  \ta\t0.1s\nskipped 1:\n  a TestS: no JDK: install one\n"},
		{"a skip fails where none is allowed", skip + okLine, true, false, "ok  \ta\t0.1s\nskipped 1:\n  a TestS: no JDK: install one\na skipped test fails this run (-noskip)\n"},
		{"a seed that a property does not speak of is no skip", seed + okLine, true, true, "ok  \ta\t0.1s\nnothing was skipped\n"},
		{"a package without tests is no skip", noTests, true, true, "?   \tb\t[no test files]\nnothing was skipped\n"},
		{"a failure shows what it said", fail, false, false, "    f_test.go:7: wrong\nFAIL\ta\t0.1s\nnothing was skipped\n"},
		{"a build failure shows the compiler", build, false, false, "x.go:1: undefined: y\nFAIL\ta [build failed]\nnothing was skipped\n"},
		{"what is no event is passed on", "go: no such package\n", false, false, "go: no such package\nno test results came; look above for what go test says\n"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			var out strings.Builder
			r := newReport(&out)
			if err := r.read(strings.NewReader(row.in)); err != nil {
				t.Fatal(err)
			}
			if good := r.close(row.noskip); good != row.good || out.String() != row.want {
				t.Errorf("good %v, printed\n%s\nwant %v\n%s", good, &out, row.good, row.want)
			}
		})
	}
}
