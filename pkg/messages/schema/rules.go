package schema

import "tocsin/pkg/messages"

// rules are what Validate holds a single field to, by type and field name.
func rules() map[string]object {
	token := object{{"pattern", "^[A-Za-z0-9_-]{1,128}$"}}
	fromOne := object{{"minimum", 1}}
	version := object{{"minimum", 1}, {"maximum", messages.Version}}
	filled := object{{"minLength", 1}}
	r := map[string]object{
		"Article.ID": token, "Article.Source": token, "Article.Revision": fromOne, "Article.Feed": filled,
		"EnrichedArticle.Lang": token,
		"Entity.Kind":          oneOf(messages.KindPerson, messages.KindOrganization, messages.KindPlace),
		"Watched.List":         token, "Watched.Entry": token,
		"Alert.ID": token, "Alert.List": token, "Alert.Entry": token, "Alert.Revision": fromOne, "AlertArticle.ID": token,
		"Alert.Status":      oneOf(messages.StatusNew, messages.StatusChanged, messages.StatusWithdrawn),
		"Evidence.Tier":     oneOf(messages.TierConfirmed, messages.TierProbable, messages.TierReview),
		"PollReport.Source": token, "PollReport.Feed": filled,
		"FeedEvent.Source": token, "FeedEvent.Feed": filled, "FeedEvent.Event": token,
		"Record.Owner": filled,
		"NearMiss.ID":  token, "NearMiss.List": token, "NearMiss.Entry": token,
		"Rejection.ID": token, "Rejection.List": token, "Rejection.Entry": token, "Rejection.Article": token, "Rejection.Words": filled,
		"InForce.Extractor": filled,
	}
	for _, name := range []string{"RawArticle", "EnrichedArticle", "Alert", "PollReport", "FeedEvent", "Record", "NearMiss", "Rejection", "InForce"} {
		r[name+".Version"] = version
	}
	return r
}

func oneOf(values ...string) object { return object{{"enum", values}} }
