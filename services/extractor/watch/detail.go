package watch

import "strings"

func hasDetail(e *Entry) bool {
	return e.Kind == Organization || e.BirthDate != "" || len(e.Countries)+len(e.Organizations)+len(e.Roles)+len(e.Associates) > 0 ||
		e.Policy.MinBits > 0 || e.Policy.ExactOnly || e.Policy.Tier != "" || e.Policy.Group != "" || len(e.Policy.RequireAny)+len(e.Policy.Exclude) > 0 || !e.Policy.MuteUntil.IsZero()
}

func newDetail(e *Entry) detail {
	d := detail{
		kind: e.Kind, birth: e.BirthDate, policy: e.Policy,
		organizationWords: foldPhrases(e.Organizations), roleWords: foldPhrases(e.Roles),
		associateWords: foldPhrases(spoken(e.Associates)),
		requireWords:   foldPhrases(e.Policy.RequireAny), excludeWords: foldPhrases(e.Policy.Exclude),
	}
	for _, c := range e.Countries {
		if code := countryOf(strings.ToUpper(c)); code != 0 {
			d.countries = append(d.countries, code)
		}
	}
	return d
}

// spoken turns "Family, Given" into the order of running text; names of one word say too little and are left out.
func spoken(names []string) []string {
	var out []string
	for _, n := range names {
		if family, given, ok := strings.Cut(n, ","); ok && !strings.Contains(given, ",") {
			n = strings.TrimSpace(given) + " " + strings.TrimSpace(family)
		}
		if len(strings.Fields(n)) > 1 {
			out = append(out, n)
		}
	}
	return out
}

// foldPhrases cuts phrases into folded words.
func foldPhrases(phrases []string) [][]string {
	var out [][]string
	for _, p := range phrases {
		var words []string
		for _, w := range nameWords(p) {
			if w.latin != "" {
				words = append(words, w.latin)
			} else {
				words = append(words, w.dense)
			}
		}
		if len(words) > 0 {
			out = append(out, words)
		}
	}
	return out
}
