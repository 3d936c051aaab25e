package newsroom

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/hex"
	"net/http"
)

// bombSize is what a bomb unpacks to.
const bombSize = 64 << 20

// bomb answers with spaces that are small when packed.
func bomb(encoding string, body []byte) mischief {
	return mischief{fault: &Fault{Body: body, Header: http.Header{"Content-Encoding": {encoding}}}}
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b) // into memory: cannot fail
	_ = w.Close()
	return out.Bytes()
}

// zstdSpaces are bombSize spaces as one frame of blocks that repeat a byte each (RFC 8878, 3.1.1), written by hand because
// nothing here packs zstd otherwise.
func zstdSpaces() []byte {
	const block, repeats = 128 << 10, 1 << 1
	out := []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38} // magic number, no sizes, a window of one block
	for left := bombSize; left > 0; left -= block {
		header := uint32(block<<3 | repeats)
		if left == block {
			header |= 1 // the last
		}
		out = append(binary.LittleEndian.AppendUint32(out, header)[:len(out)+3], ' ')
	}
	return out
}

// brotliSpaces are bombSize spaces as brotli (RFC 7932) writes them.
func brotliSpaces() []byte {
	b, _ := hex.DecodeString("cbffff3ff82540e2b14020f7fe8fffff7ff04b00c4611180eefd1fffffffe0970088c30200ddfb3ffeffffc12f0110870500baf77ffcffff835f02200e0b0074effff8ffff07bf04401c1600e8defff1ffff0f7e0980382c00d0bdffe3ffff1ffc1200715800a07bff37")
	return b
}
