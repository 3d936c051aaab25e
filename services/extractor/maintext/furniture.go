package maintext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// furniture is what publishers put between and behind the paragraphs of a story, by how such a paragraph begins: pointers
// to other stories, invitations, notices of rights. The list was read off pages of some hundred sites; what is not on it
// stays, for a sentence too many costs less than one too few.
var furniture = words(`
	read more; read also; also read; read next; see also; related articles; related stories; more on this story; more stories;
	recommended for you; you may also like; you might also like; sign up for; sign up to; subscribe to; subscribe now;
	follow us; share this; share on; like us on; join the conversation; join the discussion; leave a comment; leave a reply;
	post a comment; story continues; article continues; continue reading; click here to; tap here to; get the latest;
	never miss; most read; most popular; copyright; all rights reserved; filed under; print this; email this; e-mail this;
	we want to hear; have something to say; what do you think; if you enjoyed; appeared first on; about the author; do you want to be informed;
	give us feedback; be part of the conversation; share your thoughts; back to top;
	lesen sie; lies auch; auch interessant; das könnte sie auch; das könnte dich auch; das thema könnte; mehr zum thema; weitere informationen;
	weitere themen; weitere artikel; weitere beiträge; zum thema; passend zum thema; empfohlene beiträge; empfohlene artikel;
	kommentar schreiben; abonnieren sie; abonniere; melden sie sich; folgen sie; alle rechte vorbehalten; zur startseite;
	weiterlesen; hier geht es zu; newsletter abonnieren; vorschau auf den nächsten; schlagworte; schlagwörter;
	à lire aussi; lire aussi; à lire également; lire la suite; pour lire la suite; sur le même sujet; abonnez-vous; suivez-nous; inscrivez-vous;
	inscription à; tous droits réservés; pour aller plus loin;
	lea también; lea además; le puede interesar; te puede interesar; más información en; suscríbete; suscríbase; síguenos; comparte esta;
	todos los derechos; leia também; leia mais; veja também; saiba mais; compartilhe; leggi anche; per saperne di più; iscriviti; ti potrebbe interessare;
	tutti i diritti; lees ook; lees meer; czytaj też; czytaj także; czytaj również; czytaj więcej; czytaj dalej; zobacz też; zobacz także; zobacz również;
	polecamy; udostępnij; läs också; läs mer; читайте также; читайте нас; подписывайтесь; все права защищены`)

// labels are words that are furniture when they stand alone.
var labels = words(`
	share; shares; comments; comment; advertisement; advertising; related; related topics; topics; tags; recommended; trending; loading; print; email;
	newsletter; more; subscribe; follow; watch now; teilen; kommentare; kommentieren; anzeige; drucken; tags; themen; mehr; bewerten; teilen mit; wird geladen;
	partager; commentaires; publicité; compartir; comentarios; publicidad; condividi; commenti; pubblicità; delen; reacties; dela; komentarze;
	reklama; поделиться; комментарии; реклама; теги`)

const (
	// furnitureMost is how many characters a paragraph of furniture has at most, labelMost one that is a label.
	furnitureMost = 120
	labelMost     = 24
	// furnitureWords is how many words the longest beginning has.
	furnitureWords = 5
)

// words are the entries of a list that semicolons part.
func words(list string) map[string]bool {
	set := map[string]bool{}
	for entry := range strings.SplitSeq(list, ";") {
		set[strings.Join(strings.Fields(entry), " ")] = true
	}
	return set
}

// withoutFurniture drops the paragraphs of a text that are furniture, but for the first: a text is never emptied.
func withoutFurniture(text string) string {
	var kept []string
	for p := range strings.SplitSeq(text, "\n\n") {
		if len(kept) == 0 || !isFurniture(p) {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "\n\n")
}

func isFurniture(paragraph string) bool {
	n := utf8.RuneCountInString(paragraph)
	folded := strings.ToLower(strings.TrimFunc(paragraph, func(r rune) bool { return !unicode.IsLetter(r) }))
	switch {
	case n > furnitureMost:
		return false
	case n <= labelMost && labels[folded], strings.HasPrefix(paragraph, "©"):
		return true
	}
	at := 0
	for range furnitureWords {
		next := strings.IndexFunc(folded[at:], func(r rune) bool { return !unicode.IsLetter(r) && r != '-' })
		if next < 0 {
			return furniture[folded]
		}
		at += next
		if furniture[folded[:at]] {
			return true
		}
		_, size := utf8.DecodeRuneInString(folded[at:])
		at += size
	}
	return false
}
