package watchlist

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/watch"
)

// fields gathers the values of one entry of a YAML or CSV list before they are checked together.
type fields struct {
	id, list, kind, name, family, given, birth  string
	aliases, weak, original                     []string
	countries, organizations, roles, associates []string
	policy                                      watch.Policy
}

func policyKeys() []string {
	return []string{"min_bits", "require_any", "exclude", "exact_only", "mute_until", "tier", "group"}
}

// list1 is where the values of a list key go; nil for a key of one value.
func (f *fields) list1(key string) *[]string {
	switch key {
	case "aliases":
		return &f.aliases
	case "weak_aliases":
		return &f.weak
	case "original":
		return &f.original
	case "countries", "country":
		return &f.countries
	case "organizations":
		return &f.organizations
	case "roles":
		return &f.roles
	case "associates":
		return &f.associates
	case "require_any":
		return &f.policy.RequireAny
	case "exclude":
		return &f.policy.Exclude
	}
	return nil
}

// value stores the value of a key that takes one.
func (f *fields) value(key, s string) error {
	s = strings.TrimSpace(s)
	switch key {
	case "id":
		f.id = s
	case "list":
		f.list = s
	case "kind":
		f.kind = strings.ToLower(s)
	case "name":
		f.name = s
	case "family":
		f.family = s
	case "given":
		f.given = s
	case "birth_date":
		f.birth = s
	default:
		return f.policyValue(key, s)
	}
	return nil
}

func (f *fields) policyValue(key, s string) (err error) {
	if s == "" {
		return nil
	}
	switch key {
	case "min_bits":
		if f.policy.MinBits, err = strconv.ParseFloat(s, 64); err != nil || f.policy.MinBits < 0 || f.policy.MinBits > 1000 {
			return fmt.Errorf("min_bits %q is not a number from 0 to 1000, such as 24", s)
		}
	case "exact_only":
		if f.policy.ExactOnly, err = strconv.ParseBool(strings.ToLower(s)); err != nil {
			return fmt.Errorf("exact_only %q is neither true nor false", s)
		}
	case "mute_until":
		if f.policy.MuteUntil, err = moment(s); err != nil {
			return err
		}
	case "tier":
		f.policy.Tier, err = tierOf(s)
		return err
	case "group":
		f.policy.Group, err = groupOf(s)
		return err
	default:
		return fmt.Errorf("unknown key %q", key)
	}
	return nil
}

func tierOf(s string) (string, error) {
	tiers := []string{messages.TierConfirmed, messages.TierProbable, messages.TierReview}
	if t := strings.ToLower(s); slices.Contains(tiers, t) {
		return t, nil
	}
	return "", fmt.Errorf("tier %q is not one of %s; write the highest that the entry may ring at", s, strings.Join(tiers, ", "))
}

func groupOf(s string) (string, error) {
	switch g := strings.ToLower(s); g {
	case messages.GroupArticle, messages.GroupStory:
		return g, nil
	}
	return "", fmt.Errorf("group %q is neither %s nor %s; %[3]s rings once for near-copies of one text", s, messages.GroupArticle, messages.GroupStory)
}

func moment(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05 -0700 MST", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("mute_until %q is not a date such as 2026-12-31 or 2026-12-31T12:00:00Z", s)
}

var birthForm = regexp.MustCompile(`^\d{4}(-\d{2}(-\d{2})?)?$`)

// entry checks the values together.
func (f *fields) entry() (watch.Entry, error) {
	if f.name == "" && f.family != "" {
		f.name = strings.TrimSpace(f.given + " " + f.family)
	}
	if f.name == "" {
		return watch.Entry{}, errors.New("the entry has an empty name; write \"name:\" with the name to watch")
	}
	kind, err := kindOf(f.kind)
	if err != nil {
		return watch.Entry{}, err
	}
	birth := strings.TrimSuffix(f.birth, "T00:00:00Z")
	if birth != "" && !birthForm.MatchString(birth) {
		return watch.Entry{}, fmt.Errorf("birth_date %q is not a year, a month or a day such as 1975, 1975-05 or 1975-05-14", f.birth)
	}
	for _, c := range f.countries {
		if len(strings.TrimSpace(c)) != 2 {
			return watch.Entry{}, fmt.Errorf("country %q is not a code of two letters such as TJ", c)
		}
	}
	return watch.Entry{
		ID: f.id, List: f.list, Kind: kind, Names: f.names(), BirthDate: birth, Countries: f.countries,
		Organizations: f.organizations, Roles: f.roles, Associates: f.associates, Policy: f.policy,
	}, nil
}

func kindOf(s string) (watch.Kind, error) {
	switch s {
	case "", "person":
		return watch.Person, nil
	case "organization", "organisation", "company":
		return watch.Organization, nil
	}
	return "", fmt.Errorf("kind %q is neither person nor organization", s)
}

func (f *fields) names() []watch.Name {
	names := []watch.Name{{Text: f.name, Kind: watch.Primary, Family: f.family, Given: f.given}}
	add := func(kind watch.NameKind, texts []string) {
		for _, t := range texts {
			names = append(names, watch.Name{Text: t, Kind: kind})
		}
	}
	add(watch.Alias, f.aliases)
	add(watch.WeakAlias, f.weak)
	add(watch.OriginalScript, f.original)
	return names
}
