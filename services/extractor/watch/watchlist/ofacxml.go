package watchlist

import "tocsin/services/extractor/watch"

func readOFACXML(files []File, report *Report) ([]watch.Entry, error) { return nil, nil }
