// Command parts writes the name parts that "names scan" composes people from: a part, how many carry it as a given name,
// and as a family name, by tab, gzip-compressed, commonest first.
//
//	go run ./names/gen/parts -given dist.male.first,dist.female.first -family dist.all.last -both translit_arabic.tsv.gz,translit_russian.tsv.gz -out names/testdata/parts.tsv.gz
//
// -given and -family are name frequencies of the US census of 1990 (public domain, package names 0.3.0); -both are Latin
// spellings with counts (CC0, from Wikidata, by way of steveash/NETransliteration-COLING2018).
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// censusUnit turns a share in percent into a count like those of the other files.
const censusUnit = 1000

type counts struct{ given, family int }

func main() {
	given := flag.String("given", "", "comma-separated census files")
	family := flag.String("family", "", "comma-separated census files")
	both := flag.String("both", "", "comma-separated transliteration tables")
	out := flag.String("out", "", "file to write")
	flag.Parse()
	parts := map[string]*counts{}
	at := func(name string) *counts {
		if parts[name] == nil {
			parts[name] = &counts{}
		}
		return parts[name]
	}
	census := func(add func(c *counts, n int)) func(string) {
		return func(line string) {
			if f := strings.Fields(line); len(f) > 1 {
				share, _ := strconv.ParseFloat(f[1], 64)
				add(at(strings.ToLower(f[0])), int(share*censusUnit))
			}
		}
	}
	eachLine(*given, census(func(c *counts, n int) { c.given += n }))
	eachLine(*family, census(func(c *counts, n int) { c.family += n }))
	eachLine(*both, func(line string) {
		if f := strings.Split(line, "\t"); len(f) > 2 && !strings.Contains(f[0], " ") {
			n, _ := strconv.Atoi(f[2])
			c := at(f[0])
			c.given, c.family = c.given+n, c.family+n
		}
	})
	if err := os.WriteFile(*out, pack(parts), 0o644); err != nil { //nolint:gosec // a data file of the repository
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func pack(parts map[string]*counts) []byte {
	names := slices.SortedFunc(maps.Keys(parts), func(a, b string) int {
		return cmp.Or(cmp.Compare(parts[b].given+parts[b].family, parts[a].given+parts[a].family), cmp.Compare(a, b))
	})
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	for _, n := range names {
		fmt.Fprintf(z, "%s\t%d\t%d\n", n, parts[n].given, parts[n].family)
	}
	_ = z.Close()
	return b.Bytes()
}

func eachLine(files string, visit func(string)) {
	for _, file := range strings.Split(files, ",") {
		f, err := os.Open(file) //nolint:gosec // a path the caller gave
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		var r io.Reader = f
		if strings.HasSuffix(file, ".gz") {
			if r, err = gzip.NewReader(f); err != nil {
				fmt.Fprintln(os.Stderr, file, err)
				os.Exit(1)
			}
		}
		for sc := bufio.NewScanner(r); sc.Scan(); {
			visit(sc.Text())
		}
		_ = f.Close()
	}
}
