package watch

import "testing"

func TestOrganizationsAreComparedByTheirOwnRules(t *testing.T) {
	tests := []struct {
		sentence, a, b string
		one            bool
	}{
		{"the legal form says nothing", "Sunrise Trading LLC", "Sunrise Trading", true},
		{"nor where it stands", "OOO Zvezda Prom", "Zvezda Prom, o.o.o.", true},
		{"nor what language it is in", "Zvezda Prom GmbH", "JOINT STOCK COMPANY ZVEZDA PROM", true},
		{"dotted letters are one word", "L.Q.C. Aviation", "LQC Aviation", true},
		{"an article more", "The Popular Front of Tamaristan", "Popular Front for Tamaristan", true},
		{"a slip of the pen", "Tamaristan Shiping Lines", "Tamaristan Shipping Lines", true},
		{"first letters", "Tamaristan National Shipping Authority", "TNSA", true},
		{"another word is another firm", "Sunrise Trading LLC", "Sunset Trading LLC", false},
		{"another number too", "Brigade 44", "Brigade 45", false},
		{"ordinary words tell nothing", "Management Company", "Westfalen Management Company", false},
		{"the same kind of firm", "Tamaristan National Oil Company", "Tamaristan National Gas Company", false},
	}
	for _, tt := range tests {
		c := Compare(Name{Text: tt.a}, Name{Text: tt.b}, Organization)
		d := Compare(Name{Text: tt.b}, Name{Text: tt.a}, Organization)
		if one := c.Score >= 0.75; one != tt.one || c.Score-d.Score > 0.1 || d.Score-c.Score > 0.1 {
			t.Errorf("%s: %.2f one way, %.2f the other", tt.sentence, c.Score, d.Score)
		}
	}
}
