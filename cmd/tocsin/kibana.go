package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/kibana"
	"tocsin/internal/kibana/importer"
	"tocsin/services/indexer/elastic"
)

type kibanaCmd struct {
	Export kibanaExportCmd `cmd:"" help:"Print data views, saved searches and dashboards as Kibana imports them by hand."`
	Import kibanaImportCmd `cmd:"" help:"Import them into a Kibana, replacing what an earlier import brought."`
}

// kibanaObjects are the objects for the indices that the flags name.
func (g *globals) kibanaObjects() ([]kibana.Object, error) {
	return kibana.Objects(kibana.Options{
		Articles: g.ElasticPrefix, ArticleMapping: elastic.Mapping(),
		Alerts: elastic.AlertPrefix(g.ElasticPrefix), AlertMapping: elastic.AlertMapping(),
	})
}

type kibanaExportCmd struct {
	Out string `help:"Write to this file instead." type:"path" placeholder:"FILE"`
}

// Help implements kong.HelpProvider.
func (kibanaExportCmd) Help() string {
	return "In Kibana: Stack Management, Saved Objects, Import. The objects ask the indices that --elastic-prefix names. " +
		"Nothing is asked of any server."
}

// Run implements the command.
func (c *kibanaExportCmd) Run(g *globals) error {
	objects, err := g.kibanaObjects()
	if err != nil {
		return err
	}
	data, err := kibana.Encode(objects)
	if err != nil {
		return err
	}
	if c.Out == "" {
		_, err = g.out.Write(data)
		return err
	}
	if err := os.WriteFile(c.Out, data, 0o644); err != nil { //nolint:gosec // dashboards hold no secrets
		return fmt.Errorf("write the dashboards: %w", err)
	}
	return nil
}

type kibanaImportCmd struct {
	URL      string        `name:"url" help:"Kibana, with its base path; a space other than the default is /s/NAME." default:"http://localhost:5601" env:"TOCSIN_KIBANA"`
	User     string        `help:"User name; one who may manage saved objects." env:"TOCSIN_KIBANA_USER"`
	Password string        `help:"Password." env:"TOCSIN_KIBANA_PASSWORD"`
	APIKey   string        `name:"api-key" help:"API key, as Kibana shows it." env:"TOCSIN_KIBANA_API_KEY"`
	CA       string        `name:"ca" help:"CA certificate to trust, PEM." type:"path" env:"TOCSIN_KIBANA_CA"`
	Wait     time.Duration `help:"How long to wait for a Kibana that starts or is busy." default:"5m" env:"TOCSIN_KIBANA_WAIT"`
}

// Help implements kong.HelpProvider.
func (kibanaImportCmd) Help() string {
	return "Kibana 8.9 or later. Every object is accounted for, or the command fails and says which was not and why; it may be " +
		"repeated at any time. The dashboards are then under Dashboards, named Tocsin."
}

// Run implements the command.
func (c *kibanaImportCmd) Run(ctx context.Context, g *globals) error {
	err := errors.Join(assembly.RefusePlaceholder("--password", c.Password), assembly.RefusePlaceholder("--api-key", c.APIKey))
	if err != nil {
		return err
	}
	objects, err := g.kibanaObjects()
	if err != nil {
		return err
	}
	report, err := importer.Import(ctx, importer.Options{
		URL: c.URL, User: c.User, Password: c.Password, APIKey: c.APIKey, CAFile: c.CA, Wait: c.Wait,
		Progress: func(sentence string) { _, _ = fmt.Fprintln(g.errs, sentence) },
	}, objects)
	if err != nil {
		return err
	}
	for _, note := range report.Notes {
		_, _ = fmt.Fprintln(g.errs, "note:", note)
	}
	return g.line(report, fmt.Sprintf("Kibana has all %d objects; open %s/app/dashboards", report.Imported, c.URL))
}
