package dates

import "strings"

// calendar names the months and weekdays of a language and says in which order it writes them. Further languages
// are further rows of calendars: nothing else knows them. Forms of one month or day are separated by spaces, the
// first is the full name, a form ending in a full stop is an abbreviation.
type calendar struct {
	months   [12]string
	weekdays [7]string // Monday first
	of       string    // small words allowed between day, month and year
	dayFirst bool      // 5/6 is the fifth of June
	caps     bool      // months and weekdays are written with a capital
	era      int       // what an unmarked year between 1300 and 2600 counts from when written in native digits
}

var calendars = map[string]calendar{
	"en": {
		months: [12]string{"january jan.", "february feb.", "march mar.", "april apr.", "may", "june jun.", "july jul.",
			"august aug.", "september sep. sept.", "october oct.", "november nov.", "december dec."},
		weekdays: [7]string{"monday mon.", "tuesday tue. tues.", "wednesday wed. weds.", "thursday thu. thur. thurs.",
			"friday fri.", "saturday sat.", "sunday sun."},
		caps: true,
	},
	"de": {
		months: [12]string{"januar jan. jänner", "februar feb.", "märz mrz.", "april apr.", "mai", "juni jun.", "juli jul.",
			"august aug.", "september sep. sept.", "oktober okt.", "november nov.", "dezember dez."},
		weekdays: [7]string{"montag mo.", "dienstag di.", "mittwoch mi.", "donnerstag do.", "freitag fr.",
			"samstag sonnabend sa.", "sonntag so."},
		dayFirst: true, caps: true,
	},
	"fr": {
		months: [12]string{"janvier janv.", "février févr.", "mars", "avril avr.", "mai", "juin", "juillet juil.", "août",
			"septembre sept.", "octobre oct.", "novembre nov.", "décembre déc."},
		weekdays: [7]string{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
		dayFirst: true,
	},
	"es": {
		months: [12]string{"enero ene.", "febrero feb.", "marzo", "abril abr.", "mayo", "junio jun.", "julio jul.",
			"agosto ago.", "septiembre setiembre sept.", "octubre oct.", "noviembre nov.", "diciembre dic."},
		weekdays: [7]string{"lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"},
		of:       "de del", dayFirst: true,
	},
	"it": {
		months: [12]string{"gennaio genn.", "febbraio febbr.", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto",
			"settembre sett.", "ottobre ott.", "novembre nov.", "dicembre dic."},
		weekdays: [7]string{"lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"},
		dayFirst: true,
	},
	"pt": {
		months: [12]string{"janeiro jan.", "fevereiro fev.", "março", "abril abr.", "maio", "junho jun.", "julho jul.",
			"agosto ago.", "setembro set.", "outubro out.", "novembro nov.", "dezembro dez."},
		weekdays: [7]string{5: "sábado", 6: "domingo"},
		of:       "de do", dayFirst: true,
	},
	"nl": {
		months: [12]string{"januari jan.", "februari feb.", "maart mrt.", "april apr.", "mei", "juni jun.", "juli jul.",
			"augustus aug.", "september sept.", "oktober okt.", "november nov.", "december dec."},
		weekdays: [7]string{"maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"},
		dayFirst: true,
	},
	"ru": {
		months: [12]string{"января январь январе", "февраля февраль феврале", "марта март марте", "апреля апрель апреле",
			"мая май мае", "июня июнь июне", "июля июль июле", "августа август августе", "сентября сентябрь сентябре",
			"октября октябрь октябре", "ноября ноябрь ноябре", "декабря декабрь декабре"},
		weekdays: [7]string{"понедельник", "вторник", "среда среду", "четверг", "пятница пятницу", "суббота субботу",
			"воскресенье"},
		dayFirst: true,
	},
	"uk": {
		months: [12]string{"січня січень", "лютого лютий", "березня березень", "квітня квітень", "травня травень",
			"червня червень", "липня липень", "серпня серпень", "вересня вересень", "жовтня жовтень",
			"листопада листопад", "грудня грудень"},
		weekdays: [7]string{"понеділок", "вівторок", "середа середу", "четвер", "", "субота суботу", "неділя неділю"},
		dayFirst: true,
	},
	"fa": {
		months: [12]string{"ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر",
			"دسامبر"},
		era: eraJalali, dayFirst: true,
	},
	"ar": {dayFirst: true, era: eraHijri},
	"th": {dayFirst: true, era: eraBuddhist},
}

// languages are the lexicons by ISO 639-1 code; read only.
var languages = buildLanguages()

// plain serves every language without a table: numbers, punctuation and ISO forms.
var plain = newLexicon(nil, nil)

func buildLanguages() map[string]*lexicon {
	all := make(map[string]*lexicon, len(calendars))
	for code, c := range calendars {
		if code == "en" {
			continue
		}
		l := newLexicon(nil, nil)
		addCalendar(l, c)
		for w := range strings.FieldsSeq(c.of) {
			l.add(w, entry{class: classPreposition, word: wordOf})
		}
		l.dayFirst, l.era = c.dayFirst, c.era
		all[code] = l
	}
	all["en"] = english()
	return all
}

// lexiconOf returns the lexicon of an ISO 639-1 code, English for none.
func lexiconOf(code string) *lexicon {
	if code == "" {
		return languages["en"]
	}
	if l, ok := languages[code]; ok {
		return l
	}
	return plain
}

// newLexicon files the rows, and the words with a name of their own.
func newLexicon(rows []row, names map[string]word) *lexicon {
	l := new(lexicon)
	for _, r := range rows {
		for w := range strings.FieldsSeq(r.words) {
			l.add(w, entry{class: r.class, word: names[w], flags: r.flags, value: r.value})
		}
	}
	return l
}

// addCalendar files the names of months and weekdays, plural weekdays included.
func addCalendar(l *lexicon, c calendar) {
	for i, forms := range c.months {
		addNames(l, classMonth, i+1, forms)
	}
	for i, forms := range c.weekdays {
		addNames(l, classWeekday, i+1, forms)
		if full, _, _ := strings.Cut(forms, " "); c.caps && full != "" {
			l.add(full+"s", entry{class: classWeekday, value: int16(i + 1), flags: flagPlural})
		}
	}
	l.caps = c.caps
}

func addNames(l *lexicon, c class, value int, forms string) {
	for form := range strings.FieldsSeq(forms) {
		e := entry{class: c, value: int16(value), word: englishWords[form]}
		if short, ok := strings.CutSuffix(form, "."); ok {
			form, e.flags = short, flagShort
		}
		l.add(form, e)
	}
}

// addNumerals files cardinal and ordinal words; "-" holds the place of a word filed elsewhere.
func addNumerals(l *lexicon, cardinals, tens, ordinals string) {
	addCount(l, classCardinal, 0, 1, cardinals)
	addCount(l, classCardinal, 20, 10, tens)
	addCount(l, classOrdinal, 1, 1, ordinals)
}

func addCount(l *lexicon, c class, from, step int, words string) {
	for w := range strings.FieldsSeq(words) {
		if w != "-" {
			l.add(w, entry{class: c, value: int16(from), word: englishWords[w]})
		}
		from += step
	}
}
