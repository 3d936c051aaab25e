package bus

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestMovement(t *testing.T) {
	at := func(s int) time.Time { return time.Unix(int64(s), 0) }
	for _, c := range []struct {
		sentence string
		tell     func(m *movement)
		want     string // part of the verdict at second 100; "" when all is well
	}{
		{"nothing waits, so nothing need move", func(*movement) {}, ""},
		{"messages wait and move", func(m *movement) { m.saw(5, at(10)); m.settle(at(90)) }, ""},
		{"messages wait for a minute and none moves", func(m *movement) { m.saw(5, at(10)); m.settle(at(40)) }, "5 messages wait"},
		{"the first came only now", func(m *movement) { m.saw(0, at(95)); m.saw(9, at(99)) }, ""},
		{"others took them", func(m *movement) { m.saw(5, at(10)); m.saw(0, at(50)) }, ""},
		{"the gate is shut", func(m *movement) { m.gate = errors.New("index down") }, "index down"},
		{"the consumer is gone", func(m *movement) { m.trouble = errors.New("consumer deleted") }, "consumer deleted"},
	} {
		var m movement
		m.begin(at(0))
		c.tell(&m)
		err := m.verdict(at(100))
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
}
