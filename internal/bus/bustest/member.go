package bustest

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// MemberOptions describe one server of a cluster on loopback. All fields are required.
type MemberOptions struct {
	// Name is the server's, the same after each restart; Dir holds its streams.
	Name, Dir string
	// Port is for clients, ClusterPorts are for the servers among themselves; the one at Index is this server's.
	Port         int
	ClusterPorts []int
	Index        int
	// Log gets the server's own log file lines; empty is none.
	Log string
}

// Member is a running server of a cluster, for tests of what the embedded server cannot show: replicas and leaders.
type Member struct{ ns *server.Server }

// StartMember starts one server. It returns when the server takes connections; the cluster has a leader only once more
// than half of its servers are up, so the first requests to it may fail for a while.
func StartMember(o MemberOptions) (*Member, error) {
	if o.Name == "" || o.Dir == "" || o.Port == 0 || o.Index >= len(o.ClusterPorts) {
		return nil, errors.New("member options: give Name, Dir, Port and the ClusterPorts of all servers")
	}
	var routes []*url.URL
	for _, port := range o.ClusterPorts {
		routes = append(routes, &url.URL{Scheme: "nats", Host: "127.0.0.1:" + strconv.Itoa(port)})
	}
	ns, err := server.NewServer(&server.Options{
		ServerName: o.Name, Host: "127.0.0.1", Port: o.Port, JetStream: true, StoreDir: o.Dir, JetStreamMaxStore: 1 << 40,
		Cluster: server.ClusterOpts{Name: "tests", Host: "127.0.0.1", Port: o.ClusterPorts[o.Index]},
		Routes:  routes, NoSigs: true, LogFile: o.Log, Logtime: true,
	})
	if err != nil {
		return nil, fmt.Errorf("start the NATS server %s: %w", o.Name, err)
	}
	if o.Log != "" {
		ns.ConfigureLogger()
	}
	ns.Start()
	if !ns.ReadyForConnections(30 * time.Second) {
		ns.Shutdown()
		return nil, fmt.Errorf("the NATS server %s takes no connections at port %d; is the port free?", o.Name, o.Port)
	}
	return &Member{ns}, nil
}

// Shutdown stops the server and waits until it has.
func (m *Member) Shutdown() {
	m.ns.Shutdown()
	m.ns.WaitForShutdown()
}
