package deploy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pods are the objects that start pods, with the path to their template.
func pods(all []manifest) []manifest {
	return slices.DeleteFunc(slices.Clone(all), func(m manifest) bool {
		return !slices.Contains([]string{"Deployment", "StatefulSet", "Job", "DaemonSet", "CronJob"}, m.kind())
	})
}

// spec is the pod of an object that starts pods.
func spec(m manifest) manifest {
	s, _ := m.at("spec", "template", "spec").(map[string]any)
	return s
}

func containers(m manifest) []manifest {
	var out []manifest
	list, _ := spec(m).at("containers").([]any)
	for _, c := range list {
		out = append(out, c.(map[string]any))
	}
	return out
}

func seconds(v any) int { n, _ := v.(int); return n }

// writableRoots are containers of others that write into their own folders.
var writableRoots = []string{"elasticsearch"}

// TestPolicies holds every pod of every overlay to the rules of the house.
func TestPolicies(t *testing.T) {
	for _, overlay := range overlays {
		_, all := render(t, overlay)
		t.Run(overlay, func(t *testing.T) {
			for _, m := range pods(all) {
				for _, problem := range slices.Concat(podProblems(m), containerProblems(m), budgetProblems(m, all)) {
					t.Errorf("%s %s: %s", m.kind(), m.name(), problem)
				}
			}
		})
	}
}

// lameDuck is the longest drain of anything here: NATS' lame duck, the services' 25 s.
const lameDuck = 30

func podProblems(m manifest) (problems []string) {
	pod := spec(m)
	if pod.at("automountServiceAccountToken") != false {
		problems = append(problems, "carries a token of the cluster's API that it does not need")
	}
	if pod.at("securityContext", "runAsNonRoot") != true || seconds(pod.at("securityContext", "runAsUser")) == 0 {
		problems = append(problems, "may run as root")
	}
	if pod.text("securityContext", "seccompProfile", "type") != "RuntimeDefault" {
		problems = append(problems, "has no seccomp profile")
	}
	if pod.text("serviceAccountName") != m.name() {
		problems = append(problems, "shares the default service account")
	}
	if m.kind() != "Job" && seconds(pod.at("terminationGracePeriodSeconds")) <= lameDuck {
		problems = append(problems, "is killed before its drain budget is over")
	}
	if m.kind() == "Deployment" && pod.at("topologySpreadConstraints") == nil {
		problems = append(problems, "may have all copies on one node")
	}
	return problems
}

var pinned = regexp.MustCompile(`^[a-z0-9./-]+:[0-9]+\.[0-9]+`)

func containerProblems(m manifest) (problems []string) {
	for _, c := range containers(m) {
		complain := func(format string, args ...any) {
			problems = append(problems, c.text("name")+" "+fmt.Sprintf(format, args...))
		}
		if image := c.text("image"); !pinned.MatchString(image) || strings.HasSuffix(image, ":latest") {
			complain("has image %q, whose version is not pinned", image)
		}
		if c.at("resources", "requests", "cpu") == nil || c.at("resources", "requests", "memory") == nil || c.at("resources", "limits", "memory") == nil {
			complain("lacks requests for cpu and memory, or a limit for memory")
		}
		if c.at("securityContext", "allowPrivilegeEscalation") != false {
			complain("may gain privileges")
		}
		if drop := c.at("securityContext", "capabilities", "drop"); fmt.Sprint(drop) != "[ALL]" {
			complain("keeps capabilities")
		}
		if c.at("securityContext", "readOnlyRootFilesystem") != true && !slices.Contains(writableRoots, c.text("name")) {
			complain("has a writable root")
		}
		for _, probe := range []string{"startupProbe", "livenessProbe", "readinessProbe"} {
			if m.kind() != "Job" && c.at(probe) == nil {
				complain("has no %s", probe)
			}
		}
		if live := c.text("livenessProbe", "httpGet", "path"); live == "/readyz" {
			complain("is restarted when something else is down")
		}
	}
	return problems
}

// budgetProblems asks for a disruption budget by maxUnavailable: minAvailable would block every drain of a service that
// was scaled to one.
func budgetProblems(m manifest, all []manifest) []string {
	if m.kind() == "Job" {
		return nil
	}
	for _, b := range all {
		if b.kind() == "PodDisruptionBudget" && b.text("spec", "selector", "matchLabels", "app.kubernetes.io/name") == m.name() {
			if b.at("spec", "maxUnavailable") == nil || b.at("spec", "minAvailable") != nil {
				return []string{"its disruption budget is not by maxUnavailable"}
			}
			return nil
		}
	}
	return []string{"has no disruption budget"}
}

// TestNoSecretsInTheTree: what is tracked names secrets and holds none.
func TestNoSecretsInTheTree(t *testing.T) {
	for _, overlay := range overlays {
		_, all := render(t, overlay)
		for _, m := range all {
			if m.kind() == "Secret" && overlay != "dev" {
				t.Errorf("%s renders the secret %s; name one that the operator makes", overlay, m.name())
			}
			for _, c := range containers(m) {
				env, _ := c.at("env").([]any)
				for _, e := range env {
					v := manifest(e.(map[string]any))
					if regexp.MustCompile(`(?i)password|token|api_key`).MatchString(v.text("name")) && v.at("value") != nil {
						t.Errorf("%s: %s %s holds a secret in the clear", overlay, m.name(), v.text("name"))
					}
				}
			}
		}
	}
}

// TestOnlyTheFetcherReachesTheInternet reads the network policies: everything is refused first, and no other program of
// ours in the dev overlay has a way to an address block.
func TestOnlyTheFetcherReachesTheInternet(t *testing.T) {
	_, all := render(t, "dev")
	refused := false
	for _, m := range all {
		if m.kind() != "NetworkPolicy" {
			continue
		}
		egress, _ := m.at("spec", "egress").([]any)
		if m.name() == "nothing" {
			refused = fmt.Sprint(m.at("spec", "policyTypes")) == "[Ingress Egress]" && egress == nil
		}
		if strings.Contains(fmt.Sprint(egress), "ipBlock") && m.text("spec", "podSelector", "matchLabels", "app.kubernetes.io/name") != "fetcher" {
			t.Errorf("the policy %s opens the way to addresses", m.name())
		}
		if m.name() == "to-the-internet" {
			for _, private := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7"} {
				if !strings.Contains(fmt.Sprint(egress), private) {
					t.Errorf("the fetcher may reach %s inside the cluster", private)
				}
			}
		}
	}
	if !refused {
		t.Error("no policy refuses what the others do not allow")
	}
}

// TestScaling: what is scaled has no number of replicas of its own, or every apply would fight the scaler.
func TestScaling(t *testing.T) {
	for _, overlay := range overlays {
		_, all := render(t, overlay)
		scaled := map[string]bool{}
		for _, m := range all {
			if m.kind() != "ScaledObject" && m.kind() != "HorizontalPodAutoscaler" {
				continue
			}
			scaled[m.text("spec", "scaleTargetRef", "name")] = true
			if m.kind() == "ScaledObject" && (m.at("spec", "fallback") == nil || seconds(m.at("spec", "pollingInterval")) > 5) {
				t.Errorf("%s: %s polls too seldom, or has no fallback for when NATS cannot be asked", overlay, m.name())
			}
		}
		for _, m := range all {
			if m.kind() == "Deployment" && scaled[m.name()] != (m.at("spec", "replicas") == nil) {
				t.Errorf("%s: %s is scaled %v and fixes replicas %v", overlay, m.name(), scaled[m.name()], m.at("spec", "replicas"))
			}
		}
		if !scaled["extractor"] || scaled["indexer"] == (overlay == withHPA) {
			t.Errorf("%s scales %v; want the extractor, and by KEDA the indexer", overlay, scaled)
		}
	}
}
