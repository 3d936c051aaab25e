package dates

import (
	"strings"
	"testing"
	"time"
)

// TestForms lists forms of English dates with the values they have on Friday, 29 May 2015, in the order of the text.
func TestForms(t *testing.T) {
	ref := time.Date(2015, 5, 29, 14, 30, 0, 0, time.FixedZone("", 3*3600))
	for _, row := range []struct{ why, text, want string }{
		{"month first", "It opened on May 5, 2014.", "2014-05-05"},
		{"day first", "It opened on 5 May 2014.", "2014-05-05"},
		{"ordinal with of", "It opened on the 5th of May, 2014.", "2014-05-05"},
		{"spelled ordinal keeps its year", "signed on the fifth of May 2014", "2014-05-05"},
		{"abbreviation at a sentence end", "It closed on Nov. 3. Nobody came.", "2014-11-03"},
		{"hyphened abbreviation", "stamped 05-Mar-2014", "2014-03-05"},
		{"a cut word", "on Febru-\nary 3, 2014", "2014-02-03"},
		{"weekday and date", "on Wednesday, February 15", "2017-02-15"},
		{"impossible day", "on Feb. 29, 2015 it rained", "2015-02"},
		{"range of days in one month", "held Jan 2-5, 2014", "2014-01-02 2014-01-05"},
		{"range over two months", "from 28 February-3 March 2019", "2019-02-28 2019-03-03"},
		{"days before their month", "the night of 9-10 November 1938", "1938-11-09TNI 1938-11-10"},
		{"months share a year", "in March and April 1918", "1918-03 1918-04"},
		{"years joined", "from 2009 to 2011", "2009 2011"},
		{"short second year", "the 1998-99 season", "1998 1999"},
		{"decades joined", "from the 1980s to the mid-1990s", "198 199"},
		{"ISO", "on 2015-05-28 at noon", "2015-05-28T12:00"},
		{"ISO with time and offset", "at 2015-05-28T17:30:00+03:00 sharp", "2015-05-28T17:30"},
		{"year first with slashes", "dated 2015/06/05", "2015-06-05"},
		{"dotted is day first", "am 05.06.2013", "2013-06-05"},
		{"only one order is a date", "on 5/29/2013", "2013-05-29"},
		{"the order of another date decides", "on 5/6/2013, not on 25/6/2013", "2013-06-05 2013-06-25"},
		{"near the reference decides", "as of 1/6/2015", "2015-06-01"},
		{"nine eleven", "since 9/11 nothing is the same", "2001-09-11"},
		{"the attacks of 2001", "the September 11 attacks", "2001-09-11"},
		{"quarter of a year", "in the second quarter of 2014", "2014-Q2"},
		{"quarter with letter", "in Q3 2014 and Q1", "2014-Q3 2015-Q1"},
		{"half a year", "in the second half of last year", "2014-H2"},
		{"fiscal years", "fiscal 2016, FY2017 and FY 2018", "2016 2017 2018"},
		{"year earlier", "up from a year earlier", "2014"},
		{"year-ago quarter", "in the year-ago quarter", "2014-Q2"},
		{"feast", "on Christmas Day 2013", "2013-12-25"},
		{"moving feast", "on Good Friday 2014", "2014-04-18"},
		{"named day", "on Thanksgiving Day 2013", "2013-11-28"},
		{"nth weekday", "on the first Monday of March 2014", "2014-03-03"},
		{"century", "in the 19th century", "18"},
		{"spelled century", "in the early twentieth century", "19"},
		{"decade by word", "in the late nineties", "199"},
		{"apostrophe decade", "in the '60s", "196"},
		{"apostrophe year", "back in '98", "1998"},
		{"before our era", "in 480 BC and 479 B.C.", "BC0480 BC0479"},
		{"yesterday and its neighbour", "yesterday and the day before yesterday", "2015-05-28 2015-05-27"},
		{"weekday by tense", "It fell on Monday and will rise on Monday.", "2015-05-25 2015-06-01"},
		{"weekday of last week", "on Tuesday last week", "2015-05-19"},
		{"last and next", "last month, next week, this year", "2015-04 2015-W23 2015"},
		{"weekend", "It opens this weekend.", "2015-W22-WE"},
		{"season", "last summer and the spring of 2013", "2014-SU 2013-SP"},
		{"month of last year", "in November of last year", "2014-11"},
		{"ago", "three days ago, two years ago, years ago", "2015-05-26 2013 PAST_REF"},
		{"the following day", "On May 3 he left. The following day he returned.", "2015-05-03 2015-05-04"},
		{"later that year", "Founded in 1987, it was sold later that year.", "1987 1987"},
		{"three days later", "It sank on 3 March 2009. Three days later it was raised.", "2009-03-03 2009-03-06"},
		{"parts of the day", "last night, this morning, Friday evening, tonight",
			"2015-05-28TNI 2015-05-29TMO 2015-05-29TEV 2015-05-29TNI"},
		{"clock times", "at 5:30 p.m., at 9.15 am, at 0830 GMT, at five o'clock",
			"2015-05-29T17:30 2015-05-29T09:15 2015-05-29T08:30Z 2015-05-29T05:00"},
		{"clock on a day", "at 10 a.m. on Thursday, at noon tomorrow", "2015-05-28T10:00 2015-05-30T12:00"},
		{"range of times", "between 9 p.m. and 11 p.m. on Thursday", "2015-05-28T21:00 2015-05-28T23:00"},
		{"durations", "for three days, two and a half years, a decade, a few weeks", "P3D P2.5Y P1DE PXW"},
		{"hyphened durations", "a 12-hour flight and a six-month stay", "PT12H P6M"},
		{"last units", "over the past two years and the next few days", "P2Y PXD"},
		{"sets", "every Friday, daily, twice a month, every two weeks, on Mondays",
			"XXXX-WXX-5 P1D P1M P2W XXXX-WXX-1"},
		{"stages", "in early 2013, by mid-August 2014, at the end of April 2015", "2013 2014-08 2015-04"},
		{"vague", "now, recently, soon", "PRESENT_REF PAST_REF FUTURE_REF"},
		{"ages are no durations", "a 41-year-old man, aged 7, a girl of six years of age", ""},
		{"names are no months", "April Jones met Mr. March and Will May", ""},
		{"verbs are no months", "They may march again; it may rain.", ""},
		{"versions and addresses", "host 10.1.20.15, see /2015/05/29/story", ""},
		{"identifiers", "CVE-2015-1234, RFC2822, order AB-1999-12, MH-2015", ""},
		{"scores and ratios", "won 6-4, 3-6, 7-5 with odds of 5/2", ""},
		{"quantities", "2000 people, $1950, 1,900 homes, 1850 points", ""},
		{"footer", "Copyright © 2010-2015 Example. (c) 2014 Other.", ""},
	} {
		var got []string
		for _, m := range Find(row.text, ref, Options{Mode: News}) {
			got = append(got, m.Value)
		}
		if s := strings.Join(got, " "); s != row.want {
			t.Errorf("%s: %q\n got  %s\n want %s", row.why, row.text, s, row.want)
		}
	}
}

// TestLanguages reads months, orders and calendars of other languages.
func TestLanguages(t *testing.T) {
	ref := time.Date(2023, 5, 29, 0, 0, 0, 0, time.UTC)
	for _, row := range []struct{ why, lang, text, want string }{
		{"German", "de", "Am Montag, 29. Mai 2023, und am 3. März", "2023-05-29 2023-03-03"},
		{"French", "fr", "le 14 juillet 1789 et en février 2020", "1789-07-14 2020-02"},
		{"Spanish", "es", "el 5 de mayo de 2021", "2021-05-05"},
		{"Russian", "ru", "29 мая 2015 года и в сентябре 2016", "2015-05-29 2016-09"},
		{"day first in numbers", "fr", "le 05/06/2021", "2021-06-05"},
		{"a language without table", "xx", "abc 2015-05-29 def 29.5.2015", "2015-05-29 2015-05-29"},
		{"Chinese characters", "zh", "2015年5月29日", "2015-05-29"},
		{"Jalali in Persian digits", "fa", "تاریخ ۱۴۰۲/۰۳/۰۵", "2023-05-26"},
		{"Jalali new year", "fa", "1402/01/01", "2023-03-21"},
		{"Jalali leap day", "fa", "1399/12/30 1403/12/30", "2021-03-20 2025-03-20"},
		{"Jalali year after a leap year", "fa", "1404/01/01", "2025-03-21"},
		{"Buddhist year", "th", "29/05/2566", "2023-05-29"},
		{"Hijri stays without interval", "ar", "١٤٤٤/٠٩/٠١", "XXXX"},
	} {
		var got []string
		for _, m := range Find(row.text, ref, Options{Mode: News, Lang: row.lang}) {
			got = append(got, m.Value)
			if m.Value == "XXXX" && !m.From.IsZero() {
				t.Errorf("%s: %s has an interval", row.why, m.Value)
			}
		}
		if s := strings.Join(got, " "); s != row.want {
			t.Errorf("%s: %q\n got  %s\n want %s", row.why, row.text, s, row.want)
		}
	}
}

// TestFields looks at what a value alone does not show.
func TestFields(t *testing.T) {
	ref := time.Date(2015, 5, 29, 0, 0, 0, 0, time.UTC)
	day := func(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }
	find := func(text string) Mention {
		t.Helper()
		ms := Find(text, ref, Options{Mode: News})
		if len(ms) == 0 {
			t.Fatalf("nothing found in %q", text)
		}
		return ms[0]
	}
	if m := find("on 5/6/2012"); len(m.Alt) != 1 || m.Alt[0] != "2012-06-05" || m.Value != "2012-05-06" {
		t.Errorf("5/6/2012 is %s or %v", m.Value, m.Alt)
	}
	if m := find("between 2014 and 2016"); m.Range == nil || !m.Range.From.Equal(day(2014, 1, 1)) || !m.Range.To.Equal(day(2017, 1, 1)) {
		t.Errorf("between 2014 and 2016 has the range %v", m.Range)
	}
	if m := find("since 2012"); m.Mod != "ON_OR_AFTER" || m.Range == nil || !m.Range.To.IsZero() || !m.To.Equal(day(2013, 1, 1)) {
		t.Errorf("since 2012 is %+v", m)
	}
	if m := find("until June 3"); m.Mod != "ON_OR_BEFORE" || m.Range == nil || !m.Range.From.IsZero() {
		t.Errorf("until June 3 is %+v", m)
	}
	if m := find("in late April"); m.Mod != "END" || m.Precision != "month" || m.Explicit != Partial || m.Anchor != "published" {
		t.Errorf("late April is %+v", m)
	}
	if m := find("at 6:40 p.m. (GMT +8)"); m.Zone != "GMT +8" || m.Precision != "minute" || m.Type != Time {
		t.Errorf("6:40 p.m. (GMT +8) is %+v", m)
	}
	if m := find("last week"); m.Explicit != Relative || !m.From.Equal(day(2015, 5, 18)) || !m.To.Equal(day(2015, 5, 25)) {
		t.Errorf("last week is %+v", m)
	}
	if m := find("in the 1990s"); m.Precision != "decade" || m.Explicit != Full || !m.To.Equal(day(2000, 1, 1)) {
		t.Errorf("the 1990s are %+v", m)
	}
	if m := find("recently"); m.Explicit != Vague || m.Precision != "vague" || !m.From.IsZero() {
		t.Errorf("recently is %+v", m)
	}
	if m := find("nearly two decades"); m.Mod != "APPROX" || m.Value != "P2DE" {
		t.Errorf("nearly two decades is %+v", m)
	}
}

// TestModes reads one history as news and as a narrative, and lets Auto choose.
func TestModes(t *testing.T) {
	text := "The war began on 3 May 1871. In June 1871 the north fell. On July 14 the capital surrendered, and in 1872 and 1873 " +
		"the rest followed. Peace was signed in 1874. In August 1875 the last troops left; two years later all was forgotten."
	ref := time.Date(2015, 5, 29, 0, 0, 0, 0, time.UTC)
	value := func(mode Mode) string {
		for _, m := range Find(text, ref, Options{Mode: mode}) {
			if strings.HasPrefix(text[m.Start:], "July 14") {
				return m.Value
			}
		}
		return "nothing"
	}
	if v := value(News); v != "2014-07-14" && v != "2015-07-14" {
		t.Errorf("as news: %s", v)
	}
	if v := value(Narrative); v != "1871-07-14" {
		t.Errorf("as a narrative: %s", v)
	}
	if v := value(Auto); v != "1871-07-14" {
		t.Errorf("by itself: %s", v)
	}
}
