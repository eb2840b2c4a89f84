package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

// No container engine runs these files in our tests: they are read by parsers, and
// held against what the program knows.
const deployDir = "../../docs/deploy"

// knownVariables are the environment variables that the program reads.
func knownVariables(t *testing.T) []string {
	t.Helper()
	var c cli
	parser, err := newParser(context.Background(), &c, terminal{&bytes.Buffer{}, &bytes.Buffer{}})
	if err != nil {
		t.Fatal(err)
	}
	known := []string{"JEJAK_NODE_PASSWORD", adminPasswordVariable, userPasswordVariable} // no flags, for the command line can be read by all
	var walk func(*kong.Node)
	walk = func(n *kong.Node) {
		for _, f := range n.Flags {
			known = append(known, f.Envs...)
		}
		for _, child := range n.Children {
			walk(child)
		}
	}
	walk(parser.Model.Node)
	if !slices.Contains(known, "JEJAK_STATE_DIR") {
		t.Fatalf("found only %v", known)
	}
	return known
}

var variable = regexp.MustCompile(`\bJEJAK_[A-Z_]+\b`)

func TestDeployFilesAndPapersNameOnlySettingsThatThereAre(t *testing.T) {
	known := knownVariables(t)
	files := []string{"../../README.md", "../../docs/runbook.md"}
	err := filepath.WalkDir(deployDir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range variable.FindAllString(string(text), -1) {
			if !slices.Contains(known, name) && !strings.HasPrefix(name, "JEJAK_TEST_") {
				t.Errorf("%s names %s, which the program does not read", f, name)
			}
		}
	}
}

// service is what we look at of a service in a compose file.
type service struct {
	Image       string
	Command     []string
	ReadOnly    bool `yaml:"read_only"`
	User        string
	CapDrop     []string `yaml:"cap_drop"`
	Environment map[string]string
	Ports       []string
	Volumes     []string
	Networks    yaml.Node
	Healthcheck struct{ Test []string }
	DependsOn   yaml.Node `yaml:"depends_on"`
}

// fromEnvFile is a value that the operator puts into .env.
var fromEnvFile = regexp.MustCompile(`\$\{[^}]*\}`)

func TestTheComposeFileIsAClusterWithTwoReplicasBehindAProxy(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(deployDir, "compose.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Services map[string]service
		Volumes  map[string]any
		Networks map[string]struct{ Internal bool }
	}
	if err := yaml.Unmarshal(fromEnvFile.ReplaceAll(text, []byte("given")), &file); err != nil {
		t.Fatal(err)
	}
	want := []string{"certificates", "jejak1", "jejak2", "kurrent1", "kurrent2", "kurrent3", "postgres", "prepare", "proxy"}
	if got := slices.Sorted(maps.Keys(file.Services)); !slices.Equal(got, want) {
		t.Fatalf("services %v", got)
	}
	for name, s := range file.Services {
		if len(s.Ports) > 0 && name != "proxy" {
			t.Errorf("%s can be reached from outside: %v", name, s.Ports)
		}
		if s.Image == "" || strings.HasSuffix(s.Image, ":latest") || !strings.Contains(s.Image, ":") {
			t.Errorf("%s has the image %q, of no exact version", name, s.Image)
		}
		if len(s.Healthcheck.Test) == 0 && name != "certificates" && name != "prepare" { // they end
			t.Errorf("nobody asks how %s is", name)
		}
		for _, v := range s.Volumes {
			volume, _, _ := strings.Cut(v, ":")
			if _, named := file.Volumes[volume]; !named && !strings.HasPrefix(volume, "./") {
				t.Errorf("%s uses the volume %s, which there is not", name, volume)
			}
			if strings.HasPrefix(volume, "./") {
				if _, err := os.Stat(filepath.Join(deployDir, volume)); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		if strings.HasPrefix(name, "kurrent") {
			checkNode(t, name, s)
		}
		if strings.HasPrefix(name, "jejak") {
			checkReplica(t, name, s)
		}
		if name == "prepare" {
			checkPrepare(t, s)
		}
	}
	if !file.Networks["inside"].Internal {
		t.Error("the stores' network leads outside")
	}
}

func checkNode(t *testing.T, name string, s service) {
	t.Helper()
	e := s.Environment
	if e["KURRENTDB_CLUSTER_SIZE"] != "3" || strings.Count(e["KURRENTDB_GOSSIP_SEED"], ":2113") != 2 || strings.Contains(e["KURRENTDB_GOSSIP_SEED"], e["KURRENTDB_REPLICATION_IP"]) {
		t.Errorf("%s is no node of three: %v", name, e)
	}
	if e["KURRENTDB_CERTIFICATE_FILE"] != "/certs/"+name+"/node.crt" || e["KURRENTDB_ADVERTISE_HOST_TO_CLIENT_AS"] != name {
		t.Errorf("%s has the certificate or the address of another: %v", name, e)
	}
	if e["KURRENTDB_INSECURE"] != "" || !slices.ContainsFunc(s.Volumes, func(v string) bool { return strings.HasPrefix(v, name+":") }) {
		t.Errorf("%s has no TLS, or no volume of its own", name)
	}
}

func checkReplica(t *testing.T, name string, s service) {
	t.Helper()
	if !s.ReadOnly || !slices.Equal(s.CapDrop, []string{"ALL"}) {
		t.Errorf("%s may write to its root, or has rights that it does not need", name)
	}
	c := Config{StateDir: s.Environment["JEJAK_STATE_DIR"], DatabaseURL: s.Environment["JEJAK_DATABASE_URL"],
		EventstoreURL: s.Environment["JEJAK_EVENTSTORE_URL"], Zone: s.Environment["JEJAK_TZ"]}
	if err := c.check(); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if !strings.HasPrefix(c.EventstoreURL, "esdb://jejak:") || s.Environment[adminPasswordVariable] != "" {
		t.Errorf("%s logs in as %s: it needs the user that prepare makes, and no other", name, c.EventstoreURL)
	}
	for n := range 3 {
		if !strings.Contains(c.EventstoreURL, fmt.Sprintf("kurrent%d:2113", n+1)) {
			t.Errorf("%s does not know kurrent%d", name, n+1)
		}
	}
	if _, query, _ := strings.Cut(c.EventstoreURL, "?"); query == "" {
		t.Errorf("%s: no TLS", name)
	} else if values, err := url.ParseQuery(query); err != nil || values.Get("tls") != "true" || values.Get("tlsCAFile") == "" {
		t.Errorf("%s: %v %v", name, values, err)
	}
	if got := s.Healthcheck.Test; len(got) < 3 || parses(got[2:]) != nil {
		t.Errorf("%s is asked %v: %v", name, got, parses(got[2:]))
	}
}

// checkPrepare: one container alone knows the administrator's password.
func checkPrepare(t *testing.T, s service) {
	t.Helper()
	if err := parses(append(s.Command, "--admin-url", s.Environment["JEJAK_EVENTSTORE_ADMIN_URL"])); err != nil {
		t.Error(err)
	}
	if s.Environment[adminPasswordVariable] == "" || s.Environment[userPasswordVariable] == "" || hasPassword(s.Environment["JEJAK_EVENTSTORE_ADMIN_URL"]) {
		t.Errorf("the passwords are not where they belong: %v", s.Environment)
	}
}

// TestTheCertificatesOfTheNodesAreGood runs the script of the one-shot container.
func TestTheCertificatesOfTheNodesAreGood(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed")
	}
	dir := t.TempDir()
	run := func() {
		if out, err := exec.Command("sh", filepath.Join(deployDir, "certificates.sh"), dir, "kurrent1=172.30.41.11", "kurrent2=172.30.41.12").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	run()
	load := func(path string) *x509.Certificate {
		text, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(text)
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		return certificate
	}
	first := load("kurrent1/node.crt")
	run() // what is there stays
	authority := x509.NewCertPool()
	authority.AddCert(load("ca/ca.crt"))
	for _, node := range []string{"kurrent1", "kurrent2"} {
		c := load(node + "/node.crt")
		for _, host := range []string{node, "localhost", "127.0.0.1", map[string]string{"kurrent1": "172.30.41.11", "kurrent2": "172.30.41.12"}[node]} {
			if _, err := c.Verify(x509.VerifyOptions{DNSName: host, Roots: authority, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}); err != nil {
				t.Errorf("%s as %s: %v", node, host, err)
			}
		}
		if _, err := c.Verify(x509.VerifyOptions{Roots: authority, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}); err != nil || c.Subject.CommonName != "eventstoredb-node" {
			t.Errorf("%s among nodes: %q %v", node, c.Subject.CommonName, err)
		}
	}
	if !first.Equal(load("kurrent1/node.crt")) {
		t.Error("a certificate was made anew")
	}
}

func TestSystemdTakesTheUnits(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("systemd-analyze is not installed")
	}
	units, err := filepath.Glob(filepath.Join(deployDir, "systemd", "*"))
	if err != nil || len(units) != 3 {
		t.Fatal(units, err)
	}
	dir := t.TempDir()
	command := regexp.MustCompile(`(?m)^ExecStart=(\S+) (.*)$`)
	var paths []string
	for _, unit := range units {
		text, err := os.ReadFile(unit)
		if err != nil {
			t.Fatal(err)
		}
		if m := command.FindStringSubmatch(string(text)); m != nil {
			if err := parses(strings.Fields(m[2])); err != nil {
				t.Errorf("%s starts %q: %v", unit, m[0], err)
			}
			text = bytes.Replace(text, []byte(m[1]), []byte("/bin/true"), 1) // the program is not installed here
		}
		path := filepath.Join(dir, filepath.Base(unit))
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	out, err := exec.CommandContext(t.Context(), "systemd-analyze", append([]string{"verify", "--recursive-errors=no", "--man=no"}, paths...)...).CombinedOutput()
	if err != nil || bytes.Contains(out, []byte("jejak")) {
		t.Errorf("%v: %s", err, out)
	}
}

var metric = regexp.MustCompile(`\bjejak_[a-z_]+\b`)

// TestAlertsAndDashboardNameOnlyMetricsThatThereAre compares with the names that
// stand in the program's source.
func TestAlertsAndDashboardNameOnlyMetricsThatThereAre(t *testing.T) {
	known := metricsInSource(t)
	alerts, err := os.ReadFile(filepath.Join(deployDir, "prometheus", "alerts.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var groups struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(alerts, &groups); err != nil || len(groups.Groups) == 0 {
		t.Fatal(groups, err)
	}
	headings := runbookHeadings(t)
	for _, r := range groups.Groups[0].Rules {
		if r.Alert == "" || r.Expr == "" || r.Labels["severity"] == "" || r.Annotations["summary"] == "" || !slices.Contains(headings, r.Annotations["runbook"]) {
			t.Errorf("an alert is not complete, or names no page of the runbook: %+v", r)
		}
	}
	dashboard, err := os.ReadFile(filepath.Join(deployDir, "grafana", "jejak.json"))
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(dashboard, &board); err != nil || len(board.Panels) < 8 {
		t.Fatal(board, err)
	}
	var queries strings.Builder
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			queries.WriteString(target.Expr + "\n")
		}
	}
	for _, r := range groups.Groups[0].Rules {
		queries.WriteString(r.Expr + "\n")
	}
	for _, name := range metric.FindAllString(queries.String(), -1) {
		if !slices.Contains(known, strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_count")) {
			t.Errorf("there is no metric %s", name)
		}
	}
}

// metricsInSource finds the names that are registered, in quotes.
func metricsInSource(t *testing.T) (names []string) {
	t.Helper()
	quoted := regexp.MustCompile(`"(jejak_[a-z_]+)"`)
	for _, room := range []string{"../../internal", "."} {
		err := filepath.WalkDir(room, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			for _, m := range quoted.FindAllSubmatch(text, -1) {
				names = append(names, string(m[1]))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}
