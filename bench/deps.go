//go:build deps

package bench

import (
	_ "github.com/jdkato/prose/v2"
	_ "github.com/markusmobius/go-dateparser"
	_ "github.com/markusmobius/go-htmldate"
	_ "github.com/moov-io/watchman/pkg/search"
	_ "github.com/olebedev/when"
	_ "github.com/xrash/smetrics"
	_ "tocsin/pkg/messages"
)
