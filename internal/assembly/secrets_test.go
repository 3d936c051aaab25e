package assembly

import (
	"strings"
	"testing"
)

func TestPlaceholdersAreRefusedAsSecrets(t *testing.T) {
	for _, c := range []struct {
		secret  string
		refused bool
		why     string
	}{
		{"changeme", true, "what most examples say"},
		{"Change-Me", true, "the same in other clothes"},
		{"<your_password>", true, "brackets of a form"},
		{"", false, "no password at all is another matter"},
		{"4b0f-secret-77aa", false, "a real secret may contain any word"},
	} {
		err := RefusePlaceholder("--nats-password", c.secret)
		if (err != nil) != c.refused {
			t.Errorf("%q: %v; %s", c.secret, err, c.why)
		}
		if err != nil && !strings.Contains(err.Error(), "secrets.sh") {
			t.Errorf("%v does not say what to do", err)
		}
	}
}
