package lang_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"tocsin/services/extractor/lang"
)

func TestDetect(t *testing.T) {
	english := "The commander of the special police left the capital on Friday with three men, officials said."
	for _, c := range []struct {
		why, title, body, declared string
		want                       string
	}{
		{"enough text speaks for itself", "Commander leaves", english, "", "en"},
		{"and against what the feed declares", "Commander leaves", english, "fr-FR", "en"},
		{"too little text takes the feed's word", "Talks go on", "", "en-GB", "en"},
		{"an underscore in the tag is as good", "Talks go on", "", "pt_BR", "pt"},
		{"a three-letter tag is read", "Talks go on", "", "eng", "en"},
		{"no Norwegian is called no here", "Samtaler", "", "no", "nb"},
		{"too little text and no word: nobody knows", "Talks go on", "", "", "und"},
		{"a tag that is none", "Talks go on", "", "x", "und"},
		{"nothing at all", "", "", "", "und"},
		{"numbers alone take the feed's word", "3:2", "", "de", "de"},
		{"a declared language that is written otherwise is a template's", "Переговоры", "", "en", "und"},
		{"a script of its own needs no length", "서울에서 회담", "", "en", "ko"},
		{"Greek as well", "Συνομιλίες", "", "", "el"},
		{"Chinese characters alone in a Japanese feed", "首相辞任", "", "ja", "ja"},
		{"and in no feed", "首相辞任", "", "", "zh"},
		{"Russian beats a wrong English tag", "Командир", "Бывшего командира видели у границы, сообщили в четверг два чиновника, которые попросили не называть их имён, потому что им не разрешено говорить с прессой. Министерство внутренних дел не ответило на вопросы, заданные ему утром.", "en", "ru"},
		{"Arabic", "قائد", "قال مسؤولان في المنطقة إن القائد السابق للشرطة الخاصة شوهد يوم الخميس قرب الحدود مع ثلاثة رجال", "", "ar"},
	} {
		t.Run(c.why, func(t *testing.T) {
			got, sure := lang.Detect(c.title, c.body, c.declared)
			if got != c.want {
				t.Errorf("language %q (%.2f); want %q", got, sure, c.want)
			}
			if (sure == 0) != (got == lang.Undetermined) {
				t.Errorf("confidence %v for %q", sure, got)
			}
		})
	}
}

func FuzzDetect(f *testing.F) {
	f.Add("Talks go on", "The talks go on in the capital for a third day, both sides said on Monday.", "en-GB")
	f.Add("首相", "\xff\x00", "JA_jp")
	f.Fuzz(func(t *testing.T, title, body, declared string) {
		code, sure := lang.Detect(title, body, declared)
		if len(code) < 2 || len(code) > 3 || strings.ToLower(code) != code || !utf8.ValidString(code) || sure < 0 || sure > 1 {
			t.Errorf("language %q with confidence %v", code, sure)
		}
		if again, _ := lang.Detect(title, body, declared); again != code {
			t.Errorf("first %q, then %q", code, again)
		}
	})
}

func ExampleDetect() {
	code, _ := lang.Detect("Командир у границы", "Бывшего командира видели у границы, сообщили в четверг два чиновника, которые попросили не называть их имён.", "en")
	fmt.Println(code)
	code, _ = lang.Detect("Talks go on", "", "en-GB")
	fmt.Println(code)
	// Output:
	// ru
	// en
}
