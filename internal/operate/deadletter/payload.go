package deadletter

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
)

// maxPage bounds how much of a page is unpacked, in bytes.
const maxPage = 64 << 20

// Readable is a body as an operator can read it: indented JSON, with a compressed page of a RawArticle unpacked to text;
// other text as it is; anything else as a hex dump.
func Readable(body []byte) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) == nil {
		if page, ok := unpacked(fields["page"]); ok {
			fields["page"] = page
			if data, err := json.Marshal(fields); err == nil {
				body = data
			}
		}
	}
	var out bytes.Buffer
	switch {
	case json.Valid(body) && json.Indent(&out, body, "", "  ") == nil:
		return out.String()
	case utf8.Valid(body):
		return string(body)
	}
	return hex.Dump(body)
}

// unpacked is a page as a JSON string.
func unpacked(field json.RawMessage) (json.RawMessage, bool) {
	var packed []byte
	if json.Unmarshal(field, &packed) != nil || len(packed) == 0 {
		return nil, false
	}
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxPage))
	if err != nil {
		return nil, false
	}
	defer z.Close()
	page, err := z.DecodeAll(packed, nil)
	if err != nil || !utf8.Valid(page) {
		return nil, false
	}
	text, err := json.Marshal(string(page))
	return text, err == nil
}
