package elastic

import (
	"context"
	"fmt"

	"github.com/elastic/go-elasticsearch/v8/esapi"
)

// kibanaUser is the user every cluster with security has for Kibana's own requests. It has no password until it is
// given one.
const kibanaUser = "kibana_system"

// SetKibanaPassword gives Kibana's user its password, on a cluster with security. It may be called again.
func (x *Index) SetKibanaPassword(ctx context.Context, password string) error {
	err := x.ask(ctx, func() esapi.Request {
		return esapi.SecurityChangePasswordRequest{Username: kibanaUser, Body: jsonBody(object{"password": password})}
	}, nil)
	if err != nil {
		return fmt.Errorf("set the password of %s: %w", kibanaUser, err)
	}
	return nil
}
