// Package grafana draws what operators see: Grafana's dashboards, made from the names of the metrics and the sentences that
// explain them. deploy/grafana/dashboards holds what it makes; nobody edits that by hand:
//
//	go test ./internal/grafana -update
//
// A panel names metrics, never whole queries, so that none can ask for a metric that no service has.
package grafana
