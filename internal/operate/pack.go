package operate

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/watch"
)

// bulkList is the content of one object in messages.ObjectsLists: zstd-compressed lines of JSON, first who brought the
// list, then one entry a line.
type bulkList struct {
	Version int           `json:"version"`
	Owner   string        `json:"owner"`
	Entries []watch.Entry `json:"-"`
}

// packList writes the same bytes for the same list.
func packList(list bulkList) ([]byte, error) {
	list.Version = messages.Version
	var out bytes.Buffer
	z, err := zstd.NewWriter(&out, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	enc := json.NewEncoder(z)
	errs := []error{enc.Encode(list)}
	for _, entry := range list.Entries {
		errs = append(errs, enc.Encode(entry))
	}
	errs = append(errs, z.Close())
	return out.Bytes(), errors.Join(errs...)
}

func unpackList(data []byte) (bulkList, error) {
	var list bulkList
	z, err := zstd.NewReader(bytes.NewReader(data), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return list, err
	}
	defer z.Close()
	dec := json.NewDecoder(bufio.NewReader(z))
	if err := dec.Decode(&list); err != nil {
		return list, fmt.Errorf("unreadable head: %w", err)
	}
	if list.Version < 1 || list.Version > messages.Version {
		return list, fmt.Errorf("written in format %d; this build reads up to %d, update it", list.Version, messages.Version)
	}
	for {
		var entry watch.Entry
		err := dec.Decode(&entry)
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return list, fmt.Errorf("unreadable entry %d: %w", len(list.Entries)+1, err)
		}
		list.Entries = append(list.Entries, entry)
	}
}
