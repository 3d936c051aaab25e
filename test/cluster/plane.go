package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// token is the administrator's; the cluster lives on loopback for some minutes.
const token = "administrator"

// controlPlane starts etcd, the API server, the controllers, the scheduler and the nodes' stand-in.
func (c *cluster) controlPlane(ctx context.Context) error {
	ca, err := newAuthority(c)
	if err != nil {
		return err
	}
	for name, common := range map[string]string{"server": "kube-apiserver", "proxy": "front-proxy-client", "accounts": "accounts"} {
		if err := ca.issue(name, common, "localhost"); err != nil {
			return err
		}
	}
	if err := ca.issue("tls", "keda-operator.keda.svc", "localhost", "keda-operator.keda.svc", "keda-metrics-apiserver.keda.svc"); err != nil {
		return err
	}
	p, err := ports(8)
	if err != nil {
		return err
	}
	url := "https://127.0.0.1:" + p[2]
	if err := c.files(url); err != nil {
		return err
	}
	if err := c.startStore(p[0], p[1]); err != nil {
		return err
	}
	if err := c.startAPI(p[0], p[2]); err != nil {
		return err
	}
	cert, err := os.ReadFile(c.path("ca.crt"))
	if err != nil {
		return err
	}
	c.api = newClient(url, token, cert)
	if err := until(ctx, "the API server is ready", func() (bool, string) {
		_, err := c.api.get(ctx, "/readyz")
		return err == nil, fmt.Sprint(err)
	}); err != nil {
		return err
	}
	c.say("the API server is ready")
	return c.startControllers(p[3:])
}

func (c *cluster) files(url string) error {
	if err := os.WriteFile(c.path("tokens.csv"), []byte(token+`,admin,1,"system:masters"`+"\n"), 0o600); err != nil {
		return err
	}
	config := fmt.Sprintf(`apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: %q, certificate-authority: %q}}]
users: [{name: u, user: {token: %q}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
`, url, c.path("ca.crt"), token)
	return os.WriteFile(c.path("kubeconfig"), []byte(config), 0o600)
}

func (c *cluster) startStore(client, peer string) error {
	peers := "http://127.0.0.1:" + peer
	_, err := c.start("etcd", nil, "--data-dir", c.path("etcd"), "--unsafe-no-fsync",
		"--listen-client-urls", "http://127.0.0.1:"+client, "--advertise-client-urls", "http://127.0.0.1:"+client,
		"--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", "default="+peers)
	return err
}

func (c *cluster) startAPI(store, port string) error {
	_, err := c.start("kube-apiserver", nil, "--etcd-servers=http://127.0.0.1:"+store,
		"--bind-address=127.0.0.1", "--secure-port="+port, "--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none",
		"--cert-dir="+c.dir, "--tls-cert-file="+c.path("server.crt"), "--tls-private-key-file="+c.path("server.key"),
		"--service-account-key-file="+c.path("accounts.pub"), "--service-account-signing-key-file="+c.path("accounts.key"),
		"--service-account-issuer=https://kubernetes.default.svc", "--token-auth-file="+c.path("tokens.csv"),
		"--authorization-mode=RBAC", "--service-cluster-ip-range=10.96.0.0/16", "--client-ca-file="+c.path("ca.crt"),
		"--requestheader-client-ca-file="+c.path("ca.crt"), "--requestheader-allowed-names=front-proxy-client",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-", "--requestheader-group-headers=X-Remote-Group",
		"--requestheader-username-headers=X-Remote-User",
		"--proxy-client-cert-file="+c.path("proxy.crt"), "--proxy-client-key-file="+c.path("proxy.key"))
	return err
}

func (c *cluster) startControllers(p []string) error {
	config := "--kubeconfig=" + c.path("kubeconfig")
	if _, err := c.start("kube-controller-manager", nil, config, "--bind-address=127.0.0.1", "--secure-port="+p[0],
		"--service-account-private-key-file="+c.path("accounts.key"), "--root-ca-file="+c.path("ca.crt"), "--leader-elect=false"); err != nil {
		return err
	}
	if _, err := c.start("kube-scheduler", nil, config, "--bind-address=127.0.0.1", "--secure-port="+p[1], "--leader-elect=false"); err != nil {
		return err
	}
	_, err := c.start("kwok", nil, config, "--manage-all-nodes=true", "--server-address=127.0.0.1:"+p[2],
		"--node-lease-duration-seconds=40", "--config", filepath.Join(c.folder, "stages.yaml"))
	return err
}

// size is how many nodes there are: two may be drained, and the three NATS servers still find one each.
const size = 5

// nodes adds the nodes, and disks for the servers' claims: nothing here provisions any.
func (c *cluster) nodes(ctx context.Context) error {
	var text strings.Builder
	for i := range size {
		fmt.Fprintf(&text, `---
apiVersion: v1
kind: Node
metadata: {name: node-%d, labels: {kubernetes.io/hostname: node-%d, topology.kubernetes.io/zone: zone-%d}}
spec: {taints: []}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: disk-%d}
spec:
  storageClassName: disks
  capacity: {storage: 50Gi}
  accessModes: [ReadWriteOnce]
  hostPath: {path: /disk-%d}
`, i, i, i%2, i, i)
	}
	text.WriteString(`---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: disks, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: kubernetes.io/no-provisioner
`)
	objects, err := parse([]byte(text.String()))
	if err != nil {
		return err
	}
	if err := c.api.apply(ctx, objects...); err != nil {
		return err
	}
	for i := range size {
		patch := `{"status":{"allocatable":{"cpu":"16","memory":"64Gi","pods":"110"},"capacity":{"cpu":"16","memory":"64Gi","pods":"110"}}}`
		if err := c.api.merge(ctx, fmt.Sprintf("/api/v1/nodes/node-%d/status", i), patch); err != nil {
			return err
		}
	}
	if err := until(ctx, "the nodes are ready", func() (bool, string) {
		n := 0
		for _, node := range c.api.items(ctx, "/api/v1/nodes") {
			if condition(node, "Ready") {
				n++
			}
		}
		return n == size, fmt.Sprintf("%d are ready", n)
	}); err != nil {
		return err
	}
	c.say("%d nodes are ready", size)
	return nil
}

// condition reports whether an object's status says so.
func condition(o object, kind string) bool {
	list, _ := o.at("status", "conditions").([]any)
	for _, v := range list {
		if one, ok := v.(map[string]any); ok && one["type"] == kind {
			return one["status"] == "True"
		}
	}
	return false
}

// keda starts KEDA's operator and adapter beside the cluster, and lets the API server find the adapter.
func (c *cluster) keda(ctx context.Context) error {
	crds, err := parseFile(filepath.Join(c.folder, "keda.yaml"))
	if err != nil {
		return err
	}
	if err := c.api.apply(ctx, crds...); err != nil {
		return err
	}
	p, err := ports(5)
	if err != nil {
		return err
	}
	objects, err := parse(fmt.Appendf(nil, `apiVersion: v1
kind: Namespace
metadata: {name: keda}
---
apiVersion: v1
kind: Service
metadata: {name: keda-metrics-apiserver, namespace: keda}
spec: {type: ExternalName, externalName: localhost}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.external.metrics.k8s.io}
spec:
  group: external.metrics.k8s.io
  version: v1beta1
  groupPriorityMinimum: 100
  versionPriority: 100
  insecureSkipTLSVerify: true
  service: {name: keda-metrics-apiserver, namespace: keda, port: %s}
`, p[0]))
	if err != nil {
		return err
	}
	if err := c.api.apply(ctx, objects...); err != nil {
		return err
	}
	return c.startKEDA(ctx, p)
}

func (c *cluster) startKEDA(ctx context.Context, p []string) error {
	certs := c.path("keda-certs")
	if err := os.Mkdir(certs, 0o700); err != nil {
		return err
	}
	for _, name := range []string{"ca.crt", "tls.crt", "tls.key"} {
		data, err := os.ReadFile(c.path(name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(certs, name), data, 0o600); err != nil {
			return err
		}
	}
	env := []string{"WATCH_NAMESPACE=", "POD_NAMESPACE=keda", "KEDA_CLUSTER_OBJECT_NAMESPACE=keda", "KUBECONFIG=" + c.path("kubeconfig")}
	if _, err := c.start("keda-operator", env, "--metrics-bind-address=127.0.0.1:"+p[2], "--health-probe-bind-address=127.0.0.1:"+p[3],
		"--metrics-service-bind-address=127.0.0.1:"+p[1], "--cert-dir="+certs, "--enable-webhook-patching=false", "--enable-apiservice-patching=false"); err != nil {
		return err
	}
	if _, err := c.start("keda-adapter", env, "--secure-port="+p[0], "--bind-address=127.0.0.1", "--cert-dir="+certs, "--port="+p[4],
		"--metrics-service-address=localhost:"+p[1], "--lister-kubeconfig="+c.path("kubeconfig"),
		"--authentication-kubeconfig="+c.path("kubeconfig"), "--authorization-kubeconfig="+c.path("kubeconfig"),
		"--tls-cert-file="+c.path("tls.crt"), "--tls-private-key-file="+c.path("tls.key")); err != nil {
		return err
	}
	if err := until(ctx, "KEDA serves metrics", func() (bool, string) {
		o, err := c.api.get(ctx, "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.external.metrics.k8s.io")
		return err == nil && condition(o, "Available"), fmt.Sprint(err, o.at("status"))
	}); err != nil {
		return err
	}
	c.say("KEDA serves the API server external metrics")
	return nil
}
