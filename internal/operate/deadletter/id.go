package deadletter

import (
	"fmt"
	"strings"

	"tocsin/pkg/messages"
)

// replayID is the original's id with the number of this replay in the place of an earlier one; the letter's origin
// where the original had none.
func replayID(original string, letter Letter, n int) string {
	if original == "" {
		return messages.MsgID(letter.Stage, letter.Stream, int(letter.Sequence), n) //nolint:gosec // a sequence is far below the limit
	}
	if letter.Replayed > 0 {
		original = strings.TrimSuffix(original, fmt.Sprintf(":replay%d", letter.Replayed))
	}
	return fmt.Sprintf("%s:replay%d", original, n)
}
