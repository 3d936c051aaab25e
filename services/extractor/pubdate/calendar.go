package pubdate

import (
	"strings"
	"time"
)

// monthNames are the months in the languages of the web's news, one row a month. Another language is more words in these
// rows; a name that two languages give to different months, such as listopad, is left out.
var monthNames = [12]string{
	"january jan januar jänner jan janvier janv enero ene gennaio gen genn janeiro januari ocak oca styczeń stycznia leden ledna január " +
		"január januára ianuarie ian január január tammikuu tammikuuta januar jaanuar janvāris sausis январь января янв січень січня " +
		"студзеня януари ιανουαρίου јануар јануара siječanj siječnja يناير ژانویه جنوری जनवरी มกราคม",
	"february feb febr februar feber februari février févr fév fevrier febrero febbraio febbr fevereiro fev şubat şub luty lutego únor února " +
		"február februára februarie helmikuu helmikuuta veebruar februāris vasaris февраль февраля фев лютий лютого лют февруари " +
		"φεβρουαρίου фебруар фебруара veljača veljače فبراير فوریه فروری फरवरी กุมภาพันธ์",
	"march mar märz mär mrz maerz mars marzo março marco maart mrt maret mart marzec marca březen března marec március martie maaliskuu " +
		"maaliskuuta märts marts kovas март марта мар березень березня бер μαρτίου марта ožujak ožujka مارس مارچ मार्च มีนาคม",
	"april apr avril avr abril abr aprile aprilie nisan nis kwiecień kwietnia duben dubna apríl apríla április huhtikuu huhtikuuta " +
		"aprill aprīlis balandis апрель апреля апр квітень квітня кві απριλίου април travanj travnja أبريل ابريل آوریل اپریل अप्रैल เมษายน",
	"may mai mei mayo maggio mag maio mayıs maj maja květen května máj mája május toukokuu toukokuuta maijs gegužė май мая травень травня " +
		"тра μαΐου мај маја svibanj svibnja مايو مه مئی मई พฤษภาคม",
	"june jun juni juin junio giugno giu junho haziran haz czerwiec czerwca červen června jún júna június iunie iun kesäkuu kesäkuuta " +
		"juuni jūnijs birželis июнь июня июн червень червня чер юни ιουνίου јун јуна lipanj lipnja يونيو ژوئن جون जून มิถุนายน",
	"july jul juli juillet juil julio luglio lug julho temmuz tem lipiec lipca červenec července júl júla július iulie iul heinäkuu " +
		"heinäkuuta juuli jūlijs liepa июль июля июл липень липня лип юли ιουλίου јул јула srpanj srpnja يوليو ژوئیه جولائی जुलाई กรกฎาคม",
	"august aug août aout agosto ago augustus agustus ağustos ağu sierpień sierpnia srpen augusti augusztus elokuu elokuuta augusts " +
		"rugpjūtis август августа авг серпень серпня сер αυγούστου avgust август kolovoz kolovoza أغسطس اوت اگست अगस्त สิงหาคม",
	"september sep sept septembre septiembre setiembre settembre set sett setembro eylül eyl wrzesień września září septembra szeptember " +
		"septembrie syyskuu syyskuuta septembris rugsėjis сентябрь сентября сен сент вересень вересня вер септември σεπτεμβρίου " +
		"септембар септембра rujan rujna سبتمبر سپتامبر ستمبر सितंबर กันยายน",
	"october oct oktober okt octobre octubre ottobre ott outubro out ekim eki październik października říjen října október októbra " +
		"octombrie lokakuu lokakuuta oktoober oktobris spalis октябрь октября окт жовтень жовтня жов октомври οκτωβρίου октобар " +
		"октобра أكتوبر اکتبر اکتوبر अक्टूबर ตุลาคม",
	"november nov novembre noviembre novembro kasım kas novembra noiembrie marraskuu marraskuuta novembris lapkritis ноябрь ноября ноя " +
		"листопада ноември νοεμβρίου новембар новембра studeni studenoga نوفمبر نوامبر نومبر नवंबर พฤศจิกายน",
	"december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro desember aralık ara grudzień grudnia prosinec " +
		"prosince decembra decembrie joulukuu joulukuuta detsember decembris gruodis декабрь декабря дек грудень грудня гру " +
		"декември δεκεμβρίου децембар децембра prosinac prosinca ديسمبر دسامبر دسمبر दिसंबर ธันวาคม",
}

// weekdayNames are the days of the week, Sunday first as in package time.
var weekdayNames = [7]string{
	"sunday sun sonntag so dimanche dim domingo dom domenica zondag pazar niedziela neděle воскресенье вс неділя нд",
	"monday mon montag mo lundi lun lunes lunedì maandag pazartesi poniedziałek pondělí понедельник пн понеділок",
	"tuesday tue tues dienstag di mardi martes martedì dinsdag salı wtorek úterý вторник вт вівторок",
	"wednesday wed weds mittwoch mi mercredi mer miércoles mié mercoledì woensdag çarşamba środa středa среда ср середа",
	"thursday thu thur thurs donnerstag do jeudi jeu jueves jue giovedì gio donderdag perşembe czwartek čtvrtek четверг чт четвер",
	"friday fri freitag fr vendredi ven viernes vie venerdì vrijdag cuma piątek pátek пятница пт",
	"saturday sat samstag sonnabend sa samedi sam sábado sáb sabato sab zaterdag cumartesi sobota суббота сб субота",
}

// calendar looks words up; words are in lower case.
type calendar struct {
	months   map[string]time.Month
	weekdays map[string]time.Weekday
}

func newCalendar() calendar {
	c := calendar{map[string]time.Month{}, map[string]time.Weekday{}}
	for i, row := range monthNames {
		for w := range strings.FieldsSeq(row) {
			c.months[w] = time.Month(i + 1)
		}
	}
	for i, row := range weekdayNames {
		for w := range strings.FieldsSeq(row) {
			c.weekdays[w] = time.Weekday(i)
		}
	}
	return c
}

// names is filled once and only read.
var names = newCalendar()

// zoneOffsets are the zone abbreviations that mean one offset, in minutes; those that mean several (IST, CST in China)
// are taken for none, but for the American ones, which are what the press writes.
var zoneOffsets = map[string]int{
	"z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120, "eet": 120, "sast": 120,
	"eest": 180, "msk": 180, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
	"akst": -540, "akdt": -480, "hst": -600, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480, "awst": 480, "aest": 600, "aedt": 660,
	"nzst": 720, "nzdt": 780, "wib": 420,
}
