// Package measure is what the commands of this module share: rows as a table or as JSON, and a stopwatch of processor
// time.
package measure

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

// Write prints rows: with asJSON one object a line, else as a table whose columns are the fields' JSON names. T is a
// struct; fields that are maps or slices stand in JSON only.
func Write[T any](w io.Writer, rows []T, asJSON bool) error {
	if asJSON {
		out := json.NewEncoder(w)
		for _, r := range rows {
			if err := out.Encode(r); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fields := columns(reflect.TypeFor[T]())
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i], _, _ = strings.Cut(f.Tag.Get("json"), ",")
	}
	_, _ = fmt.Fprintln(table, strings.Join(names, "\t"))
	for _, r := range rows {
		cells := make([]string, len(fields))
		for i, f := range fields {
			cells[i] = cell(reflect.ValueOf(r).FieldByIndex(f.Index))
		}
		_, _ = fmt.Fprintln(table, strings.Join(cells, "\t"))
	}
	return table.Flush()
}

func columns(t reflect.Type) []reflect.StructField {
	var fields []reflect.StructField
	for f := range t.Fields() {
		if k := f.Type.Kind(); k != reflect.Map && k != reflect.Slice {
			fields = append(fields, f)
		}
	}
	return fields
}

func cell(v reflect.Value) string {
	if v.Kind() == reflect.Float64 {
		return fmt.Sprintf("%.4g", v.Float())
	}
	return fmt.Sprint(v.Interface())
}

// CPU is the processor time this process has used, which other work on the machine does not lengthen.
func CPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
