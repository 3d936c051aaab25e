package assembly

import "testing"

func TestGarbagePercent(t *testing.T) {
	for _, c := range []struct {
		why  string
		live uint64
		want int
	}{
		{"a small heap is collected once it is five times as large", 4 << 20, 400},
		{"and so is one nobody has measured yet", 0, 400},
		{"a middling one has room for as many bytes as any", 64 << 20, 200},
		{"a large one is collected as the runtime does by itself", 1 << 30, 100},
	} {
		if got := garbagePercent(c.live); got != c.want {
			t.Errorf("%s: %d percent; want %d", c.why, got, c.want)
		}
	}
}
