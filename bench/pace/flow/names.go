package flow

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

// watched are the names that articles ring for; the corpus never draws them by chance.
var watched = []string{
	"Lida Pereverzatova", "Oto Brandsmaker", "Asgar Nematigharib", "Nuriddin Ashrafzamonov", "Marisela Ontivareschi",
	"Halszka Wrobelskaya", "Vakhtang Tchikvaidzeli", "Torbjorn Ostergaardsen", "Yolotzin Quispemayta", "Sibonelo Dlaminghi",
	"Zsombor Farkasdinov", "Chidubem Okwuchukwe",
}

// writeWatchlist writes a list of n names: those that ring, then people whose given and family names are drawn
// independently by how many carry them.
func writeWatchlist(ctx context.Context, path string, n int) error {
	file, err := os.Create(path) //nolint:gosec // a path of our own
	if err != nil {
		return err
	}
	out := csv.NewWriter(file)
	rows := [][]string{{"id", "list", "name"}}
	for i, name := range watched {
		rows = append(rows, []string{"ring-" + strconv.Itoa(i), "pace", name})
	}
	if err := errors.Join(out.WriteAll(rows), others(ctx, out, n-len(watched))); err != nil {
		return err
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write the watchlist: %w", err)
	}
	return file.Close()
}

func others(ctx context.Context, out *csv.Writer, n int) error {
	if n <= 0 {
		return nil
	}
	root, err := Root(ctx)
	if err != nil {
		return err
	}
	file, err := os.Open(filepath.Join(root, "bench", "names", "testdata", "parts.tsv.gz"))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // read only
	given, family, err := readParts(file)
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(1, 3)) //nolint:gosec // a fixed draw
	seen := make(map[string]bool, n)
	for len(seen) < n {
		name := given.draw(r) + " " + family.draw(r)
		if seen[name] {
			continue
		}
		seen[name] = true
		if err := out.Write([]string{"other-" + strconv.Itoa(len(seen)), "pace", name}); err != nil {
			return err
		}
	}
	return nil
}

// urn draws name parts by count.
type urn struct {
	parts []string
	sums  []int
}

func (u *urn) add(part string, count string) {
	n, err := strconv.Atoi(count)
	if err != nil || n <= 0 {
		return
	}
	if len(u.sums) > 0 {
		n += u.sums[len(u.sums)-1]
	}
	u.parts, u.sums = append(u.parts, strings.ToUpper(part[:1])+part[1:]), append(u.sums, n)
}

func (u *urn) draw(r *rand.Rand) string {
	return u.parts[sort.SearchInts(u.sums, r.IntN(u.sums[len(u.sums)-1])+1)]
}

// readParts reads lines of a name part and how many carry it as a given and as a family name.
func readParts(packed io.Reader) (given, family *urn, err error) {
	z, err := gzip.NewReader(packed)
	if err != nil {
		return nil, nil, err
	}
	given, family = &urn{}, &urn{}
	lines := bufio.NewScanner(z)
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if len(f) < 3 || f[0] == "" {
			return nil, nil, fmt.Errorf("name part %q has not three columns", lines.Text())
		}
		given.add(f[0], f[1])
		family.add(f[0], f[2])
	}
	return given, family, lines.Err()
}
