package kibana

// answers are what the panels say of the sample, worked out by hand: a row a line, the values of the buckets, then the
// figures. Where more than one chart lies in a panel, their rows follow each other.
var answers = map[string]string{
	"watch-desk/alerts":    `4`,
	"watch-desk/confirmed": `2`,
	"watch-desk/names":     `2`,
	"watch-desk/stories":   `2`,
	"watch-desk/by-list": `
un | 2026-02-25 |  2
un | 2026-02-27 |  1
eu | 2026-02-25 |  1`,
	"watch-desk/by-tier": `
confirmed | 2026-02-25 |  2
probable | 2026-02-25 |  1
review | 2026-02-27 |  1`,
	"watch-desk/by-name": `
Amina Diallo | 2026-02-25 |  2
Amina Diallo | 2026-02-27 |  1
José Núñez | 2026-02-25 |  1`,
	"watch-desk/list-tocsin-alerts-list": `
a5
a4
a2
a1
a3`,
	"watch-desk/entries": `
un.diallo |  3 2 2 2026-02-27T08:00
eu.nunez |  1 1 1 2026-02-25T10:00`,
	"watch-desk/list-tier": `
un | confirmed |  2
un | review |  1
eu | probable |  1`,
	"watch-desk/status": `
new |  4 2026-02-27T08:00
withdrawn |  1 2026-02-27T12:00`,
	"watch-desk/sources": `
herald |  3 2 2026-02-27T08:00
courier |  1 1 2026-02-25T11:00`,
	"watch-desk/rules": `
common name |  4 2 31.5
role |  4 2 31.5
sound |  4 2 31.5`,

	"entities/articles":      `4`,
	"entities/people":        `2`,
	"entities/organizations": `1`,
	"entities/places":        `2`,
	"entities/people-top": `
Amina Diallo |  4 3 2026-02-20T00:00
José Núñez |  2 2 2026-02-10T00:00`,
	"entities/organizations-top": `Interpol |  3 3 2026-02-12T00:00`,
	"entities/places-top": `
Varna |  4 3 2026-02-20T00:00
Łódź |  1 1 2026-02-20T00:00`,
	"entities/people-rising":        `Amina Diallo |  4 3`,
	"entities/organizations-rising": `Interpol |  3 3`,
	"entities/places-rising":        `Varna |  4 3`,
	"entities/people-time": `
Amina Diallo | 2026-02-10 |  2
Amina Diallo | 2026-02-12 |  1
Amina Diallo | 2026-02-20 |  1
José Núñez | 2026-02-10 |  2`,
	"entities/places-time": `
Varna | 2026-02-10 |  2
Varna | 2026-02-12 |  1
Varna | 2026-02-20 |  1
Łódź | 2026-02-20 |  1`,
	"entities/people-people": `
Amina Diallo | Amina Diallo |  4
Amina Diallo | José Núñez |  2
José Núñez | Amina Diallo |  2
José Núñez | José Núñez |  2`,
	"entities/people-organizations": `
Amina Diallo | Interpol |  3
José Núñez | Interpol |  2`,
	"entities/people-places": `
Amina Diallo | Varna |  4
Amina Diallo | Łódź |  1
José Núñez | Varna |  2`,
	"entities/organizations-places": `Interpol | Varna |  3`,
	"entities/list-tocsin-articles-list": `
f4
f3
f1
f2`,

	"dates/spoken-published": `
2025-11-30 |  1
2026-02-09 |  3
2026-04-02 |  2
2025-12-01 |  1
2025-12-02 |  1
2025-12-03 |  1
2025-12-04 |  1
2026-02-10 |  2
2026-02-12 |  1
2026-02-20 |  1`,
	"dates/month-by-month": `
2025-11 | 2025-12 |  1
2026-02 | 2026-02 |  3
2026-04 | 2026-02 |  2`,
	"dates/days": `
2025-11-30 |  1 1 2025-12-01T00:00
2026-02-09 |  3 2 2026-02-20T00:00
2026-04-02 |  2 2 2026-02-10T00:00`,
	"dates/ahead-people": `
Amina Diallo |  2 2
José Núñez |  2 2`,
	"dates/ahead-organizations": `Interpol |  2 2`,
	"dates/ahead-places":        `Varna |  2 2`,
	"dates/list-tocsin-announced": `
f1
f2`,
	"dates/known-by": `feed | second |  4`,
	"dates/by-source": `
herald |  3 2026-02-20T00:00
courier |  1 2026-02-10T00:00`,

	"sources/articles": `4`,
	"sources/stories":  `3`,
	"sources/sources":  `3`,
	"sources/feeds":    `3`,
	"sources/volume": `
herald | 2026-02-10 |  1
herald | 2026-02-20 |  1
courier | 2026-02-10 |  1
echo | 2026-02-12 |  1`,
	"sources/volume-feed": `
https://herald.example/feed | 2026-02-10 |  1
https://herald.example/feed | 2026-02-20 |  1
https://courier.example/feed | 2026-02-10 |  1
https://echo.example/feed | 2026-02-12 |  1`,
	"sources/silent": `
courier |  2026-02-10T01:00 1
echo |  2026-02-12T01:00 1
herald |  2026-02-20T01:00 2`,
	"sources/silent-feeds": `
https://courier.example/feed |  2026-02-10T01:00 1
https://echo.example/feed |  2026-02-12T01:00 1
https://herald.example/feed |  2026-02-20T01:00 2`,
	"sources/table": `
herald |  2 2 1 1
courier |  1 1 1 1
echo |  1 1 1 1`,
	"sources/languages": `
en |  3 2
fr |  1 1`,
	"sources/text-from": `page |  4`,
	"sources/to-alert": `
herald |  3 4 7.6
courier |  1 4 4
echo |  1 6 6`,
	"sources/to-alert-time": `
herald | 2026-02-25 |  7.7
herald | 2026-02-26 |  4
echo | 2026-02-12 |  6
courier | 2026-02-25 |  4`,

	"article/list-tocsin-article-facts": `
f4
f3
f1
f2
d4
d3
d2
d1`,
	"article/people": `
José Núñez |  6
Amina Diallo |  4`,
	"article/organizations": `Interpol |  4`,
	"article/places": `
Varna |  4
Łódź |  3`,
	"article/days": `
2025-11-30 |  1
2026-02-09 |  3
2026-04-02 |  2`,
	"article/watched": `Amina Diallo |  2 2026-02-10T00:00`,
	"article/entries": `un.diallo |  2`,
	"article/copies": `
f1 | courier |  1 2026-02-10T00:00
f1 | herald |  1 2026-02-10T00:00
d1 | herald |  1 2025-12-01T00:00
d2 | herald |  1 2025-12-02T00:00
d3 | echo |  1 2025-12-03T00:00
d4 | echo |  1 2025-12-04T00:00
f3 | echo |  1 2026-02-12T00:00
f4 | herald |  1 2026-02-20T00:00`,
	"article/list-tocsin-article-text": `
f4
f3
f1
f2
d4
d3
d2
d1`,
}
