package assembly

import (
	"fmt"
	"slices"
	"strings"
)

// placeholders are what examples write where a secret belongs, in lower case and without separators.
var placeholders = []string{"changeme", "changethis", "replaceme", "placeholder", "password", "secret", "todo", "xxx", "yourpassword"}

// RefusePlaceholder returns an error when a secret was never set but copied from an example. An empty one passes: there
// may be none.
func RefusePlaceholder(flag, secret string) error {
	plain := strings.NewReplacer("-", "", "_", "", " ", "", "<", "", ">", "").Replace(strings.ToLower(secret))
	if slices.Contains(placeholders, plain) {
		return fmt.Errorf("%s holds the placeholder %q; generate secrets with `sh scripts/secrets.sh`", flag, secret)
	}
	return nil
}
