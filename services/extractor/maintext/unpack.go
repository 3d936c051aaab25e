package maintext

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// Unpack decompresses a zstd page. At most limit bytes are returned; cut says that there were more. A page that breaks
// off or is damaged gives the bytes before the damage together with the error.
func Unpack(packed []byte, limit int) (body []byte, cut bool, err error) {
	r, err := zstd.NewReader(bytes.NewReader(packed),
		zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, false, fmt.Errorf("unpack page: %w", err)
	}
	defer r.Close()
	body, err = io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if len(body) > limit {
		return body[:limit], true, nil
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return body, false, fmt.Errorf("unpack page: %w", err)
	}
	return body, false, nil
}

// maxWindow is how far back a frame may refer, and with it the memory one frame can ask for. 8 MiB is what RFC 8878
// section 3.1.1.1.2 tells decoders to support.
const maxWindow = 8 << 20
