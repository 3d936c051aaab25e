package pubdate

// beforeClock are what stands between a date and its clock time.
var beforeClock = map[string]bool{"um": true, "at": true, "t": true, "à": true, "às": true, "kl": true, "ore": true, "a": true, "las": true, "в": true, "о": true}

// clockAfter reads a clock time and its zone from token i on, and returns the first token after them.
func (s *sentence) clockAfter(i int, w *written) int {
	next := i
	for range 3 {
		if t := s.at(next); t.kind == ',' || t.kind == '-' || t.kind == '|' || t.kind == '/' || t.kind == '(' || t.kind == '?' || beforeClock[t.word] {
			next++
		}
	}
	hour, sep, minute := s.at(next), s.at(next+1), s.at(next+2)
	colon := sep.kind == ':' || sep.word == "h" || sep.kind == '.' && s.at(next+3).word == "uhr"
	if hour.kind != '0' || hour.digits > 2 || hour.value > 23 || !colon || minute.kind != '0' || minute.digits != 2 || minute.value > 59 {
		return i
	}
	w.clock = hour.value*3600 + minute.value*60
	next += 3
	if s.at(next).kind == ':' && s.at(next+1).kind == '0' && s.at(next+1).value < 60 {
		w.clock += s.at(next + 1).value
		w.seconds = true
		next += 2
	}
	next = s.halfDay(next, w)
	return s.zoneAfter(next, w)
}

// halfDay reads am and pm, with or without full stops.
func (s *sentence) halfDay(i int, w *written) int {
	mark, next := s.at(i).word, i+1
	if (mark == "a" || mark == "p") && s.at(i+1).kind == '.' && s.at(i+2).word == "m" {
		mark, next = mark+"m", i+3
	}
	switch hour := w.clock / 3600; {
	case mark == "pm" && hour < 12:
		w.clock += 12 * 3600
	case mark == "am" && hour == 12:
		w.clock -= 12 * 3600
	case mark != "am" && mark != "pm":
		return i
	}
	return next
}

// zoneAfter reads a zone: an abbreviation, or a signed offset with or without a colon.
func (s *sentence) zoneAfter(i int, w *written) int {
	t := s.at(i)
	if t.kind == '(' || t.word == "uhr" {
		i++
		t = s.at(i)
	}
	if t.kind == 'a' {
		offset, known := zoneOffsets[t.word]
		if !known {
			return i
		}
		w.zoned, w.offset = true, offset
		i++
		t = s.at(i)
		if w.offset != 0 {
			return i
		}
	}
	if n := s.at(i + 1); (t.kind == '+' || t.kind == '-' && n.start == t.end) && n.kind == '0' && (n.digits == 2 || n.digits == 4) {
		hours, minutes, next := n.value, 0, i+2
		if n.digits == 4 {
			hours, minutes = n.value/100, n.value%100
		} else if s.at(next).kind == ':' && s.at(next+1).digits == 2 {
			minutes, next = s.at(next+1).value, next+2
		}
		if hours > 14 || minutes > 59 {
			return i
		}
		w.zoned, w.offset = true, hours*60+minutes
		if t.kind == '-' {
			w.offset = -w.offset
		}
		return next
	}
	return i
}
