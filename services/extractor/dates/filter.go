package dates

// ignored tells whether an expression that the grammar read is no temporal expression after all.
func (r *reader) ignored(from, to int, p *partial) bool {
	switch {
	case r.isAge(from, to, p), r.isAddress(from, to), r.isCopyright(from, p):
		return true
	}
	return false
}

// isAge rejects ages: "aged 12 years", "12 years of age", "at the age of two months".
func (r *reader) isAge(from, to int, p *partial) bool {
	if p.sort != sortDuration {
		return false
	}
	old := r.word(to, wordOld) || r.is(to, '-') && r.word(to+1, wordOld)
	return r.word(from-1, wordAged) || old && to-from > 1 ||
		r.word(from-1, wordOf) && r.word(from-2, wordAge)
}

// isAddress rejects what is glued into a path, an address or an identifier.
func (r *reader) isAddress(from, to int) bool {
	before, after := r.at(from-1), r.at(to)
	if r.at(from).glued() && before.class == classPunct {
		switch before.mark {
		case '/', '_', '@', '=', '\\', '#':
			return (before.glued() || !before.is('=')) && !(before.is('/') && r.digits(from-2, 4, 4))
		}
	}
	if after.glued() && r.at(to+1).glued() {
		switch after.mark {
		case '_', '@', '=', '\\':
			return after.class == classPunct
		case '/', '.':
			return after.class == classPunct && r.class(to+1) == classOther
		}
	}
	return false
}

// isCopyright rejects the years of a footer: "Copyright © 2022", "© 2010-2022".
func (r *reader) isCopyright(from int, p *partial) bool {
	if p.kind != kindCalendar || p.unit != unitYear {
		return false
	}
	for k := from - 1; k >= max(0, from-4); k-- {
		t := &r.tokens[k]
		if t.word == wordCopyright || t.mark == markUnknown && t.class == classPunct && r.surface(k) == "©" {
			return true
		}
		if t.class != classPunct && t.class != classNumber {
			return t.class == classOther && r.surface(k) == "c" && r.is(k-1, '(') && r.is(k+1, ')')
		}
	}
	return false
}
