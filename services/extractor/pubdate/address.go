package pubdate

import (
	"net/url"
	"strings"
	"time"
)

// fromAddress reads the date in the path of an address: /2015/05/29/, /2015-05-29-, /20150529/, /29-05-2015, and
// /2015/05/ as a month.
func fromAddress(address string) (stamp, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return stamp{}, false
	}
	path := u.EscapedPath()
	var month stamp
	for i := 0; i < len(path); i++ {
		if path[i] < '0' || path[i] > '9' || i > 0 && isWordByte(path[i-1]) {
			continue
		}
		s, ok := addressDate(path[i:])
		if ok && s.precision == "day" {
			return s, true
		}
		if ok && month.source == "" {
			month = s
		}
	}
	return month, month.source != ""
}

func isWordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '%'
}

// addressDate reads a date at the beginning of s.
func addressDate(s string) (stamp, bool) {
	y, n := leading(s, 8)
	if n == 8 {
		return addressDay(y/10000, y/100%100, y%100, s[:8])
	}
	if n == 2 && len(s) >= 10 && strings.Trim(s[2:3]+s[5:6], "-_.") == "" {
		m, monthDigits := leading(s[3:], 2)
		year, yearDigits := leading(s[6:], 4)
		if monthDigits == 2 && yearDigits == 4 {
			return addressDay(year, m, y, s[:10])
		}
	}
	if n != 4 || !year(y) || len(s) < 7 || !strings.ContainsRune("/-_.", rune(s[4])) {
		return stamp{}, false
	}
	m, used := leading(s[5:], 3)
	end := 5 + used
	if used == 0 && len(s) >= 8 { // /2015/may/29/
		if month, ok := names.months[strings.ToLower(s[5:8])]; ok {
			m, used, end = int(month), 2, 8
		}
	}
	if used < 1 || used > 2 || m < 1 || m > 12 {
		return stamp{}, false
	}
	if end < len(s) && (s[end] == s[4] || s[end] == '-') {
		if d, used := leading(s[end+1:], 3); used == 1 || used == 2 {
			if day, ok := addressDay(y, m, d, s[:end+1+used]); ok {
				return day, true
			}
		}
	}
	if s[4] != '/' || end < len(s) && s[end] != '/' {
		return stamp{}, false
	}
	return stamp{at: time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC), precision: "month", source: "url", text: s[:end]}, true
}

func addressDay(y, m, d int, text string) (stamp, bool) {
	if !year(y) || !real(y, time.Month(m), d) {
		return stamp{}, false
	}
	return stamp{at: time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC), precision: "day", source: "url", text: text}, true
}

// leading reads the digits s begins with, at most limit+1 of them, and how many there were.
func leading(s string, limit int) (value, count int) {
	for count < len(s) && count <= limit && s[count] >= '0' && s[count] <= '9' {
		value = value*10 + int(s[count]-'0')
		count++
	}
	return value, count
}
