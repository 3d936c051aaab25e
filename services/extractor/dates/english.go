package dates

// row is one line of a word table: the words that share class, value and flags, separated by spaces.
type row struct {
	class class
	value int16
	flags flag
	words string
}

// englishRows holds every English word that the grammar knows, but for months, weekdays and numbers. Where a word
// stands twice the later row wins.
var englishRows = []row{
	{classUnit, int16(unitSecond), 0, "second"},
	{classUnit, int16(unitSecond), flagPlural, "seconds secs"},
	{classUnit, int16(unitMinute), 0, "minute"},
	{classUnit, int16(unitMinute), flagPlural, "minutes mins"},
	{classUnit, int16(unitHour), 0, "hour"},
	{classUnit, int16(unitHour), flagPlural, "hours hrs"},
	{classUnit, int16(unitDay), 0, "day"},
	{classUnit, int16(unitDay), flagPlural, "days"},
	{classUnit, int16(unitWeekend), 0, "weekend"},
	{classUnit, int16(unitWeekend), flagPlural, "weekends"},
	{classUnit, int16(unitWeek), 0, "week"},
	{classUnit, int16(unitWeek), flagPlural, "weeks"},
	{classUnit, int16(unitFortnight), 0, "fortnight"},
	{classUnit, int16(unitFortnight), flagPlural, "fortnights"},
	{classUnit, int16(unitMonth), 0, "month"},
	{classUnit, int16(unitMonth), flagPlural, "months"},
	{classUnit, int16(unitSeason), 0, "season"},
	{classUnit, int16(unitSeason), flagPlural, "seasons"},
	{classUnit, int16(unitQuarter), 0, "quarter"},
	{classUnit, int16(unitQuarter), flagPlural, "quarters"},
	{classUnit, int16(unitYear), 0, "year yr"},
	{classUnit, int16(unitYear), flagPlural, "years yrs"},
	{classUnit, int16(unitDecade), 0, "decade"},
	{classUnit, int16(unitDecade), flagPlural, "decades"},
	{classUnit, int16(unitCentury), 0, "century"},
	{classUnit, int16(unitCentury), flagPlural, "centuries"},
	{classUnit, int16(unitMillennium), 0, "millennium"},
	{classUnit, int16(unitMillennium), flagPlural, "millennia millenniums"},

	{classSeason, spring, 0, "spring springtime"},
	{classSeason, summer, 0, "summer summertime"},
	{classSeason, autumn, 0, "autumn fall"},
	{classSeason, winter, 0, "winter wintertime"},

	{classPart, morning, 0, "morning dawn"},
	{classPart, morning, flagPlural, "mornings"},
	{classPart, afternoon, 0, "afternoon"},
	{classPart, afternoon, flagPlural, "afternoons"},
	{classPart, evening, 0, "evening"},
	{classPart, evening, flagPlural, "evenings"},
	{classPart, night, 0, "night"},
	{classPart, night, flagPlural, "nights"},
	{classPart, daytime, 0, "daytime"},
	{classPart, noon, 0, "noon midday"},
	{classPart, midnight, 0, "midnight"},

	{classDeictic, 0, 0, "today"},
	{classDeictic, -1, 0, "yesterday"},
	{classDeictic, 1, 0, "tomorrow"},
	{classDeictic, deicticTonight, 0, "tonight"},

	{classVague, vaguePresent, 0, "now currently presently nowadays"},
	{classVague, vaguePast, 0, "recently formerly"},
	{classVague, vagueFuture, 0, "soon"},

	{classRelation, relLast, 0, "last"},
	{classRelation, relPast, 0, "past"},
	{classRelation, relPrevious, 0, "previous preceding prior"},
	{classRelation, relNext, 0, "next"},
	{classRelation, relComing, 0, "coming upcoming"},
	{classRelation, relFollowing, 0, "following subsequent"},
	{classRelation, relThis, 0, "this"},
	{classRelation, relCurrent, 0, "current"},
	{classRelation, relSame, 0, "same"},
	{classRelation, relThat, 0, "that"},
	{classRelation, relRecent, 0, "recent"},
	{classRelation, relIntervening, 0, "intervening"},

	{classStage, stageStart, 0, "early beginning start"},
	{classStage, stageMiddle, 0, "mid middle"},
	{classStage, stageEnd, 0, "late end"},

	{classArticle, 0, 0, "the"},
	{classArticle, 1, 0, "a an"},

	{classApprox, approxAbout, 0, "about approximately around roughly some circa ca nearly"},
	{classApprox, approxLess, 0, "almost under"},
	{classApprox, approxMore, 0, "over"},

	{classQuantity, 0, 0, "several few many couple numerous"},

	{classAgo, agoPast, 0, "ago"},
	{classAgo, agoEarlier, 0, "earlier before"},
	{classAgo, agoLater, 0, "later after"},
	{classAgo, agoHence, 0, "hence"},

	{classEvery, 0, 0, "every each"},
	{classEvery, 1, 0, "per"},

	{classFrequency, int16(unitHour), 0, "hourly"},
	{classFrequency, int16(unitDay), 0, "daily nightly"},
	{classFrequency, int16(unitWeek), 0, "weekly"},
	{classFrequency, int16(unitFortnight), 0, "fortnightly biweekly"},
	{classFrequency, int16(unitMonth), 0, "monthly"},
	{classFrequency, int16(unitQuarter), 0, "quarterly"},
	{classFrequency, int16(unitYear), 0, "annual annually yearly"},

	{classZone, 0, 0, "gmt utc est edt cst cdt mst mdt pst pdt bst cet cest eet eest et pt ist msk jst kst hkt sgt aest aedt wib pkt"},
	{classMeridiem, 0, 0, "am"},
	{classMeridiem, 12, 0, "pm"},
	{classHalf, 0, 0, "half"},
	{classScale, 100, 0, "hundred"},
	{classScale, 1000, 0, "thousand"},

	{classEra, eraBC, 0, "bc bce"},
	{classEra, eraAD, 0, "ad ce"},
	{classEra, eraHijri, 0, "ah hijri"},
	{classEra, eraJalali, 0, "sh jalali shamsi"},
	{classEra, eraBuddhist, 0, "be"},

	{classSpelledYears, 20, 0, "twenties"},
	{classSpelledYears, 30, 0, "thirties"},
	{classSpelledYears, 40, 0, "forties"},
	{classSpelledYears, 50, 0, "fifties"},
	{classSpelledYears, 60, 0, "sixties"},
	{classSpelledYears, 70, 0, "seventies"},
	{classSpelledYears, 80, 0, "eighties"},
	{classSpelledYears, 90, 0, "nineties"},

	{classPreposition, 0, 0, "in on by of during throughout from to between and through at till for within with or"},
	{classPreposition, 0, flagPast, "since"},
	{classPreposition, 0, flagFuture, "until"},

	{classParticle, 0, 0, "old age aged other once twice times clock o s fiscal future former more less than least long " +
		"consecutive straight successive full whole trading business calendar solid additional working q h fy copyright " +
		"these latter rest part"},

	{classOther, 0, flagFuture, "will shall plans scheduled expects expected due ll goes opens reopens starts begins " +
		"resumes go begin reopen resume forecast"},
	{classOther, 0, flagPast, "was were had did said went made came took began became fell rose told won lost held sold " +
		"bought left led found gave got met grew wrote saw ran has have sent brought broke killed died been"},
}

// The shift that stands for tonight among the deictic words: today's date with a part of the day.
const deicticTonight = 100

// Approximations, as indexes of approxMods.
const (
	approxAbout = iota
	approxLess
	approxMore
)

var approxMods = [...]modifier{approxAbout: modApprox, approxLess: modLess, approxMore: modMore}

const (
	englishCardinals = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen " +
		"sixteen seventeen eighteen nineteen"
	englishTens     = "twenty thirty forty fifty sixty seventy eighty ninety"
	englishOrdinals = "first - third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth " +
		"fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)

// englishWords names the words that grammar functions ask for.
var englishWords = map[string]word{
	"of": wordOf, "the": wordThe, "in": wordIn, "on": wordOn, "at": wordAt, "to": wordTo, "and": wordAnd,
	"or": wordOr, "from": wordFrom, "between": wordBetween, "since": wordSince, "until": wordUntil, "till": wordUntil,
	"through": wordThrough, "by": wordBy, "before": wordBefore, "after": wordAfter, "for": wordFor,
	"during": wordDuring, "throughout": wordThroughout, "a": wordA, "an": wordA, "old": wordOld, "age": wordAge,
	"aged": wordAged, "other": wordOther, "once": wordOnce, "twice": wordTwice, "times": wordTimes,
	"clock": wordClock, "o": wordO, "s": wordS, "now": wordNow, "end": wordEnd, "beginning": wordEnd,
	"start": wordEnd, "middle": wordEnd, "later": wordLater, "earlier": wordEarlier, "year": wordYear,
	"days": wordDays, "fiscal": wordFiscal, "future": wordFuture, "former": wordFormer, "more": wordMore,
	"less": wordLess, "than": wordThan, "least": wordLeast, "long": wordLong, "consecutive": wordAdd,
	"straight": wordAdd, "successive": wordAdd, "full": wordAdd, "whole": wordAdd, "trading": wordAdd,
	"business": wordAdd, "calendar": wordAdd, "solid": wordAdd, "additional": wordAdd, "working": wordAdd,
	"fall": wordFall, "may": wordMay, "march": wordMarch, "second": wordSecond, "around": wordAround, "q": wordQ,
	"h": wordH, "fy": wordFY, "copyright": wordCopyright, "these": wordThese, "latter": wordLatter, "rest": wordRest,
	"part": wordPart, "with": wordWith, "be": wordBe,
}

// english builds the English lexicon.
func english() *lexicon {
	l := newLexicon(englishRows, englishWords)
	addNumerals(l, englishCardinals, englishTens, englishOrdinals)
	addHolidays(l)
	addCalendar(l, calendars["en"])
	l.prose = true
	return l
}
