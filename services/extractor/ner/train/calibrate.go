package train

import (
	"math"

	"tocsin/services/extractor/ner/bio"
	"tocsin/services/extractor/ner/crf"
)

// Calibrate fits slope and offset of the log odds (Platt 1999) so that a score of 0.8 is right four times in five on
// the given documents, which the model must not have been trained on. It returns zeros, which leave scores as they are,
// when there is too little to fit.
func Calibrate(m *crf.Model, docs []bio.Document) [2]float64 {
	var x []float64
	var right []bool
	for _, d := range docs {
		tokens, ends := flatten(d)
		spans, scores := m.TagScored(tokens, ends)
		gold := map[crf.Span]bool{}
		at := 0
		for i, s := range d {
			for _, n := range bio.Spans(s.Tags) {
				if typ := typeIndex(m.Types(), n.Type); typ >= 0 {
					gold[crf.Span{Start: at + n.Start, End: at + n.End, Type: typ}] = true
				}
			}
			at = ends[i]
		}
		for i, s := range spans {
			p := min(max(scores[i], 1e-12), 1-1e-12) // as crf reads it
			x = append(x, math.Log(p/(1-p)))
			right = append(right, gold[s])
		}
	}
	if len(x) < 100 {
		return [2]float64{}
	}
	return fit(x, right)
}

// fit is logistic regression on one variable by Newton's method. The result is rounded, so that the last bits of a
// machine's arithmetic do not reach the model's file.
func fit(x []float64, right []bool) [2]float64 {
	a, b := 0.0, 0.0
	for range 30 {
		ga, gb, haa, hab, hbb := 0.0, 0.0, 1e-6, 0.0, 1e-6
		for i, v := range x {
			p := 1 / (1 + crf.Exp(-(float64(a*v) + b)))
			d := -p
			if right[i] {
				d++
			}
			w := float64(p * (1 - p))
			ga += float64(d * v)
			gb += d
			haa += float64(float64(w*v) * v)
			hab += float64(w * v)
			hbb += w
		}
		det := float64(haa*hbb) - float64(hab*hab)
		if det < 1e-12 {
			break
		}
		a += (float64(hbb*ga) - float64(hab*gb)) / det
		b += (float64(haa*gb) - float64(hab*ga)) / det
	}
	if a <= 0 || math.IsNaN(a+b) {
		return [2]float64{}
	}
	return [2]float64{math.Round(a*1000) / 1000, math.Round(b*1000) / 1000}
}
