package messages

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestWireFormIsFixed(t *testing.T) {
	for name, m := range samples() {
		t.Run(name, func(t *testing.T) {
			data, err := Encode(m)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := json.Indent(&got, data, "", "  "); err != nil {
				t.Fatal(err)
			}
			got.WriteByte('\n')
			path := filepath.Join("testdata", name+".json")
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v; write it with go test ./pkg/messages -update", err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("the wire form changed; readers of older builds must still understand it (-golden +now)\n%s", diff)
			}
		})
	}
}

// TestSamplesAreFull keeps the golden files complete: a field that no sample fills would change unseen.
func TestSamplesAreFull(t *testing.T) {
	for name, m := range samples() {
		if name == "raw_article" {
			m = broken(m.(RawArticle), func(r *RawArticle) { r.PageRef = "page and page_ref never travel together" })
		}
		eachEmpty(reflect.ValueOf(m), name, func(path string) { t.Errorf("%s is empty in its sample", path) })
	}
}

// eachEmpty calls f with every field that holds its zero value. Of a list the first element speaks for all.
func eachEmpty(v reflect.Value, path string, f func(string)) {
	switch {
	case v.IsZero():
		f(path)
	case v.Kind() == reflect.Pointer:
		eachEmpty(v.Elem(), path, f)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		eachEmpty(v.Index(0), path+"[0]", f)
	case v.Kind() == reflect.Struct && v.Type().PkgPath() == reflect.TypeFor[Alert]().PkgPath():
		for i := range v.NumField() {
			eachEmpty(v.Field(i), path+"."+v.Type().Field(i).Name, f)
		}
	}
}

func TestUnknownFieldsAreIgnored(t *testing.T) {
	data, err := Encode(sampleFeedEvent())
	if err != nil {
		t.Fatal(err)
	}
	data = append(bytes.TrimSuffix(data, []byte("}")), `,"colour":"red"}`...)
	got, err := Decode[FeedEvent](data)
	if err != nil || !cmp.Equal(got, sampleFeedEvent()) {
		t.Errorf("Decode: %+v, %v", got, err)
	}
}

// identity holds Decode and Encode together: whatever Decode accepts, Encode writes, and what it wrote reads back as the
// same message and is written the same way again.
func identity[M Message](f *testing.F, sample M) {
	data, err := Encode(sample)
	if err != nil {
		f.Fatal(err)
	}
	raw := func(p cmp.Path) bool { return p.Last().Type() == reflect.TypeFor[json.RawMessage]() }
	other := func(p cmp.Path) bool { return !raw(p) }
	alike := []cmp.Option{cmp.FilterPath(raw, cmp.Comparer(sameJSON)), cmp.FilterPath(other, cmpopts.EquateEmpty())} // an empty list and none say the same
	f.Add(data)
	f.Add([]byte(`{"version":1,"id":"a","revision":1,"feed":"f","source":"s","lang":"und"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Decode[M](data)
		if err != nil {
			return
		}
		once, err := Encode(m)
		if err != nil {
			t.Fatalf("decoded, yet it cannot be encoded: %v", err)
		}
		again, err := Decode[M](once)
		if err != nil {
			t.Fatalf("encoded, yet it cannot be decoded: %v\n%s", err, once)
		}
		twice, err := Encode(again)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%v: two forms of one message\n%s\n%s", err, once, twice)
		}
		if !cmp.Equal(m, again, alike...) {
			t.Fatalf("the message changed on the way\n%s", cmp.Diff(m, again, alike...))
		}
	})
}

// sameJSON lets white space inside a record's value go: Encode writes it compact.
func sameJSON(a, b json.RawMessage) bool {
	var x, y bytes.Buffer
	if json.Compact(&x, a) != nil || json.Compact(&y, b) != nil {
		return bytes.Equal(a, b)
	}
	var v, w any
	return json.Unmarshal(x.Bytes(), &v) == nil && json.Unmarshal(y.Bytes(), &w) == nil && reflect.DeepEqual(v, w)
}

func FuzzRawArticle(f *testing.F)      { identity(f, sampleRaw()) }
func FuzzEnrichedArticle(f *testing.F) { identity(f, sampleEnriched()) }
func FuzzAlert(f *testing.F)           { identity(f, sampleAlert()) }
func FuzzPollReport(f *testing.F)      { identity(f, samplePollReport()) }
func FuzzFeedEvent(f *testing.F)       { identity(f, sampleFeedEvent()) }
func FuzzRecord(f *testing.F)          { identity(f, sampleRecord()) }
func FuzzNearMiss(f *testing.F)        { identity(f, sampleNearMiss()) }
func FuzzRejection(f *testing.F)       { identity(f, sampleRejection()) }
func FuzzInForce(f *testing.F)         { identity(f, sampleInForce()) }
