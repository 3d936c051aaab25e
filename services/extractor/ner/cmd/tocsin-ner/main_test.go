package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const marked = `== one
[Ada Lovelace|P] left [Halvorsen Ltd.|O] for [London|L] on Monday.
[Ada Lovelace|P] said that [London|L] was wet.
== two
[Amos Bell|P] met [Ada Lovelace|P] in [Paris|L].
== three
The [Royal Society|O] moved to [Paris|L].
== four
[Amos Bell|P] left the [Royal Society|O].
`

// in writes files into a fresh folder and returns it.
func in(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// tool runs the command and returns its exit status and output.
func tool(args ...string) (int, string) {
	var out bytes.Buffer
	status := run(args, &out, &out)
	return status, out.String()
}

func TestConvertTrainEval(t *testing.T) {
	dir := in(t, map[string]string{"a.txt": marked})
	data, model := filepath.Join(dir, "a.bio.gz"), filepath.Join(dir, "m.model")
	for _, args := range [][]string{
		{"convert", "--out", data, filepath.Join(dir, "a.txt")},
		{"train", "--data", data + ":2", "--dev", data, "--passes", "1", "--epochs", "30", "--drop", "-1", "--out", model},
		{"eval", "--model", model, data},
	} {
		status, out := tool(args...)
		if status != 0 {
			t.Fatalf("%v: exit %d\n%s", args, status, out)
		}
		if args[0] == "eval" && !strings.Contains(out, "F1 100.00") {
			t.Errorf("a model does not know what it was taught:\n%s", out)
		}
	}
}

func TestPartSplitsTheDocuments(t *testing.T) {
	dir := in(t, map[string]string{"a.txt": marked})
	for share, want := range map[string]string{"2/4": "1 documents", "-2/4": "3 documents"} {
		if _, out := tool("convert", "--part", share, "--out", filepath.Join(dir, "x.bio"), filepath.Join(dir, "a.txt")); !strings.HasPrefix(out, want) {
			t.Errorf("part %s: %s, want %s", share, out, want)
		}
	}
}

func TestClusters(t *testing.T) {
	dir := in(t, map[string]string{"a.txt": strings.Repeat("we met on 12 May\nthey met on 13 June\n", 5)})
	to := filepath.Join(dir, "classes.tsv")
	if status, out := tool("clusters", "--classes", "5,6", "--min", "2", "--out", to, filepath.Join(dir, "a.txt")); status != 0 {
		t.Fatal(out)
	}
	b, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), "00\t") || strings.Contains(string(b), "12\t") {
		t.Errorf("digits are not folded in\n%s", b)
	}
}

func TestManifestNamesAWrongChecksum(t *testing.T) {
	dir := in(t, map[string]string{"a.bio": "x\tO\n", "m.json": `{"kinds":3,"learn":{"epochs":1},"classes":{},"lists":[],"data":[{"file":"./a.bio","sha256":"00"}]}`})
	status, out := tool("train", "--manifest", filepath.Join(dir, "m.json"), "--out", filepath.Join(dir, "m.model"))
	if status == 0 || !strings.Contains(out, "a.bio") || !strings.Contains(out, "checksum") {
		t.Errorf("exit %d: %s", status, out)
	}
}

func TestCommandLinesThatCannotWork(t *testing.T) {
	for _, args := range [][]string{{}, {"nothing"}, {"train"}, {"train", "--data", "x", "--manifest", "y", "--out", "z"}, {"eval"}, {"clusters"}, {"convert"}, {"train", "--data", "x", "--out", "y", "--classes", "5"}} {
		if status, out := tool(args...); status == 0 || !strings.Contains(out, "Usage") && !strings.Contains(out, "want") {
			t.Errorf("%v: exit %d, %q", args, status, out)
		}
	}
	if status, out := tool("--help"); status != 0 || !strings.Contains(out, "clusters") {
		t.Errorf("--help: exit %d, %q", status, out)
	}
}
