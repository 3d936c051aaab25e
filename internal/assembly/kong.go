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

// release is set by the linker where the commit is not recorded: -X tocsin/internal/assembly.release=1.2.3.
var release string

// Version is the release the linker was told, else the module version or the commit this binary was built from; "dev"
// when none of them was recorded.
func Version() string {
	if release != "" {
		return release
	}
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
