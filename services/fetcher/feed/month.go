package feed

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// monthNamed returns the number of a month by its name or the first three or more letters of it, without accents, in the
// languages of monthNames; 0 when it is none, or could be two.
func monthNamed(word string) int {
	word = strings.Trim(unaccented(word), ".")
	if len([]rune(word)) < 3 {
		return 0
	}
	found := 0
	for _, names := range monthNames {
		for i, name := range names {
			if !strings.HasPrefix(name, word) {
				continue
			}
			if found != 0 && found != i+1 {
				return 0
			}
			found = i + 1
		}
	}
	return found
}

func unaccented(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) && r != '\u0306' { // the breve of й is part of the letter
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// monthNames are January to December without accents: English and its Sept, German, French, Italian, Spanish, Portuguese,
// Dutch and its abbreviations, Swedish, Polish, Russian in both cases.
var monthNames = parted(
	"january february march april may june july august september october november december",
	"januar februar marz april mai juni juli august september oktober november dezember",
	"janner februar maerz april mai juni juli august september oktober november dezember",
	"janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
	"gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
	"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
	"janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
	"januari februari maart april mei juni juli augustus september oktober november december",
	"jan feb mrt apr mei jun jul aug sep okt nov dec",
	"januari februari mars april maj juni juli augusti september oktober november december",
	"stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia",
	"января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
	"январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
)

func parted(languages ...string) [][]string {
	var out [][]string
	for _, names := range languages {
		out = append(out, strings.Fields(norm.NFD.String(names)))
	}
	return out
}
