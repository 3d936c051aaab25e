package measure

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Field is one named value of a row.
type Field struct {
	Name  string
	Value any
}

// Printer writes rows: as a table, whose heads are written again when they change, or as one JSON object a line.
type Printer struct {
	Out  io.Writer
	JSON bool

	heads string
}

// Row writes one row.
func (p *Printer) Row(fields ...Field) error {
	if p.JSON {
		return p.object(fields)
	}
	var heads, cells strings.Builder
	for _, f := range fields {
		cell := text(f.Value)
		width := max(len(f.Name), len(cell), widthOf(f.Value)) + 2
		fmt.Fprintf(&heads, "%-*s", width, f.Name)
		fmt.Fprintf(&cells, "%-*s", width, cell)
	}
	if heads.String() != p.heads {
		p.heads = heads.String()
		if _, err := fmt.Fprintf(p.Out, "\n%s\n", strings.TrimRight(p.heads, " ")); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(p.Out, strings.TrimRight(cells.String(), " "))
	return err
}

// object keeps the order of the fields.
func (p *Printer) object(fields []Field) error {
	var b strings.Builder
	for i, f := range fields {
		value, err := json.Marshal(f.Value)
		if err != nil {
			return fmt.Errorf("field %s: %w", f.Name, err)
		}
		separator := ","
		if i == 0 {
			separator = "{"
		}
		fmt.Fprintf(&b, "%s%q:%s", separator, f.Name, value)
	}
	_, err := fmt.Fprintf(p.Out, "%s}\n", b.String())
	return err
}

// Figures writes a row for each figure.
func (p *Printer) Figures(figures []Figure) error {
	for _, f := range figures {
		err := p.Row(Field{"measure", f.Measure}, Field{"case", f.Case}, Field{"unit", f.Unit}, Field{"median", f.Median},
			Field{"low", f.Low}, Field{"high", f.High}, Field{"ratio", f.Ratio}, Field{"to", f.To},
			Field{"rounds", f.Rounds}, Field{"load", f.Load})
		if err != nil {
			return err
		}
	}
	return nil
}

// widthOf is how much room a column of such values gets.
func widthOf(v any) int {
	if _, ok := v.(string); ok {
		return 28
	}
	return 9
}

func text(v any) string {
	f, ok := v.(float64)
	switch {
	case !ok:
		return fmt.Sprint(v)
	case f == 0:
		return "-"
	case f >= 100:
		return fmt.Sprintf("%.0f", f)
	case f >= 10:
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.2f", f)
}
