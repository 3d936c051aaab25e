package watch

import (
	"strings"

	"tocsin/services/extractor/watch/fold"
)

// koreanParticles are written together with the name before them.
var koreanParticles = strings.Fields("에게서 에게 한테 으로 부터 까지 처럼 이나 은 는 이 가 을 를 의 와 과 도 만 로 씨")

// koreanName splits a Korean word into family and given name, without the particle behind it; ok is false for words
// that are no such name by their length.
func koreanName(raw string) (family, given, shorter string, ok bool) {
	rs := []rune(raw)
	if len(rs) < 3 || len(rs) > 6 {
		return "", "", "", false
	}
	for _, r := range rs {
		if fold.Syllable(r) == "" {
			return "", "", "", false
		}
	}
	family, given = string(rs[:1]), string(rs[1:])
	for _, p := range koreanParticles {
		if rest, found := strings.CutSuffix(given, p); found && len([]rune(rest)) >= 2 {
			shorter = rest
			break
		}
	}
	return family, given, shorter, len([]rune(given)) <= 2 || shorter != ""
}

// korean splits a word of the text into two units of a run, if it may be a whole Korean name.
func (s *session) korean(i int) (family, given int32, ok bool) {
	w := s.w.words[i]
	if !w.Has(fold.Uncased) || w.Has(fold.Dense|fold.Abjad) || w.End-w.Start > 18 {
		return 0, 0, false
	}
	f, g, shorter, ok := koreanName(w.Raw(s.doc.Text))
	if !ok {
		return 0, 0, false
	}
	return s.special(f, ""), s.special(g, shorter), true
}

// special is the lexeme of a part of a word; other is a further reading of it.
func (s *session) special(raw, other string) int32 {
	key := hashRaw(raw) &^ 1
	if id, ok := s.w.joins[key]; ok {
		return id
	}
	x := lexeme{piece: newPiece(fold.Latin(raw), false)}
	if other != "" {
		p := newPiece(fold.Latin(other), false)
		p.cost = particleCost
		x.other = append(x.other, p)
	}
	id := s.w.keep(x)
	s.w.joins[key] = id
	return id
}
