package extractor

import "time"

type watchdog struct{}

func newWatchdog(budget time.Duration, stuck int) *watchdog { return &watchdog{} }

type zones struct{}
