package assembly

import (
	"runtime/debug"
	_ "time/tzdata" // a scratch image has no zone data of its own

	"github.com/alecthomas/kong"
)

// Kong are the settings every command line shares.
func Kong(name, description string) []kong.Option {
	return []kong.Option{
		kong.Name(name),
		kong.Description(description),
		kong.ShortUsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Configuration(YAML),
		kong.Vars{"version": Version(), "log_level": "info", "log_format": "json", "baseline": "quiet",
			"nats": "nats://127.0.0.1:4222"},
	}
}

// Version is the module version or the commit this binary was built from; "dev" when neither was recorded.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "dev"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "dev"
}
