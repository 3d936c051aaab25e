package bio

import (
	"bufio"
	"io"
)

// Write writes documents as Read reads them.
func Write(w io.Writer, docs []Document) error {
	b := bufio.NewWriter(w)
	for _, d := range docs {
		_, _ = b.WriteString("-DOCSTART-\tO\n\n")
		for _, s := range d {
			for i, t := range s.Tokens {
				_, _ = b.WriteString(t + "\t" + s.Tags[i] + "\n")
			}
			_ = b.WriteByte('\n')
		}
	}
	return b.Flush()
}
