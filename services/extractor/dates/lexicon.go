package dates

// class is what a token can do in a temporal expression; most words of a text have none.
type class uint8

const (
	classOther        class = iota
	classMonth              // value 1–12
	classWeekday            // value 1–7, Monday first
	classUnit               // value is a unit
	classSeason             // value is a season
	classPart               // value is a part of the day
	classCardinal           // value is the number spelled
	classScale              // hundred, thousand
	classOrdinal            // first … thirty-first, by word
	classDeictic            // today, yesterday, tomorrow, tonight: value is the shift in days
	classVague              // now, recently, soon: value is a vagueness
	classRelation           // last, next, this …: value is a relation
	classStage              // early, mid, late, end: value is a stage
	classArticle            // the 0, a 1
	classApprox             // about, nearly: value indexes modApprox
	classQuantity           // several, few
	classAgo                // ago, earlier, before, later
	classEvery              // every, each, per
	classFrequency          // daily … annually: value is a unit
	classPreposition        // licences a date after it
	classZone               // GMT, EST
	classMeridiem           // a.m. 0, p.m. 12
	classHalf               // half
	classParticle           // words the grammar asks for by name only
	classHoliday            // value is a holiday
	classEra                // BC, AD, AH: value is an era
	classSpelledYears       // nineties: value is the decade's two digits
	classNumber             // digits only
	classGrouped            // 6,500
	classDecimal            // 2.5
	classNth                // 28th
	classDecade             // 1990s, 90s
	classPunct              // mark holds the folded character
	classBlank              // an empty line: no expression reaches across it
	classes                 // how many there are
)

// unit is a granularity, from fine to coarse.
type unit uint8

const (
	unitNone unit = iota
	unitSecond
	unitMinute
	unitHour
	unitPart
	unitDay
	unitWeekend
	unitWeek
	unitFortnight
	unitMonth
	unitSeason
	unitQuarter
	unitHalf
	unitYear
	unitDecade
	unitCentury
	unitMillennium
)

// season counts from spring, as TIMEX3 names them: SP, SU, FA, WI.
const (
	spring = iota + 1
	summer
	autumn
	winter
)

// Parts of the day, as TIMEX3 names them: MO, AF, EV, NI, DT; noon and midnight are clock times.
const (
	partNone = iota
	morning
	afternoon
	evening
	night
	daytime
	noon
	midnight
)

// Relations of a period to the anchor.
const (
	relLast = iota + 1
	relPast
	relPrevious
	relNext
	relComing
	relFollowing
	relThis
	relCurrent
	relSame
	relThat
	relRecent
	relIntervening
)

// Stages of a period.
const (
	stageStart = iota + 1
	stageMiddle
	stageEnd
)

// Vaguenesses.
const (
	vaguePast = iota
	vaguePresent
	vagueFuture
)

// Directions of words that count from a point.
const (
	agoPast    = iota // ago
	agoEarlier        // earlier, before
	agoLater          // later, after
	agoHence          // hence
)

// Eras, by the words written beside a year.
const (
	eraNone = iota
	eraBC
	eraAD
	eraHijri
	eraJalali
	eraBuddhist
)

// flag is a bit of what a token's looks or its lexicon entry say.
type flag uint8

const (
	flagCapital flag = 1 << iota // begins with a capital
	flagShout                    // more than one letter, all capitals
	flagPlural
	flagShort   // an abbreviation, may carry a full stop
	flagGlued   // nothing stands between it and the token before
	flagPast    // a verb or particle of the past
	flagFuture  // a verb or particle of the future
	flagWrapped // a line break stands before it
)

// word names the words that grammar asks for one by one.
type word uint8

const (
	wordNone word = iota
	wordOf
	wordThe
	wordIn
	wordOn
	wordAt
	wordTo
	wordAnd
	wordOr
	wordFrom
	wordBetween
	wordSince
	wordUntil
	wordThrough
	wordBy
	wordBefore
	wordAfter
	wordFor
	wordDuring
	wordThroughout
	wordA
	wordOld
	wordAge
	wordAged
	wordOther
	wordOnce
	wordTwice
	wordTimes
	wordClock
	wordO
	wordS
	wordNow
	wordEnd
	wordLater
	wordEarlier
	wordYear
	wordDays
	wordFiscal
	wordFuture
	wordFormer
	wordMore
	wordLess
	wordThan
	wordLeast
	wordLong
	wordAdd
	wordFall
	wordMay
	wordMarch
	wordSecond
	wordAround
	wordQ
	wordH
	wordFY
	wordCopyright
	wordThese
	wordLatter
	wordRest
	wordPart
	wordWith
	wordBe
)

// entry is what the lexicon says of a word.
type entry struct {
	class class
	word  word
	flags flag
	value int16
}

// key is a lower-cased word as the tokeniser gathers it: its last sixteen bytes and its length.
type key struct {
	hi, lo uint64
	n      uint8
}

// push appends one byte to the key.
func (k *key) push(b byte) {
	k.hi = k.hi<<8 | k.lo>>56
	k.lo = k.lo<<8 | uint64(b)
	k.n++
}

// keyOf returns the key of a lower-case word.
func keyOf(s string) key {
	var k key
	for i := range len(s) {
		k.push(s[i])
	}
	return k
}

// Sizes of a lexicon's table, several times the words of the largest language, and of the filter before it.
const (
	slotBits   = 11
	slots      = 1 << slotBits
	filterBits = 14
)

// lexicon is an immutable hash table from words to entries, behind a filter small enough to stay in the nearest cache:
// most words of a text are not in it.
type lexicon struct {
	filter   [1 << filterBits / 64]uint64
	keys     [slots]key
	entries  [slots]entry
	prose    bool // the language has words for its dates, not only names of months
	caps     bool // month and weekday names count only with a capital
	dayFirst bool // 5/6 is the fifth of June
	era      int  // what years in native digits count from
}

func (k key) hash() uint64 { return (k.lo ^ k.hi*0x9E3779B97F4A7C15) * 0xD6E8FEB86659FD93 }

// find returns the entry of a word, or the zero entry.
func (l *lexicon) find(k key) entry {
	h := k.hash()
	bit := h >> (64 - filterBits)
	if l.filter[bit/64]&(1<<(bit%64)) == 0 {
		return entry{}
	}
	for i := h >> (64 - slotBits); l.keys[i%slots].n != 0; i++ {
		if l.keys[i%slots] == k {
			return l.entries[i%slots]
		}
	}
	return entry{}
}

// add files a word; a later entry for the same word replaces the earlier.
func (l *lexicon) add(s string, e entry) {
	k := keyOf(s)
	h := k.hash()
	bit := h >> (64 - filterBits)
	l.filter[bit/64] |= 1 << (bit % 64)
	i := h >> (64 - slotBits) % slots
	for l.keys[i].n != 0 && l.keys[i] != k {
		i = (i + 1) % slots
	}
	l.keys[i], l.entries[i] = k, e
}
